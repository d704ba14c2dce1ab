"""The training Procore's public REST: the reads of the contract, with paging, limits and the four shapes of an error.

What is staged is not visible here. [C] procore-wire.md, "Reading"."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.training import answers, procore_shapes
from app.training.company import CostCode, CostType, PrimeContract, Record, SageJob, SubJob, Vendor
from app.training.procore_oauth import bearer
from app.training.procore_shapes import LIST_ID, VIEW_ID, Shape
from app.training.stage import Stage, stage_of
from app.training.world import World

Give = Callable[[Request, World], Iterable[Any]]


class Wrong(Exception):
    """The request is answered with an error: `body` is one of the four shapes. [C] "REST habits"."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def routes() -> list[BaseRoute]:
    """Every call of the contract but OAuth's."""
    pages: dict[str, Give] = {
        "/rest/v1.0/vendors": _vendors,
        "/rest/v1.1/projects": _projects,
        "/rest/v1.0/standard_cost_code_lists": _cost_code_lists,
        "/rest/v1.0/standard_cost_codes": _standard_cost_codes,
        "/rest/v1.0/line_item_types": _line_item_types,
        "/rest/v1.0/sub_jobs": _sub_jobs,
        "/rest/v1.0/cost_codes": _cost_codes,
        "/rest/v1.0/prime_contracts": _prime_contracts,
        "/rest/v1.1/projects/{project_id}/direct_costs": _direct_costs,
        "/rest/v1.0/projects/{project_id}/direct_costs/line_items": _line_items,
        "/rest/v1.0/budget_views": _budget_views,
        "/rest/v1.0/budget_views/{view}/budget_detail_columns": _columns,
        "/rest/v1.0/budget_views/{view}/detail_rows": _detail_rows,
    }
    single: dict[str, Callable[[Request, Stage], object]] = {
        "/rest/v1.0/me": _me,
        "/rest/v1.0/companies": _companies,
        "/rest/v1.0/company_base_url": _base_url,
        "/rest/v1.0/settings/permissions": _permissions,
        "/rest/v1.0/projects/{id}": _project,
    }
    # The address of a list is asked before that of one project, so that neither hides the other.
    return [
        *(Route(path, _paged(give), methods=["GET"]) for path, give in pages.items()),
        *(Route(path, _single(give), methods=["GET"]) for path, give in single.items()),
    ]


def _guarded(
    answer: Callable[[Request, Stage], Response], *, company: bool = True
) -> Callable[[Request], Any]:
    async def handler(request: Request) -> Response:
        stage = stage_of(request)
        allowed, headers = stage.limits.count()
        headers["x-request-id"] = str(uuid.uuid4())
        try:
            if not allowed:
                raise Wrong(429, {"message": "You have surpassed the max number of requests."})
            if bearer(stage, request) is None:
                raise Wrong(401, {"errors": "The access token is invalid or has expired"})
            if company and request.url.path not in ("/rest/v1.0/me", "/rest/v1.0/companies"):
                _check_company(request, stage)
            stage.world.settle()
            response = answer(request, stage)
        except Wrong as wrong:
            response = answers.json(wrong.body, wrong.status)
        response.headers.update(headers)
        return response

    return handler


def _check_company(request: Request, stage: Stage) -> None:
    named = request.headers.get("procore-company-id")
    if named is None:
        raise Wrong(400, {"errors": {"base": [], "fields": {"Procore-Company-Id": ["is required"]}}})
    asked = request.query_params.get("company_id", named)
    if named != str(stage.papers.company_id) or asked != named:
        raise Wrong(403, {"message": "You do not have permission to access this company"})


def _single(give: Callable[[Request, Stage], object]) -> Callable[[Request], Any]:
    return _guarded(lambda request, stage: answers.json(give(request, stage)))


