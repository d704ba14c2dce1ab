"""read: client CPU per 1,000 transactions, from the wire's bytes to the snapshot of both sides."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.blocks import checked
from app.domain.lists import RECORDS, Block, Kind, LedgerRecord, Side
from app.hh2 import lists as hh2
from app.http import Answer
from app.match.snapshot import List, finish, put
from app.match.snapshot_columns import as_columns, schema, table
from app.match.store import open_store
from app.procore import list_rows
from app.procore import lists as procore
from tests.bench import wire
from tests.bench.figures import Aim, Told, in_turns, of, ratios

if TYPE_CHECKING:
    import duckdb

ROWS = wire.PAGE
PAGES = 10
AT = datetime(2026, 11, 24, tzinfo=UTC)


def measure(rounds: int) -> Told:
    """Ten pages of one job on each side: decoded, checked, laid beside the snapshot page by page, then in place.

    The floor decodes the same pages and inserts the rows into two tables of the same columns, in one transaction each
    side, by the same library's own way for many rows: no cursor, no aside, no merging with what stands there."""
    import duckdb

    world = wire.large()
    costs = wire.some_costs(world, ROWS * PAGES)
    parts = [costs[first : first + ROWS] for first in range(0, len(costs), ROWS)]
    sage = [wire.hh2_page(part, n * ROWS) for n, part in enumerate(parts)]
    heads = [wire.procore_heads(world, part) for part in parts]
    lines = [wire.procore_lines(world, part) for part in parts]
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        store = open_store(Path(folder))
        bare = duckdb.connect(str(Path(folder, "bare.duckdb")), config={"threads": 2})
        for side in Side:
            bare.execute(f"CREATE TABLE {table(side, Kind.COSTS)} ({schema(side, Kind.COSTS)})")

        def ours() -> None:
            for number, page in enumerate(sage, 1):
                rows = hh2.rows_of(Kind.COSTS, page, "job")
                put(store, List(Side.SAGE, Kind.COSTS, "job"), "hh2", _block(rows.records, number))
            finish(store, Side.SAGE, Kind.COSTS, is_file=False)
            known = _heads(heads)
            for number, page in enumerate(lines, 1):
                rows = procore.lines_of(page, "job", known)
                put(store, List(Side.PROCORE, Kind.COSTS, "job"), "Procore", _block(rows.records, number))
            finish(store, Side.PROCORE, Kind.COSTS, is_file=False)

        def decoded() -> None:
            for page in sage:
                checked(hh2.rows_of(Kind.COSTS, page, "job").records, RECORDS[Side.SAGE, Kind.COSTS])
            known = _heads(heads)
            for page in lines:
                found = procore.lines_of(page, "job", known).records
                checked(found, RECORDS[Side.PROCORE, Kind.COSTS])

        kept = {
            Side.SAGE: [row for page in sage for row in hh2.rows_of(Kind.COSTS, page, "job").records],
            Side.PROCORE: [
                row for page in lines for row in procore.lines_of(page, "job", _heads(heads)).records
            ],
        }

        def inserted() -> None:
            for side in Side:
                _insert(bare, side, kept[side])

        taken = in_turns({"ours": ours, "decode": decoded, "bare insert": inserted}, rounds)
        store.close()
        bare.close()
    floor = [one + other for one, other in zip(taken["decode"], taken["bare insert"], strict=True)]
    return Told(
        "read",
        (Aim("decode and a bare insert of the same rows", ratios(taken["ours"], floor), 1.5),),
        {
            name: of(values, "ms per 1,000 transactions of each side", 1000 / PAGES)
            for name, values in taken.items()
        },
        rounds,
    )


def _heads(pages: list[Answer]) -> dict[int, list_rows.DirectCost]:
    known: dict[int, list_rows.DirectCost] = {}
    for page in pages:
        procore.heads_of(page, known)
    return known


def _block(rows: tuple[LedgerRecord, ...], number: int) -> Block:
    return Block(rows, str(number), number == PAGES, True, AT, typed=True)


def _insert(bare: "duckdb.DuckDBPyConnection", side: Side, rows: list[LedgerRecord]) -> None:
    """DuckDB's way for many rows from Python values: lists, unnested; a page at a time, in one transaction."""
    record = RECORDS[side, Kind.COSTS]
    into = table(side, Kind.COSTS)
    bare.execute("BEGIN")
    bare.execute(f"DELETE FROM {into}")
    for first in range(0, len(rows), ROWS):
        columns = as_columns(record, rows[first : first + ROWS])
        names = ", ".join(columns)
        values = ", ".join(f"unnest(${name})" for name in columns)
        bare.execute(f"INSERT INTO {into} (scope, {names}) SELECT 'job', {values}", columns)
    bare.execute("COMMIT")
