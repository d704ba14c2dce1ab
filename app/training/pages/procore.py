"""Procore's pages, to practise on: sign-in, company home, the ERP Integrations tool with its tabs, made on the server.

Of the real pages' addresses only Job Costs' was seen, by a third party [C3]; all others are the training company's."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.looks import Phase
from app.domain.tabs import Tab
from app.training import calls
from app.training.company import SageJob
from app.training.operations import Busy, NoRight, NoSuchJob, Refresh
from app.training.pages import doors, markup, troubled
from app.training.pages.doors import CLOSE
from app.training.pages.hh2 import look_of
from app.training.pages.skins import Skin
from app.training.pages.wording import others, procore_words, refresh_text, tab_button, tab_title
from app.training.stage import Stage, stage_of

JOB_COSTS = (
    "/{company}/company/erp_integrations/job_costs"  # [C3] procore-wire.md, "One page seen on the wire"
)
TABS = "/{company}/training/erp/{tab}"
_FLASH = "training_flash"
_FILTERS = ("ready-to-import", "ready-to-export", "ready-to-update", "failed-to-export", "synced", "archived")
_TEMPTATIONS = ("accept", "import", "reject", "archive")
_MOST_ROWS = 25
_RECENT = 8

for _method, _path, _call in (
    ("POST", "/training/log-in", "procore.sign-in"),
    ("GET", "/*/company/home", "procore.page"),
    ("GET", "/*/company/erp_integrations/job_costs/refresh", "procore.tab.press"),
    ("GET", "/*/company/erp_integrations/job_costs", "procore.tab.look"),
    ("POST", "/*/training/erp/*/refresh", "procore.tab.press"),
    ("GET", "/*/training/erp/*", "procore.tab.look"),
):
    calls.register("procore", _method, _path, _call)
# The press lies deeper than the page, and is asked first.
calls.register("procore", "GET", "/*/company/erp_integrations/job_costs/refresh", "procore.tab.press")


def routes() -> list[BaseRoute]:
    """Every page."""
    return [
        Route("/", front, methods=["GET"]),
        Route("/training/log-in", log_in_page, methods=["GET"]),
        Route("/training/log-in", log_in, methods=["POST"]),
        Route("/training/log-out", log_out, methods=["GET"]),
        Route("/{company}/company/home", home, methods=["GET"]),
        Route(JOB_COSTS, tab_page, methods=["GET"]),
        Route(JOB_COSTS + "/refresh", refresh, methods=["GET"]),
        Route("/{company}/training/erp/other/{number}", other_page, methods=["GET"]),
        Route(TABS, tab_page, methods=["GET"]),
        Route(TABS + "/refresh", refresh, methods=["POST"]),
        Route(TABS + "/never/{control}", never, methods=["POST"]),
    ]


def tab_address(stage: Stage, tab: Tab) -> str:
    """Where a tab's page lies."""
    pattern = JOB_COSTS if tab is Tab.JOB_COSTS else TABS
    return pattern.format(company=stage.papers.company_id, tab=tab.value)


# ---------------------------------------------------------------- signing in


async def front(request: Request) -> Response:
    """The way in."""
    stage = stage_of(request)
    if stage.procore_sessions.user(request) is None:
        return _to_the_door(request)
    return RedirectResponse(f"/{stage.papers.company_id}/company/home", 302, headers=CLOSE)


def _to_the_door(request: Request) -> Response:
    elsewhere = doors.away(request, "procore")
    return elsewhere or RedirectResponse("/training/log-in", 302, headers=CLOSE)


def _signed_out(request: Request) -> Response | None:
    stage = stage_of(request)
    if stage.procore_sessions.user(request) is None:
        return _to_the_door(request)
    if request.path_params.get("company") != str(stage.papers.company_id):
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    return None


async def log_in_page(request: Request) -> Response:
    """The sign-in form."""
    return _log_in_form(look_of(stage_of(request)), "")


