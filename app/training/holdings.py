"""What lies in Sage, in hh2 and in Procore, and how it travels from one to the next. Knows no time and no presses."""

import datetime as dt
from typing import Any

from app.domain.filters import DateRange, Depth, Filters
from app.domain.tabs import Tab
from app.training.company import Company
from app.training.cost_shelf import Costs
from app.training.mismatch import Mismatch
from app.training.news import Week
from app.training.records import (
    Account,
    Commitment,
    Cost,
    CostCode,
    CostType,
    PrimeContract,
    Record,
    SageJob,
    SubJob,
    Vendor,
)
from app.training.shelves import Shelf, Versions

KINDS: tuple[type[Record], ...] = (
    CostCode, CostType, Vendor, SageJob, SubJob, PrimeContract, Commitment, Account,
)  # fmt: skip
TAB_KINDS: dict[Tab, tuple[type[Record], ...]] = {
    Tab.COST_CODES: (CostCode, CostType),
    Tab.VENDORS: (Vendor,),
    Tab.JOBS: (SageJob,),
    Tab.SUB_JOBS: (SubJob,),
    Tab.PRIME_CONTRACTS: (PrimeContract,),
    Tab.JOB_COSTS: (),
}
_DAYS = {
    DateRange.TODAY: 0,
    DateRange.PAST_WEEK: 6,
    DateRange.PAST_MONTH: 30,
    DateRange.PAST_YEAR: 365,
    DateRange.ALL: None,
}

# Ids exceed 32 bits [C] procore-wire.md, "REST habits". Records are numbered as they come; what belongs to several of
# them has a number made of theirs, so that none of a million is kept: a record's number fits into 20 bits.
FIRST_PROCORE_ID = 1 << 49
_COSTS = 1 << 50
_LINES = _COSTS | 1 << 40
_PROJECT_CODES = 1 << 51
_ROWS = 1 << 52


