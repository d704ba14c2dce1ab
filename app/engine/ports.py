"""What the engine needs of the world, as Protocols. Drivers, services and the ledger fulfil them by shape.

All methods of the portals may raise the exceptions of `app.domain.problems`: `Trouble` (stop with this
problem), `NotReadable` (a look that may be tried again), `SessionLost`, `SlowDown`; those that send something
also `AnswerLost` (may have arrived), `NotSent` (certainly not), `Declined` (the site said no) and `NotPressed` (a
person was to press it, and did not)."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.events import ByHand, Record, Site
from app.domain.filters import Filters
from app.domain.gate import Permit
from app.domain.looks import EvidenceKind, SyncLook, TabLook
from app.domain.match_progress import Estimate, Progress, Summary
from app.domain.problems import Unpressed
from app.domain.run import RunState
from app.domain.tabs import Job, Tab


class Credentials(Protocol):
    """A user name and a secret for one site and one origin. The secret is read at the moment of
    sending, and not kept."""

    @property
    def user(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    def reveal(self) -> str: ...


class Hh2Portal(Protocol):
    """hh2's Accounting Sync page, however it is reached."""

    @property
    def evidence(self) -> EvidenceKind:
        """Where what this portal reads comes from."""

    async def sign_in(self, credentials: Credentials | None) -> str:
        """Sign in and return who we are there. Submits a password at most once. Credentials None:
        the person signs in."""

    async def is_signed_in(self) -> bool:
        """A read that tells whether the session lives; sends no secret."""

    async def read_filters(self) -> tuple[Filters | None, str]:
        """The filters that stand there, and what the page itself says about the depths (may be empty)."""

    async def apply_filters(self, filters: Filters) -> Filters:
        """Set them, press Apply Settings, and return what then stands there, read back."""

    async def look(self) -> SyncLook:
        """The page as it stands now. Presses nothing."""

    async def start(self) -> str:
        """Press Start Sync, once; returns what the page answered."""


class ProcorePortal(Protocol):
    """Procore's ERP Integrations tool, however it is reached."""

    @property
    def evidence(self) -> EvidenceKind: ...

    @property
    def at_once(self) -> int:
        """How many tabs this driver can have under way at a time."""

    async def sign_in(self, credentials: Credentials | None) -> str: ...

    async def is_signed_in(self) -> bool: ...

    def begin_at(self, address: str) -> None:
        """A web service says that the page with the tabs lies there: go there first, if it is of the company's own
        origin. A portal without pages has no use for it."""

    async def missing_rights(self, tabs: Sequence[Tab]) -> dict[Tab, str]:
        """The chosen tabs this account may not refresh, each with what is missing. Empty: all may
        be, or not known."""

    async def jobs(self) -> tuple[Job, ...]:
        """The jobs that the Job Costs tab offers."""

    async def look(self, tab: Tab, job: Job | None) -> TabLook:
        """The tab as it stands now (for Job Costs: as it speaks of this job). Presses
        nothing that starts anything."""

    async def press(self, permit: Permit) -> str:
        """Press the tab's own button once: calls `permit.use()` at the press. Returns what the page answered."""


class Asked(Protocol):
    """A person was asked to press something on a page; the portal watches the page meanwhile."""

    @property
    def left(self) -> float:
        """Seconds until the person is no longer waited for."""

    def said(self) -> bool | Unpressed | None:
        """True: the person says that they pressed. NOBODY: the time is over. None: nothing was said yet."""


class Hand(Protocol):
    """The person's own hand, for what a portal must not, or cannot, press by itself."""

    @property
    def is_there(self) -> bool:
        """Is anybody there to press?"""

    def asks(self, by_hand: ByHand) -> AbstractAsyncContextManager[Asked]:
        """Ask the person for one press, durably, for as long as the block lasts. The time that they take counts
        for no deadline of the call that asks."""


