"""The state of a run: a pure fold over its events, and the rules an event must keep to be written at all."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain import events as ev
from app.domain.events import AnyEvent, Record, Site
from app.domain.filters import Filters
from app.domain.gate import gate
from app.domain.looks import (
    SUCCESSES,
    Evidence,
    StepOneOutcome,
    SyncLook,
    TabLook,
    TabOutcome,
    Unknown,
    Waiting,
)
from app.domain.match_progress import Summary
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Job, Tab


class Press(StrEnum):
    """Where a press stands, from its announcement on."""

    NONE = "none"
    ANNOUNCED = "announced"  # the intent is durable; whether it was sent is not known
    ANSWERED = "answered"
    LOST = "lost"  # sent, no answer


class StepOne(msgspec.Struct, frozen=True):
    """Step 1 as far as the events tell."""

    baseline: SyncLook | None = None
    press: Press = Press.NONE
    pressed_at: datetime | None = None
    theirs: bool = False
    text: str = ""
    fraction: float | None = None
    outcome: StepOneOutcome | None = None
    evidence: Evidence | None = None
    problem: Problem | None = None
    failures: tuple[str, ...] = ()
    finished_at: datetime | None = None
    filters_before: Filters | None = None
    filters_now: Filters | None = None
    filters_changed: bool = False
    about_depth: str = ""


class Refresh(msgspec.Struct, frozen=True):
    """One refresh: of a tab, or of one job in Job Costs."""

    baseline: TabLook | None = None
    press: Press = Press.NONE
    pressed_at: datetime | None = None
    presses: int = 0
    retry_asked: bool = False
    text: str = ""
    outcome: TabOutcome | None = None
    why: Unknown | None = None
    evidence: Evidence | None = None
    reason: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


class TabState(msgspec.Struct, frozen=True):
    """A tab of this run. `jobs` is used by Job Costs only: by `Job.key`, in the order of the plan."""

    chosen: bool = False
    refresh: Refresh = Refresh()
    jobs: dict[str, Refresh] = {}
    waiting: Waiting = Waiting()

    @property
    def outcome(self) -> TabOutcome | None:
        """How the tab ended, or None."""
        return self.refresh.outcome


class Opened(msgspec.Struct, frozen=True):
    """When and by what the gate was opened."""

    at: datetime
    evidence: Evidence
    by_person: bool


class Need(msgspec.Struct, frozen=True):
    """What the run waits for a person for."""

    kind: ev.NeedKind
    until: datetime
    problem: Problem | None
    site: Site | None
    by_hand: ev.ByHand | None = None


def no_tabs() -> dict[Tab, TabState]:
    """All six tabs, none of them chosen."""
    return {tab: TabState() for tab in Tab}


class RunState(msgspec.Struct, frozen=True):
    """Everything the window, the command line, resume and history know of a run."""

    run_id: str
    plan: ev.RunPlanned
    planned_at: datetime
    seq: int
    last_at: datetime
    signed_in: dict[Site, str] = {}
    signing_in: Site | None = None
    step_one: StepOne = StepOne()
    confirmed: ev.PersonConfirmed | None = None
    confirmed_at: datetime | None = None
    opened: Opened | None = None
    brake: ev.BrakeChecked | None = None
    braked: bool = False  # far fewer records than last time, and no person's word since
    jobs: tuple[Job, ...] = ()
    jobs_how: str = ""
    jobs_missing: tuple[str, ...] = ()
    tabs: dict[Tab, TabState] = msgspec.field(default_factory=no_tabs)
    matched: Summary | None = None
    problems: tuple[ev.ProblemMet, ...] = ()
    need: Need | None = None
    cancel_requested: bool = False
    ended: ev.RunEnded | None = None
    resumes: int = 0

    @property
    def chosen(self) -> tuple[Tab, ...]:
        """The tabs of this run, in order."""
        return tuple(tab for tab in Tab if self.tabs[tab].chosen)

    @property
    def left(self) -> tuple[Tab, ...]:
        """The chosen tabs that have not ended, in order."""
        return tuple(tab for tab in self.chosen if self.tabs[tab].outcome is None)

    @property
    def match_is_left(self) -> bool:
        """True where both sides are to be compared, may be, and were not since the last refresh."""
        step_one_is_proven = self.step_one.outcome is StepOneOutcome.DONE
        return self.plan.match and self.matched is None and (self.opened is not None or step_one_is_proven)

    def refresh_of(self, tab: Tab, job: Job | None) -> Refresh:
        """The refresh of a tab, or of a job in Job Costs."""
        state = self.tabs[tab]
        return state.refresh if job is None else state.jobs.get(job.key, Refresh())

    def is_announced(self, tab: Tab, job: Job | None) -> bool:
        """True while a press of this tab and job is announced and neither answered nor given up."""
        return self.refresh_of(tab, job).press is Press.ANNOUNCED

    @property
    def waits_for_start(self) -> bool:
        """True where the run ended because nobody was there to press Start Sync, or what comes before it. Going on
        begins step 1 for the first time."""
        step, ended = self.step_one, self.ended
        if ended is None or ended.reason != ProblemId.NOT_PRESSED.value or not self.plan.step_one:
            return False
        return step.outcome is None and step.press is Press.NONE


class NotAllowed(Exception):
    """An event that would break a promise. Raised before it is written: a fault of the program,
    never of a person."""


def start(record: Record) -> RunState:
    """The state after a run's first record, which must be `RunPlanned`."""
    plan = record.event
    if not isinstance(plan, ev.RunPlanned):
        raise NotAllowed("a run begins with RunPlanned")
    tabs = {tab: TabState(chosen=tab in plan.tabs) for tab in Tab}
    return RunState(record.run_id, plan, record.at, record.seq, record.at, tabs=tabs)


