"""What the two sides hold, for comparison only: one typed record for each kind of list, in blocks from a source.

Side SAGE is what Sage 300 CRE says, through hh2 or by a file; side PROCORE is what Procore says. Only the columns that
a comparison needs are here (privacy). Amounts are `Decimal` in the company's currency with at most two places; nothing
here is a float. The names are the field's own; which wire field fills which is said at each record, with its mark.

Ids are kept as texts on both sides. In a file the codes stand in for the ids: `job_id="25-014"` is as good as hh2's
guid, because what is not found by id is taken as the code itself.

None in a column means "this source does not tell"; "" means "told: there is none". The difference decides whether a
level (sub job, cost code, cost type) can be compared at all."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

import msgspec


class Side(StrEnum):
    """The two sides of a comparison."""

    SAGE = "sage"
    PROCORE = "procore"


class Kind(StrEnum):
    """The lists that are read. Those of `PER_JOB` are read job by job (project by project)."""

    JOBS = "jobs"
    COST_CODES = "cost-codes"
    COST_TYPES = "cost-types"
    VENDORS = "vendors"
    COMMITMENTS = "commitments"
    SUB_JOBS = "sub-jobs"
    JOB_COST_CODES = "job-cost-codes"
    JOB_COST_TYPES = "job-cost-types"
    PRIME_CONTRACTS = "prime-contracts"
    COSTS = "costs"  # transactions: Sage's job transactions, Procore's direct cost lines
    JOB_TO_DATE = "job-to-date"  # Procore's budget view, by cost code and cost type


PER_JOB: Mapping[Side, frozenset[Kind]] = {
    Side.SAGE: frozenset({Kind.COSTS}),
    Side.PROCORE: frozenset(
        {Kind.SUB_JOBS, Kind.JOB_COST_CODES, Kind.PRIME_CONTRACTS, Kind.COSTS, Kind.JOB_TO_DATE}
    ),
}


class LedgerRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The base of all records: `id` is the id on its own side, unique within its kind."""

    side: ClassVar[Side]
    kind: ClassVar[Kind]
    id: str


class SageRecord(LedgerRecord, frozen=True, kw_only=True, gc=False):
    """`Id`, `Version` [C]. A file has no versions: 0."""

    side: ClassVar[Side] = Side.SAGE
    version: int = 0


class SageJob(SageRecord, frozen=True, kw_only=True, gc=False):
    """`Code`, `Name`, `Status`, `IsActive` and not `IsArchived`, `JobToDateCostAmount` [C]."""

    kind: ClassVar[Kind] = Kind.JOBS
    code: str
    name: str
    status: str = ""
    active: bool = True
    job_to_date: Decimal | None = None


class SageSubJob(SageRecord, frozen=True, kw_only=True, gc=False):
    """An extra. No documented service of hh2 lists them: only from a file."""

    kind: ClassVar[Kind] = Kind.SUB_JOBS
    job_id: str
    code: str
    name: str = ""
    active: bool = True


class SageCostCode(SageRecord, frozen=True, kw_only=True, gc=False):
    """A standard cost code: `Code`, `Name`, `IsActive` [C]."""

    kind: ClassVar[Kind] = Kind.COST_CODES
    code: str
    name: str
    active: bool = True


class SageCostType(SageRecord, frozen=True, kw_only=True, gc=False):
    """A standard category: `Code`, `Name`, `IsActive` [C]."""

    kind: ClassVar[Kind] = Kind.COST_TYPES
    code: str
    name: str
    active: bool = True


class SageVendor(SageRecord, frozen=True, kw_only=True, gc=False):
    """An AP vendor: `Code`, `Name`, `IsActive` and not `IsArchived` [C]."""

    kind: ClassVar[Kind] = Kind.VENDORS
    code: str
    name: str
    active: bool = True


class SageCommitment(SageRecord, frozen=True, kw_only=True, gc=False):
    """`Code`, `Name`, `JobId`, `VendorId`, `IsClosed`, `Type` [C]; which amount of several is the total is [I]."""

    kind: ClassVar[Kind] = Kind.COMMITMENTS
    job_id: str
    vendor_id: str = ""
    code: str
    name: str = ""
    type: str = ""
    amount: Decimal | None = None
    closed: bool = False


class SagePrimeContract(SageRecord, frozen=True, kw_only=True, gc=False):
    """No documented service of hh2 lists them: only from a file."""

    kind: ClassVar[Kind] = Kind.PRIME_CONTRACTS
    job_id: str
    code: str
    name: str = ""
    amount: Decimal | None = None