class Driver(Protocol):
    """The two portals of one run and what they share."""

    @property
    def hh2(self) -> Hh2Portal: ...

    @property
    def procore(self) -> ProcorePortal: ...

    @property
    def job_pause(self) -> float:
        """Seconds between two jobs of Job Costs."""

    async def open(self, hand: Hand | None = None) -> None:
        """Get ready (find and start the browser). Raises Trouble(BROWSER) and the like.

        `hand` is the person's, for what they are to press themselves; None where nobody is asked."""

    async def to_front(self, site: Site) -> None:
        """Show the person the window in which they are needed; does nothing where there is none."""

    async def close(self) -> None:
        """End everything that was opened; never raises, whatever state it is in."""


class Service(Protocol):
    """A documented web service that the company has set up; signed in to before step 1."""

    @property
    def site(self) -> Site: ...

    async def sign_in(self) -> str: ...

    async def check_rights(self, tabs: Sequence[Tab]) -> None:
        """Raises Trouble(PRO_PERM, …) where a chosen tab may not be refreshed."""

    async def tool_page(self) -> str:
        """The address of the page with the tabs, after `check_rights`; "" where this service does not tell."""

    async def close(self) -> None: ...


class Movement(Protocol):
    """Which jobs had cost movement: read before step 1, after it, and settled when a
    job's costs were refreshed."""

    async def before(self) -> None: ...

    async def moved(self) -> frozenset[str] | None:
        """Codes of the jobs whose job-to-date cost moved; None where it could not be read."""

    async def since_settled(self) -> frozenset[str] | None:
        """Codes of the jobs whose job-to-date cost is not the one that was settled; None where none ever was. Keeps
        nothing, so that who only looks changes nothing of what a run will find."""

    async def settle(self, job_code: str) -> None:
        """This job's costs have been refreshed: later movement counts from here."""


class Census(Protocol):
    """How many living records each list of hh2 holds, for the safety brake."""

    async def count(self) -> dict[str, int]: ...

    async def last(self) -> dict[str, int] | None:
        """At the last run that was not stopped by the brake; None where there was none."""

    async def keep(self, counts: dict[str, int]) -> None: ...


class Matcher(Protocol):
    """Do they match? Compares both sides after a run."""

    async def match(self, run: RunState, tell: Callable[[Progress | Estimate], None]) -> Summary:
        """`tell` returns at once. Raises Trouble: SAFE, a refused sign-in, DISK; what could not be read is in the
        summary. Cancelling stops it."""


@dataclass(frozen=True)
class Sources:
    """The web services a company has set up: none, where it has not. Made anew for each run."""

    services: tuple[Service, ...] = ()
    movement: Movement | None = None
    census: Census | None = None


class Secrets(Protocol):
    """The OS keyring, behind deadlines, off the GUI thread."""

    async def credentials(self, site: Site) -> Credentials | None:
        """What was kept or given for this run; None where there is none. Raises Trouble(KEYRING)
        or a refused mark."""

    async def mark_refused(self, site: Site, fingerprint: str) -> None:
        """Remember that the site refused it, for every caller and route, until a person changes it."""


class Ledger(Protocol):
    """The durable list of events. Every method is called in the engine's loop and does its disk
    work in a thread."""

    async def append(self, record: Record) -> None:
        """Durable when it returns. Raises Trouble(DISK) when it could not be written; nothing
        may then be sent."""

    async def ready(self) -> None:
        """There is room for a run and its place can be written. Raises Trouble(DISK)."""

    async def records(self, run_id: str) -> list[Record]: ...

    async def durations(self, kind: str) -> list[float]:
        """Seconds that earlier runs of this profile took for
        `kind` ("step-one:past-week:shallow", "tab:vendors")."""

    async def last_jobs(self) -> tuple[str, ...]:
        """The job codes of the last run of this profile that chose any."""


class Clock(Protocol):
    """Time, so that tests can run it fast. `now` is UTC wall time, `ticks` monotonic seconds."""

    def now(self) -> datetime: ...

    def ticks(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...
