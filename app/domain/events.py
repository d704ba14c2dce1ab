"""Everything that can happen in a run, as immutable events. The names are those of the JSON lines
and of the ledger.

An event whose name ends in `Requested` is an *intent*: it is durable before its message leaves, so that after
a crash we know what may have been sent. Events of `PASSING` are told and folded, but need not be kept."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.filters import Filters
from app.domain.looks import Evidence, StepOneOutcome, SyncLook, TabLook, TabOutcome, Unknown, Waiting
from app.domain.match_progress import Progress, Summary
from app.domain.match_report import Written
from app.domain.problems import Problem
from app.domain.tabs import Job, Tab


class Site(StrEnum):
    """The two sites a run signs in to."""

    HH2 = "hh2"
    PROCORE = "procore"


class RunOutcome(StrEnum):
    """How a run ended; each has one exit code, the same everywhere."""

    OK = "ok"
    LOOK = "look"
    FAILED = "failed"
    PERSON = "person"
    CANCELLED = "cancelled"


EXIT_CODES: dict[RunOutcome, int] = {
    RunOutcome.OK: 0,
    RunOutcome.LOOK: 10,
    RunOutcome.FAILED: 20,
    RunOutcome.PERSON: 30,
    RunOutcome.CANCELLED: 130,
}
EXIT_USAGE = 64
EXIT_INTERNAL = 70


class NeedKind(StrEnum):
    """What a run waits for a person for."""

    CONFIRM_STEP_ONE = "confirm-step-one"  # unsure: look in hh2, say what you saw
    CHOOSE_TABS = "choose-tabs"  # step 1 is proven; the person picks the tabs
    SIGN_IN = "sign-in"  # a code, single sign-on, a new password
    PRESS = "press"  # assisted: the person presses the control that is pointed at


class ByHand(msgspec.Struct, frozen=True):
    """What a person is asked to do on a site's page, one thing at a time.

    `action` by its id in resources/portals ("start-sync", "date-range:past-week"); `what` is a name that no table
    knows, such as that of a job; `pointed`: it was found and is outlined; `may_skip`: it may be left out."""

    site: Site
    action: str
    what: str = ""
    pointed: bool = False
    may_skip: bool = False


class Event(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """The base of all events; the name of the class is its `type`."""


class RunPlanned(Event, frozen=True):
    """The first event: what the person asked for. `jobs` holds job codes; None leaves the
    choice to the program. `taught` are the labels that a person had taught by then, each as a line of text."""

    profile: str
    driver: str
    training: bool
    who: str
    version: str
    step_one: bool
    filters: Filters
    tabs: tuple[Tab, ...]
    jobs: tuple[str, ...] | None
    go_on: bool
    proof_minutes: int = 60  # what ledgers without the field were written with: never change it
    put_back: bool = False
    taught: tuple[str, ...] = ()
    match: bool = False  # after step 2: do they match?


class RunResumed(Event, frozen=True):
    """A run that was cut off, or that ended with something left to do, goes on. `who` asked for it."""

    who: str
    after_crash: bool


class SignInRequested(Event, frozen=True):
    """Intent: a user name and a secret are about to be sent. `fingerprint` tells secrets
    apart and reveals none."""

    site: Site
    fingerprint: str


class SignedIn(Event, frozen=True):
    site: Site
    who: str


class SignInRefused(Event, frozen=True):
    site: Site
    problem: Problem


class SessionEnded(Event, frozen=True):
    """A site no longer knew us in the middle of the run; we sign in again with the kept secret, or ask."""

    site: Site


class FiltersRead(Event, frozen=True):
    """hh2's filters as they stood before we touched them; None where the page does not tell."""

    filters: Filters | None
    about_depth: str = ""


class FiltersRequested(Event, frozen=True):
    """Intent: Apply Settings is about to be pressed. `putting_back` restores what was read at first."""

    filters: Filters
    putting_back: bool = False


