"""What is asked of a comparison, and what is known beside the two sides: the run before it, the queues that wait."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.brake import BRAKE, Brake
from app.domain.filters import DateRange, Filters
from app.domain.lists import Kind, Side
from app.domain.looks import Since, Waiting
from app.domain.problems import Problem
from app.domain.tabs import Tab

TOLERANCE = Decimal("1.00")

_DAYS = {DateRange.TODAY: 0, DateRange.PAST_WEEK: 7, DateRange.PAST_MONTH: 31, DateRange.PAST_YEAR: 366}


class RunFacts(msgspec.Struct, frozen=True):
    """What the run before the comparison tells. Times are UTC; `refreshed` is by job code, when its cost was asked
    for; `waiting_since` by the runs before it too."""

    run_id: str = ""
    filters: Filters | None = None
    synced_at: datetime | None = None
    refreshed: dict[str, datetime] = {}
    waiting: dict[Tab, Waiting] = {}
    waiting_since: dict[Tab, Since] = {}

    @property
    def range_start(self) -> date | None:
        """The first day that step 1 looked at, so far as its date range tells; None for All Changes and not known."""
        if self.filters is None or self.synced_at is None or self.filters.date_range not in _DAYS:
            return None
        return self.synced_at.date() - timedelta(days=_DAYS[self.filters.date_range])


class Asked(msgspec.Struct, frozen=True):
    """What a person asks for. `sage` and `procore` are files that stand in for a side's list, each as a path or as
    "list=path" ("vendors=v.csv"; without a name: costs). `sage_columns` and `procore_columns` say which heading fills
    which column ("amount=Actual Cost"), where what is proposed is not right; it is remembered. `out` is where the
    report is written; "": nowhere."""

    tolerance: Decimal = TOLERANCE
    jobs: tuple[str, ...] = ()
    as_of: date | None = None
    sage: tuple[str, ...] = ()
    procore: tuple[str, ...] = ()
    sage_columns: tuple[str, ...] = ()
    procore_columns: tuple[str, ...] = ()
    fresh: bool = False
    against_brake: bool = False
    out: str = ""


class FileLook(msgspec.Struct, frozen=True):
    """What a file holds that may stand in for a list of a side, and how it would be read. `lists` are those a file can
    stand in for; `wanted` the columns of this list, `needed` those that it cannot do without; `columns` which heading
    fills which column: proposed, or (`remembered`) as a person confirmed it for a file with the same headings. `rows`
    are the first few below the headings."""

    side: Side
    kind: Kind
    path: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lists: tuple[Kind, ...]
    wanted: tuple[str, ...]
    needed: frozenset[str]
    columns: dict[str, str]
    remembered: bool = False


class Options(msgspec.Struct, frozen=True):
    """What is asked. `jobs` holds job codes; empty: all that moved, and what was read before. `as_of` leaves out cost
    after that day. `brake` None: the person said to go on. `fresh` reads everything anew. `who` asked."""

    tolerance: Decimal = TOLERANCE
    jobs: tuple[str, ...] = ()
    as_of: date | None = None
    brake: Brake | None = BRAKE
    fresh: bool = False
    retention_days: int = 400
    run: RunFacts = RunFacts()
    who: str = ""
    company: str = ""
    version: str = ""


class Failed(msgspec.Struct, frozen=True):
    """A list that should have been readable and was not."""

    side: Side
    kind: Kind
    scope: str
    problem: Problem
