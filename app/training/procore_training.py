"""The training Procore's own routes for the plain client, all under /training/: no real Procore has them."""

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.domain.problems import ProblemId
from app.domain.tabs import Tab
from app.training import answers
from app.training.hh2_training import SignIn
from app.training.operations import Busy, NoRight, NoSuchJob
from app.training.stage import stage_of


class PressBody(msgspec.Struct):
    """The body of a press; `job` is the key of a job for Job Costs, and empty elsewhere."""

    job: str = ""


def routes() -> list[BaseRoute]:
    """Sign-in, rights, jobs, tabs."""
    return [
        Route("/training/sign-in", sign_in, methods=["POST"]),
        Route("/training/who", who, methods=["GET"]),
        Route("/training/rights", rights, methods=["GET"]),
        Route("/training/jobs", jobs, methods=["GET"]),
        Route("/training/tabs/{tab}", look, methods=["GET"]),
        Route("/training/tabs/{tab}/press", press, methods=["POST"]),
    ]


async def sign_in(request: Request) -> Response:
    """`Result` 5 accepts, 1 refuses: the verdicts of the training company's hh2."""
    stage = stage_of(request)
    asked = await answers.body(request, SignIn)
    if not stage.procore_accepts(asked.user, asked.password):
        return answers.json({"Result": 1})
    user = stage.papers.procore_user
    response = answers.json({"Result": 5, "AuthenticatedUser": {"Username": user}})
    stage.procore_sessions.open(user, response)
    return response


def signed_out(request: Request) -> Response | None:
    """What a caller without a session gets: the way to the sign-in page."""
    if stage_of(request).procore_sessions.user(request) is None:
        return RedirectResponse("/", 302)
    return None


async def who(request: Request) -> Response:
    """Who is signed in."""
    return signed_out(request) or answers.json({"user": stage_of(request).procore_sessions.user(request)})


async def rights(request: Request) -> Response:
    """The level on each tab that does not suffice."""
    return signed_out(request) or answers.json({"lacking": stage_of(request).world.rights()})


async def jobs(request: Request) -> Response:
    """The jobs that the Job Costs tab offers, as `app.domain.tabs.Job`."""
    return signed_out(request) or answers.json({"jobs": stage_of(request).world.jobs()})


async def look(request: Request) -> Response:
    """One tab (`?job=` key of a job for Job Costs) as it stands now, as `app.domain.looks.TabLook`."""
    if refused := signed_out(request):
        return refused
    try:
        tab = Tab(request.path_params["tab"])
        seen = stage_of(request).world.tab_look(tab, request.query_params.get("job") or None)
    except (ValueError, NoSuchJob):
        return answers.json({"message": "no such tab or job"}, 404)
    return answers.json(seen)


async def press(request: Request) -> Response:
    """The tab's own button: 200 with what was begun; 409 where one is under way, 403 without the right."""
    if refused := signed_out(request):
        return refused
    stage = stage_of(request)
    asked = await answers.body(request, PressBody)
    try:
        tab = Tab(request.path_params["tab"])
        user = stage.procore_sessions.user(request) or ""
        refresh = stage.world.press_tab(tab, asked.job or None, user)
    except (ValueError, NoSuchJob):
        return answers.json({"message": "no such tab or job"}, 404)
    except Busy as busy:
        return answers.json({"started": False, "why": ProblemId.PRO_BUSY.value, "text": busy.text}, 409)
    except NoRight as lacking:
        return answers.json({"started": False, "why": ProblemId.PRO_PERM.value, "text": lacking.text}, 403)
    return answers.json({"started": True, "text": f"Request {refresh.number} was accepted."})
