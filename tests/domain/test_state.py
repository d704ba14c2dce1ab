"""What a run's state says of it: does it wait for Start Sync, how often was it taken up, what is left to compare."""

import msgspec
import pytest

from app.domain import events as ev
from app.domain.looks import StepOneOutcome
from app.domain.problems import ProblemId
from app.domain.run import NotAllowed, check
from tests.domain.stories import next_record, planned, through_step_one, told

NOBODY = ev.RunEnded(ev.RunOutcome.PERSON, 30, ProblemId.NOT_PRESSED.value)


def test_a_run_in_which_nobody_pressed_start_sync_waits_for_it() -> None:
    assert told(NOBODY).waits_for_start


@pytest.mark.parametrize(
    ("events", "plan"),
    [
        ([], planned()),  # it has no end
        ([ev.RunEnded(ev.RunOutcome.PERSON, 30, ProblemId.MFA.value)], planned()),  # for another reason
        ([NOBODY], planned(step_one=False)),  # step 1 is not of this run
        ([*through_step_one()[:8], NOBODY], planned()),  # Start Sync is announced
        ([*through_step_one()[:10], NOBODY], planned()),  # step 1 has its end
    ],
    ids=["under way", "another reason", "step 2 only", "announced", "finished"],
)
def test_any_other_run_does_not_wait_for_start_sync(events: list[ev.AnyEvent], plan: ev.RunPlanned) -> None:
    assert not told(*events, plan=plan).waits_for_start


def test_a_run_counts_how_often_it_was_taken_up() -> None:
    assert told().resumes == 0
    assert told(NOBODY, ev.RunResumed("dana", after_crash=False)).resumes == 1


def test_what_is_compared_needs_a_proven_step_one_or_an_open_gate() -> None:
    matching = msgspec.structs.replace(planned([]), match=True)
    proven = through_step_one()[:10]  # the gate was not opened: no tab was chosen
    assert told(*proven, plan=matching).match_is_left
    assert told(*through_step_one(), plan=matching).match_is_left
    assert not told(*proven[:9], plan=matching).match_is_left
    assert not told(*proven, plan=planned([])).match_is_left
    unsure = ev.StepOneFinished(StepOneOutcome.UNSURE)
    assert not told(*proven[:9], unsure, plan=matching).match_is_left


def test_a_report_is_saved_by_hand_only_after_the_runs_end() -> None:
    saved = ev.ReportSaved("report", "dana", ())
    running, ended = told(), told(ev.RunEnded(ev.RunOutcome.OK, 0))
    check(ended, next_record(ended, saved))
    with pytest.raises(NotAllowed, match="by hand"):
        check(running, next_record(running, saved))
