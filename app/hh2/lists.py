"""What Sage gave hh2, as a source of the comparison: its lists by `Version`, in blocks of 1,000. [C] hh2-wire.md

The names of a transaction's fields, and of those that tie a job's cost codes and categories to their job, are [I]. A
field that is not there under its name is "not told" (UNSET): the level is then not compared, and nothing is guessed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import stamina
from msgspec import UNSET, UnsetType

from app.domain import lists
from app.domain.lists import Block, Kind, LedgerRecord, Offer, Side
from app.domain.problems import NotReadable, ProblemId, SessionLost
from app.hh2.reads import (
    BLOCK,
    CATEGORIES,
    COST_CODES,
    JOBS,
    MOST_BLOCKS,
    VENDORS,
    Category,
    CostCode,
    Job,
    Record,
    Vendor,
)
from app.hh2.session import SITE, Hh2Session
from app.http import Answer, Rows, decode_rows, unreadable

JOB_COST_CODES = f"{JOBS}/costcodes"
JOB_CATEGORIES = f"{JOBS}/categories"
COMMITMENTS = "/JobCosting/Api/V1/Commitment.svc/commitments"
TRANSACTIONS = "/JobCosting/Api/V1/JobTransaction.svc/job/transactions"  # [C1]
TRIES = 4
# Nothing is known of a limit [?]: two lists at a time, and a quarter of a second for each, is what we assume.
AT_ONCE = 2
SECONDS = 0.25


class JobCostCode(Record, frozen=True, kw_only=True, rename="pascal", gc=False):
    """A job's cost code; both ties [I]."""

    job_id: str
    cost_code_id: str | None = None


class JobCategory(Record, frozen=True, kw_only=True, rename="pascal", gc=False):
    """A job's category; all three ties [I]."""

    job_id: str
    cost_code_id: str | None = None
    category_id: str | None = None


class Commitment(Record, frozen=True, kw_only=True, rename="pascal", gc=False):
    """A commitment. Which amount is the total is [I]."""

    job_id: str
    vendor_id: str | None = None
    type: str | None = None
    amount: Decimal | None = None
    is_closed: bool = False


