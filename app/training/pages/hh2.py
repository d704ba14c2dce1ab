"""hh2's pages, to practise on: one page, routed by its hash, with Quick Menu, Accounting Sync and Sync Filters.

What the real page asks its server is not public [?]; here it asks the training company's own routes."""

import json

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.filters import Filters
from app.domain.looks import UNDER_WAY
from app.training import answers, calls, texts
from app.training.operations import Busy
from app.training.pages import doors, markup, troubled
from app.training.pages.doors import CLOSE
from app.training.pages.skins import Skin
from app.training.pages.wording import depths, hh2_words, ranges, sync_text
from app.training.stage import Stage, stage_of
from app.training.traits import SyncTrait

_POLL_MS = 250.0

for _method, _path, _call in (
    ("POST", "/training/page/sign-in", "hh2.sign-in"),
    ("GET", "/training/page/who", "hh2.who"),
    ("GET", "/training/page/filters", "hh2.filters.read"),
    ("POST", "/training/page/filters", "hh2.filters.apply"),
    ("GET", "/training/page/sync", "hh2.sync.look"),
    ("POST", "/training/page/sync/start", "hh2.sync.start"),
    ("GET", "/", "hh2.page"),
):
    calls.register("hh2", _method, _path, _call)


class SignIn(msgspec.Struct):
    """What the sign-in form sends."""

    user: str
    password: str


def routes() -> list[BaseRoute]:
    """The page, and what it asks for."""
    return [
        Route("/", whole, methods=["GET"]),
        Route("/training/page/who", who, methods=["GET"]),
        Route("/training/page/sign-in", sign_in, methods=["POST"]),
        Route("/training/page/sign-out", sign_out, methods=["POST"]),
        Route("/training/page/filters", filters, methods=["GET"]),
        Route("/training/page/filters", apply_filters, methods=["POST"]),
        Route("/training/page/sync", sync, methods=["GET"]),
        Route("/training/page/sync/start", start, methods=["POST"]),
    ]


def look_of(stage: Stage) -> Skin:
    """The skin of this stage."""
    return stage.skin


async def whole(request: Request) -> Response:
    """The one page; what of it shows is a matter of its hash and of who is signed in."""
    stage = stage_of(request)
    if elsewhere := doors.away(request, "hh2"):
        return elsewhere
    look = look_of(stage)
    words = troubled.hh2_words(stage, hh2_words(look), look.language)
    return HTMLResponse(document(look, stage.pace, words), headers=CLOSE)


def document(look: Skin, pace: float, words: dict[str, str]) -> str:
    """The page as HTML."""
    told = {key: words[key] for key in ("refused", "locked", "client", "applied", "unreadable")}
    told_json = json.dumps({**told, "poll": max(60.0, _POLL_MS * pace)}).replace("<", "\\u003c")
    header = markup.tag(
        "header",
        markup.text("h1", words["title"]),
        markup.text("span", words["training"], class_="training"),
        markup.tag("span", id="who"),
        markup.text("a", words["log-out"], id="log-out", href="#login", data_signed_in=True, hidden=True),
    )
    content = markup.tag("main", *_views(look, words), data_content=True)
    return markup.page(
        look,
        words["title"],
        header,
        markup.tag("div", _menu(words), content, class_="columns"),
        f'<script type="application/json" id="words">{told_json}</script>',
        code=markup.part("hh2.js"),
    )


def _menu(words: dict[str, str]) -> str:
    links = [
        ("#home", "home"),
        ("#accounting-sync", "accounting-sync"),
        ("#home", "dashboard"),
        ("#home", "users"),
    ]
    items = [markup.tag("li", markup.text("a", words[key], href=target)) for target, key in links]
    return markup.tag(
        "nav",
        markup.text("h2", words["quick-menu"], id="quick-menu"),
        markup.tag("ul", *items),
        aria_labelledby="quick-menu",
        data_signed_in=True,
        hidden=True,
    )


def _views(look: Skin, words: dict[str, str]) -> list[str]:
    login = markup.tag(
        "section",
        markup.text("h2", words["log-in"]),
        markup.tag(
            "form",
            markup.text("div", "", id="login-error", role="alert", class_="error", hidden=True),
            markup.field(look, words["user"], "user", hint="username"),
            markup.field(look, words["password"], "password", kind="password", hint="current-password"),
            markup.button(look, words["log-in"], id_="log-in"),
            id="login-form",
        ),
        data_view="login",
        hidden=True,
    )
    home = markup.tag(
        "section",
        markup.text("h2", words["home"]),
        markup.text("p", words["welcome"]),
        data_view="home",
        hidden=True,
    )
    return [login, home, _sync(look, words)]