class FiltersApplied(Event, frozen=True):
    """The filters that now stand in hh2, read back after Apply Settings, or left as they were."""

    filters: Filters
    changed: bool
    putting_back: bool = False


class StepOneBaseline(Event, frozen=True):
    """What hh2 showed just before our press."""

    look: SyncLook


class SyncRequested(Event, frozen=True):
    """Intent: Start Sync is about to be pressed."""


class SyncAccepted(Event, frozen=True):
    """hh2 answered our press."""

    text: str = ""


class SyncDeclined(Event, frozen=True):
    """hh2 answered that it did not start; nothing of ours is under way."""

    problem: Problem


class SyncAnswerLost(Event, frozen=True):
    """Our press was sent and no answer came: it is looked up, never sent again."""

    cause: str


class SyncProgress(Event, frozen=True):
    """What hh2 shows of a sync under way; `fraction` 0..1 where it shows one."""

    text: str
    fraction: float | None = None


class TheirsAccepted(Event, frozen=True):
    """The person takes the sync that somebody else started as step 1, instead of starting their own after it."""

    who: str


class StepOneFinished(Event, frozen=True):
    """Step 1 has ended. DONE carries the evidence; every other outcome its problem."""

    outcome: StepOneOutcome
    evidence: Evidence | None = None
    problem: Problem | None = None
    failures: tuple[str, ...] = ()


class PersonConfirmed(Event, frozen=True):
    """The person says, in their own words, what they saw in hh2. Kept for ever; opens the gate."""

    words: str
    who: str


class GateOpened(Event, frozen=True):
    """Step 2 may begin. `by_person` tells a word from a proof."""

    evidence: Evidence
    by_person: bool


class BrakeChecked(Event, frozen=True):
    """Before step 2: how many living records hh2 lists now, and how many it did at the last run (None: no run before).

    `felt` is the card of the list that lost too many: a person is asked. `why` says why it was not checked:
    "no-service", or "unreadable"."""

    now: dict[str, int] = {}
    before: dict[str, int] | None = None
    felt: Problem | None = None
    why: str = ""


class TabsChosen(Event, frozen=True):
    """The tabs and job codes the person picked after step 1."""

    tabs: tuple[Tab, ...]
    jobs: tuple[str, ...] | None


class JobsFound(Event, frozen=True):
    """The jobs whose costs will be refreshed, and how they were picked: person, movement, last, none."""

    jobs: tuple[Job, ...]
    how: str
    missing: tuple[str, ...] = ()


class TabBaseline(Event, frozen=True):
    """What the tab (and job) showed just before our press."""

    tab: Tab
    look: TabLook
    job: Job | None = None


class RetryAsked(Event, frozen=True):
    """A person, shown when it was last pressed and what a look finds now, asks for this refresh once more."""

    tab: Tab
    who: str
    job: Job | None = None


class RefreshRequested(Event, frozen=True):
    """Intent: the tab's own button is about to be pressed."""

    tab: Tab
    job: Job | None = None


class RefreshAccepted(Event, frozen=True):
    tab: Tab
    job: Job | None = None
    text: str = ""


class RefreshDeclined(Event, frozen=True):
    """Procore answered that it did not start; pressing later is not pressing twice."""

    tab: Tab
    problem: Problem
    job: Job | None = None


class RefreshAnswerLost(Event, frozen=True):
    tab: Tab
    cause: str
    job: Job | None = None


class RefreshProgress(Event, frozen=True):
    tab: Tab
    text: str
    job: Job | None = None


class JobFinished(Event, frozen=True):
    """One job of Job Costs has ended."""

    job: Job
    outcome: TabOutcome
    why: Unknown | None = None
    evidence: Evidence | None = None
    reason: str = ""


class TabFinished(Event, frozen=True):
    """A tab has ended; `why` is set for UNKNOWN, `reason` is a short text (an error, why it was skipped)."""

    tab: Tab
    outcome: TabOutcome
    why: Unknown | None = None
    evidence: Evidence | None = None
    waiting: Waiting = Waiting()
    reason: str = ""