class Transaction(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """A job transaction [C1]; the names of its fields [I]. Dates and time stamps without zone."""

    id: str
    version: int
    amount: Decimal
    extra_id: str | UnsetType | None = UNSET
    cost_code_id: str | UnsetType | None = UNSET
    category_id: str | UnsetType | None = UNSET
    vendor_id: str | None = None
    transaction_date: str | None = None
    created_on_utc: str | None = None
    description: str | None = None


class _List(NamedTuple):
    """Where a list is read, how a row of it looks, and the record it becomes (given the job it was asked for)."""

    path: str
    row: Any
    record: Callable[[Any, str], LedgerRecord]


class Hh2Ledgers:
    """Fulfils `app.domain.lists.Source`. The cursor is the greatest version read; "" and "0" are the beginning.

    `sign_in` is called once, when the session ended while a list was read; `name` tells one site from another."""

    side = Side.SAGE
    is_file = False
    at_once = AT_ONCE
    kinds = frozenset(
        {
            Kind.JOBS,
            Kind.COST_CODES,
            Kind.COST_TYPES,
            Kind.VENDORS,
            Kind.COMMITMENTS,
            Kind.JOB_COST_CODES,
            Kind.JOB_COST_TYPES,
            Kind.COSTS,
        }
    )

    def __init__(
        self,
        session: Hh2Session,
        sign_in: Callable[[], Awaitable[object]],
        name: str = "hh2",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._session = session
        self._sign_in = sign_in
        self.name = name
        self._now = now
        self.asked = 0

    def offer(self, kind: Kind, scope: str, cursor: str) -> Offer:  # noqa: ARG002 - as the port says
        """One request, and one more for each full block: how many records there will be hh2 does not tell before."""
        return Offer(1, incremental=True, block=BLOCK)

    def seconds(self, requests: int) -> float:
        """How long so many requests take."""
        return requests * SECONDS / AT_ONCE

    async def read(self, kind: Kind, scope: str, cursor: str) -> AsyncIterator[Block]:
        """The records with a greater version, ascending. Raises NotReadable, SessionLost, SlowDown, and Trouble
        where the new sign-in is refused."""
        one = _LISTS[kind]
        after = int(cursor or 0)
        full = after == 0
        for _ in range(MOST_BLOCKS):
            query = {"version": str(after)}
            if scope:
                query["job"] = scope
            as_of = self._now()
            rows = rows_of(kind, await self._get(one.path, query), scope)
            last = rows.count < BLOCK
            highest = max([after, *(getattr(record, "version", 0) for record in rows.records)])
            if highest <= after and not last:
                raise unreadable(SITE, "versions that do not rise")
            after = highest
            yield Block(rows.records, str(after), last, full, as_of, rows.aside, typed=True)
            if last:
                return
        raise unreadable(SITE, "a list without an end")

    async def _get(self, path: str, query: dict[str, str]) -> Answer:
        """Reads may be tried again; a session that ended is opened once."""
        try:
            return await self._with_retries(path, query)
        except SessionLost:
            await self._sign_in()
            return await self._with_retries(path, query)

    async def _with_retries(self, path: str, query: dict[str, str]) -> Answer:
        async for attempt in stamina.retry_context(
            on=_may_pass, attempts=TRIES, timeout=None, wait_initial=0.5
        ):
            with attempt:
                self.asked += 1
                return await self._session.get(path, query)
        raise AssertionError("retry_context returns or raises")  # pragma: no cover


def rows_of(kind: Kind, answer: Answer, scope: str) -> Rows:
    """The records of one block; raises NotReadable where it is none."""
    one = _LISTS[kind]
    return decode_rows(answer, one.row, lambda row: one.record(row, scope), SITE)


def _may_pass(failed: Exception) -> bool:
    """A failure of the way there, or of hh2 itself; what it says of our question it would say again."""
    return isinstance(failed, NotReadable) and (
        failed.problem.id in (ProblemId.NET, ProblemId.HH2_DOWN)
        or str(failed.problem.facts.get("what", "")).startswith("status 5")
    )


def _active(row: Record) -> bool:
    return row.is_active and not row.is_archived


def _job(row: Job, _: str) -> LedgerRecord:
    return lists.SageJob(
        id=row.id,
        version=row.version,
        code=row.code,
        name=row.name,
        status=row.status or "",
        active=_active(row),
        job_to_date=row.job_to_date_cost_amount,
    )


def _cost_code(row: CostCode, _: str) -> LedgerRecord:
    return lists.SageCostCode(
        id=row.id, version=row.version, code=row.code, name=row.name, active=_active(row)
    )


def _cost_type(row: Category, _: str) -> LedgerRecord:
    return lists.SageCostType(
        id=row.id, version=row.version, code=row.code, name=row.name, active=_active(row)
    )


def _vendor(row: Vendor, _: str) -> LedgerRecord:
    return lists.SageVendor(id=row.id, version=row.version, code=row.code, name=row.name, active=_active(row))


def _commitment(row: Commitment, _: str) -> LedgerRecord:
    return lists.SageCommitment(
        id=row.id,
        version=row.version,
        job_id=row.job_id,
        vendor_id=row.vendor_id or "",
        code=row.code,
        name=row.name,
        type=row.type or "",
        amount=row.amount,
        closed=row.is_closed,
    )


def _job_cost_code(row: JobCostCode, _: str) -> LedgerRecord:
    return lists.SageJobCostCode(
        id=row.id,
        version=row.version,
        job_id=row.job_id,
        cost_code_id=row.cost_code_id or "",
        code=row.code,
        name=row.name,
        active=_active(row),
    )


def _job_cost_type(row: JobCategory, _: str) -> LedgerRecord:
    return lists.SageJobCostType(
        id=row.id,
        version=row.version,
        job_id=row.job_id,
        cost_code_id=row.cost_code_id or "",
        cost_type_id=row.category_id or "",
        code=row.code,
        name=row.name,
        active=_active(row),
    )


def _cost(row: Transaction, job: str) -> LedgerRecord:
    """A level is None where its field is not there, and "" where it says that there is none. (Written out: of all rows
    these come by the million.)"""
    extra, code, category = row.extra_id, row.cost_code_id, row.category_id
    return lists.SageCost(
        id=row.id,
        version=row.version,
        job_id=job,
        sub_job_id=None if extra is UNSET else extra or "",
        cost_code_id=None if code is UNSET else code or "",
        cost_type_id=None if category is UNSET else category or "",
        vendor_id=row.vendor_id or "",
        posted=_day(row.transaction_date),
        entered=_moment(row.created_on_utc),
        amount=row.amount,
        text=row.description or "",
    )


@lru_cache(4096)  # days come by the thousand, and few of them are different
def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise ValueError("TransactionDate: a date expected") from None


@lru_cache(4096)
def _moment(text: str | None) -> datetime | None:
    """A time stamp without zone is UTC by its name. [I]"""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("CreatedOnUtc: a time stamp expected") from None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


_LISTS: dict[Kind, _List] = {
    Kind.JOBS: _List(JOBS, Job, _job),
    Kind.COST_CODES: _List(COST_CODES, CostCode, _cost_code),
    Kind.COST_TYPES: _List(CATEGORIES, Category, _cost_type),
    Kind.VENDORS: _List(VENDORS, Vendor, _vendor),
    Kind.COMMITMENTS: _List(COMMITMENTS, Commitment, _commitment),
    Kind.JOB_COST_CODES: _List(JOB_COST_CODES, JobCostCode, _job_cost_code),
    Kind.JOB_COST_TYPES: _List(JOB_CATEGORIES, JobCategory, _job_cost_type),
    Kind.COSTS: _List(TRANSACTIONS, Transaction, _cost),
}