class SageJobCostCode(SageRecord, frozen=True, kw_only=True, gc=False):
    """A job's cost code. That it names its job and its standard code is [I]; `cost_code_id` "" where it does not."""

    kind: ClassVar[Kind] = Kind.JOB_COST_CODES
    job_id: str
    cost_code_id: str = ""
    code: str
    name: str = ""
    active: bool = True


class SageJobCostType(SageRecord, frozen=True, kw_only=True, gc=False):
    """A job's category under a cost code. That it names its job, code and standard category is [I]."""

    kind: ClassVar[Kind] = Kind.JOB_COST_TYPES
    job_id: str
    cost_code_id: str = ""
    cost_type_id: str = ""
    code: str
    name: str = ""
    active: bool = True


class SageCost(SageRecord, frozen=True, kw_only=True, gc=False):
    """A job cost transaction [C1]; the names of its wire fields are [I]. `posted` is the accounting date, `entered`
    (UTC) when it was keyed in. The three ids may be those of the standard lists or of the job's own."""

    kind: ClassVar[Kind] = Kind.COSTS
    job_id: str
    sub_job_id: str | None = None
    cost_code_id: str | None = None
    cost_type_id: str | None = None
    vendor_id: str = ""
    posted: date | None = None
    entered: datetime | None = None
    amount: Decimal
    text: str = ""


class ProcoreRecord(LedgerRecord, frozen=True, kw_only=True, gc=False):
    """`id` as text (ids exceed 32 bits); `origin_id` [C] is the record's id in the accounting system, ""
    where it has none."""

    side: ClassVar[Side] = Side.PROCORE
    origin_id: str = ""