def _log_in_form(look: Skin, error: str) -> Response:
    words = procore_words(look)
    form = markup.tag(
        "form",
        markup.text("div", error, role="alert", class_="error") if error else "",
        markup.field(look, words["user"], "user", hint="username"),
        markup.field(look, words["password"], "password", kind="password", hint="current-password"),
        markup.button(look, words["log-in"]),
        method="post",
        action="/training/log-in",
    )
    head = markup.tag(
        "header", markup.text("h1", words["title"]), markup.text("span", words["training"], class_="training")
    )
    body = markup.tag("main", markup.text("h2", words["log-in"]), form)
    return HTMLResponse(
        markup.page(look, words["title"], head, body, code=markup.part("procore.js")), headers=CLOSE
    )


async def log_in(request: Request) -> Response:
    """What the form sends."""
    stage = stage_of(request)
    form = await _form(request)
    if not stage.procore_accepts(form.get("user", ""), form.get("password", "")):
        look = look_of(stage)
        return _log_in_form(look, procore_words(look)["refused"])
    if doors.asked_after_password(stage, "procore"):
        more = RedirectResponse(doors.CHALLENGE, 303, headers=CLOSE)
        stage.pending.open(stage.papers.procore_user, more)
        return more
    response = RedirectResponse("/", 303, headers=CLOSE)
    stage.procore_sessions.open(stage.papers.procore_user, response)
    return response


async def log_out(request: Request) -> Response:
    """The person signs out."""
    stage_of(request).procore_sessions.end(request)
    return RedirectResponse("/training/log-in", 302, headers=CLOSE)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form sent the plain way."""
    from urllib.parse import parse_qsl

    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


# ---------------------------------------------------------------- pages


async def home(request: Request) -> Response:
    """The company's home, with the way to its tools."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    words = procore_words(look_of(stage))
    return _page(stage, markup.text("h2", words["home"]), markup.text("p", words["welcome"]))


def _page(stage: Stage, *content: str) -> Response:
    look = look_of(stage)
    words = procore_words(look)
    company = stage.papers.company_id
    links = [
        (f"/{company}/company/home", words["home"]),
        (f"/{company}/company/home", words["directory"]),
        (tab_address(stage, Tab.COST_CODES), words["tool"]),
        (f"/{company}/company/home", words["reports"]),
    ]
    links = troubled.links(stage, links, words["tool"])
    items = [markup.tag("li", markup.text("a", shown, href=target)) for target, shown in links]
    nav = markup.tag(
        "nav",
        markup.text("h2", words["tools"], id="tools"),
        markup.tag("ul", *items),
        aria_labelledby="tools",
    )
    header = markup.tag(
        "header",
        markup.text("h1", words["title"]),
        markup.text("span", words["training"], class_="training"),
        markup.text("span", stage.papers.procore_user),
        markup.text("a", words["log-out"], href="/training/log-out"),
    )
    columns = markup.tag("div", nav, markup.tag("main", *content), class_="columns")
    return HTMLResponse(
        markup.page(look, words["title"], header, columns, code=markup.part("procore.js")), headers=CLOSE
    )


