"""The columns of the snapshots: each record of `app.domain.lists` as a table, and its rows as columns of values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import get_args, get_type_hints

import msgspec

from app.domain.lists import RECORDS, Kind, LedgerRecord, Side

_SQL: Mapping[type, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    bool: "BOOLEAN",
    date: "DATE",
    datetime: "TIMESTAMP",
    Decimal: "DECIMAL(18,2)",
}


class Column(msgspec.Struct, frozen=True):
    """A column: its name, its type in SQL, and whether its values are handed over as texts."""

    name: str
    sql: str
    as_text: bool


def table(side: Side, kind: Kind) -> str:
    """The name of a list's table: "sage_costs"."""
    return f"{side.value}_{kind.value.replace('-', '_')}"


def columns(record: type[LedgerRecord]) -> tuple[Column, ...]:
    """The columns of a record, in the order of its fields."""
    if record not in _columns:
        hints = get_type_hints(record)
        names = [field.name for field in msgspec.structs.fields(record)]
        _columns[record] = tuple(_column(name, hints[name]) for name in names)
    return _columns[record]


_columns: dict[type[LedgerRecord], tuple[Column, ...]] = {}


def _column(name: str, hint: object) -> Column:
    classes = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    kind = next(one for one in classes if one in _SQL)
    # Amounts and dates go over as texts and are cast there: exact, and faster than one by one.
    return Column(name, _SQL[kind], kind in (Decimal, date, datetime))


def schema(side: Side, kind: Kind) -> str:
    """The columns of a list's table as SQL, with the scope it was read under."""
    parts = [f"{one.name} {one.sql}" for one in columns(RECORDS[side, kind])]
    return ", ".join(["scope VARCHAR", *parts])


def as_columns(record: type[LedgerRecord], rows: Sequence[LedgerRecord]) -> dict[str, list[object]]:
    """The rows as one list of values for each column."""
    found: dict[str, list[object]] = {}
    for one in columns(record):
        values = [getattr(row, one.name) for row in rows]
        found[one.name] = (
            [None if value is None else str(value) for value in values] if one.as_text else values
        )
    return found


def insertion(record: type[LedgerRecord], into: str) -> str:
    """SQL that inserts what `as_columns` gives, each row with the scope `$scope`."""
    names = ", ".join(one.name for one in columns(record))
    values = ", ".join(
        f"CAST(UNNEST(${one.name}::{'VARCHAR' if one.as_text else one.sql}[]) AS {one.sql})"
        for one in columns(record)
    )
    return f"INSERT INTO {into} (scope, {names}) SELECT $scope, {values}"