class ProcoreProject(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """`project_number`, `name`, `origin_code`, `active`, `updated_at` [C]."""

    kind: ClassVar[Kind] = Kind.JOBS
    number: str = ""
    name: str
    origin_code: str = ""
    active: bool = True
    updated_at: datetime | None = None


class ProcoreSubJob(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """`code`, `name`, `updated_at` [C]; the project is the one asked for."""

    kind: ClassVar[Kind] = Kind.SUB_JOBS
    project_id: str
    code: str
    name: str = ""
    updated_at: datetime | None = None


class ProcoreCostCode(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """A standard cost code of the ERP list: `code`, `full_code`, `name`, `parent_id` [C]."""

    kind: ClassVar[Kind] = Kind.COST_CODES
    code: str
    full_code: str = ""
    name: str
    parent_id: str = ""


class ProcoreCostType(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """A line item type: `code`, `name` [C]."""

    kind: ClassVar[Kind] = Kind.COST_TYPES
    code: str
    name: str


class ProcoreVendor(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """`name`, `origin_code`, `synced_to_erp`, `is_active`, `updated_at` [C]."""

    kind: ClassVar[Kind] = Kind.VENDORS
    name: str
    origin_code: str = ""
    synced: bool = False
    active: bool = True
    updated_at: datetime | None = None


class ProcoreCommitment(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """Not among the calls of our contract: only from a file."""

    kind: ClassVar[Kind] = Kind.COMMITMENTS
    project_id: str
    number: str
    name: str = ""
    amount: Decimal | None = None


class ProcoreProjectCostCode(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """A project's cost code: `code`, `full_code`, `name` [C]; `sub_job_id` is its biller where that is a
    sub job, else ""."""

    kind: ClassVar[Kind] = Kind.JOB_COST_CODES
    project_id: str
    sub_job_id: str = ""
    parent_id: str = ""
    code: str
    full_code: str = ""
    name: str = ""


class ProcorePrimeContract(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """`number`, `title`, `status`, `grand_total`, `origin_code`, `updated_at` [C]."""

    kind: ClassVar[Kind] = Kind.PRIME_CONTRACTS
    project_id: str
    number: str
    name: str = ""
    status: str = ""
    amount: Decimal | None = None
    origin_code: str = ""
    updated_at: datetime | None = None


class ProcoreCost(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """A direct cost line: `amount`, `cost_code {id, full_code, origin_id}`, `line_item_type {id, code, origin_id}`,
    `holder {id}` [C]; `posted` and `vendor_id` are those of its direct cost (`direct_cost_date`). The sub job is told
    by the line's cost code (its biller); a file says it in `sub_job_id`."""

    kind: ClassVar[Kind] = Kind.COSTS
    project_id: str
    direct_cost_id: str = ""
    sub_job_id: str | None = None
    cost_code_id: str | None = None
    cost_code_origin_id: str = ""
    cost_code: str = ""  # full_code as printed on the line, for codes that are in no list
    cost_type_id: str | None = None
    cost_type_origin_id: str = ""
    cost_type: str = ""
    vendor_id: str = ""
    posted: date | None = None
    updated_at: datetime | None = None
    amount: Decimal
    text: str = ""


class ProcoreJobToDate(ProcoreRecord, frozen=True, kw_only=True, gc=False):
    """A row of a budget view [C] with the amount of its column whose source is "ERP Job Costs". `origin_id` is the
    row's `cost_code_origin_id`; `sub_job_id` its `biller_id` where `biller_type` is SubJob, else ""."""

    kind: ClassVar[Kind] = Kind.JOB_TO_DATE
    project_id: str
    sub_job_id: str | None = None
    cost_code_id: str | None = None
    cost_type_id: str | None = None
    amount: Decimal


RECORDS: Mapping[tuple[Side, Kind], type[LedgerRecord]] = {
    (record.side, record.kind): record
    for record in (
        SageJob,
        SageSubJob,
        SageCostCode,
        SageCostType,
        SageVendor,
        SageCommitment,
        SagePrimeContract,
        SageJobCostCode,
        SageJobCostType,
        SageCost,
        ProcoreProject,
        ProcoreSubJob,
        ProcoreCostCode,
        ProcoreCostType,
        ProcoreVendor,
        ProcoreCommitment,
        ProcoreProjectCostCode,
        ProcorePrimeContract,
        ProcoreCost,
        ProcoreJobToDate,
    )
}


class Fault(StrEnum):
    """What is wrong with a row that is kept aside."""

    TYPE = "type"  # a column is missing or of another type
    AMOUNT = "amount"  # an amount that is no number, or has fractions of a cent, or is too large
    DUPLICATE = "duplicate"  # an id that stands there twice with different contents
    VERSION = "version"  # a version that is not greater than the one before it


class Aside(msgspec.Struct, frozen=True):
    """A row kept aside. `row` counts from 1 within its block; `detail` names the column and what was
    expected, never the row itself."""

    row: int
    id: str
    fault: Fault
    detail: str = ""


class Block(msgspec.Struct, frozen=True):
    """One block (page) of one list, complete in itself.

    `cursor` is where the next block begins, opaque to all but its source. `last` ends the list. `full` says that the
    list was read from its beginning, so that what is not in it is gone; otherwise the rows are changes to what was read
    before. `aside` are rows that the source could not even decode. `as_of` (UTC) is how old the answer is. `typed`: the
    source's decoder refuses what is not of a column's type, so that nobody has to look once more."""

    rows: Sequence[LedgerRecord]
    cursor: str
    last: bool
    full: bool
    as_of: datetime
    aside: tuple[Aside, ...] = ()
    typed: bool = False


class Offer(msgspec.Struct, frozen=True):
    """What reading one list would take: requests, and whether it can go on from a kept cursor.

    `once` more come with the first list of its kind that is read, whichever that is. `block`: where the source does not
    tell how long a list is, each so many rows take one request more; 0 where `requests` has them."""

    requests: int
    incremental: bool = False
    once: int = 0
    block: int = 0


class Source(Protocol):
    """One side of a comparison, as it can be read: a documented web service, or a file."""

    @property
    def side(self) -> Side: ...

    @property
    def name(self) -> str:
        """ "hh2", "Procore", or the file's name: what the report calls it."""

    @property
    def is_file(self) -> bool: ...

    @property
    def at_once(self) -> int:
        """How many lists may be read at the same time."""

    @property
    def asked(self) -> int:
        """How many requests this source has made so far."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """The lists this source documents. What is missing here cannot be compared through it, and weighs nothing."""

    def offer(self, kind: Kind, scope: str, cursor: str) -> Offer:
        """What reading would take from this cursor on, as far as can be said before. Asks nobody."""

    def seconds(self, requests: int) -> float:
        """How long so many requests take at this side's pace, for the estimate: from its limits, or what is assumed."""

    def read(self, kind: Kind, scope: str, cursor: str) -> AsyncIterator[Block]:
        """The blocks of a list from a cursor on ("" is the beginning). `scope` is the id of a job (project) for the
        lists of `PER_JOB` (of a file: always ""), else "". Raises Trouble, NotReadable, SessionLost; what was given
        before it raised stays good. Waits by itself where the site asks it to slow down."""
