"""The window from its start to its end, on the training company: real clicks, real servers, a real engine thread."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.events import RunOutcome
from app.domain.gate import gate
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.match_verdict import Match
from app.domain.profile import DriverName
from app.domain.tabs import Tab
from app.engine.faces import Practice
from tests.support.waiting import wait_until
from tests.ui.person import answers_within, desktop, stalls_of_ours


def test_start_sync_is_one_press_and_all_six_tabs_end_with_evidence(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(pace=0.1)) as shown:
        shown.window.compare_action.setChecked(False)
        assert len(shown.tabs()) == 6
        assert shown.reads("No good run yet.")
        assert not any(box.isEnabled() for box in shown.tabs())
        with stalls_of_ours() as stalls:
            shown.press("Start Sync")
            state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert all(state.tabs[tab].refresh.evidence is not None for tab in Tab)
        assert shown.reads("Last good run: just now.")
        assert stalls == []


@pytest.mark.slow
def test_where_both_sides_can_be_read_a_run_ends_with_do_they_match(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(pace=0.1, hour=1.0)) as shown:
        with stalls_of_ours() as stalls:
            shown.press("Start Sync")
            wait_until(lambda: shown.reads("rows"), "it tells how far the comparison is", 40)
            state = shown.until_over(60.0)
        assert stalls == []
        assert state.matched is not None
        assert state.matched.verdict is Match.MATCHES
        assert shown.reads("Do they match? Procore and Sage match.")
        shown.press("Show the match report")
        wait_until(lambda: shown.reads("Procore and Sage match."), "the report")


@pytest.mark.timeout(300)
@pytest.mark.slow
def test_the_same_by_pages_in_the_browser(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(driver=DriverName.BROWSER, pace=0.1)) as shown:
        shown.window.compare_action.setChecked(False)
        shown.press("Start Sync")
        state = shown.until_over(90.0)
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert state.plan.driver == "browser"


def test_the_tabs_are_shut_until_step_one_is_proven(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(scenario="sync-failed", pace=0.1)) as shown:
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.step_one.outcome is StepOneOutcome.FAILED
        assert not gate(state, state.last_at).is_open
        assert not any(box.isEnabled() for box in shown.tabs())
        assert not shown.has("Refresh selected tabs")


def test_stop_ends_the_run_and_the_button_answers_at_once(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(scenario="slow")) as shown:
        shown.press("Start Sync")
        wait_until(lambda: shown.has("Stop"), "Stop can be pressed")
        with answers_within(0.1):
            shown.press("Stop")
        state = shown.until_over(10.0)
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.CANCELLED
        assert all(state.tabs[tab].outcome is TabOutcome.CANCELLED for tab in state.chosen)


def test_staged_records_are_said_in_the_window(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(scenario="staged", pace=0.1)) as shown:
        shown.window.compare_action.setChecked(False)
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.tabs[Tab.VENDORS].outcome is TabOutcome.STAGED
        assert state.matched is None
        assert shown.reads("wait for import")
