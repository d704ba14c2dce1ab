"""Waiting for a thing to be so: Qt's loop goes on meanwhile, and the wait ends as soon as it is so."""

import sys
import threading
import time
from collections.abc import Callable

PAUSE = 0.005


class TooLate(AssertionError):
    """What was waited for did not come in time."""


def turn_the_loop() -> None:
    """Let Qt do what is due, if this process has a Qt application and this is its thread."""
    qt = sys.modules.get("PySide6.QtCore")
    application = qt.QCoreApplication.instance() if qt else None
    if application is not None and threading.current_thread() is threading.main_thread():
        application.processEvents()


def wait_until(so: Callable[[], object], what: str, timeout: float = 5.0) -> None:
    """Return as soon as `so()` is true; raise TooLate with `what` after `timeout` seconds."""
    until = time.monotonic() + timeout
    while not so():
        if time.monotonic() > until:
            raise TooLate(f"{what}: not within {timeout:g} s")
        turn_the_loop()
        time.sleep(PAUSE)
