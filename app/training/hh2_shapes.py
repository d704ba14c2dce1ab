"""hh2's records as its web services write them: the confirmed fields, and few others, marked where they stand.

[C] hh2-wire.md, "Reading": every record has `Id`, `Version`, `Code`, `Name`, `CreatedOnUtc`, `IsActive`, `IsArchived`,
`HasExternalId`; job: `Status`, `BillingLevel`, `JobToDateCostAmount`; vendor: `TypeId`, `DefaultExpenseAccount`;
commitment: `JobId`, `VendorId`, amounts, `IsClosed`, `IsCommited` (their spelling), `Type`, `RetainagePercent`. The
names of a transaction's fields and of those that tie a job's cost codes and categories to their job are [I]."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from app.training.records import Commitment, Cost, CostCode, CostType, Record, SageJob, Vendor
from app.training.world import World

Shape = dict[str, Any]


def when(at: dt.datetime | dt.date) -> str:
    """A time stamp without zone, as hh2 writes it. [C]"""
    moment = at if isinstance(at, dt.datetime) else dt.datetime(at.year, at.month, at.day, tzinfo=dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def common(record: Record, version: int) -> Shape:
    """The fields every record has."""
    return {
        "Id": record.id,
        "Version": version,
        "Code": record.code,
        "Name": record.name,
        "CreatedOnUtc": when(record.created),
        "IsActive": record.active,
        "IsArchived": not record.active,
        "HasExternalId": True,
    }


def shape(world: World, record: Record, version: int) -> Shape:
    """One record of a list."""
    fields = common(record, version)
    match record:
        case SageJob():
            fields |= {
                "Status": record.status,
                "BillingLevel": record.billing_level,
                "JobToDateCostAmount": world.hh2_costs.total(record.id),
            }
        case Vendor():
            fields |= {"TypeId": record.type_id, "DefaultExpenseAccount": None}
        case Commitment():
            fields |= {
                "JobId": record.job_id,
                "VendorId": record.vendor_id,
                "Amount": record.amount,
                "IsClosed": record.closed,
                "IsCommited": True,
                "Type": record.kind,
                "RetainagePercent": record.retainage_percent,
            }
        case _:
            pass
    return fields


def job_code(world: World, key: tuple[str, ...], version: int) -> Shape:
    """A job's cost code. `JobId` and `CostCodeId` [I]."""
    record: CostCode = world.sage[CostCode][key[1]]
    return common(record, version) | {"Id": _id(key), "JobId": key[0], "CostCodeId": key[1]}


def job_type(world: World, key: tuple[str, ...], version: int) -> Shape:
    """A job's category under a cost code. `JobId`, `CostCodeId` and `CategoryId` [I]."""
    record: CostType = world.sage[CostType][key[2]]
    ties = {"JobId": key[0], "CostCodeId": key[1], "CategoryId": key[2]}
    return common(record, version) | {"Id": _id(key)} | ties


def transaction(cost: Cost, version: int) -> Shape:
    """A job cost transaction. [C1] that it can be read; the names of its fields [I]."""
    return {
        "Id": cost.id,
        "Version": version,
        "JobId": cost.job_id,
        "ExtraId": cost.sub_job_id,
        "CostCodeId": cost.cost_code_id,
        "CategoryId": cost.cost_type_id,
        "VendorId": cost.vendor_id,
        "Amount": cost.amount,
        "Description": cost.text,
        "TransactionDate": when(cost.posted),
        "CreatedOnUtc": when(cost.entered_at),
    }


def commitment_item(commitment: Commitment, version: int) -> Shape:
    """The one item of a commitment; the names of its fields [I]."""
    return {
        "Id": _id((commitment.id, "item")),
        "Version": version,
        "CommitmentId": commitment.id,
        "Code": "1",
        "Name": commitment.name,
        "Amount": commitment.amount,
    }


def _id(key: tuple[str, ...]) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(key)))


def as_xml(shapes: list[Shape] | Shape) -> str:
    """The same as XML, for a caller that did not ask for JSON; hh2's own element names are not known [?]."""
    if isinstance(shapes, list):
        return "<Items>" + "".join(f"<Item>{as_xml(one)}</Item>" for one in shapes) + "</Items>"
    return "".join(f"<{name}>{_text(value)}</{name}>" for name, value in shapes.items())


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value) if not isinstance(value, Decimal) else f"{value:f}")
