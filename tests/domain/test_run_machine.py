"""Whatever events come, in whatever order: no refresh without an open gate, no press twice, every prefix is a state."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain import events as ev
from app.domain.conclusion import conclude
from app.domain.events import AnyEvent, Record, decode, encode
from app.domain.filters import Filters
from app.domain.gate import gate
from app.domain.looks import (
    Evidence,
    EvidenceKind,
    Phase,
    StepOneOutcome,
    SyncLook,
    TabLook,
    TabOutcome,
    Unknown,
    Waiting,
)
from app.domain.match_progress import Progress, Summary
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.domain.run import NotAllowed, RunState, apply, check, fold, start
from app.domain.tabs import Job, Tab
from tests.domain.stories import BEGIN, JOBS, planned

EVIDENCE = st.builds(
    Evidence, st.sampled_from(EvidenceKind), st.just("text"), st.just("2026-11-24T08:00:00+00:00")
)
PROBLEMS = st.builds(Problem, st.sampled_from(ProblemId))
SYNC_LOOKS = st.builds(SyncLook, st.sampled_from(Phase), st.sampled_from(["1", "2"]), st.just(""))
TAB_LOOKS = st.builds(TabLook, st.sampled_from(Phase), st.sampled_from(["1", "2"]), st.just(""))
TABS = st.sampled_from(Tab)
JOB = st.none() | st.sampled_from(JOBS)
SITES = st.sampled_from(ev.Site)
EVENTS: st.SearchStrategy[AnyEvent] = st.one_of(
    st.just(planned()),
    st.builds(ev.RunResumed, st.just("dana"), st.booleans()),
    st.builds(ev.SignInRequested, SITES, st.just("f")),
    st.builds(ev.SignedIn, SITES, st.just("dana")),
    st.builds(ev.SignInRefused, SITES, PROBLEMS),
    st.builds(ev.SessionEnded, SITES),
    st.builds(ev.FiltersRead, st.none() | st.just(Filters())),
    st.builds(ev.FiltersRequested, st.just(Filters()), st.booleans()),
    st.builds(ev.FiltersApplied, st.just(Filters()), st.booleans(), st.booleans()),
    st.builds(ev.StepOneBaseline, SYNC_LOOKS),
    st.just(ev.SyncRequested()),
    st.just(ev.SyncAccepted()),
    st.builds(ev.SyncDeclined, PROBLEMS),
    st.just(ev.SyncAnswerLost("lost")),
    st.just(ev.SyncProgress("half", 0.5)),
    st.just(ev.TheirsAccepted("dana")),
    st.builds(ev.StepOneFinished, st.sampled_from(StepOneOutcome), st.none() | EVIDENCE),
    st.builds(ev.PersonConfirmed, st.sampled_from(["", "It says completed"]), st.just("dana")),
    st.builds(ev.GateOpened, EVIDENCE, st.booleans()),
    st.builds(ev.BrakeChecked, felt=st.none() | PROBLEMS),
    st.builds(ev.TabsChosen, st.lists(TABS, max_size=3).map(tuple), st.none()),
    st.builds(ev.JobsFound, st.lists(st.sampled_from(JOBS), max_size=3).map(tuple), st.just("person")),
    st.builds(ev.TabBaseline, TABS, TAB_LOOKS, JOB),
    st.builds(ev.RetryAsked, TABS, st.just("dana"), JOB),
    st.builds(ev.RefreshRequested, TABS, JOB),
    st.builds(ev.RefreshAccepted, TABS, JOB),
    st.builds(ev.RefreshDeclined, TABS, PROBLEMS, JOB),
    st.builds(ev.RefreshAnswerLost, TABS, st.just("lost"), JOB),
    st.builds(ev.RefreshProgress, TABS, st.just("half"), JOB),
    st.builds(
        ev.JobFinished, st.sampled_from(JOBS), st.sampled_from(TabOutcome), st.none(), st.none() | EVIDENCE
    ),
    st.builds(
        ev.TabFinished,
        TABS,
        st.sampled_from(TabOutcome),
        st.none() | st.sampled_from(Unknown),
        st.none() | EVIDENCE,
        st.builds(Waiting, st.none() | st.integers(0, 3)),
    ),
    st.just(ev.MatchForeseen(212, 70.0, 40)),
    st.just(ev.MatchProgress(Progress("reading"))),
    st.builds(ev.Matched, st.builds(Summary, st.just("r"), st.sampled_from(Match), st.just(0))),
    st.builds(ev.ProblemMet, PROBLEMS, st.booleans()),
    st.builds(ev.NeedsPerson, st.sampled_from(ev.NeedKind), st.just(BEGIN)),
    st.builds(ev.PersonActed, st.sampled_from(ev.NeedKind)),
)


class AnyRun(RuleBasedStateMachine):
    """Writes what `check` allows, as the recorder does, and keeps its own simple count of what was pressed."""

    records: list[Record]
    state: RunState
    now: datetime

    @initialize(step_one=st.booleans())
    def plan(self, step_one: bool) -> None:
        self.now = BEGIN
        self.records = [Record(1, self.now, "run", planned(step_one=step_one))]
        self.state = start(self.records[0])
        self.may_press: dict[tuple[Tab, str], int] = {}
        self.starts = 0
        self.proof_at: datetime | None = None
        self.finished_at: datetime | None = None
        self.word_at: datetime | None = None

    def _write(self, event: AnyEvent) -> bool:
        record = Record(self.state.seq + 1, self.now, "run", event)
        try:
            check(self.state, record)
        except NotAllowed:
            return False
        self._look_at(event)
        self.records.append(record)
        self.state = apply(self.state, record)
        return True

    def _look_at(self, event: AnyEvent) -> None:
        """An independent reading of the promises, from the events alone."""
        match event:
            case ev.SyncRequested():
                assert self.starts == 0, "Start Sync was pressed twice"
                self.starts += 1
            case ev.SyncDeclined():
                self.starts = 0
            case ev.StepOneFinished(outcome=StepOneOutcome.DONE):
                assert event.evidence is not None
                self.finished_at = self.now
            case ev.StepOneFinished():
                self.finished_at = None
            case ev.PersonConfirmed(words=words):
                assert words.strip()
                self.word_at = self.now
            case ev.GateOpened(by_person=by_person):
                self.proof_at = self.word_at if by_person else self.finished_at
                assert self.proof_at is not None, "the gate opened on nothing"
            case ev.RetryAsked(tab=tab, job=job):
                self.may_press[tab, job.key if job else ""] = 1
            case ev.RefreshDeclined(tab=tab, job=job):
                self.may_press[tab, job.key if job else ""] = 1
            case ev.RefreshRequested(tab=tab, job=job):
                assert self.proof_at is not None, "pressed without proof or word"
                assert self.now - self.proof_at <= timedelta(minutes=60), "pressed on an old proof"
                key = (tab, job.key if job else "")
                assert self.may_press.get(key, 1) > 0, "pressed twice"
                self.may_press[key] = 0
            case ev.TabFinished() | ev.JobFinished():
                if event.outcome in (TabOutcome.DONE, TabOutcome.STAGED, TabOutcome.NOTHING_VISIBLE):
                    assert event.evidence is not None, "a success without evidence"
            case _:
                pass

    @rule(event=EVENTS)
    def anything(self, event: AnyEvent) -> None:
        self._write(event)

    @precondition(lambda self: self.state.seq > 12)
    @rule()
    def stopped_and_resumed(self) -> None:
        """Ends are drawn rarely: after one nearly everything is refused, which would leave little to see."""
        self._write(ev.CancelRequested("dana"))
        self._write(ev.RefreshRequested(Tab.VENDORS))
        self._write(ev.RunEnded(ev.RunOutcome.CANCELLED, 130))
        self._write(ev.RefreshRequested(Tab.VENDORS))
        self._write(ev.RunResumed("dana", after_crash=False))

    @rule()
    def start_is_pressed_again(self) -> None:
        self._write(ev.SyncRequested())

    @rule(minutes=st.integers(1, 45))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.state.step_one.outcome is None and self.state.plan.step_one)
    @rule()
    def step_one_goes_well(self) -> None:
        """A nudge, so that the machine spends time behind the gate too."""
        proof = Evidence(EvidenceKind.TRAINING, "done", "2026-11-24T08:00:00+00:00")
        for event in (
            ev.StepOneBaseline(SyncLook(Phase.DONE, "1", "")),
            ev.SyncRequested(),
            ev.SyncAccepted(),
            ev.StepOneFinished(StepOneOutcome.DONE, proof),
            ev.GateOpened(proof, by_person=False),
        ):
            self._write(event)

    @rule(tab=st.sampled_from([Tab.VENDORS, Tab.JOBS, Tab.JOB_COSTS]), job=JOB)
    def refresh(self, tab: Tab, job: Job | None) -> None:
        chosen = JOBS[0] if tab is Tab.JOB_COSTS and job is None else job if tab is Tab.JOB_COSTS else None
        self._write(ev.TabBaseline(tab, TabLook(Phase.NONE, "1", ""), chosen))
        self._write(ev.RefreshRequested(tab, chosen))

    @invariant()
    def the_fold_of_the_records_is_the_state(self) -> None:
        if hasattr(self, "records"):
            assert fold(self.records) == self.state

    @invariant()
    def the_gate_is_open_only_on_fresh_proof(self) -> None:
        if hasattr(self, "records") and gate(self.state, self.now).is_open:
            assert self.proof_at is not None
            assert self.now - self.proof_at <= timedelta(minutes=60)

    @invariant()
    def the_run_can_be_concluded_at_any_time(self) -> None:
        if hasattr(self, "records"):
            conclude(self.state)

    def teardown(self) -> None:
        """Every prefix is a valid state, and every event survives the ledger's form."""
        if hasattr(self, "records"):
            for end in range(1, len(self.records) + 1):
                assert fold(self.records[:end]) is not None
            for record in self.records:
                assert decode(encode(record.event)) == record.event


TestAnyRun = AnyRun.TestCase
TestAnyRun.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
