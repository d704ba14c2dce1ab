"""A file in place of a side: a Job Cost report of Sage 300 CRE, or any CSV or workbook with confirmed columns."""

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import anyio.to_thread
import msgspec

from app.domain import lists
from app.domain.blocks import exact
from app.domain.lists import Aside, Block, Fault, Kind, LedgerRecord, Offer, Side
from app.match.headings import Layout
from app.match.sheet_reading import Table, amount, day, rows

BLOCK = 1000
_TOTAL = re.compile(r"\b(sub|sous|grand)?-?tota(l|ls|ux)\b", re.IGNORECASE)
_KEYS = ("job", "sub_job", "cost_code", "cost_type", "code")


class FileSource:
    """One list of one side, from a file. Fulfils `app.domain.lists.Source`; nothing is asked of any site.

    `kind` is the list the file holds. Rows that are totals or empty are left out; rows without a job or with an amount
    that is no number are kept aside and named."""

    is_file = True
    at_once = 1
    asked = 0

    def __init__(self, side: Side, kind: Kind, table: Table, layout: Layout) -> None:
        if layout.missing(kind):
            raise ValueError(f"no column for {', '.join(layout.missing(kind))}")
        self.side = side
        self.kind = kind
        self._table = table
        self._layout = layout
        self._path = Path(table.path)

    @property
    def name(self) -> str:
        """The file's name with the beginning of its print, so that a changed file is another source."""
        return f"{self._path.name} ({self._print()})"

    @property
    def kinds(self) -> frozenset[Kind]:
        """The one list."""
        return frozenset({self.kind})

    def offer(self, kind: Kind, scope: str, cursor: str) -> Offer:  # noqa: ARG002 - as the port says
        """Nothing is asked of a site."""
        return Offer(0)

    def seconds(self, requests: int) -> float:  # noqa: ARG002
        """Nothing is waited for."""
        return 0.0

    async def read(self, kind: Kind, scope: str, cursor: str) -> AsyncIterator[Block]:  # noqa: ARG002
        """The file in blocks of 1,000 rows. `cursor` counts rows below the header. Raises Trouble(FILE_BROKEN)."""
        as_of = datetime.fromtimestamp((await anyio.to_thread.run_sync(self._path.stat)).st_mtime, UTC)
        blocks = self._blocks(int(cursor or 0))
        while True:
            found = await anyio.to_thread.run_sync(next, blocks, None)
            if found is None:
                return
            records, aside, place, last = found
            yield Block(tuple(records), "" if last else str(place), last, True, as_of, tuple(aside))

    def _blocks(self, start: int) -> Iterator[tuple[list[LedgerRecord], list[Aside], int, bool]]:
        reader = _Reader(self.side, self.kind, self._table, self._layout)
        records: list[LedgerRecord] = []
        aside: list[Aside] = []
        place = in_block = 0
        for place, row in enumerate(_below(rows(self._path, self._table.sheet), self._table.header_row), 1):
            found = reader.take(
                row, place
            )  # also the rows read before: a job printed once is that of those below
            if place <= start:
                continue
            in_block += 1
            if isinstance(found, Aside):
                aside.append(msgspec.structs.replace(found, row=in_block))
            elif found is not None:
                records.append(found)
            if in_block == BLOCK:
                yield records, aside, place, False
                records, aside, in_block = [], [], 0
        yield records, aside, place, True

    def _print(self) -> str:
        seen = self._path.stat()
        shown = f"{self._path.name}|{seen.st_size}|{seen.st_mtime_ns}|{self._layout}|{self._table.sheet}"
        return hashlib.sha256(shown.encode()).hexdigest()[:8]


def _below(found: Iterator[list[str]], header: int) -> Iterator[list[str]]:
    return (row for place, row in enumerate(found, 1) if place > header)


def _is_total(cells: dict[str, str], row: list[str]) -> bool:
    """A row that adds up others. One that has a code of its own is a line, whatever its text says."""
    keys = [cells[column] for column in _KEYS if cells.get(column)]
    return any(_TOTAL.search(cell) for cell in (keys or row))


