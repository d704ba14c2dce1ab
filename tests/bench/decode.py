"""decode: pages of hh2 and Procore to typed, checked records; client CPU per 1,000 rows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.blocks import checked
from app.domain.lists import Kind, ProcoreCost, SageCost
from app.hh2 import lists as hh2
from app.http import Answer
from app.procore import list_rows
from app.procore import lists as procore
from tests.bench import wire
from tests.bench.figures import Aim, Told, in_turns, of, ratios

ROWS = wire.PAGE
PAGES = (
    16  # one block of hh2's transactions; of Procore a page of heads and one of lines, each as often in a row
)
JOB = "job"


def measure(rounds: int) -> Told:
    """A block of transactions of each side; of Procore with the direct costs on which date and vendor stand."""
    world = wire.large()
    costs = wire.some_costs(world, ROWS)
    sage = wire.hh2_page(costs)
    heads, lines = wire.procore_heads(world, costs), wire.procore_lines(world, costs)
    ours = in_turns(
        {
            "hh2": lambda: _hh2(sage),
            "hh2, msgspec alone": lambda: msgspec.json.decode(sage.body, type=list[hh2.Transaction]),
            "hh2, json and dataclasses": lambda: _dataclasses(sage.body, _transaction),
            "Procore": lambda: _procore(heads, lines),
            "Procore, msgspec alone": lambda: (
                msgspec.json.decode(heads.body, type=list[list_rows.DirectCost]),
                msgspec.json.decode(lines.body, type=list[list_rows.Line]),
            ),
            "Procore, json and dataclasses": lambda: _procore_dataclasses(heads.body, lines.body),
        },
        rounds,
        repeat=PAGES,
    )
    both = [h + p for h, p in zip(ours["hh2"], ours["Procore"], strict=True)]
    floor = [h + p for h, p in zip(ours["hh2, msgspec alone"], ours["Procore, msgspec alone"], strict=True)]
    peer = [
        h + p
        for h, p in zip(ours["hh2, json and dataclasses"], ours["Procore, json and dataclasses"], strict=True)
    ]
    return Told(
        "decode",
        (
            Aim("msgspec on the bytes alone", ratios(both, floor), 1.5),
            Aim("json and dataclasses", ratios(both, peer), 0.25),
        ),
        {name: of(values, "ms per 1,000 rows", 1000) for name, values in ours.items()},
        rounds,
    )


def _hh2(page: Answer) -> object:
    found = hh2.rows_of(Kind.COSTS, page, JOB)
    taken = checked(found.records, SageCost, typed=True)
    assert len(taken.rows) == ROWS
    return taken


def _procore(heads: Answer, lines: Answer) -> object:
    known: dict[int, list_rows.DirectCost] = {}
    procore.heads_of(heads, known)
    taken = checked(procore.lines_of(lines, JOB, known).records, ProcoreCost, typed=True)
    assert len(taken.rows) == ROWS
    return taken


# ---------------------------------------------------------------- the peer: what one writes without a library


@dataclass(frozen=True, slots=True)
class Line:
    """A transaction of either side."""

    id: str
    version: int
    job_id: str
    sub_job_id: str | None
    cost_code_id: str | None
    cost_type_id: str | None
    vendor_id: str
    posted: date | None
    changed: datetime | None
    amount: Decimal
    text: str


def _dataclasses(body: bytes, make: Callable[[dict[str, Any]], Line]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for row in json.loads(body, parse_float=Decimal):
        line = make(row)
        if not line.id or line.id in found or line.amount != line.amount.quantize(Decimal("0.01")):
            raise ValueError("a row that contradicts itself")
        found[line.id] = line
    return found


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _whole(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    if type(value) is not int:
        raise TypeError(name)
    return value


def _transaction(row: dict[str, Any]) -> Line:
    posted, entered = _text(row, "TransactionDate"), _text(row, "CreatedOnUtc")
    return Line(
        _text(row, "Id"),
        _whole(row, "Version"),
        JOB,
        _text(row, "ExtraId"),
        _text(row, "CostCodeId"),
        _text(row, "CategoryId"),
        _text(row, "VendorId"),
        date.fromisoformat(posted[:10]) if posted else None,
        datetime.fromisoformat(entered).replace(tzinfo=UTC) if entered else None,
        Decimal(row["Amount"]),
        _text(row, "Description"),
    )


def _procore_dataclasses(heads: bytes, lines: bytes) -> dict[str, Line]:
    known = {_whole(head, "id"): head for head in json.loads(heads, parse_float=Decimal)}

    def line(row: dict[str, Any]) -> Line:
        head = known.get(_whole(row["holder"], "id"), {})
        posted, updated = _text(head, "direct_cost_date"), _text(row, "updated_at")
        return Line(
            str(_whole(row, "id")),
            0,
            JOB,
            None,
            str(_whole(row["cost_code"], "id")),
            str(_whole(row["line_item_type"], "id")),
            str(head.get("vendor_id", "")),
            date.fromisoformat(posted[:10]) if posted else None,
            datetime.fromisoformat(updated) if updated else None,
            Decimal(row["amount"]),
            _text(row, "description"),
        )

    return _dataclasses(lines, line)
