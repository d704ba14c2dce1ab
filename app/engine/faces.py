"""What the window and the command line are shown, and what they may ask
for. `app.assembly` fulfils `Workplace`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from app.domain.audit import Verified
from app.domain.connections import Connection, Disconnected
from app.domain.events import Record, Site
from app.domain.filters import Filters
from app.domain.freshness import Freshness, Shown
from app.domain.habit import Habit
from app.domain.history import PastVerdict, RunSummary
from app.domain.laid_down import LaidDown
from app.domain.lists import Kind, Side
from app.domain.looks import TabLook
from app.domain.match_progress import Compared, Estimate, Progress
from app.domain.match_question import Asked, FileLook
from app.domain.page_check import CheckStage, PageCheck
from app.domain.problems import Problem
from app.domain.profile import DriverName, FieldFault, Profile, Secret, SecretState
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.domain.taught import Pointed, Taught, Unfit
from app.engine.match_rows import MatchReports
from app.engine.readiness import Ready as Readying
from app.engine.support import Support


class Wanted(msgspec.Struct, frozen=True):
    """What the person asks a new run for.

    `step_one` False is "step 2 only": then `looked` holds the person's words. `jobs` None leaves the choice
    to the program. `go_on` False makes the run wait, after step 1, for the person to pick the tabs."""

    filters: Filters = Filters()
    tabs: tuple[Tab, ...] = tuple(Tab)
    jobs: tuple[str, ...] | None = None
    go_on: bool = True
    step_one: bool = True
    looked: str = ""
    match: bool = False  # after step 2: do they match?
    put_back: bool = False  # after step 1, set hh2's filters back to what they were


class Stop(msgspec.Struct, frozen=True):
    """The person stops the run; the step under way is left to itself, the next never begins."""


class Looked(msgspec.Struct, frozen=True):
    """The person's word of what they saw in hh2."""

    words: str


class TakeTheirs(msgspec.Struct, frozen=True):
    """Take the sync that somebody else started as step 1."""


class Picked(msgspec.Struct, frozen=True):
    """The tabs (and job codes) the person picked after step 1."""

    tabs: tuple[Tab, ...]
    jobs: tuple[str, ...] | None = None


class Ready(msgspec.Struct, frozen=True):
    """The person did what was asked (signed in, typed a new password, pressed): look again."""


class LeaveOut(msgspec.Struct, frozen=True):
    """The person does not press what they are asked to press now; the run goes on without it."""


class Again(msgspec.Struct, frozen=True):
    """Refresh this tab (and these jobs) once more, though an earlier press has no known end."""

    tab: Tab
    jobs: tuple[str, ...] = ()


class PutBack(msgspec.Struct, frozen=True):
    """Set hh2's filters back to what stood there before this run changed them."""


Message = Stop | Looked | TakeTheirs | Picked | Ready | LeaveOut | Again | PutBack


class Conductor(Protocol):
    """Carries out the runs of one profile, one at a time. Coroutines run in the engine's loop; `tell` is
    for that loop too."""

    @property
    def state(self) -> RunState | None:
        """The run under way or last carried out."""

    @property
    def busy(self) -> bool: ...

    async def run(self, wanted: Wanted) -> RunState:
        """A new run, to its end: the state says how it ended. Raises Trouble(DISK) alone."""

    async def go_on(self, run_id: str, message: Message | None = None) -> RunState:
        """A run that was cut off or has something left goes on: with `Picked`, `Again`, `Looked`,
        `PutBack`, or as it stands."""

    async def close_run(self, run_id: str) -> None:
        """A run that was cut off is closed as it stands; nothing is sent."""

    async def look_up(self, run_id: str, tab: Tab, job: Job | None) -> "LookUp":
        """What the tab shows now, before a person asks for a retry."""

    def tell(self, message: Message) -> None: ...


class LookUp(msgspec.Struct, frozen=True):
    """When a tab was last pressed in this run, and what it shows now."""

    pressed_at: datetime | None
    presses: int
    look: TabLook


class Tested(msgspec.Struct, frozen=True):
    """The answer of Sign in / Test: who we are there, or the problem. `shown`: what hh2's page showed then."""

    site: Site
    who: str = ""
    problem: Problem | None = None
    shown: Shown | None = None


class JobChoice(msgspec.Struct, frozen=True):
    """A job to choose from; `moved` None where movement is not known. `usual_seconds`
    from this company's history."""

    job: Job
    moved: bool | None = None
    chosen_last: bool = False


class Practice(msgspec.Struct, frozen=True):
    """Which training company to practise with: the trouble, the numbers, the pages, and the way to them.

    `size` is small or large; `hour` how many seconds Procore's hour of 600 requests lasts."""

    scenario: str = "ok"
    variant: str = ""
    seed: int = 1
    driver: DriverName = DriverName.TRAINING
    pace: float = 1.0
    skin: str = "plain"
    language: str = "en"
    trouble: str = ""
    size: str = "small"
    hour: float = 60.0  # nobody who practises waits for it


