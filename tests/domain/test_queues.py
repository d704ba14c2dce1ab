"""How long records have waited in a tab's queues: since the first of our looks in a row that found any there."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.looks import Since, TabOutcome, Waiting
from app.domain.queues import Looks, looks
from app.domain.run import RunState
from app.domain.tabs import Tab
from tests.domain import stories

On = Callable[..., RunState]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """A run on the n-th day that refreshed a tab, and what it saw waiting there."""
    first = stories.BEGIN

    def run(day: int, ready: int | None, failed: int | None = 0, tab: Tab = Tab.VENDORS) -> RunState:
        monkeypatch.setattr(stories, "BEGIN", first + timedelta(days=day))
        outcome = TabOutcome.STAGED if ready else TabOutcome.DONE
        ended = stories.refreshed(tab, outcome, Waiting(ready, failed))
        return stories.told(*stories.through_step_one(), *ended)

    return run


def back(last: RunState, *earlier: RunState) -> Looks:
    """The last run, and the runs before it, the newest first."""
    found = looks(last)
    for run in earlier:
        found = found.before(run)
    return found


def test_records_that_every_look_found_are_told_since_the_first_of_them(on: On) -> None:
    last, before, first = on(9, 3), on(5, 12), on(2, 1)
    found = back(last, before, first)
    assert found.by_tab() == {Tab.VENDORS: Since(first.tabs[Tab.VENDORS].refresh.finished_at)}
    assert found.open == {(Tab.VENDORS, "ready_to_import")}


def test_a_look_that_found_none_ends_it_and_one_that_did_not_look_does_not(on: On) -> None:
    last, elsewhere, since = on(9, 3), on(8, 0, tab=Tab.JOBS), on(7, 3)
    found = back(last, elsewhere, since, on(6, None), on(5, 0), on(1, 40))
    assert found.by_tab() == {Tab.VENDORS: Since(since.tabs[Tab.VENDORS].refresh.finished_at)}
    assert found.open == frozenset()


def test_the_two_queues_of_a_tab_have_their_own_ages(on: On) -> None:
    last, before = on(9, 3, 2), on(5, 0, 1)
    at, earlier = (run.tabs[Tab.VENDORS].refresh.finished_at for run in (last, before))
    assert back(last, before).by_tab() == {Tab.VENDORS: Since(at, earlier)}


def test_where_nothing_waits_no_older_run_is_asked(on: On) -> None:
    assert looks(on(9, 0)) == Looks()