class Holdings:
    """The records and costs of the three. Everything of the company lies in all of them; `week` lies in Sage alone,
    and `mismatch` says what is otherwise in Procore."""

    def __init__(self, company: Company, week: Week, mismatch: Mismatch) -> None:
        self.company = company
        self.news = week
        self.mismatch = mismatch
        lists: dict[type[Record], dict[str, Any]] = {
            CostCode: company.cost_codes,
            CostType: company.cost_types,
            Vendor: company.vendors,
            SageJob: company.jobs,
            SubJob: company.sub_jobs,
            PrimeContract: company.prime_contracts,
            Commitment: company.commitments,
            Account: company.accounts,
        }
        self.versions = Versions()
        self.sage: dict[type[Record], dict[str, Any]] = {kind: dict(lists[kind]) for kind in KINDS}
        self.hh2: dict[type[Record], Shelf[Any]] = {kind: Shelf(self.versions) for kind in KINDS}
        self.procore: dict[type[Record], dict[str, Any]] = {kind: dict(lists[kind]) for kind in KINDS}
        self.staged: dict[Tab, dict[str, Record]] = {tab: {} for tab in Tab}
        self.updated: dict[str, dt.datetime] = {}  # when Procore last saw a change, by the record's id
        self._numbers: dict[str, int] = {}
        self._record_ids: list[str] = []
        for kind in KINDS:
            for record in lists[kind].values():
                self.hh2[kind].put(record)
                self.procore_id(record.id)
        ledger = company.costs
        self.sage_costs = Costs(ledger)
        self.hh2_costs = Costs(ledger, self.versions)
        self.procore_costs = Costs(ledger, never=mismatch.never)
        self._lay_otherwise()
        for record in week.records:
            self.sage[type(record)][record.id] = record
        self.sage_costs.put(week.costs)

    def _lay_otherwise(self) -> None:
        """What a mismatch has in Sage and hh2, and what Procore has instead."""
        told = self.mismatch
        for record in told.sage:
            self.sage[type(record)][record.id] = record
            self.hh2[type(record)].put(record)
        for record in (*told.sage, *told.procore):
            if record.id not in told.lacking and record not in told.staged:
                self.procore[type(record)][record.id] = record
                self.procore_id(record.id)
        for record in told.staged:
            self.staged[_tab_of(record)][record.id] = record
        for side in (self.sage_costs, self.hh2_costs):
            side.put(told.sage_costs)
        self.procore_costs.put(told.procore_costs)

    # ---------------------------------------------------------------- Procore's numbers

    def procore_id(self, record_id: str) -> int:
        """Procore's number for a record of Sage; larger than 32 bits."""
        number = self._numbers.get(record_id)
        if number is None:
            number = self._numbers[record_id] = len(self._record_ids)
            self._record_ids.append(record_id)
        return FIRST_PROCORE_ID + number

    def record_id(self, procore_id: int) -> str | None:
        """The record of Sage behind a number of Procore's; None for a number never given."""
        place = procore_id - FIRST_PROCORE_ID
        return self._record_ids[place] if 0 <= place < len(self._record_ids) else None

    def cost_id(self, cost: Cost) -> int:
        """Procore's number for a direct cost."""
        return _COSTS + cost.number

    def line_id(self, cost: Cost) -> int:
        """Procore's number for the line of a direct cost."""
        return _LINES + cost.number

    def project_code_id(self, biller_id: str, code_id: str) -> int:
        """Procore's number for a cost code of a project or of a sub job (the biller)."""
        biller, code = (self.procore_id(one) - FIRST_PROCORE_ID for one in (biller_id, code_id))
        return _PROJECT_CODES + (biller << 20) + code

    def row_id(self, biller_id: str, code_id: str, type_id: str) -> int:
        """Procore's number for a row of a budget view."""
        biller, code = (self.procore_id(one) - FIRST_PROCORE_ID for one in (biller_id, code_id))
        return _ROWS + (biller << 25) + (code << 5) + list(self.procore[CostType]).index(type_id)

    def biller(self, cost: Cost) -> str:
        """Whose cost code a cost lies on in Procore: its sub job's where Procore has that, else the project's."""
        return cost.sub_job_id if cost.sub_job_id in self.procore[SubJob] else cost.job_id

    # ---------------------------------------------------------------- Sage to hh2

    def covers(self, record: Record | Cost, filters: Filters) -> bool:
        """Whether a sync with these filters carries a record.

        The date range looks at the day of the last change. Shallow carries active records and costs by their posting
        date; deep also inactive records, and costs by the day they were entered, so that back-dated ones come too. What
        hh2's own depths cover is not public [?]: this is the training company's reading alone."""
        days = _DAYS[filters.date_range]
        since = dt.date.min if days is None else self.company.today - dt.timedelta(days=days)
        deep = filters.depth is Depth.DEEP
        if isinstance(record, Cost):
            return record.posted >= since or (deep and record.entered >= since)
        return record.changed >= since and (record.active or deep)

    def carry_to_hh2(self, filters: Filters) -> int:
        """What a sync with these filters brings. Returns how many records and costs."""
        carried = 0
        for kind in KINDS:
            shelf = self.hh2[kind]
            carried += sum(shelf.put(r) for r in self.sage[kind].values() if self.covers(r, filters))
        for job_id in list(self.sage_costs.came):
            missing = self.sage_costs.missing(job_id, self.hh2_costs)
            if job_id in self.hh2[SageJob].records:
                carried += self.lay_in_hh2([cost for cost in missing if self.covers(cost, filters)])
        return carried

    def lay_in_hh2(self, costs: list[Cost]) -> int:
        """Costs that come to hh2, of jobs that are there: the job-to-date cost of those is another. How many."""
        for job_id in self.hh2_costs.put(costs):
            self.hh2[SageJob].touch(job_id)
        return len(costs)

    # ---------------------------------------------------------------- hh2 to Procore

    def carry_records(self, tab: Tab, at: dt.datetime) -> tuple[int, int]:
        """What the refresh of a tab but Job Costs brings: how many were updated directly, how many newly staged."""
        updated = staged = 0
        for kind in TAB_KINDS[tab]:
            held = self.procore[kind]
            for record in self.hh2[kind].records.values():
                if held.get(record.id) == record or record.id in self.mismatch.passed_over:
                    continue
                if record.id in held or tab is Tab.COST_CODES:
                    held[record.id] = record
                    self.updated[record.id] = at
                    self.procore_id(record.id)
                    updated += 1
                elif self.staged[tab].get(record.id) != record:
                    self.staged[tab][record.id] = record
                    staged += 1
        return updated, staged

    def carry_costs(self, job_id: str, at: dt.datetime) -> int:
        """Costs of one job; those whose cost code, cost type or vendor Procore does not have yet stay behind."""
        codes, types, vendors = self.procore[CostCode], self.procore[CostType], self.procore[Vendor]
        costs = [
            cost
            for cost in self.hh2_costs.missing(job_id, self.procore_costs)
            if cost.cost_code_id in codes
            and cost.cost_type_id in types
            and (cost.vendor_id is None or cost.vendor_id in vendors)
        ]
        self.procore_costs.put(costs, at)
        return len(costs)

    def import_all(self, tab: Tab, at: dt.datetime) -> int:
        """What is staged in a tab becomes Procore's. Returns how many."""
        staged = self.staged[tab]
        for record in staged.values():
            self.procore[type(record)][record.id] = record
            self.updated[record.id] = at
        count = len(staged)
        staged.clear()
        return count


def _tab_of(record: Record) -> Tab:
    return next(tab for tab, kinds in TAB_KINDS.items() if type(record) in kinds)
