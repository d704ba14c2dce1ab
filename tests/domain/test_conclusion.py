"""How a run ends: success is a proof for every tab, and everything else has its own exit code."""

import pytest

from app.domain import conclusion
from app.domain import events as ev
from app.domain.conclusion import conclude, without_a_run
from app.domain.events import RunOutcome
from app.domain.looks import COMPLETE, StepOneOutcome, TabOutcome, Unknown, Waiting
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Tab
from tests.domain.stories import planned, refreshed, through_step_one, told

VENDORS = planned([Tab.VENDORS])


def test_all_tabs_done_is_ok_and_exits_with_zero() -> None:
    ended = conclude(told(*through_step_one(), *refreshed(Tab.VENDORS), plan=VENDORS))
    assert (ended.outcome, ended.exit) == (RunOutcome.OK, 0)


def test_step_one_alone_can_be_ok() -> None:
    assert conclude(told(*through_step_one(), plan=planned([]))).outcome is RunOutcome.OK


@pytest.mark.parametrize("outcome", [one for one in TabOutcome if one not in COMPLETE])
def test_every_outcome_but_the_two_complete_ones_needs_a_look(outcome: TabOutcome) -> None:
    state = told(*through_step_one(), *refreshed(Tab.VENDORS, outcome), plan=VENDORS)
    assert (conclude(state).outcome, conclude(state).exit) == (RunOutcome.LOOK, 10)


def test_failed_exports_need_a_look_though_the_tab_is_done() -> None:
    waiting = Waiting(failed_to_export=3)
    state = told(*through_step_one(), *refreshed(Tab.VENDORS, waiting=waiting), plan=VENDORS)
    assert conclude(state).outcome is RunOutcome.LOOK


@pytest.mark.parametrize(
    "finish",
    [
        ev.TabFinished(Tab.VENDORS, TabOutcome.UNKNOWN, Unknown.STALE),
        ev.TabFinished(Tab.VENDORS, TabOutcome.FAILED),
        ev.TabFinished(Tab.VENDORS, TabOutcome.SKIPPED),
    ],
)
def test_every_tab_without_a_success_needs_a_look(finish: ev.TabFinished) -> None:
    assert conclude(told(*through_step_one(), finish, plan=VENDORS)).outcome is RunOutcome.LOOK


def test_the_reason_of_an_end_is_the_last_problem_that_was_not_dealt_with() -> None:
    first, last = Problem(ProblemId.HH2_FAILED), Problem(ProblemId.MFA)
    noted = ev.ProblemMet(Problem(ProblemId.LIMIT), noted=True)
    assert conclude(told(noted)).reason == ""
    assert conclude(told(noted, ev.ProblemMet(first), ev.ProblemMet(last), noted)).reason == last.id.value


def test_step_one_failed_is_failed_and_step_two_was_not_begun() -> None:
    failed = ev.StepOneFinished(StepOneOutcome.FAILED, None, Problem(ProblemId.HH2_FAILED))
    state = told(*through_step_one()[:9], ev.ProblemMet(Problem(ProblemId.HH2_FAILED)), failed)
    assert (conclude(state).outcome, conclude(state).exit) == (RunOutcome.FAILED, 20)


@pytest.mark.parametrize(
    "problem",
    [ProblemId.HH2_LOGIN, ProblemId.HH2_LOCKED, ProblemId.HH2_CLIENT, ProblemId.PRO_PERM, ProblemId.MFA],
)
def test_what_only_a_person_can_put_right_needs_a_person(problem: ProblemId) -> None:
    state = told(ev.ProblemMet(Problem(problem)), ev.StepOneFinished(StepOneOutcome.FAILED))
    assert (conclude(state).outcome, conclude(state).exit) == (RunOutcome.PERSON, 30)


def test_unsure_needs_a_person() -> None:
    state = told(*through_step_one()[:9], ev.StepOneFinished(StepOneOutcome.UNSURE))
    assert conclude(state).outcome is RunOutcome.PERSON


def test_a_noted_problem_does_not_spoil_the_outcome() -> None:
    noted = ev.ProblemMet(Problem(ProblemId.SESSION), noted=True)
    assert (
        conclude(told(*through_step_one(), noted, *refreshed(Tab.VENDORS), plan=VENDORS)).outcome
        is RunOutcome.OK
    )


def test_a_stop_is_cancelled_whatever_was_reached() -> None:
    state = told(*through_step_one(), *refreshed(Tab.VENDORS), ev.CancelRequested("dana"), plan=VENDORS)
    assert (conclude(state).outcome, conclude(state).exit) == (RunOutcome.CANCELLED, 130)


def test_step_two_that_broke_off_is_failed_and_what_is_left_can_be_resumed() -> None:
    state = told(*through_step_one(), ev.ProblemMet(Problem(ProblemId.NET)), plan=VENDORS)
    assert conclude(state).outcome is RunOutcome.FAILED
    assert state.left == (Tab.VENDORS,)


def test_step_two_that_broke_off_for_a_person_needs_one() -> None:
    state = told(*through_step_one(), ev.ProblemMet(Problem(ProblemId.PROOF_OLD)), plan=VENDORS)
    assert conclude(state).outcome is RunOutcome.PERSON


def test_nobody_came_is_person() -> None:
    assert conclude(told(*through_step_one(), plan=VENDORS), gave_up=True).outcome is RunOutcome.PERSON


def test_a_fault_of_the_program_is_never_ok() -> None:
    broke = ev.ProblemMet(Problem(ProblemId.INTERNAL))
    assert (
        conclude(told(*through_step_one(), *refreshed(Tab.VENDORS), broke, plan=VENDORS)).outcome
        is RunOutcome.FAILED
    )


@pytest.mark.parametrize(
    ("problem", "code"), [(ProblemId.IN_USE, 30), (ProblemId.DISK, 20), (ProblemId.FILE_BROKEN, 30)]
)
def test_a_run_that_could_not_be_planned_has_an_exit_code_too(problem: ProblemId, code: int) -> None:
    assert without_a_run(Problem(problem)).exit == code


def test_a_problem_that_was_noted_and_could_not_be_dealt_with_is_told_once() -> None:
    noted = ev.ProblemMet(Problem(ProblemId.HH2_BUSY, {"text": "Running"}), noted=True)
    failed = ev.ProblemMet(Problem(ProblemId.HH2_BUSY, {"text": "Running", "waited": 3600}))
    elsewhere = ev.ProblemMet(Problem(ProblemId.PRO_BUSY, {"tab": "vendors"}), noted=True)
    here = ev.ProblemMet(Problem(ProblemId.PRO_BUSY, {"tab": "jobs"}))
    assert conclusion.told((noted, elsewhere, failed, here, here)) == (elsewhere, failed, here)
    assert conclusion.told((noted,)) == (noted,)
