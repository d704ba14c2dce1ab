"""Closing, exiting, the tray and its notifications, as a desktop sees them while a run is under way."""

import os
import signal
import subprocess
import sys
import time

import msgspec
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.events import RunOutcome
from app.domain.tabs import Tab
from app.engine.faces import Practice
from app.ui import notifications
from app.ui.session_end import set_block_reason
from tests.end_to_end.company import NAME
from tests.support.tray_host import TrayHost
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop, answers_within, desktop

GOES_ON = "The sync goes on. This window is in the tray"


def _begin(shown: Desktop) -> None:
    """A run that goes on for some seconds."""
    shown.press("Start Sync")
    wait_until(lambda: shown.has("Stop"), "the run is under way", 10)


def test_closed_during_a_run_the_window_is_in_the_tray_and_says_so_once(acme: Open, tray: TrayHost) -> None:
    with acme("slow", pace=1.0, go_on=True) as shown:
        _begin(shown)
        item = tray.item()
        shown.frame.close()
        wait_until(lambda: not shown.frame.isVisible(), "the window is gone from the screen")
        assert tray.notice(GOES_ON).summary == NAME
        assert shown.view.busy
        assert "Step 1 is under way" in tray.look(item).tooltip_title
        tray.click(item, "Open")
        wait_until(shown.frame.isVisible, "the window is back")
        shown.frame.close()
        wait_until(lambda: not shown.frame.isVisible(), "the window is gone again")
        assert len([one for one in tray.notices if GOES_ON in one.body]) == 1
        assert not shown.gone
        kept = shown.ask(shown.house.preferences())
        assert kept.said == ("in-the-tray",)


def test_what_was_said_once_is_not_said_the_next_time(acme: Open, tray: TrayHost) -> None:
    async def said_before(shown: Desktop) -> None:
        kept = await shown.house.preferences()
        assert kept.said == ()

    with acme("slow", pace=1.0, go_on=True) as shown:
        shown.ask(said_before(shown))
        shown.opened.desk.remember(said=("in-the-tray",))
        _begin(shown)
        shown.frame.close()
        wait_until(lambda: not shown.frame.isVisible(), "the window is gone from the screen")
        shown.opened.tray.notify("Marker", "what comes after it would be late")
        tray.notice("late")
        assert [one.summary for one in tray.notices] == ["Marker"]


def test_a_click_on_a_notification_opens_what_it_speaks_of(acme: Open, tray: TrayHost) -> None:
    with acme("ok", pace=0.1, go_on=True, tabs=(Tab.VENDORS,)) as shown:
        _begin(shown)
        shown.frame.close()
        wait_until(lambda: not shown.frame.isVisible(), "the window is gone from the screen")
        shown.opened.window.below.setCurrentWidget(shown.opened.window.log)
        said = tray.notice("Finished", 20)
        assert said.actions == ["default", "Open"]
        assert "Written to" in said.body
        tray.press(said)
        wait_until(shown.frame.isVisible, "the window is back")
        assert shown.opened.window.below.currentWidget() is shown.opened.window.outcome


def test_the_tray_has_a_menu_that_works(acme: Open, tray: TrayHost, admin: Admin) -> None:
    with acme("slow", pace=0.3, go_on=True, tabs=(Tab.VENDORS,)) as shown:
        item = tray.item()
        assert [(one.label, one.enabled) for one in tray.menu(item) if not one.separator] == [
            ("Open", True),
            ("Start sync", True),
            ("Stop", False),
            ("Options", True),
            ("Exit", True),
        ]
        tray.click(item, "Options")
        wait_until(shown.has_dialog, "the settings are open")
        shown.press("Cancel")
        shown.frame.showMinimized()
        tray.click(item, "Start sync")
        wait_until(lambda: shown.has("Stop"), "the run is under way", 10)
        assert not shown.frame.isMinimized()
        wait_until(lambda: _enabled(tray, item) == ["Open", "Stop", "Exit"], "the menu follows the run")
        tray.click(item, "Stop")
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.CANCELLED
        tray.click(item, "Exit")
        wait_until(lambda: shown.gone, "the program ends")
        wait_until(lambda: not tray.items, "the icon is gone")
    assert admin.presses("tab.refresh") == []


def _enabled(tray: TrayHost, item: object) -> list[str]:
    return [one.label for one in tray.menu(item) if one.enabled and not one.separator]  # type: ignore[arg-type]


def test_a_click_on_the_icon_opens_the_window(acme: Open, tray: TrayHost) -> None:
    with acme() as shown:
        shown.frame.showMinimized()
        wait_until(shown.frame.isMinimized, "the window is small")
        tray.activate(tray.item())
        wait_until(lambda: not shown.frame.isMinimized(), "the window is back")


def test_the_end_is_told_beside_the_clock(acme: Open, tray: TrayHost) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS,)) as shown:
        shown.press("Start Sync")
        shown.until_over()
        notice = tray.notice("Finished. All is done.")
        assert notice.summary == NAME
        assert "Finished. All is done." in tray.look(tray.item()).tooltip_title


def test_a_needed_person_is_told_beside_the_clock(acme: Open, tray: TrayHost) -> None:
    with acme("no-proof", go_on=True) as shown:
        shown.press("Start Sync")
        tray.notice("Please look in hh2 and say what you saw.", 30)
        assert "Please look in hh2" in tray.look(tray.item()).tooltip_title


