"""The records of the training company's Sage 300 CRE ledger: plain, frozen, with exact amounts.

Amounts are whole cents inside, `Decimal` with two places outside."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TypeVar

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every record of Sage has. `id` is a guid, `changed` the day on which a person last saved it."""

    id: str
    code: str
    name: str
    created: dt.date
    changed: dt.date
    active: bool = True


R = TypeVar("R", bound=Record)


class SageJob(Record, frozen=True, kw_only=True, gc=False):
    """A job (Procore's project)."""

    status: str = "In progress"
    billing_level: str = "Job"


class SubJob(Record, frozen=True, kw_only=True, gc=False):
    """An extra of a job (Procore's sub job)."""

    job_id: str


class CostCode(Record, frozen=True, kw_only=True, gc=False):
    """A standard cost code."""


class CostType(Record, frozen=True, kw_only=True, gc=False):
    """A standard category (Procore's cost type); `base` is Procore's base type."""

    base: str


class Vendor(Record, frozen=True, kw_only=True, gc=False):
    """An AP vendor."""

    type_id: str


class PrimeContract(Record, frozen=True, kw_only=True, gc=False):
    """The contract with a job's owner."""

    job_id: str
    amount: Decimal


class Commitment(Record, frozen=True, kw_only=True, gc=False):
    """A subcontract or a purchase order."""

    job_id: str
    vendor_id: str
    amount: Decimal
    kind: str
    retainage_percent: Decimal
    closed: bool = False


class Account(Record, frozen=True, kw_only=True, gc=False):
    """An account of the general ledger."""


class Cost(msgspec.Struct, frozen=True, gc=False):
    """One job cost transaction. `posted` is its accounting date, `entered` the day a person entered it, `second` the
    second of that day (UTC)."""

    number: int
    job_id: str
    sub_job_id: str | None
    cost_code_id: str
    cost_type_id: str
    vendor_id: str | None
    posted: dt.date
    entered: dt.date
    cents: int
    text: str
    second: int = 0

    @property
    def entered_at(self) -> dt.datetime:
        """When a person entered it, in UTC."""
        midnight = dt.datetime(self.entered.year, self.entered.month, self.entered.day, tzinfo=dt.UTC)
        return midnight + dt.timedelta(seconds=self.second)

    @property
    def id(self) -> str:
        """The guid of the transaction."""
        return str(uuid.UUID(int=0xC057 << 112 | self.number))

    @property
    def amount(self) -> Decimal:
        """In dollars, exact, two places."""
        return money(self.cents)


def money(cents: int) -> Decimal:
    """Whole cents as dollars with two places."""
    return Decimal(cents).scaleb(-2)