def _sync(look: Skin, words: dict[str, str]) -> str:
    return markup.tag(
        "section",
        markup.text("h2", words["accounting-sync"]),
        markup.tag(
            "div",
            markup.text("a", words["settings"], href="#settings"),
            " ",
            markup.button(look, words["start"], id_="start", submit=False),
            class_="tools",
        ),
        markup.text("div", "", id="answer", role="status", hidden=True),
        markup.text("div", "", id="status", role="status", hidden=True),
        markup.text("div", "", id="unreadable", role="alert", class_="error", hidden=True),
        markup.tag(
            "progress", id="progress", max="1", value="0", hidden=True, aria_label=words["accounting-sync"]
        ),
        markup.tag(
            "section",
            markup.text("h3", words["failures"]),
            markup.tag("ul", id="failure-list"),
            id="failures",
            hidden=True,
        ),
        _filters(look, words),
        markup.tag(
            "section",
            markup.text("h3", words["history"]),
            markup.tag("table", markup.tag("tbody", id="history")),
        ),
        data_view="sync settings",
        hidden=True,
    )


def _filters(look: Skin, words: dict[str, str]) -> str:
    offered = [(key.value, shown) for key, shown in ranges(look).items()]
    deep = [(key.value, shown) for key, shown in depths(look).items()]
    return markup.tag(
        "section",
        markup.text("h3", words["sync-filters"]),
        markup.tag(
            "div",
            markup.choice(look, words["date-range"], "date-range", offered, ""),
            markup.choice(look, words["depth"], "depth", deep, ""),
            markup.text("p", "", id="about"),
            markup.button(look, words["apply"], id_="apply", submit=False),
            id="filters",
            hidden=True,
        ),
        markup.text("div", "", id="applied", role="status", class_="flash", hidden=True),
        data_view="settings",
        hidden=True,
    )


def _signed_out(request: Request) -> Response | None:
    if stage_of(request).hh2_sessions.user(request) is None:
        return RedirectResponse("/#login", 302, headers=CLOSE)
    return None


async def who(request: Request) -> Response:
    """Who is signed in; an empty text for nobody."""
    return answers.json({"who": stage_of(request).hh2_sessions.user(request) or ""}, headers=CLOSE)


async def sign_in(request: Request) -> Response:
    """What the form sends; `Result` as in hh2's documented sign-in."""
    stage = stage_of(request)
    asked = await answers.body(request, SignIn)
    result = stage.hh2_verdict(asked.user, asked.password)
    if result != 5:
        return answers.json({"Result": result}, headers=CLOSE)
    if doors.asked_after_password(stage, "hh2"):
        more = answers.json({"Result": 5, "who": "", "next": doors.CHALLENGE}, headers=CLOSE)
        stage.pending.open(stage.papers.hh2_user, more)
        return more
    response = answers.json({"Result": 5, "who": stage.papers.hh2_user}, headers=CLOSE)
    stage.hh2_sessions.open(stage.papers.hh2_user, response)
    return response


async def sign_out(request: Request) -> Response:
    """The person signs out."""
    stage_of(request).hh2_sessions.end(request)
    return answers.json({}, headers=CLOSE)


async def filters(request: Request) -> Response:
    """What stands in Sync Filters."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    about = hh2_words(look_of(stage))["about"]
    return answers.json({"filters": stage.world.filters, "about": about}, headers=CLOSE)


async def apply_filters(request: Request) -> Response:
    """Apply Settings."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    asked = await answers.body(request, Filters)
    stands = stage.world.apply_filters(asked, stage.hh2_sessions.user(request) or "", by="page")
    return answers.json({"filters": stands}, headers=CLOSE)


async def sync(request: Request) -> Response:
    """What the page says of the latest sync, and of those before it."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    world, language = stage.world, look_of(stage).language
    seen = world.sync_look()
    now = world.now()
    said = {
        sync.number: sync_text(language, sync, sync.phase(now), now, world.at) for sync in world.syncs[-6:]
    }
    silent = world.story.traits.sync is SyncTrait.NO_PROOF
    seen, text = troubled.sync(stage, seen, said, language)
    return answers.json(
        {
            "text": texts.NO_PROOF if silent else text,
            "progress": seen.progress,
            "failures": seen.failures,
            "busy": seen.phase in UNDER_WAY,
            "history": [] if silent else [text for _, text in sorted(said.items(), reverse=True)][1:],
        },
        headers=CLOSE,
    )


async def start(request: Request) -> Response:
    """Start Sync."""
    if refused := _signed_out(request):
        return refused
    stage = stage_of(request)
    try:
        sync = stage.world.start_sync(stage.hh2_sessions.user(request) or "", by="page")
    except Busy as busy:
        return answers.json({"text": busy.text}, 409, CLOSE)
    language = look_of(stage).language
    now = stage.world.now()
    silent = stage.world.story.traits.sync is SyncTrait.NO_PROOF
    return answers.json(
        {"text": "" if silent else sync_text(language, sync, sync.phase(now), now, stage.world.at)},
        headers=CLOSE,
    )