def fold(records: Iterable[Record]) -> RunState | None:
    """The state after all records, or None when there are none."""
    state: RunState | None = None
    for record in records:
        state = start(record) if state is None else apply(state, record)
    return state


def check(state: RunState, record: Record) -> None:  # noqa: C901 - one case for each rule
    """Raise NotAllowed if the event may not be written in this state. The promises of DESIGN 1, as rules."""
    event = record.event
    if record.seq != state.seq + 1:
        raise NotAllowed(f"event {record.seq} does not follow {state.seq}")
    if state.ended is not None and not isinstance(event, ev.RunResumed | ev.ReportSaved):
        raise NotAllowed("the run has ended")
    match event:
        case ev.RunPlanned():
            raise NotAllowed("a run is planned once")
        case ev.ReportAlone():
            raise NotAllowed("what belongs to no run is no part of one")
        case ev.SyncRequested():
            if not state.plan.step_one or state.step_one.baseline is None:
                raise NotAllowed("Start Sync needs a baseline read just before")
            if state.step_one.press is not Press.NONE or state.step_one.outcome is not None:
                raise NotAllowed("Start Sync is pressed once")
            if state.cancel_requested:
                raise NotAllowed("the run is being stopped")
        case ev.StepOneFinished(outcome=StepOneOutcome.DONE):
            if event.evidence is None or state.step_one.baseline is None:
                raise NotAllowed("step 1 is done only with evidence against a baseline")
            if state.step_one.press is Press.NONE and not state.step_one.theirs:
                raise NotAllowed("step 1 is done only after a press")
        case ev.GateOpened(by_person=False):
            if state.step_one.outcome is not StepOneOutcome.DONE or state.step_one.theirs:
                raise NotAllowed("the gate opens on the proof of our own step 1, or on a person's word")
        case ev.GateOpened(by_person=True):
            if state.confirmed is None:
                raise NotAllowed("the gate opens on a person's word only when it was given")
        case ev.PersonConfirmed(words=words) if not words.strip():
            raise NotAllowed("a person's word is in words")
        case ev.RefreshRequested(tab=tab, job=job):
            _check_press(state, tab, job, record.at)
        case ev.TabFinished() | ev.JobFinished():
            succeeded = event.outcome in SUCCESSES
            if succeeded and event.evidence is None:
                raise NotAllowed("a success has evidence")
        case ev.ReportSaved() if state.ended is None:
            raise NotAllowed("a report is saved by hand when the run has ended")
        case ev.Matched() if not state.match_is_left:
            raise NotAllowed("what was not asked for, or not refreshed, is not compared")
        case _:
            pass


def _check_press(state: RunState, tab: Tab, job: Job | None, at: datetime) -> None:
    if not gate(state, at).is_open:
        raise NotAllowed("the gate to step 2 is shut")
    if state.braked:
        raise NotAllowed("far fewer records than last time: a person has to say that it goes on")
    if (tab is Tab.JOB_COSTS) != (job is not None):
        raise NotAllowed("Job Costs is refreshed job by job, every other tab as a whole")
    refresh = state.refresh_of(tab, job)
    if refresh.baseline is None:
        raise NotAllowed("a refresh needs a baseline read just before")
    if refresh.press is not Press.NONE and not refresh.retry_asked:
        raise NotAllowed("a refresh is pressed once, unless a person asks for it again")