def _paged(give: Give) -> Callable[[Request], Any]:
    def answer(request: Request, stage: Stage) -> Response:
        rows = list(give(request, stage.world))
        try:
            page = int(request.query_params.get("page", "1"))
            size = int(request.query_params.get("per_page", "100"))
        except ValueError:
            raise Wrong(400, {"errors": {"base": ["page is not a number"], "fields": {}}}) from None
        if page < 1 or not 1 <= size <= 1000:
            raise Wrong(400, {"errors": {"base": ["page is out of range"], "fields": {}}})
        last = max(1, -(-len(rows) // size))
        near = {"next": page + 1, "last": last} if page < last else {}
        near |= {"first": 1, "prev": page - 1} if page > 1 else {}
        links = [f'<{_address(request, number)}>; rel="{name}"' for name, number in near.items()]
        headers = {"Total": str(len(rows)), "Per-Page": str(size)}
        if links:
            headers["Link"] = ", ".join(links)
        return answers.json(rows[(page - 1) * size : page * size], headers=headers)

    return _guarded(answer)


def _address(request: Request, page: int) -> str:
    query = {**request.query_params, "page": str(page)}
    return f"{request.url.scheme}://{request.headers['host']}{request.url.path}?{urlencode(query)}"


# ---------------------------------------------------------------- one record


def _me(request: Request, stage: Stage) -> object:
    token = bearer(stage, request)
    return {
        "id": 562_949_953_000_777,
        "login": token.user if token else "",
        "name": "Carole Tremblay" if token and token.person else "On-Demand Sync (service account)",
    }


def _companies(_request: Request, stage: Stage) -> object:
    name = stage.world.company.name
    return [{"id": stage.papers.company_id, "name": name, "is_active": True, "my_company": True}]


def _base_url(request: Request, _stage: Stage) -> object:
    return {"zone": "training", "web_base_url": f"{request.url.scheme}://{request.headers['host']}"}


def _permissions(_request: Request, stage: Stage) -> object:
    return {"tools": procore_shapes.tools(stage.world, stage.papers.company_id)}


def _project(request: Request, stage: Stage) -> object:
    return procore_shapes.project(stage.world, _job(request, stage.world, request.path_params["id"]))


# ---------------------------------------------------------------- lists


def _held(world: World, kind: type[Record]) -> list[Any]:
    return sorted(world.procore[kind].values(), key=lambda one: world.procore_id(one.id))


def _vendors(request: Request, world: World) -> Iterable[Shape]:
    between = _between(request)
    wanted = request.query_params.get("filters[origin_id]")
    return [
        procore_shapes.vendor(world, one)
        for one in _held(world, Vendor)
        if (wanted in (None, one.id)) and _within(procore_shapes.changed(world, one), between)
    ]


def _projects(request: Request, world: World) -> Iterable[Shape]:
    if request.query_params.get("filters[synced]") == "false":
        return []
    status = request.query_params.get("filters[by_status]", "All")
    return [
        procore_shapes.project(world, one)
        for one in _held(world, SageJob)
        if status == "All" or one.active == (status == "Active")
    ]


def _cost_code_lists(_request: Request, _world: World) -> Iterable[Shape]:
    return [{"id": LIST_ID, "name": "ERP", "is_erp_list": True, "available_to_use_on_new_projects": True}]


def _standard_cost_codes(request: Request, world: World) -> Iterable[Shape]:
    if request.query_params.get("standard_cost_code_list_id") != str(LIST_ID):
        raise _not_found("standard_cost_code_list_id")
    return [procore_shapes.standard_cost_code(world, one) for one in _held(world, CostCode)]


def _line_item_types(_request: Request, world: World) -> Iterable[Shape]:
    return [procore_shapes.cost_type(world, one) for one in _held(world, CostType)]


def _sub_jobs(request: Request, world: World) -> Iterable[Shape]:
    job = _job(request, world)
    return [procore_shapes.sub_job(world, one) for one in _held(world, SubJob) if one.job_id == job.id]


def _cost_codes(request: Request, world: World) -> Iterable[Shape]:
    return procore_shapes.project_cost_codes(world, _job(request, world).id)


def _prime_contracts(request: Request, world: World) -> Iterable[Shape]:
    job = _job(request, world)
    held = [one for one in _held(world, PrimeContract) if one.job_id == job.id]
    return [procore_shapes.prime_contract(world, one) for one in held]


def _direct_costs(request: Request, world: World) -> Iterable[Shape]:
    job = _job(request, world, request.path_params["project_id"])
    return [procore_shapes.direct_cost(world, cost) for cost in world.procore_costs.of(job.id)]


def _line_items(request: Request, world: World) -> Iterable[Shape]:
    job = _job(request, world, request.path_params["project_id"])
    return [procore_shapes.line_item(world, cost) for cost in world.procore_costs.of(job.id)]


def _budget_views(request: Request, world: World) -> Iterable[Shape]:
    _job(request, world)
    return [{"id": VIEW_ID, "name": "Training budget view", "description": "", "role": "company"}]


def _columns(request: Request, world: World) -> Iterable[Shape]:
    _view(request, world)
    names = ("Original Budget Amount", "Budget Modifications", "ERP Job Costs")
    return [
        {
            "id": name,
            "name": name,
            "position": n,
            "type": "source" if name == "ERP Job Costs" else "standard",
            "aggregatable": True,
            "filterable": False,
            "groupable": False,
        }
        for n, name in enumerate(names, 1)
    ]


def _detail_rows(request: Request, world: World) -> Iterable[Shape]:
    return procore_shapes.budget_rows(world, _view(request, world).id)


def _view(request: Request, world: World) -> SageJob:
    if request.path_params["view"] != str(VIEW_ID):
        raise _not_found("budget_view_id")
    return _job(request, world)


# ---------------------------------------------------------------- what is asked


def _job(request: Request, world: World, key: str | None = None) -> SageJob:
    """The project asked for; one that cannot be read is 404 like one that does not exist. [C]"""
    asked = key if key is not None else request.query_params.get("project_id")
    if not asked:
        raise Wrong(400, {"errors": {"base": [], "fields": {"project_id": ["is required"]}}})
    job_id = world.record_id(int(asked)) if asked.isdecimal() else None
    job: SageJob | None = world.procore[SageJob].get(job_id or "")
    if job is None:
        raise _not_found("project_id")
    return job


def _not_found(source: str) -> Wrong:
    detail = {"code": "NOT_FOUND", "message": "was not found", "source": source}
    return Wrong(404, {"error": {"code": "NOT_FOUND", "message": "Resource not found", "details": [detail]}})


def _between(request: Request) -> tuple[str, str] | None:
    asked = request.query_params.get("filters[updated_at]")
    if asked is None:
        return None
    first, dots, last = asked.partition("...")
    if not dots:
        raise Wrong(400, {"errors": {"base": [], "fields": {"filters[updated_at]": ["is not a range"]}}})
    return first.strip('"'), last.strip('"')


def _within(at: dt.datetime, between: tuple[str, str] | None) -> bool:
    if between is None:
        return True
    text = procore_shapes.stamp(at)
    return between[0] <= text and (text <= between[1] or text.startswith(between[1]))
