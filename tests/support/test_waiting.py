"""Waiting ends when a thing is so, lets Qt go on, and says what never came."""

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.support.waiting import TooLate, wait_until


def test_qt_goes_on_while_we_wait(qtbot: QtBot) -> None:
    rung: list[int] = []
    QTimer.singleShot(1, lambda: rung.append(1))
    wait_until(lambda: rung, "the timer")
    assert rung == [1]


def test_what_never_comes_is_named() -> None:
    with pytest.raises(TooLate, match=r"the moon: not within 0\.02 s"):
        wait_until(lambda: False, "the moon", timeout=0.02)
