"""A window on a training company, and what a person sees, presses and types in it."""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Practice
from app.engine.thread import EngineThread
from app.ui.frame import Frame
from app.ui.opened import Opened
from app.ui.view import View
from app.ui.window import Window
from app.words import tabs
from tests.support.waiting import wait_until

OURS = str(Path(__file__).resolve().parents[2] / "app")
Prepare = Callable[[House], Coroutine[Any, Any, None]]


class Desktop:
    """The window, as a person has it before them."""

    def __init__(self, opened: Opened, engine: EngineThread, house: House) -> None:
        self.opened, self.engine, self.house = opened, engine, house
        self.gone = False
        opened.leaving.gone.connect(self._left)

    def _left(self) -> None:
        self.gone = True

    @property
    def view(self) -> View:
        return self.opened.desk.view

    @property
    def run(self) -> RunState | None:
        return self.view.run

    @property
    def window(self) -> Window:
        return self.opened.window

    @property
    def frame(self) -> Frame:
        return self.opened.window.frame

    # ---------------------------------------------------------------- seeing

    def buttons(self, name: str) -> list[QAbstractButton]:
        """The buttons and boxes on the screen with these words, or with this name for a screen reader."""
        return [
            one
            for one in self.frame.findChildren(QAbstractButton)
            if one.isVisible() and name in (plain(one.text()), one.accessibleName())
        ]

    def button(self, name: str) -> QAbstractButton:
        """The one button of that name."""
        found = self.buttons(name)
        assert len(found) == 1, f"{len(found)} buttons named {name}"
        return found[0]

    def has(self, name: str) -> bool:
        """True while a button of this name can be pressed."""
        return any(one.isEnabled() for one in self.buttons(name))

    def reads(self, words: str) -> bool:
        """True while these words stand somewhere in the window or its dialogs."""
        return any(words in one.text() for one in self.frame.findChildren(QLabel) if one.isVisible())

    def tabs(self) -> list[QCheckBox]:
        """The check boxes of the six tabs."""
        return [self.box(tab) for tab in Tab]

    def box(self, tab: Tab) -> QCheckBox:
        """The check box of a tab."""
        found = self.button(tabs.title(tab))
        assert isinstance(found, QCheckBox)
        return found

    def dialog(self) -> QDialog:
        """The dialog that stands before the window."""
        shown = [one for one in self.frame.findChildren(QDialog) if one.isVisible()]
        assert len(shown) == 1, [one.windowTitle() for one in shown]
        return shown[0]

    def has_dialog(self) -> bool:
        """True while a dialog stands before the window."""
        return any(one.isVisible() for one in self.frame.findChildren(QDialog))

    # ---------------------------------------------------------------- doing

    def press(self, name: str, timeout: float = 5.0) -> None:
        """A real click in the middle of the button, as soon as it can be pressed."""
        wait_until(lambda: self.has(name), f"{name} can be pressed", timeout)
        button = self.button(name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def tick(self, box: QCheckBox, on: bool) -> None:
        """Set a box by the space bar."""
        if box.isChecked() is not on:
            QTest.keyClick(box, Qt.Key.Key_Space)
        assert box.isChecked() is on

    def type(self, field: QWidget, text: str) -> None:
        """Put the cursor there, take out what stands in it, and type."""
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def is_open(self) -> bool:
        """True when a company is shown, or it is said that there is none."""
        view = self.view
        return view.ready and (view.profile is not None or view.trouble is not None or not view.profiles)

    def wait_for(self, words: str, timeout: float = 20.0) -> None:
        """Until these words stand somewhere in the window."""
        wait_until(lambda: self.reads(words), f"“{words}” stands in the window", timeout)

    # ---------------------------------------------------------------- a run

    def is_over(self) -> bool:
        """True when the run has ended and the window knows it."""
        return self.run is not None and self.run.ended is not None and not self.view.busy

    def until_over(self, timeout: float = 60.0) -> RunState:
        """The state of the run at its end."""
        wait_until(self.is_over, "the run has ended", timeout)
        assert self.run is not None
        return self.run

    def ask(self, work: Coroutine[Any, Any, Any], timeout: float = 20.0) -> Any:
        """Something of the workplace, in the engine's loop."""
        future = self.engine.submit(work)
        wait_until(future.done, "the workplace answers", timeout)
        return future.result()


def plain(text: str) -> str:
    """The words of a button without the sign of its mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


_kept: list[Frame] = []


def _keep(frame: Frame) -> None:
    """Hold on to a window until Qt has taken it apart. One that only circles refer to would be taken apart by Python's
    collector, in whatever thread it happens to run: the next event for it then ends the process."""
    _kept[:] = [one for one in _kept if shiboken6.isValid(one)]
    _kept.append(frame)


@contextmanager
def desktop(
    qtbot: QtBot,
    practice: Practice | None = None,
    *,
    prepare: Prepare | None = None,
    profile: str = "",
    person: float = 60.0,
) -> Iterator[Desktop]:
    """Open the window, on a training company of its own or on what `prepare` makes; leave it in order."""
    engine = EngineThread()
    engine.start()
    house = House("window", person=person)
    if prepare is not None:
        engine.submit(prepare(house)).result(30)
    frame = Frame()
    _keep(frame)
    qtbot.addWidget(frame)
    opened = Opened(Window(frame), engine, house)
    made = Desktop(opened, engine, house)
    frame.fit()
    frame.show()
    qtbot.waitExposed(frame)
    opened.begin(profile, practice)
    try:
        wait_until(made.is_open, "the window is ready", 20)
        yield made
    finally:
        if not made.gone:
            opened.leaving.stop_and_leave()
            wait_until(lambda: made.gone, "the program has ended", 25)
        engine.stop()


def _waited(thread: int) -> float:
    """Seconds that a thread was ready to run and had no processor: the machine's doing, not ours."""
    if sys.platform != "linux":
        return 0.0
    return int(Path(f"/proc/self/task/{thread}/schedstat").read_text().split()[1]) / 1e9


@contextmanager
def answers_within(seconds: float) -> Iterator[None]:
    """What is done inside, in the window's thread, takes no longer than this, the machine's own waiting aside."""
    thread = threading.get_native_id()
    begun, waited = time.monotonic(), _waited(thread)
    yield
    took = time.monotonic() - begun - (_waited(thread) - waited)
    assert took < seconds, f"it took {took:.3f} s"


class _Beat(QObject):
    """Notes, in the window's thread, when its loop last came round and how long it had then waited for a processor."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._note)
        self._thread = threading.get_native_id()
        self._note()
        self._timer.start()

    @Slot()
    def _note(self) -> None:
        self._last = (time.monotonic(), _waited(self._thread))

    def late(self) -> float:
        """Seconds since then, the machine's own aside. Called in another thread."""
        at, waited = self._last
        return time.monotonic() - at - (_waited(self._thread) - waited)

    def stop(self) -> None:
        self._timer.stop()


@contextmanager
def stalls_of_ours(limit: float = 0.1) -> Iterator[list[str]]:
    """Watch the window's thread: what held it up longer than `limit` seconds while it stood in our frames."""
    found: list[str] = []
    beat = _Beat()
    main, done = threading.get_ident(), threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            if beat.late() > limit:
                frame = sys._current_frames().get(main)
                stack = traceback.extract_stack(frame) if frame is not None else []
                if stack and stack[-1].filename.startswith(OURS):
                    found.append(f"{beat.late():.3f} s\n" + "".join(traceback.format_list(stack[-4:])))

    watcher = threading.Thread(target=watch, name="stall-watcher")
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        beat.stop()
