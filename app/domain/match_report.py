"""What a match report says: its verdict and totals in one struct, and the shapes of its rows."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from app.domain.filters import Filters
from app.domain.lists import Side
from app.domain.looks import Since, Waiting
from app.domain.match_reasons import Acts, Reason
from app.domain.match_verdict import Verdict
from app.domain.problems import Problem
from app.domain.tabs import Tab


class Why(StrEnum):
    """Why something could not be compared."""

    READ_FAILED = "read-failed"
    NOT_READ = "not-read"  # a job whose cost one side was not read for
    TIE_BROKEN = "tie-broken"  # two totals of one side that should be the same are not
    KEPT_ASIDE = "kept-aside"  # rows that contradict themselves
    UNDOCUMENTED = "undocumented"  # no documented service offers it on that side
    NO_SOURCE = "no-source"  # nothing is set up for that side; a file can stand in
    NOT_TOLD = "not-told"  # the source does not tell this level


class Silence(msgspec.Struct, frozen=True):
    """One thing that was not compared: a list (`what` is its kind, or a level), or a job."""

    what: str
    why: Why
    side: Side | None = None
    job: str = ""
    count: int = 1
    problem: Problem | None = None


class Age(msgspec.Struct, frozen=True):
    """How old what one side told of a kind is: the oldest of its lists, in UTC."""

    side: Side
    kind: str
    source: str
    is_file: bool
    oldest: datetime
    records: int
    lists: int


class Population(msgspec.Struct, frozen=True):
    """How many records stand where. `expected` of them need not be on the other side (closed, a bidder)."""

    entity: str
    sage_only: int
    procore_only: int
    equal: int
    different: int
    expected: int


class Totals(msgspec.Struct, frozen=True):
    """The company's money over all jobs compared. `plus` and `minus` are the differences of the two signs."""

    sage: Decimal
    procore: Decimal
    difference: Decimal
    plus: Decimal
    minus: Decimal
    jobs: int
    cells: int
    sage_lines: int
    procore_lines: int


class Tie(msgspec.Struct, frozen=True):
    """Two totals that must be the same: how many were proven, and the first that were not (job, told, added)."""

    what: str
    proven: int
    broken: int
    first_broken: tuple[tuple[str, Decimal | None, Decimal | None], ...] = ()


class JobMovement(msgspec.Struct, frozen=True):
    """A job whose cost to date moved since the last report."""

    job: str
    name: str
    before: Decimal | None
    now: Decimal | None
    moved: Decimal


class Changes(msgspec.Struct, frozen=True):
    """What changed in Sage since the last report: counts by entity with the first names, and the largest movements."""

    since: datetime | None
    appeared: dict[str, int] = {}
    first_appeared: tuple[tuple[str, str, str], ...] = ()
    movements: tuple[JobMovement, ...] = ()


class ReasonCount(msgspec.Struct, frozen=True):
    """How many differences have one probable reason, and what they add up to, signs set aside."""

    reason: Reason
    acts: Acts
    count: int
    amount: Decimal


class Report(msgspec.Struct, frozen=True):
    """Everything of a report but its rows."""

    id: str
    at: datetime
    company: str
    version: str
    who: str
    run_id: str
    filters: Filters | None
    tolerance: Decimal
    jobs_asked: tuple[str, ...]
    as_of: date | None
    verdict: Verdict
    populations: tuple[Population, ...]
    totals: Totals
    levels: tuple[str, ...]
    ties: tuple[Tie, ...]
    ages: tuple[Age, ...]
    not_compared: tuple[Silence, ...]
    not_comparable: tuple[Silence, ...]
    waiting: dict[Tab, Waiting]
    reasons: tuple[ReasonCount, ...]
    since: dict[str, int]  # first, new, moved, known, cleared
    changes: Changes
    aside: int
    requests: int = 0
    seconds: float = 0.0
    waiting_since: dict[Tab, Since] = {}


class Difference(msgspec.Struct, frozen=True):
    """One difference, in words of keys. `amount` None where it is not one of money. `first_seen`: the report that found
    it first; every one since that compared it found it too."""

    key: str
    area: str
    entity: str
    job: str
    sub_job: str
    cost_code: str
    cost_type: str
    code: str
    name: str
    sage: Decimal | None
    procore: Decimal | None
    amount: Decimal | None
    flag: str
    fields: tuple[str, ...]
    reason: Reason
    acts: Acts
    since: str
    amount_before: Decimal | None
    accepted: bool
    note: str
    accepted_by: str
    accepted_at: datetime | None
    expires: date | None
    first_seen: datetime | None = None


class Node(msgspec.Struct, frozen=True):
    """A line of the tree of money: depth 1 is a job, 2 its sub job, 3 a cost code, 4 a cost type."""

    depth: int
    job: str
    sub_job: str
    cost_code: str
    cost_type: str
    name: str
    sage: Decimal | None
    procore: Decimal | None
    difference: Decimal
    plus: Decimal
    minus: Decimal
    cells: int
    differing: int
    flag: str

    @property
    def per_cent(self) -> Decimal | None:
        """The difference in per cent of Sage's amount, to one place; None where Sage has none."""
        if not self.sage:
            return None
        return (self.difference * 100 / abs(self.sage)).quantize(Decimal("0.1"))


class Line(msgspec.Struct, frozen=True):
    """One transaction of one side. `paired` says that the other side has a line of the same amount in the same cell."""

    side: Side
    id: str
    posted: date | None
    amount: Decimal
    vendor: str
    text: str
    paired: bool


class Written(msgspec.Struct, frozen=True):
    """A file that a report was written to. `kind` is "xlsx", "pdf", "csv" or "json"; `path` is whole."""

    kind: str
    path: str
    sha256: str
    size: int


class Saved(msgspec.Struct, frozen=True):
    """The files that a report was saved to. `noted`: their SHA-256 stand in the ledger, with the company's last run."""

    files: tuple[Written, ...]
    noted: bool = False


class Narrowed(msgspec.Struct, frozen=True):
    """Which rows are wanted. Empty fields do not narrow. `over` is an absolute amount."""

    differences_only: bool = False
    job: str = ""
    over: Decimal | None = None
    reason: Reason | None = None
    entity: str = ""
    accepted: bool | None = None
    words: str = ""


EVERY = Narrowed()
