"""The window by the keyboard alone: a whole run, every part reached, no letter that means two things at once."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.filters import DateRange
from app.domain.tabs import Tab
from app.ui.history_view import HistoryView
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop, plain
from tests.ui.scenes import window_of
from tests.ui.stories import scene

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def _key(key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, to whatever has the keyboard."""
    at = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
    assert at is not None
    QTest.keyClick(at, key, with_)


def _tab_to(name: str) -> QWidget:
    """Press Tab until the cursor stands on what has these words, or this name for a screen reader."""
    for _ in range(80):
        at = QApplication.focusWidget()
        if at is not None and name in (at.accessibleName(), plain(getattr(at, "text", str)())):
            return at
        _key(Qt.Key.Key_Tab)
    raise AssertionError(f"{name} is not reached by the keyboard")


def _in_front(shown: Desktop) -> None:
    wait_until(lambda: shown.has("Start Sync"), "ready")
    _has_the_keyboard(shown)


def _has_the_keyboard(shown: Desktop) -> None:
    shown.frame.activateWindow()
    wait_until(shown.frame.isActiveWindow, "the window has the keyboard")


def test_a_whole_run_from_the_date_range_to_the_exit(acme: Open, admin: Admin) -> None:
    with acme(go_on=False) as shown:
        _in_front(shown)
        _key(Qt.Key.Key_D, ALT)
        assert QApplication.focusWidget() is shown.window.step_one.date_box
        _key(Qt.Key.Key_Home)
        assert shown.window.step_one.filters().date_range is DateRange.TODAY
        _key(Qt.Key.Key_S, ALT)
        wait_until(lambda: shown.box(Tab.VENDORS).isEnabled(), "the tabs can be chosen", 30)
        _tab_to("Select none")
        _key(Qt.Key.Key_Space)
        assert not any(box.isChecked() for box in shown.tabs())
        _tab_to("Vendors")
        _key(Qt.Key.Key_Space)
        _key(Qt.Key.Key_F5)
        shown.until_over()
        assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]
        _what_proved_it_and_the_history(shown)
        _key(Qt.Key.Key_Q, CTRL)
        wait_until(lambda: shown.gone, "the program has ended")


def _what_proved_it_and_the_history(shown: Desktop) -> None:
    wait_until(lambda: shown.has("What proved Vendors"), "it can be read")
    _tab_to("What proved Vendors")
    _key(Qt.Key.Key_Space)
    assert isinstance(shown.dialog(), QMessageBox)
    wait_until(shown.dialog().isActiveWindow, "it has the keyboard")
    _key(Qt.Key.Key_Escape)
    wait_until(lambda: not shown.has_dialog() and shown.frame.isActiveWindow(), "it is closed")
    _key(Qt.Key.Key_H, CTRL)
    history = shown.dialog()
    assert isinstance(history, HistoryView)
    wait_until(lambda: history.isActiveWindow() and bool(history.timeline.text()), "it is read")
    _key(Qt.Key.Key_Escape)
    wait_until(lambda: not shown.has_dialog() and shown.frame.isActiveWindow(), "it is closed")
    _key(Qt.Key.Key_L, CTRL)
    assert QApplication.focusWidget() is shown.window.log.text


def test_enter_starts_it_escape_goes_back_and_the_menus_open(acme: Open, admin: Admin) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS,)) as shown:
        _in_front(shown)
        _key(Qt.Key.Key_T, ALT)
        wait_until(shown.window.notice.field.edit.hasFocus, "what was seen is asked for")
        _key(Qt.Key.Key_Escape)
        wait_until(lambda: not shown.reads("Step 2 only: has hh2 synced by itself?"), "nothing is asked")
        _key(Qt.Key.Key_Y, ALT)
        wait_until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "the menu is open")
        _key(Qt.Key.Key_Escape)
        wait_until(lambda: QApplication.activePopupWidget() is None, "the menu is closed")
        shown.window.step_one.depth_box.setFocus()
        at = _tab_to("Start Sync")
        assert at is shown.window.step_one.start
        _key(Qt.Key.Key_Return)
        shown.until_over()
        assert len(admin.presses("sync.start")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="xdotool speaks to an X server")
def test_keys_that_come_from_the_keyboard_itself_do_the_same(acme: Open, admin: Admin) -> None:
    """Not by Qt's own test keys: the X server sends them, through the window manager, as for a person."""
    with acme(go_on=False) as shown:
        _in_front(shown)
        _typed(shown, "alt+s")
        wait_until(lambda: shown.box(Tab.VENDORS).isEnabled(), "the tabs can be chosen", 30)
        _typed(shown, "alt+l")
        wait_until(lambda: not any(box.isChecked() for box in shown.tabs()), "no tab is chosen")
        shown.box(Tab.SUB_JOBS).setFocus()
        _typed(shown, "space", "F5")
        shown.until_over()
        assert [press["tab"] for press in admin.presses("tab.refresh")] == ["sub-jobs"]
        _typed(shown, "ctrl+q")
        wait_until(lambda: shown.gone, "the program has ended")


def _typed(shown: Desktop, *keys: str) -> None:
    """Keys go where the window manager has put the keyboard; on a busy machine it is late in taking it from the window
    of the test before, and takes it back once more."""
    _has_the_keyboard(shown)
    done = subprocess.run(["xdotool", "key", *keys], capture_output=True, check=False, timeout=10)
    assert done.returncode == 0, done.stderr


# ------------------------------------------------------------------ what is reached, and by which letter


@pytest.mark.parametrize("name", ["idle", "first time, nothing typed", "gate open, choose tabs", "unsure"])
def test_tab_reaches_everything_once_from_the_first_step_to_the_second(name: str, qtbot: QtBot) -> None:
    frame, window = window_of(*scene(name))
    qtbot.addWidget(frame)
    frame.activateWindow()
    wait_until(frame.isActiveWindow, "the window has the keyboard")
    kinds = (QAbstractButton, QComboBox, QLineEdit)
    usable = {
        one
        for one in frame.findChildren(QWidget)
        if isinstance(one, kinds)
        and one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    met: list[QWidget] = []
    first = QApplication.focusWidget()
    for _ in range(len(usable) + 30):
        _key(Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        assert at is not None
        met.append(at)
        if at is first or (first is None and len(met) > 1 and at is met[0]):
            break
    assert usable <= set(met), [plain(getattr(one, "text", str)()) for one in usable - set(met)]
    first_step, second = window.step_one.isAncestorOf, window.step_two.isAncestorOf
    begins = next(at for at, one in enumerate(met) if first_step(one) and not first_step(met[at - 1]))
    ring = met[begins:] + met[:begins]
    steps = [1 if first_step(one) else 2 for one in ring if first_step(one) or second(one)]
    assert steps == sorted(steps)
    frame.let_go()
    frame.close()