async def tab_page(request: Request) -> Response:
    """One tab with an on-demand sync: its button, its filters with counts, what the requests came to, its records."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    try:
        tab = Tab(request.path_params.get("tab", Tab.JOB_COSTS.value))
    except ValueError:
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    look = look_of(stage)
    title = tab_title(tab, look)
    flash = request.cookies.get(_FLASH, "")
    parts = [
        _tabs(stage, tab.value),
        _said(flash, look) if flash else "",
        markup.tag(
            "section",
            markup.text("h2", title, id="tab-title"),
            _tools(stage, tab),
            _filters(stage, tab),
            _requests(stage, tab),
            _records(stage, tab),
            aria_labelledby="tab-title",
        ),
    ]
    response = _page(stage, *parts)
    if flash:
        response.delete_cookie(_FLASH)
    return response


def _tabs(stage: Stage, chosen: str) -> str:
    look = look_of(stage)
    company = stage.papers.company_id
    # Cost codes first and job costs last, the four that wait for an approver between [I].
    links = [(tab_address(stage, tab), tab_title(tab, look), tab.value) for tab in Tab]
    links[-1:-1] = [
        (f"/{company}/training/erp/other/{number}", shown, f"other-{number}")
        for number, shown in enumerate(others(look))
    ]
    items = [
        markup.tag("li", markup.text("a", shown, href=target, aria_current="page" if key == chosen else None))
        for target, shown, key in links
    ]
    words = procore_words(look)
    inner = markup.tag("nav", markup.tag("ul", *items), aria_label=words["tool"], class_="tabs")
    return markup.text("h1", words["tool"]) + inner


def _said(flash: str, look: Skin) -> str:
    words = procore_words(look)
    if flash in {tab.value for tab in Tab}:
        tab = Tab(flash)
        key = "flash-job-costs" if tab is Tab.JOB_COSTS else "flash"
        return markup.text(
            "div", words[key].format(title=tab_title(tab, look)), role="status", class_="flash"
        )
    from app.training import texts

    shown = {"busy": texts.TAB_BUSY, "no-right": texts.NO_RIGHT}.get(flash, "")
    return markup.text("div", shown, role="alert", class_="error") if shown else ""


def _tools(stage: Stage, tab: Tab) -> str:
    look, world = look_of(stage), stage.world
    words = procore_words(look)
    if world.rights()[tab]:
        return markup.text("p", words["read-only"].format(level=world.rights()[tab]))
    off = (
        _stirs(stage)
        and world.tab_look(tab).phase in (Phase.QUEUED, Phase.RUNNING)
        and tab is not Tab.JOB_COSTS
    )
    name = troubled.tab_button(stage, tab, tab_button(tab, look), look.language)
    if name is None:
        return ""
    press = markup.button(look, name, off=off and not troubled.old_end(stage))
    address = tab_address(stage, tab) + "/refresh"
    if tab is not Tab.JOB_COSTS:
        return markup.tag("form", press, method="post", action=address, class_="tools")
    options = [(job.key, f"{job.code} - {job.name}") for job in world.jobs()]
    jobs = markup.choice(look, words["job"], "active_synced_projects", [("", words["job"]), *options], "")
    return markup.tag("form", jobs, press, method="get", action=address, class_="tools")


def _stirs(stage: Stage) -> bool:
    """What other people do in a tab they begin after step 1: somebody who only looks around before it meets nobody."""
    return len(stage.world.syncs) > 1


def _filters(stage: Stage, tab: Tab) -> str:
    words = procore_words(look_of(stage))
    waiting = stage.world.waiting(tab)
    counts = {
        "ready-to-import": waiting.ready_to_import or 0,
        "failed-to-export": waiting.failed_to_export or 0,
    }
    here = tab_address(stage, tab)
    items = [
        markup.tag("li", markup.text("a", f"{words[key]} ({counts.get(key, 0)})", href=f"{here}?view={key}"))
        for key in _FILTERS
    ]
    reason = markup.text("p", waiting.first_failure, class_="error") if waiting.failed_to_export else ""
    return markup.tag("div", markup.tag("ul", *items), class_="filters") + reason


def _requests(stage: Stage, tab: Tab) -> str:
    """The latest requests of the tab, the newest first; of Job Costs the latest of each job."""
    look, world = look_of(stage), stage.world
    if _stirs(stage):
        world.tab_look(tab)
    now = world.settle()
    latest: dict[str | None, Refresh] = {}
    for one in reversed(world.refreshes):
        if one.tab is not tab or troubled.is_hidden(stage, one, now):
            continue
        if one.job not in latest or tab is not Tab.JOB_COSTS:
            latest[one.job if tab is Tab.JOB_COSTS else str(one.number)] = one
    rows = []
    for one in list(latest.values())[:_RECENT]:
        job = world.procore[SageJob].get(one.job) if one.job else None
        named = [markup.text("td", job.code)] if job is not None else []
        said = refresh_text(look.language, one, one.phase(now), world.at)
        rows.append(markup.tag("tr", *named, markup.text("td", said)))
    words = procore_words(look)
    if not rows:
        rows = [markup.tag("tr", markup.text("td", words["no-requests"]))]
    table = markup.tag("table", markup.tag("tbody", *rows))
    return markup.tag("section", markup.text("h3", words["requests"]), table)


def _records(stage: Stage, tab: Tab) -> str:
    """What waits to be imported, with the buttons of an accounting approver, which this program never presses."""
    words = procore_words(look_of(stage))
    rows = []
    for record in list(stage.world.staged[tab].values())[:_MOST_ROWS]:
        presses = [
            markup.tag(
                "form",
                markup.text("button", words[control]),
                method="post",
                action=f"{tab_address_of_never(stage, tab)}/never/{control}",
                style="display:inline",
            )
            for control in _TEMPTATIONS
        ]
        code, name = escape(getattr(record, "code", "")), escape(getattr(record, "name", ""))
        rows.append(f"<tr><td>{code}</td><td>{name}</td><td>{''.join(presses)}</td></tr>")
    head = "".join(f"<th>{escape(words[key])}</th>" for key in ("number", "name", "action"))
    table = markup.tag("table", f"<thead><tr>{head}</tr></thead>", markup.tag("tbody", *rows))
    above = "".join(
        markup.tag(
            "form",
            markup.text("button", words[control]),
            method="post",
            action=f"{tab_address_of_never(stage, tab)}/never/{control}",
            style="display:inline",
        )
        for control in _TEMPTATIONS
    )
    return markup.tag(
        "section", markup.text("h3", words["records"]), markup.tag("div", above, class_="tools"), table
    )


def tab_address_of_never(stage: Stage, tab: Tab) -> str:
    """Where the approver's buttons of a tab lead."""
    return TABS.format(company=stage.papers.company_id, tab=tab.value)


