"""hh2's pages, to practise on: one page, routed by its hash, with Quick Menu, Accounting Sync and Sync Filters.

What the real page asks its server is not public [?]; here it asks the training company's own routes."""

import json

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.filters import Filters
from app.domain.looks import Phase
from app.training import answers, calls, texts
from app.training.operations import Busy
from app.training.pages import doors, ends, hh2_views, layout, markup, never, troubled
from app.training.pages.doors import CLOSE
from app.training.pages.layout import Site
from app.training.pages.never import NEVER
from app.training.pages.skins import Skin
from app.training.pages.wording import hh2_words, sync_text
from app.training.stage import Stage, stage_of
from app.training.traits import SyncTrait

_POLL_MS, _RAREST_POLL_MS = 250.0, 1000.0
_RECENT = 6
_LINKS = (
    ("#home", "home"),
    ("#accounting-sync", "accounting-sync"),
    ("#home", "dashboard"),
    ("#home", "users"),
)

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
        *never.routes("hh2"),
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
    return _document(request, layout.site_in(look, words, NEVER, stage.pace), stage.pace)


def _document(request: Request, site: Site, pace: float) -> Response:
    look, words = site.look, site.words
    told: dict[str, object] = {
        key: words[key] for key in ("refused", "locked", "client", "applied", "unreadable")
    }
    told |= {
        "poll": min(max(60.0, _POLL_MS * pace), _RAREST_POLL_MS),
        "late": site.late,
        "stays": ends.TOAST_MS,
    }
    told |= {"opens": look.new_tab, "passes": look.end in ("toast", "synced"), "answers": look.end == "row"}
    told_json = json.dumps(told).replace("<", "\\u003c")
    top = layout.header(
        site,
        markup.tag("span", id="who"),
        markup.text("a", words["log-out"], id="log-out", href="#login", data_signed_in=True, hidden=True),
    )
    links = [(target, words[key], hh2_views.menu_count(key)) for target, key in _LINKS]
    nav = layout.navigation(site, words["quick-menu"], "quick-menu", links, inside=True)
    data = f'<script type="application/json" id="words">{told_json}</script>'
    return layout.document(site, request, (top, nav), hh2_views.views(site), script="hh2.js", data=data)


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
    world, look = stage.world, look_of(stage)
    seen = world.sync_look()
    now = world.now()
    phases = {one.number: ends.phase_shown(look, one, one.phase(now), now) for one in world.syncs[-_RECENT:]}
    said = {
        one.number: sync_text(look.language, one, phases[one.number], now, world.at)
        for one in world.syncs[-_RECENT:]
    }
    if world.story.traits.sync is SyncTrait.NO_PROOF:
        told = ends.of_sync(look, Phase.DONE, texts.NO_PROOF, None, [], "")
    else:
        shown = msgspec.structs.replace(seen, phase=phases[world.syncs[-1].number])
        shown, text = troubled.sync(stage, shown, said, look.language)
        earlier = [text for _, text in sorted(said.items(), reverse=True)][1:]
        told = ends.of_sync(look, shown.phase, text, shown.progress, earlier, _last_end(stage, phases))
    return answers.json({**told, "failures": seen.failures}, headers=CLOSE)


def _last_end(stage: Stage, phases: dict[int, Phase]) -> str:
    """When the latest sync that ended well did so."""
    done = [one for one in stage.world.syncs if phases.get(one.number) is Phase.DONE and one.ends is not None]
    return texts.stamp(stage.world.at(done[-1].ends or 0.0)) if done else ""


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
