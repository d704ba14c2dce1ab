"""Syncs and refreshes as timelines: everything about one follows from when it was pressed and what the clock says."""

import datetime as dt
import uuid

import msgspec

from app.domain.filters import Filters
from app.domain.looks import Phase
from app.domain.tabs import Tab

# Seconds at pace 1: a demo is lively, and over in less than a minute.
SYNC = 4.0
PICK_UP = 0.4
SLOW_SYNC = 20.0
THEIR_SYNC = 6.0
TELLS_OFFLINE = 2.5
TAB_SECONDS: dict[Tab, float] = {
    Tab.COST_CODES: 0.8,
    Tab.VENDORS: 0.9,
    Tab.JOBS: 1.0,
    Tab.SUB_JOBS: 0.6,
    Tab.PRIME_CONTRACTS: 1.2,
    Tab.JOB_COSTS: 0.3,
}
THEIR_REFRESH = 3.0


class Sync(msgspec.Struct):
    """One sync of hh2. Times are seconds of the world's clock; None means never."""

    number: int
    who: str
    filters: Filters
    pressed: float
    picked_up: float | None
    ends: float | None
    end: Phase
    offline_at: float | None = None
    failures: tuple[str, ...] = ()
    settled: bool = False
    records: int = 0

    @property
    def id(self) -> str:
        """The operation's guid, as hh2's RequestService knows it."""
        return str(uuid.UUID(int=0x5C << 120 | self.number))

    def phase(self, now: float) -> Phase:
        """Where it stands at `now`."""
        if self.ends is not None and now >= self.ends:
            return self.end
        if self.offline_at is not None and now >= self.offline_at:
            return Phase.OFFLINE
        if self.picked_up is None or now < self.picked_up:
            return Phase.QUEUED
        return Phase.RUNNING

    def progress(self, now: float) -> float | None:
        """0..1 while it runs."""
        if self.picked_up is None or self.ends is None or now < self.picked_up:
            return None
        whole = max(self.ends - self.picked_up, 1e-9)
        return min(1.0, (now - self.picked_up) / whole)

    def under_way(self, now: float) -> bool:
        """True until it has ended (one that is never picked up is withdrawn when the page says offline)."""
        return self.phase(now) in (Phase.QUEUED, Phase.RUNNING)


class Refresh(msgspec.Struct):
    """One refresh of a tab, or of one job in Job Costs (`job` is the id of the Sage job).

    `carries` False: it began before our step 1, and so has nothing of what step 1 brought."""

    number: int
    who: str
    tab: Tab
    job: str | None
    pressed: float
    begins: float
    ends: float
    end: Phase
    carries: bool = True
    settled: bool = False
    updated: int = 0
    staged: int = 0

    def phase(self, now: float) -> Phase:
        """Where it stands at `now`."""
        if now >= self.ends:
            return self.end
        return Phase.RUNNING if now >= self.begins else Phase.QUEUED

    def under_way(self, now: float) -> bool:
        """True until it has ended."""
        return now < self.ends


class Pressed(msgspec.Struct, frozen=True):
    """One press as the servers saw it.

    `what` is "sync.start", "filters.apply", "tab.refresh", "tab.import" or the name of a forbidden control; `by` is
    "training" for the plain client's route and "page" for a page; `carried_out` is False where the site declined."""

    seq: int
    at: dt.datetime
    site: str
    what: str
    who: str
    by: str
    carried_out: bool
    tab: str = ""
    job: str = ""


class Busy(Exception):
    """Declined: a sync, or a refresh of this tab, is under way."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoRight(Exception):
    """Declined: the account may not do this."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoSuchJob(LookupError):
    """No job of that key is offered."""
