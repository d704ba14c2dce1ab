"""Procore's pages, to practise on: sign-in, company home, the ERP Integrations tool with its tabs, made on the server.

Of the real pages' addresses only Job Costs' was seen, by a third party [C3]; all others are the training company's."""

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.tabs import Tab
from app.training import calls
from app.training.operations import Busy, NoRight, NoSuchJob
from app.training.pages import controls, doors, dress, fields, layout, markup, never, procore_tab, troubled
from app.training.pages.doors import CLOSE
from app.training.pages.hh2 import look_of
from app.training.pages.layout import CONTENT, PART, Site
from app.training.pages.never import NEVER
from app.training.pages.procore_tab import JOB_COSTS, TABS, TEMPTATIONS, TOOL, tab_address
from app.training.pages.wording import others, procore_words
from app.training.stage import Stage, stage_of

_FLASH = "training_flash"

for _method, _path, _call in (
    ("POST", "/training/log-in", "procore.sign-in"),
    ("GET", "/*/company/home", "procore.page"),
    ("GET", "/*/company/erp_integrations", "procore.page"),
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
        Route(TOOL, tool_page, methods=["GET"]),
        Route(JOB_COSTS, tab_page, methods=["GET"]),
        Route(JOB_COSTS + "/refresh", refresh, methods=["GET"]),
        Route("/{company}/training/erp/other/{number}", other_page, methods=["GET"]),
        Route(TABS, tab_page, methods=["GET"]),
        Route(TABS + "/refresh", refresh, methods=["POST"]),
        Route(TABS + "/never/{control}", never_pressed, methods=["POST"]),
        *never.routes("procore"),
    ]


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
    return _log_in_form(request, "")


def _site(stage: Stage) -> Site:
    look = look_of(stage)
    return layout.site_in(look, procore_words(look), NEVER, stage.pace)


def _log_in_form(request: Request, error: str) -> Response:
    site = _site(stage_of(request))
    look, words = msgspec.structs.replace(site.look, frame="none"), site.words  # the whole of a page
    site = msgspec.structs.replace(site, look=look)
    form = markup.tag(
        "form",
        markup.text("div", error, role="alert", class_="error") if error else "",
        fields.field(look, words["user"], "user", hint="username"),
        fields.field(look, words["password"], "password", kind="password", hint="current-password"),
        controls.button(look, words["log-in"]),
        method="post",
        action="/training/log-in",
    )
    title = markup.tag("h2", dress.plain(look, words["log-in"]))
    return layout.document(site, request, (layout.header(site), ""), (title, form), script="procore.js")


async def log_in(request: Request) -> Response:
    """What the form sends."""
    stage = stage_of(request)
    form = await _form(request)
    if not stage.procore_accepts(form.get("user", ""), form.get("password", "")):
        return _log_in_form(request, _site(stage).words["refused"])
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
    site = _site(stage_of(request))
    title = markup.tag("h2", dress.plain(site.look, site.words["home"]))
    return _page(request, site, title, markup.text("p", site.words["welcome"]))


def _page(request: Request, site: Site, *content: str) -> Response:
    stage, words = stage_of(request), site.words
    company = stage.papers.company_id
    links = [
        (f"/{company}/company/home", words["home"]),
        (f"/{company}/company/home", words["directory"]),
        (tab_address(stage, Tab.COST_CODES), words["tool"]),
        (f"/{company}/company/home", words["reports"]),
    ]
    shown = [(*link, 2) for link in troubled.links(stage, links, words["tool"])]
    nav = layout.navigation(site, words["tools"], "tools", shown)
    header = layout.header(
        site,
        markup.text("span", stage.papers.procore_user),
        markup.text("a", words["log-out"], href="/training/log-out"),
    )
    return layout.document(site, request, (header, nav), content, script="procore.js")


async def tool_page(request: Request) -> Response:
    """The tool by its own address, as the permission manifest names it: its first tab."""
    if refused := _signed_out(request):
        return refused
    return RedirectResponse(tab_address(stage_of(request), Tab.COST_CODES), 302, headers=CLOSE)


async def tab_page(request: Request) -> Response:
    """One tab with an on-demand sync: its button, its filters with counts, what the requests came to, its records."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    try:
        tab = Tab(request.path_params.get("tab", Tab.JOB_COSTS.value))
    except ValueError:
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    site = _site(stage)
    if not layout.holds_content(request, site.look):
        return _page(request, site)
    flash = request.cookies.get(_FLASH, "")
    response = _page(request, site, *procore_tab.content(stage, site, tab, flash))
    if flash:
        response.delete_cookie(_FLASH)
    return response


async def other_page(request: Request) -> Response:
    """A tab without an on-demand sync."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    site = _site(stage)
    titles = others(site.look)
    number = request.path_params["number"]
    if number not in {str(at) for at in range(len(titles))}:
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    title = markup.tag("h2", dress.plain(site.look, titles[int(number)]))
    section = markup.tag("section", title, markup.text("p", site.words["not-on-demand"]))
    return _page(request, site, procore_tab.tabs(stage, site, f"other-{number}"), section)


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
    # What was pressed within a frame is answered there.
    part = f"?{PART}={CONTENT}" if request.query_params.get(PART) == CONTENT else ""
    response = RedirectResponse(tab_address(stage, tab) + part, 302, headers=CLOSE)
    response.set_cookie(_FLASH, flash, httponly=True, samesite="lax")
    return response


async def never_pressed(request: Request) -> Response:
    """A button that this program never presses; the press log keeps it."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    control, name = request.path_params["control"], request.path_params["tab"]
    if control not in TEMPTATIONS or name not in {tab.value for tab in Tab}:
        return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404, headers=CLOSE)
    tab = Tab(name)
    stage.world.note_forbidden(control, stage.procore_sessions.user(request) or "", tab)
    return RedirectResponse(tab_address(stage, tab), 302, headers=CLOSE)
