"""The training hh2's documented web services, in the confirmed shapes: sign-in, reads, status, failures."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.domain.looks import Phase
from app.training import answers, hh2_shapes
from app.training.hh2_shapes import Shape, when
from app.training.hh2_soap import authentication
from app.training.hh2_training import authenticated, signed_out
from app.training.records import Account, Commitment, CostCode, CostType, Record, SageJob, Vendor
from app.training.shelves import BLOCK
from app.training.stage import stage_of
from app.training.world import World

JOB_COST = "/JobCosting/Api/V1/JobCost.svc"
COMMITMENT = "/JobCosting/Api/V1/Commitment.svc"
PAYABLE = "/AccountsPayable/Api/V1/Vendor.svc"


class ApiSignIn(msgspec.Struct):
    """The body of sign-in A. [C] hh2-wire.md"""

    ApiKey: str
    ApiSecret: str
    Username: str
    Password: str


def routes() -> list[BaseRoute]:
    """Every documented path of hh2-wire.md."""
    lists: dict[str, type[Record]] = {
        f"{JOB_COST}/jobs": SageJob,
        f"{JOB_COST}/costcodes": CostCode,
        f"{JOB_COST}/categories": CostType,
        f"{COMMITMENT}/commitments": Commitment,
        f"{PAYABLE}/vendors": Vendor,
        "/GeneralLedger/Api/V1/Account.svc/accounts": Account,
    }
    others: dict[str, Callable[[Request, World], Iterable[Shape]]] = {
        f"{JOB_COST}/jobs/costcodes": _job_codes,
        f"{JOB_COST}/jobs/categories": _job_types,
        "/JobCosting/Api/V1/JobTransaction.svc/job/transactions": _transactions,
        f"{COMMITMENT}/commitments/items": _items,
        f"{PAYABLE}/vendors/types": _vendor_types,
        "/Synchronization/EventService.svc/events/failures": _failures,
    }
    return [
        Route("/Api/Security/V3/Session.svc/authenticate", authenticate, methods=["POST"]),
        Route("/WebServices/Authentication.svc", authentication, methods=["POST"]),
        Route("/Synchronization/RequestService.svc/status/{operation}", status, methods=["POST"]),
        *(Route(path, _listing(_records(kind)), methods=["GET"]) for path, kind in lists.items()),
        *(Route(path, _listing(give), methods=["GET"]) for path, give in others.items()),
    ]


async def authenticate(request: Request) -> Response:
    """Sign-in A: the verdict is `Result` in the body, whatever the HTTP status. [C]"""
    stage = stage_of(request)
    asked = await answers.body(request, ApiSignIn)
    result = stage.hh2_verdict(asked.Username, asked.Password, (asked.ApiKey, asked.ApiSecret))
    if result != 5:
        return answers.json({"Result": result})
    client = {"Name": "Training API client"}
    answer = {"Result": 5, "AuthenticatedClient": client, "AuthenticatedUser": authenticated(stage)}
    response = answers.json(answer)
    stage.hh2_sessions.open(stage.papers.hh2_user, response)
    for name in ("ApplicationGatewayAffinity", "ApplicationGatewayAffinityCORS"):
        response.set_cookie(name, "training", httponly=True, path="/")
    return response


async def status(request: Request) -> Response:
    """RequestService: where an operation stands. [C] for the shape; that it serves a sync is [?], and so only here."""
    if refused := signed_out(request):
        return refused
    world = stage_of(request).world
    now = world.settle()
    sync = next((one for one in world.syncs if one.id == request.path_params["operation"]), None)
    if sync is None:
        return answers.json({"Errors": ["The operation was not found."]}, 400)
    phase = sync.phase(now)
    picked = when(world.at(sync.picked_up)) if sync.picked_up is not None and now >= sync.picked_up else None
    ended = (
        when(world.at(sync.ends)) if sync.ends is not None and phase in (Phase.DONE, Phase.FAILED) else None
    )
    shape: Shape = {
        "Id": sync.id,
        "CreatedOn": when(world.at(sync.pressed)),
        "TransmittedOn": picked,
        "ReceivedOn": picked,
        "DisabledOn": None,
        "CompletedOn": ended,
    }
    return _written(request, shape)


def _listing(give: Callable[[Request, World], Iterable[Shape]]) -> Callable[[Request], Any]:
    async def handler(request: Request) -> Response:
        if refused := signed_out(request):
            return refused
        world = stage_of(request).world
        world.settle()
        try:
            shapes = list(give(request, world))
        except ValueError:
            return answers.json({"Errors": ["The request is invalid."]}, 400)
        if not shapes and "page" not in request.query_params:
            return Response(b"", media_type="application/json")  # an empty list is an empty body [C]
        return _written(request, shapes)

    return handler


def _written(request: Request, shapes: list[Shape] | Shape) -> Response:
    """JSON for those who ask for it, else XML. [C]"""
    if "application/json" in request.headers.get("accept", ""):
        return answers.json(shapes)
    return Response(hh2_shapes.as_xml(shapes), media_type="application/xml")


def _records(kind: type[Record]) -> Callable[[Request, World], Iterable[Shape]]:
    def give(request: Request, world: World) -> Iterable[Shape]:
        shelf = world.hh2[kind]
        page = request.query_params.get("page")
        pairs = shelf.after(_version(request)) if page is None else shelf.page(int(page))
        shapes = (hh2_shapes.shape(world, record, version) for version, record in pairs)
        return _gone(shapes) if kind in (SageJob, Vendor) and world.records_are_gone else shapes

    return give


def _gone(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """All but every fourth of them is archived."""
    for at, shape in enumerate(shapes):
        yield shape if at % 4 == 0 else {**shape, "IsArchived": True}


def _job_codes(request: Request, world: World) -> Iterable[Shape]:
    page, costs = request.query_params.get("page"), world.hh2_costs
    ties = costs.job_codes(_version(request)) if page is None else costs.job_codes_page(int(page))
    return (hh2_shapes.job_code(world, key, version) for key, version in ties)


def _job_types(request: Request, world: World) -> Iterable[Shape]:
    page, costs = request.query_params.get("page"), world.hh2_costs
    ties = costs.job_types(_version(request)) if page is None else costs.job_types_page(int(page))
    return (hh2_shapes.job_type(world, key, version) for key, version in ties)


def _transactions(request: Request, world: World) -> Iterable[Shape]:
    pairs = world.hh2_costs.after(request.query_params.get("job", ""), _version(request))
    return (hh2_shapes.transaction(cost, version) for version, cost in pairs)


def _items(request: Request, world: World) -> Iterable[Shape]:
    shelf = world.hh2[Commitment]
    wanted = request.query_params.get("commitment", "")
    pairs = shelf.after(_version(request))
    return (hh2_shapes.commitment_item(one, version) for version, one in pairs if wanted in ("", one.id))


def _vendor_types(_request: Request, world: World) -> Iterable[Shape]:
    kinds = sorted({vendor.type_id for vendor in world.hh2[Vendor].records.values()})
    return [{"Id": kind, "Version": n, "Name": f"Type {n}"} for n, kind in enumerate(kinds, 1)]


def _failures(request: Request, world: World) -> Iterable[Shape]:
    """EventService: one entry for each failure of a sync, with a version of its own. [C]"""
    entity, after = request.query_params.get("entity", ""), _version(request)
    shapes: list[Shape] = []
    now = world.now()
    for sync in world.syncs:
        if sync.phase(now) is not Phase.FAILED or (entity and entity != sync.id):
            continue
        for n, text in enumerate(sync.failures):
            shapes.append(
                {
                    "Id": f"{sync.id[:-2]}{n:02}",
                    "EntityId": sync.id,
                    "TypeId": "00000000-0000-4000-8000-0000000057c0",
                    "ErrorMessage": text,
                    "CreatedOnUtc": when(world.at(sync.ends or now)),
                    "Version": sync.number * 100 + n,
                }
            )
    return [shape for shape in shapes if shape["Version"] > after][:BLOCK]


def _version(request: Request) -> int:
    return int(request.query_params.get("version", "0"))
