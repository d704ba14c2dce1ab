"""What is pressed is large enough, or stands far enough from the next: 24 pixels, by WCAG 2.2's 2.5.8."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.frame import Frame
from tests.support.languages import speak
from tests.ui.scenes import dialogs, window_of
from tests.ui.stories import VIEWS, scene

LEAST = 24


def _targets(window: QWidget) -> list[tuple[str, QRect]]:
    found = []
    for one in window.findChildren(QWidget):
        kinds = (QAbstractButton, QComboBox, QLineEdit)
        inside = isinstance(one.parentWidget(), QComboBox | QTabBar | QScrollBar | QLineEdit)
        if one.isVisible() and isinstance(one, kinds) and not inside and one.width() and one.height():
            words = one.text() if isinstance(one, QAbstractButton | QLineEdit) else one.currentText()
            found.append(
                (f"{type(one).__name__} “{words}”", QRect(one.mapTo(window, QPoint(0, 0)), one.size()))
            )
    return found


def too_close(window: QWidget) -> list[str]:
    """Targets that are smaller than they may be, with another within the circle around their middle."""
    for _ in range(3):
        QApplication.processEvents()
    found = []
    for (name, one), (other_name, other) in combinations(_targets(window), 2):
        small, small_other = (
            min(one.width(), one.height()) < LEAST,
            min(other.width(), other.height()) < LEAST,
        )
        if not small and not small_other:
            continue
        between = one.center() - other.center()
        if small and small_other and between.x() ** 2 + between.y() ** 2 < LEAST**2:
            found.append(f"{name} and {other_name}")
        for which, middle, large in ((small, one.center(), other), (small_other, other.center(), one)):
            away = QPoint(
                max(large.left() - middle.x(), 0, middle.x() - large.right()),
                max(large.top() - middle.y(), 0, middle.y() - large.bottom()),
            )
            if which and away.x() ** 2 + away.y() ** 2 < (LEAST / 2) ** 2:
                found.append(f"{name} and {other_name} are close")
    return found


@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_in_every_view_what_is_pressed_is_large_enough_or_stands_alone(tongue: str, qtbot: QtBot) -> None:
    speak(tongue)
    try:
        found: dict[str, list[str]] = {}
        frame, window = window_of(*scene(next(iter(VIEWS))), (1016, 708))
        qtbot.addWidget(frame)
        for name in VIEWS:
            window.show_view(*scene(name))
            found |= {name: bad} if (bad := too_close(frame)) else {}
        frame.let_go()
        frame.close()
        parent = Frame()
        qtbot.addWidget(parent)
        for name, dialog in dialogs(parent):
            qtbot.addWidget(dialog)
            dialog.show()
            found |= {name: bad} if (bad := too_close(dialog)) else {}
            dialog.close()
        parent.let_go()
        assert found == {}
    finally:
        speak("en")
