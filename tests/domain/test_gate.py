"""The gate to step 2: shut unless step 1 is proven or a person says so, and only while that is fresh."""

from datetime import timedelta

import pytest
from msgspec import structs

from app.domain import events as ev
from app.domain.gate import CLOCK_SLACK, Gate, GateShut, Permit, Shut, gate, permit
from app.domain.looks import Evidence, EvidenceKind, StepOneOutcome, TabOutcome
from app.domain.problems import Problem, ProblemId
from app.domain.run import NotAllowed, check
from app.domain.tabs import Tab
from tests.domain.stories import (
    IDLE,
    JOBS,
    PROOF,
    QUIET,
    next_record,
    planned,
    refreshed,
    through_step_one,
    told,
)

WORD = Evidence(EvidenceKind.PERSON, "The page says completed", "2026-11-24T08:10:00+00:00")


def test_a_gate_is_open_with_evidence_and_without_a_reason_to_be_shut_alone() -> None:
    assert not Gate().is_open
    assert not Gate(by_person=True).is_open
    assert not Gate(evidence=PROOF).is_open  # shut, whatever else it says
    assert not Gate(shut=None).is_open  # nothing shuts it, and nothing proves it
    opened = Gate(evidence=PROOF, shut=None)
    assert opened.is_open
    assert not opened.by_person


def test_a_proven_step_one_before_the_gate_was_opened_is_not_told_as_failed() -> None:
    state = told(*through_step_one()[:10])
    assert gate(state, state.last_at).shut is Shut.NOT_FINISHED


def test_where_step_two_alone_was_planned_start_sync_is_never_announced() -> None:
    state = told(*through_step_one()[:7], plan=planned(step_one=False))
    with pytest.raises(NotAllowed, match="baseline"):
        check(state, next_record(state, ev.SyncRequested()))


def test_a_clock_may_go_back_by_the_slack_and_no_more() -> None:
    state = told(*through_step_one())
    assert state.opened is not None
    assert gate(state, state.opened.at - CLOCK_SLACK).is_open
    assert gate(state, state.opened.at - CLOCK_SLACK - timedelta(microseconds=1)).shut is Shut.OLD


def test_a_permit_says_whether_it_was_used() -> None:
    state = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET), ev.RefreshRequested(Tab.VENDORS))
    leave = permit(state, Tab.VENDORS, None, state.last_at)
    assert leave.was_used() is False
    leave.use()
    assert leave.was_used() is True


def test_a_permit_that_is_refused_says_why_the_gate_is_shut() -> None:
    state = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET), ev.RefreshRequested(Tab.VENDORS))
    with pytest.raises(GateShut, match="old") as refused:
        permit(state, Tab.VENDORS, None, state.last_at + timedelta(hours=2))
    assert refused.value.why is Shut.OLD


def test_a_gate_that_was_opened_without_evidence_gives_no_permit() -> None:
    state = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET), ev.RefreshRequested(Tab.VENDORS))
    assert state.opened is not None
    broken = structs.replace(state, opened=structs.replace(state.opened, evidence=None))
    with pytest.raises(GateShut) as refused:
        permit(broken, Tab.VENDORS, None, state.last_at)
    assert refused.value.why is Shut.NOT_FINISHED


def test_the_gate_is_shut_before_anything_happened() -> None:
    state = told()
    assert gate(state, state.last_at).shut is Shut.NOT_FINISHED


def test_the_gate_is_shut_while_step_one_runs() -> None:
    state = told(*through_step_one()[:9])
    assert gate(state, state.last_at).shut is Shut.NOT_FINISHED


@pytest.mark.parametrize(
    ("outcome", "shut"),
    [
        (StepOneOutcome.FAILED, Shut.FAILED),
        (StepOneOutcome.PERSON, Shut.FAILED),
        (StepOneOutcome.CANCELLED, Shut.FAILED),
        (StepOneOutcome.UNSURE, Shut.UNSURE),
    ],
)
def test_the_gate_is_shut_after_any_end_of_step_one_but_done(outcome: StepOneOutcome, shut: Shut) -> None:
    state = told(*through_step_one()[:9], ev.StepOneFinished(outcome))
    assert gate(state, state.last_at).shut is shut


