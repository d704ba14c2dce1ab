"""What a look proves: nothing that stood there before our press, and nothing that is merely unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.looks import (
    Phase,
    SyncLook,
    TabLook,
    TabOutcome,
    Unknown,
    Waiting,
    began,
    judge_sync,
    judge_tab,
    judge_theirs,
)
from app.domain.tabs import TABS, Lands, Tab

PHASES = st.sampled_from(Phase)
MARKS = st.sampled_from(["11", "12", ""])
SYNCS = st.builds(SyncLook, PHASES, MARKS, st.just("text"))
TAB_LOOKS = st.builds(
    TabLook,
    PHASES,
    MARKS,
    st.just("text"),
    st.builds(Waiting, st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
SUCCESSES = {TabOutcome.DONE, TabOutcome.STAGED, TabOutcome.NOTHING_VISIBLE}


@given(SYNCS, SYNCS)
def test_step_one_never_ends_on_a_mark_that_stood_there_before(before: SyncLook, now: SyncLook) -> None:
    verdict = judge_sync(before, now)
    assert not verdict.ended or now.mark != before.mark


@given(SYNCS, SYNCS)
def test_a_sync_under_way_or_unknown_has_not_ended(before: SyncLook, now: SyncLook) -> None:
    if now.phase in (Phase.NONE, Phase.QUEUED, Phase.RUNNING, Phase.UNKNOWN):
        assert not judge_sync(before, now).ended
        assert not judge_theirs(now).ended


@given(st.sampled_from(Tab), TAB_LOOKS, TAB_LOOKS)
def test_a_tab_succeeds_only_on_done_after_our_press(tab: Tab, before: TabLook, now: TabLook) -> None:
    verdict = judge_tab(tab, before, now)
    if verdict.outcome in SUCCESSES:
        assert now.phase is Phase.DONE
        assert now.mark != before.mark


@given(st.sampled_from(Tab), TAB_LOOKS, TAB_LOOKS)
def test_an_unknown_end_says_why(tab: Tab, before: TabLook, now: TabLook) -> None:
    verdict = judge_tab(tab, before, now)
    assert (verdict.outcome is TabOutcome.UNKNOWN) == (verdict.why is not None)


@pytest.mark.parametrize("tab", list(Tab))
def test_staged_is_said_only_of_tabs_that_stage(tab: Tab) -> None:
    before = TabLook(Phase.NONE, "1", "")
    now = TabLook(Phase.DONE, "2", "done", Waiting(ready_to_import=12))
    expected = TabOutcome.STAGED if TABS[tab].lands is Lands.STAGED else TabOutcome.DONE
    assert judge_tab(tab, before, now).outcome is expected


def test_stale_is_unknown_never_success() -> None:
    verdict = judge_tab(Tab.VENDORS, TabLook(Phase.DONE, "1", ""), TabLook(Phase.STALE, "2", "stale"))
    assert (verdict.outcome, verdict.why) == (TabOutcome.UNKNOWN, Unknown.STALE)


def test_queued_where_the_page_shows_no_end_is_unknown_and_said_so() -> None:
    now = TabLook(Phase.QUEUED, "2", "Job Costs Will Begin Syncing", shows_end=False)
    verdict = judge_tab(Tab.JOB_COSTS, TabLook(Phase.NONE, "1", ""), now)
    assert (verdict.outcome, verdict.why) == (TabOutcome.UNKNOWN, Unknown.QUEUED)


def test_queued_where_the_page_will_show_an_end_is_waited_for() -> None:
    assert (
        judge_tab(Tab.JOB_COSTS, TabLook(Phase.NONE, "1", ""), TabLook(Phase.QUEUED, "2", "")).outcome is None
    )


def test_nothing_visible_is_not_done() -> None:
    now = TabLook(Phase.DONE, "2", "", visible=False)
    assert judge_tab(Tab.JOBS, TabLook(Phase.NONE, "1", ""), now).outcome is TabOutcome.NOTHING_VISIBLE


def test_a_failure_is_a_failure_even_where_records_wait() -> None:
    now = TabLook(Phase.FAILED, "2", "Timed out", Waiting(ready_to_import=4))
    assert judge_tab(Tab.JOBS, TabLook(Phase.NONE, "1", ""), now).outcome is TabOutcome.FAILED


@given(SYNCS, SYNCS)
def test_a_lost_start_is_found_only_by_something_new(before: SyncLook, now: SyncLook) -> None:
    if began(before, now):
        assert now.mark != before.mark
        assert now.phase not in (Phase.NONE, Phase.UNKNOWN)
