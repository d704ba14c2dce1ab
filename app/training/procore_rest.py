"""The training Procore's public REST: the reads of the contract, and what of their filters is kept.

What is staged is not visible here. [C] procore-wire.md, "Reading"."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from app.training import procore_shapes
from app.training.procore_answers import Give, Rows, Wrong, not_found, paged, single
from app.training.procore_oauth import bearer
from app.training.procore_shapes import LIST_ID, VIEW_ID
from app.training.records import Cost, CostCode, CostType, PrimeContract, Record, SageJob, SubJob, Vendor
from app.training.stage import Stage
from app.training.world import World


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
    ones: dict[str, Callable[[Request, Stage], object]] = {
        "/rest/v1.0/me": _me,
        "/rest/v1.0/companies": _companies,
        "/rest/v1.0/company_base_url": _base_url,
        "/rest/v1.0/settings/permissions": _permissions,
        "/rest/v1.0/projects/{id}": _project,
    }
    # The address of a list is asked before that of one project, so that neither hides the other.
    return [
        *(Route(path, paged(give), methods=["GET"]) for path, give in pages.items()),
        *(Route(path, single(give), methods=["GET"]) for path, give in ones.items()),
    ]


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


def _held(world: World, kind: type[Record], job: SageJob | None = None) -> list[Any]:
    """Procore's records of a kind (of a job), in the order of their numbers."""
    held = (one for one in world.procore[kind].values() if job is None or one.job_id == job.id)
    return sorted(held, key=lambda one: world.procore_id(one.id))


def _vendors(request: Request, world: World) -> Rows:
    return _chosen(request, world, _held(world, Vendor)), procore_shapes.vendor


def _projects(request: Request, world: World) -> Rows:
    held = _held(world, SageJob)
    if (asked := request.query_params.get("filters[synced]")) is not None:
        held = [one for one in held if (one.id not in world.mismatch.made) == (asked == "true")]
    if (status := request.query_params.get("filters[by_status]", "All")) != "All":
        held = [one for one in held if one.active == (status == "Active")]
    return _chosen(request, world, held), procore_shapes.project


def _cost_code_lists(_request: Request, _world: World) -> Rows:
    return [
        {"id": LIST_ID, "name": "ERP", "is_erp_list": True, "available_to_use_on_new_projects": True}
    ], _as_is


def _standard_cost_codes(request: Request, world: World) -> Rows:
    if request.query_params.get("standard_cost_code_list_id") != str(LIST_ID):
        raise not_found("standard_cost_code_list_id")
    return _by_origin(request, world, _held(world, CostCode)), procore_shapes.standard_cost_code


def _line_item_types(request: Request, world: World) -> Rows:
    return _by_origin(request, world, _held(world, CostType)), procore_shapes.cost_type


def _sub_jobs(request: Request, world: World) -> Rows:
    return _held(world, SubJob, _job(request, world)), procore_shapes.sub_job


def _cost_codes(request: Request, world: World) -> Rows:
    asked = request.query_params.get("sub_job_id", "")
    sub_job = world.record_id(int(asked)) if asked.isdecimal() else ""
    if asked and sub_job not in world.procore[SubJob]:
        raise not_found("sub_job_id")
    return procore_shapes.project_cost_codes(world, _job(request, world).id, sub_job or ""), _as_is


def _prime_contracts(request: Request, world: World) -> Rows:
    held = _held(world, PrimeContract, _job(request, world))
    return _chosen(request, world, held), procore_shapes.prime_contract


def _direct_costs(request: Request, world: World) -> Rows:
    return _costs(request, world), procore_shapes.direct_cost


def _line_items(request: Request, world: World) -> Rows:
    costs = _costs(request, world)
    if (of := request.query_params.get("filters[direct_cost_id]")) is not None:
        costs = [cost for cost in costs if str(world.cost_id(cost)) == of]
    return costs, procore_shapes.line_item


def _budget_views(request: Request, world: World) -> Rows:
    _job(request, world)
    return [{"id": VIEW_ID, "name": "Training budget view", "description": "", "role": "company"}], _as_is


def _columns(request: Request, world: World) -> Rows:
    _view(request, world)
    names = ("Original Budget Amount", "Budget Modifications", "ERP Job Costs")
    columns = [
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
    return columns, _as_is


def _detail_rows(request: Request, world: World) -> Rows:
    return procore_shapes.budget_rows(world, _view(request, world).id), _as_is


def _as_is(_world: World, row: object) -> object:
    return row


def _view(request: Request, world: World) -> SageJob:
    if request.path_params["view"] != str(VIEW_ID):
        raise not_found("budget_view_id")
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
        raise not_found("project_id")
    return job


def _costs(request: Request, world: World) -> list[Cost]:
    """The costs of a job, as far as they are asked for."""
    costs = world.procore_costs.of(_job(request, world, request.path_params["project_id"]).id)
    if (origin := request.query_params.get("filters[origin_id]")) is not None:
        costs = [cost for cost in costs if cost.id == origin]
    if (between := _between(request)) is not None:
        costs = [cost for cost in costs if _within(world.procore_costs.updated(cost), between)]
    return costs


def _chosen(request: Request, world: World, held: list[Any]) -> list[Any]:
    """What was changed in the span asked for."""
    if (between := _between(request)) is not None:
        held = [one for one in held if _within(procore_shapes.changed(world, one), between)]
    return _by_origin(request, world, held)


def _by_origin(request: Request, world: World, held: list[Any]) -> list[Any]:
    asked = request.query_params.get("filters[origin_id]")
    return (
        held
        if asked is None
        else [one for one in held if procore_shapes.origin(world, one).get("origin_id") == asked]
    )


def _between(request: Request) -> tuple[str, str] | None:
    """The two ends of `filters[updated_at]`: "A...B", each a date or a date-time."""
    asked = request.query_params.get("filters[updated_at]")
    if asked is None:
        return None
    first, dots, last = asked.partition("...")
    if not dots:
        raise Wrong(400, {"errors": {"base": [], "fields": {"filters[updated_at]": ["is not a range"]}}})
    return first.strip('"'), last.strip('"')


def _within(at: dt.datetime, between: tuple[str, str]) -> bool:
    text = procore_shapes.stamp(at)
    return between[0] <= text and (text <= between[1] or text.startswith(between[1]))
