"""Every state of the window as it is drawn: one primary button, names for all that can be pressed, nothing cut off."""

from datetime import datetime

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.view import View
from tests.ui.scenes import dialogs, window_of
from tests.ui.stories import VIEWS, scene

SIZE = (1016, 708)


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_the_state_is_drawn_with_at_most_one_primary_button(name: str, qtbot: QtBot) -> None:
    view, now = scene(name)
    frame, window = window_of(view, now, SIZE)
    qtbot.addWidget(frame)
    qtbot.waitExposed(frame)
    primary = [
        button
        for button in frame.findChildren(QPushButton)
        if button.isVisible() and button.isEnabled() and button.property("primary")
    ]
    assert len(primary) <= 1, [button.text() for button in primary]
    for button in frame.findChildren(QAbstractButton):
        if (
            button.isVisible()
            and button.isVisibleTo(frame)
            and button.metaObject().className() != "QToolButton"
        ):
            assert button.text() or button.accessibleName() or button.toolTip(), button.objectName()
    _draw_again(window, view, now)
    frame.let_go()
    frame.close()


def _draw_again(window: object, view: View, now: datetime) -> None:
    """The same view drawn a second time changes nothing and breaks nothing."""
    window.show_view(view, now)  # type: ignore[attr-defined]


def test_every_dialog_opens_with_words_in_it(qtbot: QtBot) -> None:
    view, now = scene(min(VIEWS))
    frame, _ = window_of(view, now, SIZE)
    qtbot.addWidget(frame)
    for name, dialog in dialogs(frame):
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        labels = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
        buttons = [button.text() for button in dialog.findChildren(QAbstractButton) if button.isVisible()]
        assert labels or buttons, name
        dialog.close()
    frame.let_go()
    frame.close()
    QApplication.processEvents()
