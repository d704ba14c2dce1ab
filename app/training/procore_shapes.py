"""Procore's records as its REST API writes them, within `contracts/procore-rest.openapi.json`.

Ids are Procore's own numbers, larger than 32 bits; `origin_id` is the record's guid in hh2 and `origin_code` its code
in Sage 300 CRE [I]. Amounts are texts, as the contract has them."""

import datetime as dt
from typing import Any

from app.training.records import (
    Cost,
    CostCode,
    CostType,
    PrimeContract,
    Record,
    SageJob,
    SubJob,
    Vendor,
    money,
)
from app.training.world import World

Shape = dict[str, Any]

LIST_ID = 562_949_953_000_100  # the one list of standard cost codes
VIEW_ID = 562_949_953_000_200  # the one budget view
TOOLS = (
    (1, "home", "Home", "core"),
    (2, "directory", "Directory", "core"),
    (3, "erp_integrations", "ERP Integrations", "core"),  # the tool's exact `name` is not known [?]
    (4, "permissions", "Permissions", "core"),
)
LEVELS = ("None", "Read Only", "Standard", "Admin")


def stamp(at: dt.datetime) -> str:
    """A date-time as Procore writes it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def changed(world: World, record: Record) -> dt.datetime:
    """When Procore last saw a change of a record."""
    day = record.changed
    return world.updated.get(record.id, dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC))


def origin(world: World, record: Record) -> Shape:
    """Where a record came from; nothing for one that was made in Procore."""
    if record.id in world.mismatch.made:
        return {}
    return {"origin_id": record.id, "origin_data": f"{{}}#{record.code}"}


def origin_code(world: World, record: Record) -> Shape:
    """The same with the record's code, for the records that tell it."""
    came_from = origin(world, record)
    return {**came_from, "origin_code": record.code} if came_from else {}


def vendor(world: World, one: Vendor) -> Shape:
    """A company vendor, view `extended`."""
    return {
        "id": world.procore_id(one.id),
        "name": one.name,
        "abbreviated_name": one.name[:20],
        "is_active": one.active,
        "synced_to_erp": one.id not in world.mismatch.made,
        "updated_at": stamp(changed(world, one)),
        **origin_code(world, one),
    }


def project(world: World, one: SageJob) -> Shape:
    """A job."""
    return {
        "id": world.procore_id(one.id),
        "name": one.name,
        "display_name": f"{one.code} - {one.name}",
        "project_number": one.code,
        "active": one.active,
        "is_erp_integrated": one.id not in world.mismatch.made,
        "standard_cost_code_list_id": LIST_ID,
        "created_at": stamp(dt.datetime(one.created.year, one.created.month, one.created.day, tzinfo=dt.UTC)),
        "updated_at": stamp(changed(world, one)),
        **origin_code(world, one),
    }


def standard_cost_code(world: World, one: CostCode) -> Shape:
    """A standard cost code; `parent_id` is the group above it."""
    above = world.mismatch.parents.get(one.id)
    return {
        "id": world.procore_id(one.id),
        "standard_cost_code_list_id": LIST_ID,
        "code": one.code.rpartition("-")[2],
        "full_code": one.code,
        "name": one.name,
        **({"parent_id": world.procore_id(above)} if above else {}),
        **origin(world, one),
    }


def cost_type(world: World, one: CostType) -> Shape:
    """A cost type (line item type)."""
    return {
        "id": world.procore_id(one.id),
        "name": one.name,
        "code": one.code,
        "base_type": one.base,
        **origin(world, one),
    }


def sub_job(world: World, one: SubJob) -> Shape:
    """A sub job."""
    return {
        "id": world.procore_id(one.id),
        "name": one.name,
        "code": one.code,
        "updated_at": stamp(changed(world, one)),
        **origin(world, one),
    }


def prime_contract(world: World, one: PrimeContract) -> Shape:
    """A prime contract."""
    return {
        "id": world.procore_id(one.id),
        "accounting_method": "amount",
        "number": one.code,
        "title": one.name,
        "status": "Approved",
        "executed": True,
        "grand_total": f"{one.amount:f}",
        "updated_at": stamp(changed(world, one)),
        **origin_code(world, one),
    }


def project_cost_codes(world: World, job_id: str, sub_job_id: str = "") -> list[Shape]:
    """The cost codes of a job and of its sub jobs (of one of them where it is named), each with its cost types."""
    codes, types = world.procore[CostCode], world.procore[CostType]
    under = world.procore_costs.types(job_id)
    billers: list[SageJob | SubJob] = [
        one for one in world.procore[SubJob].values() if one.job_id == job_id and sub_job_id in ("", one.id)
    ]
    if not sub_job_id:
        billers.insert(0, world.procore[SageJob][job_id])
    return [
        {
            "id": world.project_code_id(biller.id, code.id),
            "code": code.code.rpartition("-")[2],
            "full_code": code.code,
            "name": code.name,
            "biller": biller.name,
            "biller_type": "SubJob" if isinstance(biller, SubJob) else "Project",
            "biller_id": world.procore_id(biller.id),
            "budgeted": True,
            "line_item_types": [cost_type(world, types[one]) for one in under[code.id] if one in types],
            **origin(world, code),
        }
        for biller in billers
        for code in (codes[one] for one in under if one in codes)
    ]


