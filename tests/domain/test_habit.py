"""What is usual, what is left and what is too long, by this company's own history; nothing is claimed on too little."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import events as ev
from app.domain.habit import Habit, habit, left_of_run, left_of_step_one
from app.domain.tabs import Tab
from tests.domain import stories

HABITS = {
    "step-one:past-week:shallow": habit((240.0, 300.0, 360.0, 420.0, 900.0)),
    "tab:vendors": habit((10.0, 12.0, 20.0)),
}


@pytest.mark.parametrize("few", [(), (5.0,), (5.0, 6.0)])
def test_fewer_than_three_runs_are_no_habit(few: tuple[float, ...]) -> None:
    known = habit(few)
    assert known.usual is None
    assert known.left(0.0) is None
    assert not known.is_long(10_000.0)


def test_what_is_left_is_told_by_the_runs_that_took_longer_than_this_one_so_far() -> None:
    known = HABITS["step-one:past-week:shallow"]
    assert known.usual == 360.0
    first, later = known.left(0.0), known.left(250.0)
    assert first is not None
    assert later is not None
    assert (first.likely, first.most) == (360.0, 420.0)
    assert (later.likely, later.most) == (360.0 - 250.0, 900.0 - 250.0)  # of 300, 360, 420 and 900
    assert known.left(400.0) is None, "only two were ever slower"


@given(st.lists(st.floats(0.1, 1e5), min_size=3, max_size=40), st.floats(0, 1e5))
def test_what_is_left_is_never_negative_and_what_is_long_has_no_time_left(
    seconds: list[float], at: float
) -> None:
    known = habit(seconds)
    left = known.left(at)
    assert left is None or 0 < left.likely <= left.most
    assert not (known.is_long(at) and left is not None and len(seconds) <= 20)
    assert not known.is_long(known.at(0.5))


def test_a_sync_is_long_when_it_is_clearly_slower_than_nine_in_ten() -> None:
    steady = habit((350.0, 355.0, 360.0, 365.0, 370.0))
    assert not steady.is_long(500.0)
    assert steady.is_long(900.0)  # usual 6 min, now 15
    uneven = habit((60.0, 360.0, 900.0))
    assert not uneven.is_long(1000.0), "one run in three takes as long"


def test_the_time_of_a_whole_run_is_told_only_where_every_part_of_it_is_known() -> None:
    vendors = stories.told(plan=stories.planned((Tab.VENDORS,)))
    both = stories.told(plan=stories.planned((Tab.VENDORS, Tab.JOBS)))
    left = left_of_run(vendors, HABITS, stories.BEGIN, 15.0)
    assert left is not None
    assert left.likely == 360.0 + 12.0
    assert left_of_run(both, HABITS, stories.BEGIN, 15.0) is None, "how long Jobs takes is not known"
    assert left_of_run(vendors, {}, stories.BEGIN, 15.0) is None


def test_step_one_counts_from_its_press() -> None:
    run = stories.told(*stories.through_step_one()[:8], plan=stories.planned((Tab.VENDORS,)))
    assert run.step_one.pressed_at is not None
    left = left_of_step_one(run, HABITS, run.step_one.pressed_at + timedelta(seconds=100))
    assert left is not None
    assert left.likely == 260.0
    ended = stories.told(*stories.through_step_one(), plan=stories.planned((Tab.VENDORS,)))
    assert left_of_step_one(ended, HABITS, stories.BEGIN) is None


def test_jobs_are_counted_with_the_pauses_between_them() -> None:
    run = stories.told(
        *stories.through_step_one(),
        ev.JobsFound(stories.JOBS, "last"),
        plan=stories.planned((Tab.JOB_COSTS,)),
    )
    left = left_of_run(run, {"job": Habit((5.0, 6.0, 7.0))}, stories.BEGIN, 15.0)
    assert left is not None
    assert left.likely == 3 * 6.0 + 2 * 15.0