def test_the_gate_opens_on_the_proof_of_step_one_and_shows_it() -> None:
    state = told(*through_step_one())
    seen = gate(state, state.last_at)
    assert seen.is_open
    assert seen.evidence == PROOF
    assert not seen.by_person


def test_proof_grows_old_after_the_profiles_time() -> None:
    state = told(*through_step_one())
    assert state.step_one.finished_at is not None
    assert gate(state, state.step_one.finished_at + timedelta(minutes=60)).is_open
    assert gate(state, state.step_one.finished_at + timedelta(minutes=60, seconds=1)).shut is Shut.OLD


def test_a_clock_set_back_further_than_an_adjustment_makes_the_proof_old() -> None:
    state = told(*through_step_one())
    assert state.opened is not None
    assert gate(state, state.opened.at - timedelta(seconds=30)).is_open
    assert gate(state, state.opened.at - timedelta(minutes=2)).shut is Shut.OLD


def test_the_age_counts_from_the_proof_even_when_the_gate_is_opened_later_after_a_crash() -> None:
    before = told(*through_step_one()[:10])
    opening = next_record(before, ev.GateOpened(PROOF, by_person=False), timedelta(minutes=59))
    check(before, opening)
    from app.domain.run import apply

    state = apply(before, opening)
    assert state.opened is not None
    assert state.opened.at == before.step_one.finished_at


def test_unsure_opens_only_after_the_person_said_what_they_saw() -> None:
    unsure = told(*through_step_one()[:9], ev.StepOneFinished(StepOneOutcome.UNSURE))
    with pytest.raises(NotAllowed):
        check(unsure, next_record(unsure, ev.GateOpened(WORD, by_person=True)))
    state = told(
        *through_step_one()[:9],
        ev.StepOneFinished(StepOneOutcome.UNSURE),
        ev.PersonConfirmed("The page says completed", "dana"),
        ev.GateOpened(WORD, by_person=True),
    )
    assert gate(state, state.last_at).by_person


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_a_word_without_words_is_none(words: str) -> None:
    state = told(plan=planned(step_one=False))
    with pytest.raises(NotAllowed):
        check(state, next_record(state, ev.PersonConfirmed(words, "dana")))


def test_the_gate_does_not_open_on_a_failure_without_a_word() -> None:
    state = told(*through_step_one()[:9], ev.StepOneFinished(StepOneOutcome.FAILED))
    with pytest.raises(NotAllowed):
        check(state, next_record(state, ev.GateOpened(PROOF, by_person=False)))


def test_somebody_elses_sync_is_no_proof_of_ours() -> None:
    state = told(
        ev.StepOneBaseline(IDLE), ev.TheirsAccepted("dana"), ev.StepOneFinished(StepOneOutcome.DONE, PROOF)
    )
    with pytest.raises(NotAllowed):
        check(state, next_record(state, ev.GateOpened(PROOF, by_person=False)))


def test_a_stop_shuts_the_gate_at_once() -> None:
    state = told(*through_step_one(), ev.CancelRequested("dana"))
    assert gate(state, state.last_at).shut is Shut.CANCELLED


def test_no_refresh_is_announced_while_the_gate_is_shut() -> None:
    state = told(*through_step_one()[:9], ev.TabBaseline(Tab.VENDORS, QUIET))
    with pytest.raises(NotAllowed, match="gate"):
        check(state, next_record(state, ev.RefreshRequested(Tab.VENDORS)))


def test_no_refresh_is_announced_on_an_old_proof() -> None:
    state = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET))
    with pytest.raises(NotAllowed, match="gate"):
        check(state, next_record(state, ev.RefreshRequested(Tab.VENDORS), timedelta(minutes=61)))


