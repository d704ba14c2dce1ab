"""The admin route of the training servers, guarded by its token: scenario, faults, pace, limits, and the log."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.training import answers
from app.training.faults import Fault
from app.training.pages.skins import NoSuchSkin
from app.training.scenarios import NoSuchScenario
from app.training.stage import same, stage_of
from app.training.troubles import NoSuchTrouble
from app.training.world import World

HEADER = "X-Training-Token"


class Play(msgspec.Struct):
    """Begin a scenario."""

    scenario: str
    variant: str = ""
    trouble: str = ""
    pace: float | None = None
    seed: int | None = None
    skin: str | None = None
    language: str = "en"


class Settings(msgspec.Struct):
    """What may be turned while a scenario goes on. `hour` and `burst` are Procore's limits of requests,
    `length` how many seconds its hour lasts."""

    pace: float | None = None
    hour: int | None = None
    burst: int | None = None
    length: float | None = None


class Import(msgspec.Struct):
    """An accounting approver imports what is staged in a tab."""

    tab: str


def routes() -> list[BaseRoute]:
    """The admin routes; the same on both sites."""
    return [
        Route("/training/admin/log", log, methods=["GET"]),
        Route("/training/admin/scenario", play, methods=["POST"]),
        Route("/training/admin/fault", fault, methods=["POST"]),
        Route("/training/admin/settings", settings, methods=["POST"]),
        Route("/training/admin/import", import_staged, methods=["POST"]),
        Route("/training/admin/sign-everybody-out", sign_out, methods=["POST"]),
    ]


def refused(request: Request) -> Response | None:
    """403 without the right token."""
    if same(request.headers.get(HEADER, ""), stage_of(request).papers.admin_token):
        return None
    return answers.json({"message": "the admin token is missing or wrong"}, 403)


async def log(request: Request) -> Response:
    """The servers' own log: every request, and every press."""
    if no := refused(request):
        return no
    stage = stage_of(request)
    return answers.json(
        {
            "scenario": stage.world.story.name,
            "trouble": stage.trouble.name,
            "pace": stage.pace,
            "requests": stage.requests,
            "presses": stage.world.presses,
            "operations": _operations(stage.world),
        }
    )


def _operations(world: World) -> list[dict[str, object]]:
    """Every refresh by its tab and job, every sync (tab ""): when it was pressed and when it ends (None: never)."""
    found: list[dict[str, object]] = []
    for sync in world.syncs:
        ends = None if sync.ends is None else world.at(sync.ends)
        found.append({"tab": "", "job": "", "who": sync.who, "pressed": world.at(sync.pressed), "ends": ends})
    for one in world.refreshes:
        at, ends = world.at(one.pressed), world.at(one.ends)
        found.append(
            {"tab": one.tab.value, "job": one.job or "", "who": one.who, "pressed": at, "ends": ends}
        )
    return found


async def play(request: Request) -> Response:
    """Begin a scenario: a fresh world, nobody signed in, an empty log."""
    if no := refused(request):
        return no
    asked = await answers.body(request, Play)
    stage = stage_of(request)
    if asked.pace is not None:
        stage.pace = asked.pace
    if asked.seed is not None:
        stage.reseed(asked.seed)
    try:
        if asked.skin is not None:
            stage.dress(asked.skin, asked.language)
        stage.play(asked.scenario, asked.variant, asked.trouble)
    except NoSuchSkin as unknown:
        return answers.json({"message": f"no such skin: {unknown}"}, 404)
    except NoSuchScenario as unknown:
        return answers.json({"message": f"no such scenario: {unknown}"}, 404)
    except NoSuchTrouble as unknown:
        return answers.json({"message": f"no such trouble: {unknown}"}, 404)
    return answers.json({"scenario": stage.world.story.name})


async def fault(request: Request) -> Response:
    """One more fault; its count begins now."""
    if no := refused(request):
        return no
    stage_of(request).armed.add(await answers.body(request, Fault))
    return answers.json({})


async def settings(request: Request) -> Response:
    """Turn the pace or the limits."""
    if no := refused(request):
        return no
    asked = await answers.body(request, Settings)
    stage = stage_of(request)
    if asked.pace is not None:
        stage.set_pace(asked.pace)
    stage.limits.hour = asked.hour if asked.hour is not None else stage.limits.hour
    stage.limits.length = asked.length if asked.length is not None else stage.limits.length
    stage.limits.burst = asked.burst if asked.burst is not None else stage.limits.burst
    return answers.json({})


async def import_staged(request: Request) -> Response:
    """What an accounting approver does: staged records become Procore's."""
    if no := refused(request):
        return no
    asked = await answers.body(request, Import)
    world = stage_of(request).world
    tab = next((tab for tab in world.staged if tab.value == asked.tab), None)
    if tab is None:
        return answers.json({"message": "no such tab"}, 404)
    return answers.json({"imported": world.import_staged(tab, "approver", by="admin")})


async def sign_out(request: Request) -> Response:
    """Every session and every token of both sites ends."""
    if no := refused(request):
        return no
    stage = stage_of(request)
    stage.hh2_sessions.clear()
    stage.procore_sessions.clear()
    stage.grants.clear()
    return answers.json({})
