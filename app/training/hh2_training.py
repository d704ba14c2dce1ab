"""The training hh2's own routes for the plain client, all under /training/: no real hh2 has them."""

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.filters import Filters
from app.domain.problems import ProblemId
from app.training import answers, texts
from app.training.operations import Busy
from app.training.stage import Stage, stage_of


class SignIn(msgspec.Struct):
    """The body of a sign-in."""

    user: str
    password: str


def routes() -> list[BaseRoute]:
    """Sign-in, filters, sync."""
    return [
        Route("/training/sign-in", sign_in, methods=["POST"]),
        Route("/training/who", who, methods=["GET"]),
        Route("/training/filters", read_filters, methods=["GET"]),
        Route("/training/filters", apply_filters, methods=["POST"]),
        Route("/training/sync", look, methods=["GET"]),
        Route("/training/sync/start", start, methods=["POST"]),
    ]


async def sign_in(request: Request) -> Response:
    """The verdict is `Result` in the body, as in hh2's documented sign-in."""
    stage = stage_of(request)
    asked = await answers.body(request, SignIn)
    result = stage.hh2_verdict(asked.user, asked.password)
    if result != 5:
        return answers.json({"Result": result})
    response = answers.json({"Result": 5, "AuthenticatedUser": authenticated(stage)})
    stage.hh2_sessions.open(stage.papers.hh2_user, response)
    return response


def authenticated(stage: Stage) -> dict[str, object]:
    """`AuthenticatedUser` [C1] hh2-wire.md, "Sign-in A"."""
    user = stage.papers.hh2_user
    return {
        "Id": "00000000-0000-4000-8000-00000000c0de",
        "Username": user,
        "Email": user,
        "FirstName": "Carole",
        "LastName": "Tremblay",
    }


def signed_out(request: Request) -> Response | None:
    """What a caller without a session gets: the way to the sign-in page. Real hh2's answer is not known [?]."""
    if stage_of(request).hh2_sessions.user(request) is None:
        return RedirectResponse("/#login", 302)
    return None


async def who(request: Request) -> Response:
    """Who is signed in."""
    return signed_out(request) or answers.json({"user": stage_of(request).hh2_sessions.user(request)})


async def read_filters(request: Request) -> Response:
    """The filters that stand there, and what the page says of the depths."""
    if refused := signed_out(request):
        return refused
    return answers.json({"filters": stage_of(request).world.filters, "about_depth": texts.ABOUT_DEPTH})


async def apply_filters(request: Request) -> Response:
    """Apply Settings; answers what then stands there."""
    if refused := signed_out(request):
        return refused
    stage = stage_of(request)
    asked = await answers.body(request, Filters)
    stands = stage.world.apply_filters(asked, stage.hh2_sessions.user(request) or "")
    return answers.json({"filters": stands, "about_depth": texts.ABOUT_DEPTH})


async def look(request: Request) -> Response:
    """The Accounting Sync page as it stands now, as `app.domain.looks.SyncLook`."""
    return signed_out(request) or answers.json(stage_of(request).world.sync_look())


async def start(request: Request) -> Response:
    """Start Sync: 200 with what was started, 409 where a sync is under way."""
    if refused := signed_out(request):
        return refused
    stage = stage_of(request)
    try:
        sync = stage.world.start_sync(stage.hh2_sessions.user(request) or "")
    except Busy as busy:
        return answers.json({"started": False, "why": ProblemId.HH2_BUSY.value, "text": busy.text}, 409)
    text = f"Sync {sync.number} was requested."
    return answers.json({"started": True, "text": text, "operation": sync.id})
