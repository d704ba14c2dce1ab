"""What may not be written in a run: each rule refuses its event, and the state stays as it was."""

import pytest

from app.domain import events as ev
from app.domain.events import AnyEvent, Record
from app.domain.gate import Shut, gate
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.match_progress import Summary
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.domain.run import NotAllowed, check, fold, start
from app.domain.tabs import Tab
from tests.domain.stories import (
    BEGIN,
    DONE,
    IDLE,
    JOBS,
    PROOF,
    QUIET,
    next_record,
    planned,
    refreshed,
    through_step_one,
    told,
)  # fmt: skip

STARTED: tuple[AnyEvent, ...] = (ev.StepOneBaseline(IDLE), ev.SyncRequested())
STOPPING = ev.CancelRequested("dana")
SAFE = Problem(ProblemId.SAFE, {"what": "jobs", "before": 60, "now": 37})
OPEN = tuple(through_step_one())


@pytest.mark.parametrize(
    ("before", "event", "why"),
    [
        ((), planned(), "planned once"),
        ((), ev.SyncRequested(), "a baseline read just before"),
        (STARTED, ev.SyncRequested(), "pressed once"),
        ((ev.StepOneBaseline(IDLE), STOPPING), ev.SyncRequested(), "being stopped"),
        (STARTED, ev.StepOneFinished(StepOneOutcome.DONE), "only with evidence"),
        ((), ev.StepOneFinished(StepOneOutcome.DONE, PROOF), "only with evidence against a baseline"),
        ((ev.StepOneBaseline(IDLE),), ev.StepOneFinished(StepOneOutcome.DONE, PROOF), "only after a press"),
        (STARTED, ev.GateOpened(PROOF, by_person=False), "our own step 1"),
        (STARTED, ev.GateOpened(PROOF, by_person=True), "only when it was given"),
        ((), ev.PersonConfirmed(" \n", "dana"), "in words"),
        (STARTED, ev.RefreshRequested(Tab.VENDORS), "the gate to step 2 is shut"),
        (OPEN, ev.RefreshRequested(Tab.JOB_COSTS), "job by job"),
        (OPEN, ev.RefreshRequested(Tab.VENDORS, JOBS[0]), "as a whole"),
        (OPEN, ev.RefreshRequested(Tab.VENDORS), "a baseline read just before"),
        ((*OPEN, *refreshed(Tab.VENDORS)), ev.RefreshRequested(Tab.VENDORS), "pressed once"),
        ((*OPEN, ev.BrakeChecked({"jobs": 37}, {"jobs": 60}, SAFE), ev.TabBaseline(Tab.VENDORS, QUIET)),
         ev.RefreshRequested(Tab.VENDORS), "far fewer records"),
        (OPEN, ev.TabFinished(Tab.VENDORS, TabOutcome.DONE), "a success has evidence"),
        (OPEN, ev.JobFinished(JOBS[0], TabOutcome.STAGED), "a success has evidence"),
        (OPEN, ev.Matched(Summary("r1", Match.MATCHES, 0)), "not asked for"),
        ((ev.RunEnded(ev.RunOutcome.OK, 0),), ev.SignedIn(ev.Site.HH2, "dana"), "the run has ended"),
    ],
)  # fmt: skip
def test_an_event_that_would_break_a_promise_is_refused(
    before: tuple[AnyEvent, ...], event: AnyEvent, why: str
) -> None:
    state = told(*before)
    with pytest.raises(NotAllowed, match=why):
        check(state, next_record(state, event))


def test_events_follow_one_another_without_a_gap() -> None:
    state = told()
    for seq in (state.seq, state.seq + 2):
        with pytest.raises(NotAllowed, match=f"event {seq} does not follow {state.seq}"):
            check(state, Record(seq, BEGIN, "run", ev.SignedIn(ev.Site.HH2, "dana")))


def test_a_run_begins_with_its_plan_and_no_events_are_no_run() -> None:
    with pytest.raises(NotAllowed, match="begins with RunPlanned"):
        start(Record(1, BEGIN, "run", ev.SyncRequested()))
    assert fold([]) is None


def test_a_second_plan_in_a_file_changes_nothing_of_the_run() -> None:
    whole = [Record(1, BEGIN, "run", planned((Tab.VENDORS,))), Record(2, BEGIN, "run", planned(()))]
    state = fold(whole)
    assert state is not None
    assert state.chosen == (Tab.VENDORS,)


@pytest.mark.parametrize(
    ("outcome", "shut"), [(StepOneOutcome.FAILED, Shut.FAILED), (StepOneOutcome.UNSURE, Shut.UNSURE)]
)
def test_no_other_end_of_step_one_opens_the_gate(outcome: StepOneOutcome, shut: Shut) -> None:
    state = told(*STARTED, ev.SyncProgress(DONE.text, 1.0), ev.StepOneFinished(outcome))
    assert gate(state, state.last_at).shut is shut
    with pytest.raises(NotAllowed):
        check(state, next_record(state, ev.GateOpened(PROOF, by_person=False)))