def apply(state: RunState, record: Record) -> RunState:  # noqa: C901 - one case for each event
    """The state after one more record. Total: any event in any order gives a state
    (`check` guards the writing)."""
    event = record.event
    step = state.step_one
    at = record.at
    if isinstance(event, ev.ReportSaved):  # the run ended when it ended
        return msgspec.structs.replace(state, seq=record.seq)
    new = msgspec.structs.replace(state, seq=record.seq, last_at=at)

    def with_step(**changes: object) -> RunState:
        return msgspec.structs.replace(new, step_one=msgspec.structs.replace(step, **changes))

    match event:
        case ev.RunPlanned():
            return new
        case ev.RunResumed():
            return msgspec.structs.replace(
                new, ended=None, need=None, cancel_requested=False, signed_in={}, resumes=state.resumes + 1
            )
        case ev.SignInRequested(site=site):
            return msgspec.structs.replace(new, signing_in=site)
        case ev.SignedIn(site=site, who=who):
            return msgspec.structs.replace(new, signing_in=None, signed_in={**state.signed_in, site: who})
        case ev.SignInRefused():
            return msgspec.structs.replace(new, signing_in=None)
        case ev.SessionEnded(site=site):
            kept = {name: who for name, who in state.signed_in.items() if name is not site}
            return msgspec.structs.replace(new, signed_in=kept)
        case ev.FiltersRead():
            return with_step(
                filters_before=event.filters, filters_now=event.filters, about_depth=event.about_depth
            )
        case ev.FiltersApplied():
            changed = not event.putting_back and (event.changed or step.filters_changed)
            return with_step(filters_now=event.filters, filters_changed=changed)
        case ev.StepOneBaseline():
            return with_step(baseline=event.look, text=event.look.text)
        case ev.SyncRequested():
            return with_step(press=Press.ANNOUNCED, pressed_at=at)
        case ev.SyncAccepted():
            return with_step(press=Press.ANSWERED, text=event.text or step.text)
        case ev.SyncDeclined():
            return with_step(press=Press.NONE, pressed_at=None)
        case ev.SyncAnswerLost():
            return with_step(press=Press.LOST)
        case ev.SyncProgress():
            return with_step(text=event.text, fraction=event.fraction)
        case ev.TheirsAccepted():
            return with_step(theirs=True)
        case ev.StepOneFinished():
            return with_step(
                outcome=event.outcome,
                evidence=event.evidence,
                problem=event.problem,
                failures=event.failures,
                finished_at=at,
                text=event.evidence.text if event.evidence else step.text,
            )
        case ev.PersonConfirmed():
            return msgspec.structs.replace(new, confirmed=event, confirmed_at=at, braked=False)
        case ev.BrakeChecked():
            return msgspec.structs.replace(new, brake=event, braked=event.felt is not None)
        case ev.GateOpened():
            # The age counts from the proof or the word, also when a crash lies between it and this event.
            since = state.confirmed_at if event.by_person else step.finished_at
            return msgspec.structs.replace(new, opened=Opened(since or at, event.evidence, event.by_person))
        case ev.Matched():
            return msgspec.structs.replace(new, matched=event.summary)
        case ev.ProblemMet():
            return msgspec.structs.replace(new, problems=(*state.problems, event))
        case ev.NeedsPerson():
            need = Need(event.need, event.until, event.problem, event.site, event.by_hand)
            return msgspec.structs.replace(new, need=need)
        case ev.PersonActed():
            return msgspec.structs.replace(new, need=None)
        case ev.CancelRequested():
            return msgspec.structs.replace(new, cancel_requested=True)
        case ev.RunEnded():
            return msgspec.structs.replace(new, ended=event, need=None)
        case _:
            return _apply_to_tabs(new, event, at)


