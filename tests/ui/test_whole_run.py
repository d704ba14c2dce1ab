"""The window from its start to its end, on the training company: real clicks, real servers, a real engine thread."""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.events import RunOutcome
from app.domain.gate import gate
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.profile import DriverName
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Practice
from app.engine.thread import EngineThread
from app.ui.frame import Frame
from app.ui.opened import Opened
from app.ui.window import Window
from tests.support.waiting import wait_until

OURS = str(Path(__file__).resolve().parents[2] / "app")


class Desktop:
    """A window on a training company, and what a person sees and presses of it."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    @property
    def run(self) -> RunState | None:
        return self.opened.desk.view.run

    @property
    def frame(self) -> Frame:
        return self.opened.window.frame

    def button(self, text: str) -> QPushButton:
        """The button on the screen whose text is this, its mnemonic aside."""
        found = [
            button
            for button in self.frame.findChildren(QPushButton)
            if button.isVisible() and button.text().replace("&", "") == text
        ]
        assert len(found) == 1, f"{len(found)} buttons named {text}"
        return found[0]

    def has(self, text: str) -> bool:
        """True while a button of this text can be pressed."""
        return any(
            button.isVisible() and button.isEnabled() and button.text().replace("&", "") == text
            for button in self.frame.findChildren(QPushButton)
        )

    def press(self, text: str) -> None:
        """A real click in the middle of the button."""
        QTest.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def tabs(self) -> list[QCheckBox]:
        """The check boxes of the six tabs."""
        panel = self.opened.window.step_two
        return [box for box in panel.findChildren(QCheckBox) if box.isVisible()]

    def ended(self) -> bool:
        """True when the run has ended and the window knows it."""
        return self.run is not None and self.run.ended is not None and not self.opened.desk.view.busy


@contextmanager
def desktop(qtbot: QtBot, practice: Practice) -> Iterator[Desktop]:
    """Open the window on a training company; leave it in order."""
    engine = EngineThread()
    engine.start()
    frame = Frame()
    qtbot.addWidget(frame)
    window = Window(frame)
    opened = Opened(window, engine, House("window", person=60.0))
    gone: list[bool] = []
    opened.leaving.gone.connect(lambda: gone.append(True))
    frame.fit()
    frame.show()
    qtbot.waitExposed(frame)
    opened.begin("", practice)
    made = Desktop(opened)
    try:
        wait_until(lambda: opened.desk.view.ready and made.has("Start Sync"), "the window is ready")
        yield made
    finally:
        opened.leaving.stop_and_leave()
        wait_until(lambda: bool(gone), "the program has ended")
        engine.stop()


@contextmanager
def stalls_of_ours(limit: float = 0.1) -> Iterator[list[str]]:
    """Watch the window's thread: what held it up longer than `limit` seconds while it stood in our frames."""
    found: list[str] = []
    beat = [time.monotonic()]
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(lambda: beat.__setitem__(0, time.monotonic()))
    timer.start()
    main, done = threading.get_ident(), threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            if time.monotonic() - beat[0] > limit:
                frame = sys._current_frames().get(main)
                stack = traceback.extract_stack(frame) if frame is not None else []
                if stack and stack[-1].filename.startswith(OURS):
                    found.append("".join(traceback.format_list(stack[-4:])))

    watcher = threading.Thread(target=watch, name="stall-watcher")
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        timer.stop()


def _until_ended(shown: Desktop, timeout: float = 60.0) -> RunState:
    wait_until(shown.ended, "the run has ended", timeout)
    assert shown.run is not None
    return shown.run


def test_start_sync_is_one_press_and_all_six_tabs_end_with_evidence(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(pace=0.1)) as shown:
        assert len(shown.tabs()) == 6
        assert not any(box.isEnabled() for box in shown.tabs())
        with stalls_of_ours() as stalls:
            shown.press("Start Sync")
            state = _until_ended(shown)
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert all(state.tabs[tab].refresh.evidence is not None for tab in Tab)
        assert stalls == []


def test_the_same_by_pages_in_the_browser(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(driver=DriverName.BROWSER, pace=0.1)) as shown:
        shown.press("Start Sync")
        state = _until_ended(shown, 90.0)
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert state.plan.driver == "browser"


def test_the_tabs_are_shut_until_step_one_is_proven(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(scenario="sync-failed", pace=0.1)) as shown:
        shown.press("Start Sync")
        state = _until_ended(shown)
        assert state.step_one.outcome is StepOneOutcome.FAILED
        assert not gate(state, state.last_at).is_open
        assert not any(box.isEnabled() for box in shown.tabs())
        assert not shown.has("Refresh selected tabs")


def test_stop_ends_the_run_and_the_button_answers_at_once(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(scenario="slow")) as shown:
        shown.press("Start Sync")
        wait_until(lambda: shown.has("Stop"), "Stop can be pressed")
        before = time.monotonic()
        shown.press("Stop")
        assert time.monotonic() - before < 0.1
        state = _until_ended(shown, 10.0)
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.CANCELLED
        assert all(state.tabs[tab].outcome is TabOutcome.CANCELLED for tab in state.chosen)


def test_staged_records_are_said_in_the_window(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(scenario="staged", pace=0.1)) as shown:
        shown.press("Start Sync")
        state = _until_ended(shown)
        assert state.tabs[Tab.VENDORS].outcome is TabOutcome.STAGED
        assert _has_text(shown.frame, "import")


def _has_text(parent: QObject, words: str) -> bool:
    from PySide6.QtWidgets import QLabel

    return any(words in label.text() for label in parent.findChildren(QLabel) if label.isVisible())


def test_leaving_in_the_middle_of_a_run_stops_it_in_order(qtbot: QtBot) -> None:
    kept: list[Callable[[], RunState | None]] = []
    with desktop(qtbot, Practice(scenario="slow")) as shown:
        shown.press("Start Sync")
        wait_until(lambda: shown.has("Stop"), "the run is under way")
        kept.append(lambda: shown.run)
    state = kept[0]()
    assert state is None or state.ended is None or state.ended.outcome is RunOutcome.CANCELLED
