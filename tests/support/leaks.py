"""A test leaves nothing behind: no thread, no child process, no running timer, no window.

What a fixture of a wider scope keeps (a server of the module) is there before the test and does not count; ask for
it as an argument, not with getfixturevalue from inside the test."""

import gc
import os
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.support.waiting import TooLate, wait_until

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QWidget

PATIENCE = float(os.environ.get("TESTS_PATIENCE", "3"))
"""Seconds that a thread or process which is already ending may still take."""


def living_threads() -> set[threading.Thread]:
    """Threads that Python started; those that Qt started and that only passed through Python are not ours to end."""
    return {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)}


def living_children() -> set[int]:
    """Process ids of the running children of this process; those that have ended and wait to be asked do not count."""
    if sys.platform != "linux":
        return {child.pid for child in psutil.Process().children()}
    children = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            children |= {int(pid) for pid in (task / "children").read_text().split()}
        except OSError:
            continue  # the thread has just ended
    return {pid for pid in children if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def described(pid: int) -> str:
    try:
        return " ".join(psutil.Process(pid).cmdline()) or str(pid)
    except psutil.Error:
        return str(pid)


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Fail when a thread of this test is still there."""
    before = living_threads()
    yield
    for thread in living_threads() - before:
        thread.join(PATIENCE)
    left = living_threads() - before
    if left:
        names = ", ".join(sorted(f"{t.name} ({getattr(t, '_target', None)})" for t in left))
        pytest.fail(f"threads left behind: {names}")


@pytest.fixture(autouse=True)
def no_processes_left() -> Iterator[None]:
    """Fail when a process that this test started still runs, and end it."""
    before = living_children()
    yield
    try:
        wait_until(lambda: not living_children() - before, "the end of the children", PATIENCE)
    except TooLate:
        left = living_children() - before
        names = "; ".join(described(pid) for pid in left)
        for pid in left:
            os.kill(pid, 9)
        pytest.fail(f"processes left behind: {names}")


# ------------------------------------------------------------------ Qt

_timers: "weakref.WeakSet[QTimer]" = weakref.WeakSet()


@pytest.fixture(scope="session", autouse=True)
def _watch_timers() -> Iterator[None]:
    """Remember every QTimer that Python starts; to look through all objects after each test would take far longer."""
    from PySide6.QtCore import QTimer

    original = QTimer.start

    def start(self: QTimer, *args: Any) -> None:
        _timers.add(self)
        original(self, *args)

    QTimer.start = start  # type: ignore[method-assign]
    yield
    QTimer.start = original  # type: ignore[method-assign]


def running_timers() -> set["QTimer"]:
    import shiboken6

    return {timer for timer in set(_timers) if shiboken6.isValid(timer) and timer.isActive()}


def open_windows() -> set["QWidget"]:
    """The top-level widgets that exist, shown or not."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or not isinstance(widgets.QApplication.instance(), widgets.QApplication):
        return set()
    return set(widgets.QApplication.topLevelWidgets())


def settle() -> None:
    """Carry out what Qt was told to delete later."""
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()


@pytest.fixture(autouse=True)
def no_qt_left() -> Iterator[None]:
    """Fail when a timer of this test still runs or a window of it still exists."""
    timers, windows = running_timers(), open_windows()
    yield
    settle()
    if not running_timers() <= timers or not open_windows() <= windows:
        gc.collect()  # a window in a circle of references goes only now
        settle()
    late, shown = running_timers() - timers, open_windows() - windows
    left = [f"running timer of {t.interval()} ms, parent {t.parent()!r}" for t in late]
    left += [f"window {w.objectName() or w.windowTitle()!r} ({type(w).__name__})" for w in shown]
    for timer in late:
        timer.stop()
    for window in shown:
        window.deleteLater()
    settle()
    if left:
        pytest.fail("left behind: " + "; ".join(left))