def _apply_to_tabs(state: RunState, event: AnyEvent, at: datetime) -> RunState:
    match event:
        case ev.TabsChosen():
            tabs = {
                tab: _rechosen(tab_state) if tab in event.tabs else _let_go(tab_state)
                for tab, tab_state in state.tabs.items()
            }
            plan = msgspec.structs.replace(state.plan, jobs=event.jobs)
            return msgspec.structs.replace(state, tabs=tabs, plan=plan)
        case ev.JobsFound():
            costs = state.tabs[Tab.JOB_COSTS]
            jobs = {**{job.key: Refresh() for job in event.jobs}, **costs.jobs}
            tabs = {**state.tabs, Tab.JOB_COSTS: msgspec.structs.replace(costs, jobs=jobs)}
            known = {job.key: job for job in (*state.jobs, *event.jobs)}
            return msgspec.structs.replace(
                state, tabs=tabs, jobs=tuple(known.values()), jobs_how=event.how, jobs_missing=event.missing
            )
        case ev.TabBaseline():
            return _with_refresh(state, event.tab, event.job, baseline=event.look)
        case ev.RetryAsked():
            asked = _with_refresh(
                state, event.tab, event.job, retry_asked=True, outcome=None, why=None, finished_at=None
            )
            if event.job is not None:  # the tab as a whole is open again
                asked = _with_refresh(asked, event.tab, None, outcome=None, why=None, finished_at=None)
            tab_state = msgspec.structs.replace(asked.tabs[event.tab], chosen=True)
            return msgspec.structs.replace(asked, tabs={**asked.tabs, event.tab: tab_state})
        case ev.RefreshRequested():
            before = state.refresh_of(event.tab, event.job)
            pressed = _with_refresh(
                state,
                event.tab,
                event.job,
                press=Press.ANNOUNCED,
                pressed_at=at,
                presses=before.presses + 1,
                retry_asked=False,
                started_at=at,
            )
            if event.job is not None and pressed.tabs[event.tab].refresh.started_at is None:
                pressed = _with_refresh(pressed, event.tab, None, started_at=at)
            return msgspec.structs.replace(pressed, matched=None)  # what was compared is another now
        case ev.RefreshAccepted():
            return _with_refresh(state, event.tab, event.job, press=Press.ANSWERED, text=event.text)
        case ev.RefreshDeclined():
            before = state.refresh_of(event.tab, event.job)
            return _with_refresh(
                state, event.tab, event.job, press=Press.NONE, presses=max(0, before.presses - 1)
            )
        case ev.RefreshAnswerLost():
            return _with_refresh(state, event.tab, event.job, press=Press.LOST)
        case ev.RefreshProgress():
            return _with_refresh(state, event.tab, event.job, text=event.text)
        case ev.JobFinished():
            return _with_refresh(
                state,
                Tab.JOB_COSTS,
                event.job,
                outcome=event.outcome,
                why=event.why,
                evidence=event.evidence,
                reason=event.reason,
                finished_at=at,
            )
        case ev.TabFinished():
            done = _with_refresh(
                state,
                event.tab,
                None,
                outcome=event.outcome,
                why=event.why,
                evidence=event.evidence,
                reason=event.reason,
                finished_at=at,
            )
            tab_state = msgspec.structs.replace(done.tabs[event.tab], waiting=event.waiting)
            return msgspec.structs.replace(done, tabs={**done.tabs, event.tab: tab_state})
        case _:
            return state


def _rechosen(tab_state: TabState) -> TabState:
    """A tab picked (again): one that was skipped or stopped before any press is open again, all else
    stays as it is."""
    refresh = tab_state.refresh
    if refresh.outcome in (TabOutcome.SKIPPED, TabOutcome.CANCELLED) and refresh.press is Press.NONE:
        jobs = {
            key: Refresh() if one.press is Press.NONE and one.outcome is not None else one
            for key, one in tab_state.jobs.items()
        }
        return msgspec.structs.replace(tab_state, chosen=True, refresh=Refresh(), jobs=jobs)
    return msgspec.structs.replace(tab_state, chosen=True)


def _let_go(tab_state: TabState) -> TabState:
    """A tab not picked this time: what was pressed stays in the run, what was not leaves it."""
    touched = tab_state.refresh.outcome is not None or any(
        one.press is not Press.NONE for one in (tab_state.refresh, *tab_state.jobs.values())
    )
    return tab_state if touched else msgspec.structs.replace(tab_state, chosen=False)


def _with_refresh(state: RunState, tab: Tab, job: Job | None, **changes: object) -> RunState:
    tab_state = state.tabs[tab]
    if job is None:
        changed = msgspec.structs.replace(
            tab_state, refresh=msgspec.structs.replace(tab_state.refresh, **changes)
        )
    else:
        one = msgspec.structs.replace(tab_state.jobs.get(job.key, Refresh()), **changes)
        changed = msgspec.structs.replace(tab_state, jobs={**tab_state.jobs, job.key: one})
    return msgspec.structs.replace(state, tabs={**state.tabs, tab: changed})
