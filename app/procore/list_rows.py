"""Procore's lists as its REST writes them, and the record that each row becomes. [C] procore-wire.md, "Reading"

Ids exceed 32 bits and are kept as texts; amounts are texts on the wire."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import msgspec

from app.domain import lists
from app.domain.lists import LedgerRecord


class Origin(msgspec.Struct, frozen=True, gc=False):
    """What every record of the accounting system has: `origin_id` is its id there."""

    id: int
    origin_id: str | None = None


class Project(Origin, frozen=True, kw_only=True, gc=False):
    """A job."""

    name: str
    project_number: str | None = None
    origin_code: str | None = None
    active: bool = True
    updated_at: str | None = None

    def record(self) -> LedgerRecord:
        return lists.ProcoreProject(
            id=str(self.id),
            origin_id=self.origin_id or "",
            number=self.project_number or "",
            name=self.name,
            origin_code=self.origin_code or "",
            active=self.active,
            updated_at=moment(self.updated_at),
        )


class CostCode(Origin, frozen=True, kw_only=True, gc=False):
    """A standard cost code, view `extended`."""

    code: str
    name: str
    full_code: str | None = None
    parent_id: int | None = None

    def record(self) -> LedgerRecord:
        return lists.ProcoreCostCode(
            id=str(self.id),
            origin_id=self.origin_id or "",
            code=self.code,
            full_code=self.full_code or "",
            name=self.name,
            parent_id=_text(self.parent_id),
        )


class CostType(Origin, frozen=True, kw_only=True, gc=False):
    """A line item type."""

    code: str
    name: str

    def record(self) -> LedgerRecord:
        return lists.ProcoreCostType(
            id=str(self.id), origin_id=self.origin_id or "", code=self.code, name=self.name
        )


class Vendor(Origin, frozen=True, kw_only=True, gc=False):
    """A company vendor, view `extended`."""

    name: str
    origin_code: str | None = None
    synced_to_erp: bool | None = None
    is_active: bool | None = None
    updated_at: str | None = None

    def record(self) -> LedgerRecord:
        return lists.ProcoreVendor(
            id=str(self.id),
            origin_id=self.origin_id or "",
            name=self.name,
            origin_code=self.origin_code or "",
            synced=bool(self.synced_to_erp),
            active=self.is_active is not False,
            updated_at=moment(self.updated_at),
        )


class SubJob(Origin, frozen=True, kw_only=True, gc=False):
    """A sub job of the project asked for."""

    code: str
    name: str | None = None
    updated_at: str | None = None

    def record(self, project: str) -> LedgerRecord:
        return lists.ProcoreSubJob(
            id=str(self.id),
            origin_id=self.origin_id or "",
            project_id=project,
            code=self.code,
            name=self.name or "",
            updated_at=moment(self.updated_at),
        )


class ProjectCostCode(Origin, frozen=True, kw_only=True, gc=False):
    """A project's cost code; its biller is the project or one of its sub jobs."""

    code: str
    full_code: str | None = None
    name: str | None = None
    parent: Origin | None = None
    biller_type: str | None = None
    biller_id: int | None = None

    def record(self, project: str) -> LedgerRecord:
        return lists.ProcoreProjectCostCode(
            id=str(self.id),
            origin_id=self.origin_id or "",
            project_id=project,
            sub_job_id=_text(self.biller_id) if self.biller_type == "SubJob" else "",
            parent_id=_text(self.parent.id) if self.parent else "",
            code=self.code,
            full_code=self.full_code or "",
            name=self.name or "",
        )


class PrimeContract(Origin, frozen=True, kw_only=True, gc=False):
    """A prime contract."""

    number: str | None = None
    title: str | None = None
    status: str | None = None
    grand_total: str | None = None
    origin_code: str | None = None
    updated_at: str | None = None
    deleted_at: str | None = None

    def record(self, project: str) -> LedgerRecord | None:
        if self.deleted_at:
            return None
        return lists.ProcorePrimeContract(
            id=str(self.id),
            origin_id=self.origin_id or "",
            project_id=project,
            number=self.number or "",
            name=self.title or "",
            status=self.status or "",
            amount=None if self.grand_total is None else amount("grand_total", self.grand_total),
            origin_code=self.origin_code or "",
            updated_at=moment(self.updated_at),
        )


class DirectCost(msgspec.Struct, frozen=True, gc=False):
    """A direct cost: the head of its lines."""

    id: int
    vendor_id: int | None = None
    direct_cost_date: str | None = None
    deleted_at: str | None = None


class _Code(msgspec.Struct, frozen=True, gc=False):
    id: int
    full_code: str | None = None
    origin_id: str | None = None


class _Type(msgspec.Struct, frozen=True, gc=False):
    id: int
    code: str | None = None
    origin_id: str | None = None


class _Holder(msgspec.Struct, frozen=True, gc=False):
    id: int


class Line(Origin, frozen=True, kw_only=True, gc=False):
    """A line of a direct cost."""

    amount: str
    description: str | None = None
    cost_code: _Code | None = None
    line_item_type: _Type | None = None
    holder: _Holder | None = None
    updated_at: str | None = None

    def record(self, project: str, heads: Mapping[int, DirectCost]) -> LedgerRecord | None:
        """None for a line whose direct cost was deleted."""
        holder = self.holder
        head = heads.get(holder.id) if holder else None
        if head is not None and head.deleted_at:
            return None
        code, kind = self.cost_code, self.line_item_type
        return lists.ProcoreCost(
            id=str(self.id),
            origin_id=self.origin_id or "",
            project_id=project,
            direct_cost_id=str(holder.id) if holder else "",
            cost_code_id=str(code.id) if code else "",
            cost_code_origin_id=(code.origin_id or "") if code else "",
            cost_code=(code.full_code or "") if code else "",
            cost_type_id=str(kind.id) if kind else "",
            cost_type_origin_id=(kind.origin_id or "") if kind else "",
            cost_type=(kind.code or "") if kind else "",
            vendor_id=_text(head.vendor_id) if head else "",
            posted=day(head.direct_cost_date) if head else None,
            updated_at=moment(self.updated_at),
            amount=amount("amount", self.amount),
            text=self.description or "",
        )


class BudgetRow(msgspec.Struct, frozen=True, gc=False):
    """A row of a budget view, without its columns: those have a key each."""

    id: int
    biller_type: str | None = None
    biller_id: int | None = None
    cost_code_id: int | None = None
    cost_code_origin_id: str | None = None
    category_id: int | None = None

    def record(self, project: str, told: Decimal) -> LedgerRecord:
        """`told` is the amount of the column of job costs."""
        return lists.ProcoreJobToDate(
            id=str(self.id),
            origin_id=self.cost_code_origin_id or "",
            project_id=project,
            sub_job_id=_text(self.biller_id) if self.biller_type == "SubJob" else "",
            cost_code_id=_text(self.cost_code_id),
            cost_type_id=_text(self.category_id),
            amount=told,
        )


def amount(column: str, text: str) -> Decimal:
    """A text as an amount. Raises ValueError, which names the column alone."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{column}: an amount expected") from None


@lru_cache(4096)  # days and time stamps come by the thousand, and few of them are different
def day(text: str | None) -> date | None:
    """A date, with or without a time behind it. Raises ValueError."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise ValueError("a date expected") from None


@lru_cache(4096)
def moment(text: str | None) -> datetime | None:
    """A time stamp; without a zone it is UTC. Raises ValueError."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("a time stamp expected") from None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