def test_no_refresh_without_a_baseline() -> None:
    state = told(*through_step_one())
    with pytest.raises(NotAllowed, match="baseline"):
        check(state, next_record(state, ev.RefreshRequested(Tab.VENDORS)))


def test_a_tab_is_pressed_once_unless_a_person_asks_again() -> None:
    state = told(
        *through_step_one(), *refreshed(Tab.VENDORS, TabOutcome.STAGED), ev.TabBaseline(Tab.VENDORS, QUIET)
    )
    with pytest.raises(NotAllowed, match="once"):
        check(state, next_record(state, ev.RefreshRequested(Tab.VENDORS)))
    again = told(
        *through_step_one(),
        *refreshed(Tab.VENDORS, TabOutcome.STAGED),
        ev.RetryAsked(Tab.VENDORS, "dana"),
        *refreshed(Tab.VENDORS),
    )
    assert again.tabs[Tab.VENDORS].refresh.presses == 2


def test_job_costs_go_job_by_job_and_other_tabs_as_a_whole() -> None:
    state = told(
        *through_step_one(), ev.TabBaseline(Tab.JOB_COSTS, QUIET), ev.TabBaseline(Tab.JOBS, QUIET, JOBS[0])
    )
    with pytest.raises(NotAllowed, match="job by job"):
        check(state, next_record(state, ev.RefreshRequested(Tab.JOB_COSTS)))
    with pytest.raises(NotAllowed, match="job by job"):
        check(state, next_record(state, ev.RefreshRequested(Tab.JOBS, JOBS[0])))


def test_a_permit_is_given_for_an_announced_press_only_and_used_once() -> None:
    quiet = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET))
    with pytest.raises(RuntimeError, match="announced"):
        permit(quiet, Tab.VENDORS, None, quiet.last_at)
    state = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET), ev.RefreshRequested(Tab.VENDORS))
    leave = permit(state, Tab.VENDORS, None, state.last_at)
    leave.use()
    with pytest.raises(RuntimeError, match="twice"):
        leave.use()


def test_a_permit_is_not_given_when_the_proof_grew_old_after_the_announcement() -> None:
    state = told(*through_step_one(), ev.TabBaseline(Tab.VENDORS, QUIET), ev.RefreshRequested(Tab.VENDORS))
    with pytest.raises(GateShut):
        permit(state, Tab.VENDORS, None, state.last_at + timedelta(hours=2))


def test_nobody_can_make_a_permit_for_themselves() -> None:
    with pytest.raises(TypeError):
        Permit(Tab.VENDORS, None, _key=object())


def test_a_declined_press_may_be_made_later() -> None:
    busy = Problem(ProblemId.PRO_BUSY, {"tab": "vendors"})
    state = told(
        *through_step_one(),
        ev.TabBaseline(Tab.VENDORS, QUIET),
        ev.RefreshRequested(Tab.VENDORS),
        ev.RefreshDeclined(Tab.VENDORS, busy),
        *refreshed(Tab.VENDORS),
    )
    assert state.tabs[Tab.VENDORS].refresh.presses == 1


def test_nothing_is_refreshed_while_far_fewer_records_wait_for_a_persons_word() -> None:
    felt = ev.BrakeChecked({"jobs": 280}, {"jobs": 412}, Problem(ProblemId.SAFE))
    state = told(*through_step_one(), felt, ev.TabBaseline(Tab.VENDORS, QUIET))
    with pytest.raises(NotAllowed, match="far fewer"):
        check(state, next_record(state, ev.RefreshRequested(Tab.VENDORS)))
    word = ev.PersonConfirmed("Archived on purpose", "dana")
    state = told(*through_step_one(), felt, word, ev.TabBaseline(Tab.VENDORS, QUIET))
    check(state, next_record(state, ev.RefreshRequested(Tab.VENDORS)))