class _Reader:
    """The rows of one file, in their order, as records."""

    def __init__(self, side: Side, kind: Kind, table: Table, layout: Layout) -> None:
        self._side = side
        self._kind = kind
        self._layout = layout
        headings = list(table.headings)
        self._places = {
            column: headings.index(name) for column, name in layout.columns.items() if name in headings
        }
        self._above: dict[str, str] = {}

    def take(self, row: list[str], place: int) -> LedgerRecord | Aside | None:
        """The record of a row, why it is kept aside, or None for a row that says nothing."""
        cells = {column: row[at] if at < len(row) else "" for column, at in self._places.items()}
        if not any(cells.values()) or _is_total(cells, row):
            return None
        for column in ("job", "sub_job", "cost_code"):
            if column in cells and self._layout.fill_down:
                self._fill(column, cells)
        key = f"row {place}"
        needed = "job" if "job" in self._places else "code"
        if not cells.get(needed):
            return Aside(place, key, Fault.TYPE, f"{needed}: a text expected")
        money: Decimal | None = None
        if "amount" in cells:
            if not cells["amount"].strip():
                # A heading row of a report: it names the job of the rows below.
                return None if self._kind is Kind.COSTS else self._record(key, cells, None)
            money = amount(cells["amount"], self._layout.decimal)
            if money is None or not exact(money):
                return Aside(place, key, Fault.AMOUNT, "amount: whole cents expected")
        return self._record(key, cells, money)

    def _fill(self, column: str, cells: dict[str, str]) -> None:
        if cells[column]:
            if cells[column] != self._above.get(column):  # what lies below a new job is not of the old one
                for below in ("job", "sub_job", "cost_code")[
                    ("job", "sub_job", "cost_code").index(column) + 1 :
                ]:
                    self._above.pop(below, None)
            self._above[column] = cells[column]
        elif column != "sub_job":  # a blank sub job says that there is none
            cells[column] = self._above.get(column, "")

    def _record(self, key: str, cells: dict[str, str], money: Decimal | None) -> LedgerRecord:
        sage = self._side is Side.SAGE
        code, name, job = cells.get("code", ""), cells.get("name", ""), cells.get("job", "")
        match self._kind:
            case Kind.COSTS:
                return self._cost(key, cells, money or Decimal(0))
            case Kind.JOBS if sage:
                return lists.SageJob(id=code, code=code, name=name)
            case Kind.JOBS:
                return lists.ProcoreProject(id=code, number=code, name=name)
            case Kind.VENDORS if sage:
                return lists.SageVendor(id=code, code=code, name=name)
            case Kind.VENDORS:
                return lists.ProcoreVendor(id=code, origin_code=code, name=name, synced=True)
            case Kind.COST_CODES if sage:
                return lists.SageCostCode(id=code, code=code, name=name)
            case Kind.COST_CODES:
                return lists.ProcoreCostCode(id=code, code=code, full_code=code, name=name)
            case Kind.COST_TYPES if sage:
                return lists.SageCostType(id=code, code=code, name=name)
            case Kind.COST_TYPES:
                return lists.ProcoreCostType(id=code, code=code, name=name)
            case Kind.SUB_JOBS if sage:
                return lists.SageSubJob(id=key, job_id=job, code=code, name=name)
            case Kind.SUB_JOBS:
                return lists.ProcoreSubJob(id=key, project_id=job, code=code, name=name)
            case Kind.PRIME_CONTRACTS if sage:
                return lists.SagePrimeContract(id=key, job_id=job, code=code, name=name, amount=money)
            case Kind.PRIME_CONTRACTS:
                return lists.ProcorePrimeContract(
                    id=key, project_id=job, number=code, name=name, amount=money
                )
            case Kind.COMMITMENTS if sage:
                return lists.SageCommitment(id=key, job_id=job, code=code, name=name, amount=money)
            case Kind.COMMITMENTS:
                return lists.ProcoreCommitment(id=key, project_id=job, number=code, name=name, amount=money)
            case _:
                raise ValueError(f"no file holds {self._kind}")

    def _cost(self, key: str, cells: dict[str, str], money: Decimal) -> LedgerRecord:
        posted = day(cells["posted"]) if cells.get("posted") else None
        # A column that the file does not have is not told; a blank cell says that there is none.
        sub_job, code, kind = cells.get("sub_job"), cells.get("cost_code"), cells.get("cost_type")
        text, vendor = cells.get("text", "")[:200], cells.get("vendor", "")
        if self._side is Side.SAGE:
            return lists.SageCost(
                id=key, job_id=cells["job"], sub_job_id=sub_job, cost_code_id=code, cost_type_id=kind,
                vendor_id=vendor, posted=posted, amount=money, text=text,
            )  # fmt: skip
        return lists.ProcoreCost(
            id=key, project_id=cells["job"], sub_job_id=sub_job, cost_code_id=code, cost_type_id=kind,
            vendor_id=vendor, posted=posted, amount=money, text=text,
        )  # fmt: skip