class Preferences(msgspec.Struct, frozen=True):
    """What is remembered across companies. `language` "" is the system's; `geometry` holds Qt's own text for a window
    or a splitter, by its name; `said` the ids of what is said only once. `problem` tells of a file that could not be
    read; it is not kept. `setup`: what was typed in an assistant that was left, never a secret.
    `month_ends`: the steps that were ticked, by "Company/2026-11"."""

    last_profile: str = ""
    geometry: dict[str, str] = {}
    said: tuple[str, ...] = ()
    problem: Problem | None = None
    language: str = ""
    setup: dict[str, str] = {}
    month_ends: dict[str, tuple[str, ...]] = {}


class CheckListener(Protocol):
    """Told, in the engine's loop, how far a check of the pages is. Must return at once."""

    def __call__(self, site: Site, stage: CheckStage, /) -> None: ...


class Listener(Protocol):
    """Told, in the engine's loop, after each record is durable. Must return at once."""

    def __call__(self, record: Record, state: RunState, /) -> None: ...


class MatchListener(Protocol):
    """Told, in the engine's loop, how far a comparison is, and what it will ask of the sites before it asks. Must
    return at once."""

    def __call__(self, told: Progress | Estimate, /) -> None: ...


class Matching(Protocol):
    """Do they match? One comparison at a time of a company. Coroutines run in the engine's loop."""

    async def match(self, name: str, asked: Asked, tell: MatchListener) -> Compared:
        """Read both sides, as far as they can be read, and compare them. Cancelling stops it: what was read in complete
        blocks stays, and the next call goes on from there.

        Raises Trouble: a refused sign-in, SAFE, IN_USE, DISK, FILE_BROKEN. What could not be read is in the report."""

    async def look_at_file(self, name: str, side: Side, kind: Kind, path: str) -> FileLook:
        """How a file would be read in place of a list of a side. Raises Trouble(FILE_BROKEN)."""

    async def keep_columns(self, look: FileLook, name: str) -> None:
        """A person confirmed the columns of a look: files with these headings are read so from now on. Raises
        Trouble(DISK), and Trouble(FILE_BROKEN) where the file is another by now."""

    async def chosen(self, name: str) -> Asked:
        """What a person chose to compare last in this company; the usual where nothing was. Raises Trouble(DISK)."""

    async def keep_chosen(self, name: str, asked: Asked) -> None:
        """Keep what a person chose, for the next time; what was said for one time is not kept. Raises Trouble(DISK)."""

    async def forget(self, name: str) -> int:
        """Delete what was read of the company and what comparisons made of it: snapshots, reports, accepted
        differences, remembered columns, what was chosen to compare, the counts and costs that runs kept. The ledger
        stays, and so do settings and secrets. Returns how many files there were. Raises Trouble(IN_USE) while a run or
        a comparison works with the company, and Trouble(DISK)."""


class Past(Protocol):
    """What lies behind a company, beside its runs."""

    async def verdicts(self, name: str) -> list[PastVerdict]:
        """The verdicts of the match reports that are kept, oldest first. Raises Trouble(DISK, FILE_BROKEN)."""

    async def freshness(self, name: str) -> Freshness:
        """How old the data in hh2 and in Procore are, as far as this company's runs know. Raises Trouble(DISK,
        FILE_BROKEN)."""

    async def results(self, name: str) -> str:
        """The folder where the end of each run is written as a text and as JSON."""

    async def write(self, path: str, runs: Sequence[RunSummary]) -> None:
        """Write runs as CSV, or as JSON where the path ends so. Raises Trouble(DISK)."""


class Places(Protocol):
    """Where the pages of a company's sites lie."""

    async def address(self, name: str, site: Site, tab: Tab | None = None) -> str:
        """Where the page was last seen by a run (hh2's Accounting Sync, a tab of Procore); else the site's own."""