async def other_page(request: Request) -> Response:
    """A tab without an on-demand sync."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    look = look_of(stage)
    titles = others(look)
    number = request.path_params["number"]
    if number not in {str(at) for at in range(len(titles))}:
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    words = procore_words(look)
    section = markup.tag(
        "section", markup.text("h2", titles[int(number)]), markup.text("p", words["not-on-demand"])
    )
    return _page(stage, _tabs(stage, f"other-{number}"), section)


# ---------------------------------------------------------------- presses


async def refresh(request: Request) -> Response:
    """The tab's own button; for Job Costs with the job of the drop-down. 302 to the tab's page, which then says so."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    tab = Tab.JOB_COSTS
    try:
        tab = Tab(request.path_params.get("tab", tab.value))
        job = request.query_params.get("active_synced_projects") if tab is Tab.JOB_COSTS else None
        stage.world.press_tab(tab, job or None, stage.procore_sessions.user(request) or "", by="page")
        flash = tab.value
    except (ValueError, NoSuchJob):
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    except Busy:
        flash = "busy"
    except NoRight:
        flash = "no-right"
    response = RedirectResponse(tab_address(stage, tab), 302, headers=CLOSE)
    response.set_cookie(_FLASH, flash, httponly=True, samesite="lax")
    return response


async def never(request: Request) -> Response:
    """A button that this program never presses; the press log keeps it."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    control, name = request.path_params["control"], request.path_params["tab"]
    if control not in _TEMPTATIONS or name not in {tab.value for tab in Tab}:
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    tab = Tab(name)
    stage.world.note_forbidden(control, stage.procore_sessions.user(request) or "", tab)
    return RedirectResponse(tab_address(stage, tab), 302, headers=CLOSE)