def test_a_daemon_that_does_not_answer_holds_nothing_up(acme: Open, tray: TrayHost) -> None:
    with acme() as shown:
        daemon = tray._process.pid
        os.kill(daemon, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            for at in range(50):
                shown.opened.tray.notify("Acme", f"number {at}")
            shown.ask(shown.house.preferences())  # window and engine work on
            assert time.monotonic() - begun < 1.0
        finally:
            os.kill(daemon, signal.SIGCONT)
        tray.notice("number 49")


def test_without_a_bus_the_icon_itself_speaks(
    acme: Open, tray: TrayHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acme() as shown:
        monkeypatch.setattr(notifications, "are_on_the_bus", lambda: False)
        shown.opened.tray.notify("Acme", "by the icon")
        tray.notice("by the icon")


def test_when_the_bus_is_gone_the_icon_itself_speaks(
    acme: Open, tray: TrayHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acme() as shown:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        shown.opened.tray.notify("Acme", "by the icon after all")
        tray.notice("by the icon after all")


def test_exit_asks_and_then_stops_in_order(acme: Open, admin: Admin) -> None:
    with acme("slow", pace=1.0, go_on=True) as shown:
        _begin(shown)
        shown.window.exit_pressed.emit()
        box = shown.dialog()
        assert isinstance(box, QMessageBox)
        assert "the next step does not begin" in box.text()
        assert box.defaultButton().text() == "&Keep running"
        shown.window.exit_pressed.emit()  # a second time asks nothing new
        shown.press("Keep running")
        assert shown.view.busy
        shown.window.exit_pressed.emit()
        wait_until(lambda: shown.has("Stop and exit"), "it is asked again")
        with answers_within(0.1):
            shown.press("Stop and exit")
        assert shown.view.leaving
        assert shown.reads("The program ends as soon as the run has stopped.")
        shown.frame.close()  # a second close changes nothing
        shown.window.exit_pressed.emit()
        wait_until(lambda: shown.gone, "the program has ended")
        assert shown.run is not None
        assert shown.run.ended is not None
        assert shown.run.ended.outcome is RunOutcome.CANCELLED
    assert admin.presses("tab.refresh") == []


def test_exit_without_a_run_asks_nothing(acme: Open) -> None:
    with acme() as shown:
        shown.window.exit_pressed.emit()
        wait_until(lambda: shown.gone, "the program has ended")


def test_a_close_without_a_run_ends_the_program(acme: Open) -> None:
    with acme() as shown:
        shown.frame.close()
        wait_until(lambda: shown.gone, "the program has ended")
        assert not shown.frame.isVisible()


def test_exit_from_the_tray_brings_the_window_back_to_ask(acme: Open, tray: TrayHost) -> None:
    with acme("slow", pace=1.0, go_on=True) as shown:
        _begin(shown)
        shown.frame.close()
        wait_until(lambda: not shown.frame.isVisible(), "the window is gone from the screen")
        tray.click(tray.item(), "Exit")
        wait_until(shown.has_dialog, "the question")
        assert shown.frame.isVisible()
        shown.press("Keep running")


@pytest.mark.skipif(sys.platform != "linux", reason="signals of a terminal")
def test_a_request_to_end_stops_the_run_in_order(acme: Open) -> None:
    with acme("slow", pace=1.0, go_on=True) as shown:
        _begin(shown)
        os.kill(os.getpid(), signal.SIGTERM)
        wait_until(lambda: shown.gone, "the program has ended")
        assert shown.run is not None
        assert shown.run.ended is not None
        assert shown.run.ended.outcome is RunOutcome.CANCELLED


class _Manager:
    """What the desktop's session gives a program at its end; Qt makes none for a test."""

    held_off = False

    def cancel(self) -> None:
        self.held_off = True


def test_the_end_of_the_session_waits_for_the_run_to_stop(acme: Open) -> None:
    with acme("slow", pace=1.0, go_on=True) as shown:
        manager = _Manager()
        ends = shown.opened.session_end
        ends.commit(manager)  # type: ignore[arg-type]
        assert not manager.held_off
        _begin(shown)
        ends.commit(manager)  # type: ignore[arg-type]
        assert (manager.held_off, shown.view.leaving) == (True, True)
        wait_until(lambda: shown.gone, "the program has ended")
    assert set_block_reason(shown.frame, "") is False


def test_without_a_tray_a_close_makes_the_window_small_and_the_task_bar_asks_for_attention(
    tray: TrayHost, admin: Admin
) -> None:
    """Qt decides once in a process whether there is a tray, so this is a process of its own."""
    admin.play("slow", pace=0.3)
    with tray.away():
        done = subprocess.run(
            [sys.executable, "-m", "tests.ui.without_tray"],
            input=_served_line(admin),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["minimised", "shown", "attention"]


def _served_line(admin: Admin) -> str:
    return msgspec.json.encode(admin.served).decode()


def test_practising_from_the_menu_starts_a_training_company(qtbot: QtBot, acme: Open) -> None:
    with acme() as shown:
        assert not shown.reads("Training company")
        shown.window.practise_action.trigger()
        wait_until(
            lambda: shown.view.profile is not None and shown.view.profile.name == "Training company", "it", 20
        )
        assert shown.window.companies.currentText() == "Training company"
        assert shown.ask(shown.house.preferences()).last_profile == ""
    with desktop(qtbot, Practice(pace=0.1), profile="") as shown:
        assert shown.window.banner.isVisible()