class MatchForeseen(Event, frozen=True):
    """Both sides are about to be read: how many requests that takes, and about how long. Not `whole`: the jobs are not
    known yet, and are foreseen in an event of their own."""

    requests: int
    seconds: float
    jobs: int
    whole: bool = True


class MatchProgress(Event, frozen=True):
    """How far the comparison is."""

    progress: Progress


class Matched(Event, frozen=True):
    """Both sides were compared, after step 2: the verdict, and the report's files by their SHA-256."""

    summary: Summary


class ReportSaved(Event, frozen=True):
    """A person saved a match report by hand, after the run had ended: its files by their SHA-256, and who did."""

    report_id: str
    who: str
    files: tuple[Written, ...] = ()


class ReportAlone(Event, frozen=True):
    """As `ReportSaved`, of a company in which no run has ended that it could stand with. It belongs to no run: in the
    ledger it stands by itself, first and last under an id of its own."""

    report_id: str
    who: str
    files: tuple[Written, ...] = ()


class ProblemMet(Event, frozen=True):
    """A problem was met. `noted` means it was dealt with and the run went on."""

    problem: Problem
    noted: bool = False


class NeedsPerson(Event, frozen=True):
    """The run waits for a person, at most until `until` (UTC)."""

    need: NeedKind
    until: datetime
    problem: Problem | None = None
    site: Site | None = None
    by_hand: ByHand | None = None  # with PRESS


class PersonActed(Event, frozen=True):
    """The wait is over; `gave_up` when nobody came in time."""

    need: NeedKind
    gave_up: bool = False


class CancelRequested(Event, frozen=True):
    who: str


class RunEnded(Event, frozen=True):
    """The last event of a run, or of a part of it: `RunResumed` may follow while something is left to do."""

    outcome: RunOutcome
    exit: int
    reason: str = ""


AnyEvent = (
    RunPlanned
    | RunResumed
    | SignInRequested
    | SignedIn
    | SignInRefused
    | SessionEnded
    | FiltersRead
    | FiltersRequested
    | FiltersApplied
    | StepOneBaseline
    | SyncRequested
    | SyncAccepted
    | SyncDeclined
    | SyncAnswerLost
    | SyncProgress
    | TheirsAccepted
    | StepOneFinished
    | PersonConfirmed
    | GateOpened
    | BrakeChecked
    | TabsChosen
    | JobsFound
    | TabBaseline
    | RetryAsked
    | RefreshRequested
    | RefreshAccepted
    | RefreshDeclined
    | RefreshAnswerLost
    | RefreshProgress
    | JobFinished
    | TabFinished
    | MatchForeseen
    | MatchProgress
    | Matched
    | ReportSaved
    | ReportAlone
    | ProblemMet
    | NeedsPerson
    | PersonActed
    | CancelRequested
    | RunEnded
)

PASSING: tuple[type[Event], ...] = (SyncProgress, RefreshProgress, MatchProgress)


class Record(msgspec.Struct, frozen=True):
    """One event in its place: `seq` counts from 1 within the run, `at` is UTC."""

    seq: int
    at: datetime
    run_id: str
    event: AnyEvent


_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(event: AnyEvent) -> bytes:
    """The event as JSON, `type` first. The form of the ledger."""
    return _ENCODER.encode(event)


def decode(data: bytes) -> AnyEvent:
    """The event back from `encode`; raises `msgspec.DecodeError` or
    `msgspec.ValidationError` on anything else."""
    return _DECODER.decode(data)


def as_line(record: Record) -> dict[str, object]:
    """The record as the command line prints it: type, seq, at, run_id, then the event's own fields."""
    fields = msgspec.to_builtins(record.event)
    at = record.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": fields.pop("type"), "seq": record.seq, "at": at, "run_id": record.run_id, **fields}