class Workplace(Protocol):
    """Everything beside a run: profiles, secrets, history, jobs. All coroutines run in the engine's loop.

    Those that can fail for a reason of the world raise `app.domain.problems.Trouble`."""

    async def profiles(self) -> list[str]:
        """The names, sorted; a broken profile file is listed too."""

    async def spelt(self, name: str) -> str | None:
        """The company's name as its file spells it, however it was typed; None where there is none.

        Every other call takes a name in any spelling too: the workplace resolves it."""

    async def profile(self, name: str) -> Profile:
        """Raises Trouble(FILE_BROKEN, file, line, what, expected) for one that cannot be read."""

    async def save(self, profile: Profile, replaces: str = "", *, new: bool = False) -> list[FieldFault]:
        """Write it, unless there are faults (returned, nothing written). `replaces` renames. What IT has laid down
        cannot be changed; of a `new` one a default is no wish, and becomes what is laid down."""

    async def laid_down(self, name: str) -> LaidDown:
        """What the company's IT has laid down, and which settings are locked; for a name that is none yet, what holds
        for every company. Raises Trouble(FILE_BROKEN) for a deployed profile that cannot be read."""

    async def policy_files(self) -> tuple[str, str]:
        """Where the policy is read: the computer's file, and the one beside this user's settings."""

    async def delete(self, name: str) -> None:
        """The profile, its secrets, its folder."""

    async def keep_secret(self, name: str, secret: Secret, text: str, remember: bool) -> SecretState:
        """Into the keyring, or for this run only. Clears a refused mark. Raises Trouble(KEYRING)."""

    async def forget_secret(self, name: str, secret: Secret) -> None: ...

    async def secret_state(self, name: str, secret: Secret) -> SecretState: ...

    async def test(self, name: str, site: Site) -> Tested:
        """Sign in once and say who we are; a refused password is marked and not tried again."""

    async def check_pages(self, name: str, person: float, tell: CheckListener) -> PageCheck | None:
        """Walk the pages of both sites in the browser and report what was found where; starts nothing.

        `person` seconds somebody is waited for at the browser (a code, single sign-on). None where it was stopped.
        Raises Trouble(IN_USE) while a run, a check or another program works with the company."""

    async def point_at(
        self, name: str, site: Site, action: str, person: float, tell: CheckListener
    ) -> Pointed | None:
        """Let a person point, in the browser, at the control that stands for this element; the click does nothing.

        Nothing is kept. None where it was stopped. Raises Trouble as `check_pages`, and where the walk ended."""

    async def teach(self, name: str, label: Taught) -> Unfit | None:
        """Keep a label in the profile, in place of what was taught for its element; why not, where it may not be."""

    async def forget_taught(self, name: str, key: str) -> bool:
        """Take what was taught for an element ("procore:refresh-vendors") out again; False where there is nothing."""

    async def may_teach(self) -> bool:
        """Does the company's IT allow labels to be taught and used?"""

    async def stop_check(self) -> None:
        """End the check of the pages that is under way, if one is; returns when its browser is closed."""

    async def job_choices(self, name: str, fresh: bool) -> list[JobChoice]:
        """From the last reading, or (`fresh`) read now, which may sign in."""

    async def connections(self, name: str) -> list[Connection]:
        """The documented web services of a company, tested now; a refused secret is marked and not tried again."""

    async def ask_for_code(self, name: str) -> str:
        """The address where a person allows this program at Procore, and is shown a code to copy."""

    async def give_code(self, name: str, text: str) -> SecretState:
        """The code that the person copied; KEPT, or THIS_RUN where no keyring can be used."""

    async def sign_in_to_services(self, name: str) -> SecretState:
        """The person signs in to Procore in a browser window and allows this program."""

    async def disconnect(self, name: str) -> Disconnected:
        """Procore's grant is revoked and forgotten."""

    @property
    def matching(self) -> Matching:
        """Do they match?"""

    @property
    def ready(self) -> Readying:
        """Is all ready for a run?"""

    @property
    def match_reports(self) -> MatchReports:
        """What came of it the last time, row by row."""

    @property
    def support(self) -> Support:
        """What a support bundle holds."""

    @property
    def places(self) -> Places:
        """Where the sites' pages lie."""

    @property
    def past(self) -> Past:
        """Verdicts of the past, and the history as a file."""

    async def history(self, name: str | None, limit: int = 200) -> list[RunSummary]: ...

    async def records(self, name: str, run_id: str) -> list[Record]: ...

    async def verify(self, name: str) -> Verified:
        """Check every event of a company's ledger, the seals, and the lines of its history; reads all of it.

        Raises Trouble(FILE_BROKEN, DISK)."""

    async def begin_history_anew(self, name: str) -> str:
        """On a person's decision: put a ledger that cannot be used aside, so that a new history begins.

        Returns the name it has now; "", and nothing is done, where it can be used: what it knows may not be forgotten.
        Raises Trouble(IN_USE, DISK)."""

    async def interrupted(self, name: str) -> RunSummary | None:
        """The run that was cut off, if the last one was."""

    async def habits(self, name: str, kinds: Sequence[str]) -> dict[str, Habit]:
        """How long this company's own runs took, for the kinds it has any
        for ("step-one:past-week:shallow", "tab:vendors", "job")."""

    async def last_good(self, name: str) -> datetime | None: ...

    async def preferences(self) -> Preferences:
        """What was remembered; the defaults, with `problem`, where it cannot be read."""

    async def remember(self, preferences: Preferences) -> None:
        """Keep it for the next time. Raises Trouble(DISK)."""

    async def start_training(self, practice: Practice) -> str:
        """Start the training company as a process of its own, and return the name of its profile: it lives as
        long as this workplace, with made-up secrets that are kept nowhere."""

    async def conductor(self, name: str, listener: Listener, driver: DriverName | None = None) -> Conductor:
        """The conductor of a profile, by its own driver or another one (never `training` for a real company).

        Raises Trouble(IN_USE, who, since) while another program runs on the profile."""

    async def release(self, name: str) -> None:
        """Let go of the profile's lock."""

    async def close(self) -> None: ...
