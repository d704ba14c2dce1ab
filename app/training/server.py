"""The Windows services of the training company's Sage server, as a preflight sees them: made up, by the scenario."""

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.domain.ready_services import Service
from app.http import decode, open_client, read
from app.training import answers
from app.training.admin import HEADER, refused
from app.training.served import Served
from app.training.stage import stage_of
from app.training.traits import ServerTrait

PATH = "/training/admin/server"


def services(trait: ServerTrait, now: dt.datetime) -> list[Service]:
    """The services as Windows would show them: started early, the database first, unless a trait says other."""
    morning = now - dt.timedelta(hours=5)
    hh2_runs, database_runs = trait is not ServerTrait.HH2_STOPPED, trait is not ServerTrait.DATABASE_STOPPED
    database = now - dt.timedelta(hours=1) if trait is ServerTrait.DATABASE_LATER else morning
    hh2 = morning + dt.timedelta(minutes=2)
    return [
        Service("psqlWGE", "Actian Zen Workgroup Engine", database_runs, database if database_runs else None),
        Service("Hydrous.Host", "hh2 Synchronization Service", hh2_runs, hh2 if hh2_runs else None),
        Service("hh2.MongoDB", "hh2.MongoDB", True, morning),
    ]


def route() -> BaseRoute:
    """The route of the Sage server; the same on both sites."""
    return Route(PATH, tell, methods=["GET"])


async def tell(request: Request) -> Response:
    """The services as they stand now."""
    if no := refused(request):
        return no
    trait = stage_of(request).world.story.traits.server
    return answers.json({"services": services(trait, dt.datetime.now(dt.UTC))})


async def ask(served: Served) -> list[Service]:
    """The same, asked by this program. Raises NotReadable."""
    client = open_client(served.hh2.address, timeout=5.0)
    try:
        answer = await read(client, "hh2", PATH, headers={HEADER: served.admin_token})
    finally:
        await client.aclose()
    return decode(answer, dict[str, list[Service]], "hh2")["services"]