def direct_cost(world: World, cost: Cost) -> Shape:
    """A direct cost item: one job cost transaction."""
    vendors: dict[str, Vendor] = world.procore[Vendor]
    paid = vendors.get(cost.vendor_id or "")
    shape: Shape = {
        "id": world.cost_id(cost),
        "amount": f"{cost.amount:f}",
        "grand_total": f"{cost.amount:f}",
        "description": cost.text,
        "direct_cost_type": "invoice" if paid else "expense",
        "direct_cost_date": cost.posted.isoformat(),
        "status": "approved",
        "created_at": stamp(world.procore_costs.updated(cost)),
        "updated_at": stamp(world.procore_costs.updated(cost)),
        **_cost_origin(world, cost),
    }
    if paid is not None:
        shape |= {"vendor": paid.name, "vendor_name": paid.name, "vendor_id": world.procore_id(paid.id)}
    return shape


def line_item(world: World, cost: Cost) -> Shape:
    """The one line of a direct cost item."""
    code: CostCode = world.procore[CostCode][cost.cost_code_id]
    kind: CostType = world.procore[CostType][cost.cost_type_id]
    job: SageJob = world.procore[SageJob][cost.job_id]
    return {
        "id": world.line_id(cost),
        "amount": f"{cost.amount:f}",
        "description": cost.text,
        "cost_code": {
            "id": world.project_code_id(world.biller(cost), code.id),
            "full_code": code.code,
            "name": code.name,
            "origin_id": code.id,
        },
        "line_item_type": cost_type(world, kind),
        "holder": {"id": world.cost_id(cost), "holder_type": "DirectCost::Item"},
        "project": {"id": world.procore_id(job.id), "name": job.name},
        "position": 1,
        "created_at": stamp(world.procore_costs.updated(cost)),
        "updated_at": stamp(world.procore_costs.updated(cost)),
        **_cost_origin(world, cost),
    }


def budget_rows(world: World, job_id: str) -> list[Shape]:
    """The detail rows of the budget view: job-to-date cost by sub job, cost code and cost type.

    The column whose source is "ERP Job Costs" is `ERP Job Costs` here; the key it has in a row is not known [?]."""
    sums: dict[tuple[str, str, str], int] = {}
    for cost in world.procore_costs.of(job_id):
        key = (world.biller(cost), cost.cost_code_id, cost.cost_type_id)
        sums[key] = sums.get(key, 0) + cost.cents
    job: SageJob = world.procore[SageJob][job_id]
    rows = []
    for (biller_id, code_id, type_id), cents in sums.items():
        code: CostCode = world.procore[CostCode][code_id]
        kind: CostType = world.procore[CostType][type_id]
        biller = world.procore[SubJob].get(biller_id, job)
        rows.append(
            {
                "id": world.row_id(biller_id, code_id, type_id),
                "project_id": world.procore_id(job_id),
                "project": job.name,
                "biller_id": world.procore_id(biller_id),
                "biller": biller.name,
                "biller_type": "Project" if biller is job else "SubJob",
                "cost_code_id": world.project_code_id(biller_id, code_id),
                "cost_code_origin_id": code_id,
                "cost_code": f"{code.code} - {code.name}",
                "category_id": world.procore_id(type_id),
                "category": kind.name,
                "original_budget_amount": "0.00",
                "budget_modifications": "0.00",
                "ERP Job Costs": f"{money(cents):f}",
            }
        )
    return rows


def _cost_origin(world: World, cost: Cost) -> Shape:
    return {} if cost.number in world.mismatch.made_costs else {"origin_id": cost.id}


def tools(world: World, company_id: int) -> list[Shape]:
    """The permission manifest: the company's tools, and this account's level on each. [C] procore-wire.md"""
    mine = world.story.traits.level
    return [
        {
            "id": number,
            "name": name,
            "friendly_name": friendly,
            "domain_id": number,
            "tab_group": group,
            "available_for_user": level != "None",
            "url": f"/{company_id}/company/{name}",
            "user_access_level": {"id": LEVELS.index(level) + 1, "name": level},
            "permitted_actions": [],
            "can_create": level in ("Standard", "Admin"),
            "trial": False,
        }
        for number, name, friendly, group in TOOLS
        for level in (mine if name == "erp_integrations" else "Standard",)
    ]
