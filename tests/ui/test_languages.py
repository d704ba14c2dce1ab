"""The window in every language: no text is cut off or covered, and no letter for Alt means two things at once.

In English, in French, and in a language in which every sentence is two fifths longer than it stands in the sources."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QGroupBox,
    QLabel,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.frame import Frame
from app.ui.start import speak_of_qt
from tests.support.languages import PSEUDO, speak
from tests.ui.clipping import clipped
from tests.ui.scenes import dialogs, window_of
from tests.ui.stories import VIEWS, scene

SIZE = (1016, 708)  # of 1024×768, what a task bar, a title bar and the edges leave


@pytest.fixture(params=["en", "fr", PSEUDO])
def tongue(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    spoken = speak(request.param)
    speak_of_qt(qapp)
    yield spoken
    speak("en")
    speak_of_qt(qapp)


def _letters(widget: QWidget) -> dict[str, list[str]]:
    """Every letter that Alt may be pressed with, and what it is written on."""
    found: dict[str, list[str]] = {}
    for one in widget.findChildren(QWidget):
        texts: list[str] = []
        if not one.isVisible():
            continue
        if isinstance(one, QGroupBox):
            texts = [one.title()]
        elif isinstance(one, QAbstractButton) or (isinstance(one, QLabel) and one.buddy() is not None):
            texts = [one.text()]
        elif isinstance(one, QTabBar):
            texts = [one.tabText(at) for at in range(one.count())]
        elif isinstance(one, QMenuBar):
            texts = [action.text() for action in one.actions()]
        for text in texts:
            bare = text.replace("&&", "")
            if "&" in bare:
                found.setdefault(bare[bare.index("&") + 1].lower(), []).append(text)
    return found


def _twice(widget: QWidget) -> list[str]:
    return [f"Alt+{letter}: {texts}" for letter, texts in _letters(widget).items() if len(texts) > 1]


def test_every_state_of_the_window_fits_and_no_letter_means_two_things(tongue: str, qtbot: QtBot) -> None:
    frame, window = window_of(*scene(next(iter(VIEWS))), SIZE)
    qtbot.addWidget(frame)
    found: dict[str, list[str]] = {}
    for name in VIEWS:
        window.show_view(*scene(name))
        found |= {name: bad} if (bad := clipped(frame) + _twice(frame)) else {}
        assert {"f", "y", "1", "2"} <= set(_letters(frame)), name
    for menu in frame.menuBar().findChildren(QMenu):
        texts = [one.text() for one in menu.actions() if not one.isSeparator()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(letters) == len(set(letters)), texts
    frame.let_go()
    frame.close()
    assert found == {}


def test_every_dialog_fits_and_no_letter_means_two_things(tongue: str, qtbot: QtBot) -> None:
    parent = Frame()
    qtbot.addWidget(parent)
    found: dict[str, list[str]] = {}
    for name, dialog in dialogs(parent):
        dialog.show()
        bad = clipped(dialog) + _twice(dialog)
        if dialog.width() > SIZE[0]:
            bad.append(f"is {dialog.width()} wide")
        found |= {name: bad} if bad else {}
        dialog.close()
    parent.let_go()
    assert found == {}


@pytest.mark.parametrize(("spoken", "said"), [("fr", "Annuler"), ("en", "Cancel")])
def test_the_words_of_qt_itself_are_in_the_language_too(spoken: str, said: str, qapp: QApplication) -> None:
    speak(spoken)
    speak_of_qt(qapp)
    try:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        assert buttons.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == said
    finally:
        speak("en")
        speak_of_qt(qapp)


@pytest.fixture
def large_text(qapp: QApplication) -> Iterator[None]:
    """Text at twice its size, as a person sets it for the whole system."""
    before = qapp.font()
    large = QFont(before)
    large.setPointSizeF(before.pointSizeF() * 2)
    qapp.setFont(large)
    yield
    qapp.setFont(before)


@pytest.mark.usefixtures("large_text")
@pytest.mark.parametrize("spoken", ["en", "fr"])
def test_nothing_is_cut_off_with_text_at_twice_its_size(
    spoken: str, qapp: QApplication, qtbot: QtBot
) -> None:
    speak(spoken)
    speak_of_qt(qapp)
    try:
        frame, window = window_of(*scene(next(iter(VIEWS))), SIZE)
        qtbot.addWidget(frame)
        found: dict[str, list[str]] = {}
        for name in VIEWS:
            window.show_view(*scene(name))
            found |= {name: bad} if (bad := clipped(frame)) else {}
        frame.let_go()
        frame.close()
        parent = Frame()
        qtbot.addWidget(parent)
        for name, dialog in dialogs(parent):
            dialog.show()
            found |= {name: bad} if (bad := clipped(dialog)) else {}
            dialog.close()
        parent.let_go()
        assert found == {}
    finally:
        speak("en")
        speak_of_qt(qapp)
