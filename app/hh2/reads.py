"""hh2's lists, read by version in blocks of at most 1,000 typed records; money as exact decimals. [C] hh2-wire.md"""

from collections.abc import AsyncIterator
from decimal import Decimal
from types import GenericAlias
from typing import TypeVar, cast

import msgspec

from app.domain.problems import ProblemId, trouble
from app.hh2.session import SITE, Hh2Session
from app.http import decode

BLOCK = 1000  # a block that holds fewer is the last
MOST_BLOCKS = 2000  # two million records: a list that never ends is a fault of the answer


class Record(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """What every record has."""

    id: str
    version: int
    code: str
    name: str
    is_active: bool = True
    is_archived: bool = False


class Job(Record, frozen=True, rename="pascal", gc=False):
    """A job. Amounts in the company's currency."""

    status: str | None = None
    billing_level: str | None = None
    job_to_date_cost_amount: Decimal | None = None


class Vendor(Record, frozen=True, rename="pascal", gc=False):
    """An AP vendor."""

    type_id: str | None = None


class CostCode(Record, frozen=True, rename="pascal", gc=False):
    """A standard cost code."""


class Category(Record, frozen=True, rename="pascal", gc=False):
    """A standard category (Procore's cost type)."""


class Failure(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """One failure that EventService tells of. Time stamps without zone, UTC."""

    id: str
    entity_id: str | None
    error_message: str
    created_on_utc: str
    version: int


class Operation(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """What RequestService tells of an operation; seen for exports only, for a sync [?]. Time stamps without zone.

    Created only: the sync client has not been reached. Transmitted, received: under way. Completed: finished, which is
    not yet success. Disabled: withdrawn. [I]"""

    id: str
    created_on: str | None
    transmitted_on: str | None
    received_on: str | None
    disabled_on: str | None
    completed_on: str | None


JOBS = "/JobCosting/Api/V1/JobCost.svc/jobs"
COST_CODES = "/JobCosting/Api/V1/JobCost.svc/costcodes"
CATEGORIES = "/JobCosting/Api/V1/JobCost.svc/categories"
VENDORS = "/AccountsPayable/Api/V1/Vendor.svc/vendors"
FAILURES = "/Synchronization/EventService.svc/events/failures"

R = TypeVar("R", Job, Vendor, CostCode, Category, Failure)


async def blocks(
    session: Hh2Session, path: str, wanted: type[R], after: int = 0, query: dict[str, str] | None = None
) -> AsyncIterator[list[R]]:
    """The records of a list with a version above `after`, in ascending blocks of at most 1,000.

    Raises NotReadable, SessionLost, SlowDown; Trouble(HH2-ANSWER) for versions that do not rise."""
    for _ in range(MOST_BLOCKS):
        answer = await session.get(path, {**(query or {}), "version": str(after)})
        # An empty body is an empty list. [C]
        block = decode(answer, _list_of(wanted), SITE) if answer.body.strip() else []
        if block:
            yield block
        if len(block) < BLOCK:
            return
        highest = max(record.version for record in block)
        if highest <= after:
            break
        after = highest
    raise trouble(ProblemId.HH2_ANSWER, what="versions that do not rise")


def _list_of(wanted: type[R]) -> type[list[R]]:
    return cast("type[list[R]]", GenericAlias(list, (wanted,)))


async def jobs(session: Hh2Session) -> list[Job]:
    """Every job that hh2 holds."""
    return [job async for block in blocks(session, JOBS, Job) for job in block]


async def failures(session: Hh2Session, after: int = 0) -> list[Failure]:
    """The failures with a version above `after`."""
    return [one async for block in blocks(session, FAILURES, Failure, after) for one in block]
