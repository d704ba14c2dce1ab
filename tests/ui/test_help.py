"""The help: F1 opens the page of what is on the screen, in both languages, and it is used by keys alone."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.resources import root
from app.ui.help_window import HelpWindow, page_of
from app.words import help as words
from app.words import language
from tests.support.languages import speak
from tests.support.waiting import wait_until
from tests.ui.conftest import Open
from tests.ui.person import Desktop, plain
from tests.ui.stories import VIEWS, scene

FOLDER = root() / "help"
# What stands on hh2's and Procore's own pages, and the names of sections there.
THEIRS = {
    "Can Push to Accounting",
    "Peut envoyer à la comptabilité",
    "Appliquer",
    "Apply Settings",
    "unknown",
    "inconnu",
}


@pytest.fixture(params=["en", "fr"])
def tongue(request: pytest.FixtureRequest) -> Iterator[str]:
    yield speak(request.param)
    speak("en")


def _written(tongue: str) -> list[Path]:
    return sorted((FOLDER / tongue).glob("*.md"))


def test_every_page_is_there_in_both_languages() -> None:
    for tongue in ("en", "fr"):
        assert {path.stem for path in _written(tongue)} == set(words.pages())
    for name in words.pages():
        assert words.text(name).startswith("# ")


def test_a_link_leads_to_a_page_and_a_page_is_in_its_language(tongue: str) -> None:
    for path in _written(tongue):
        text = path.read_text("utf-8")
        for linked in re.findall(r"\]\(([^)]+)\)", text):
            assert linked.removesuffix(".md") in words.pages(), (path.name, linked)
        assert words.text(path.stem) == text


def test_a_button_that_the_help_names_is_called_so_in_the_window(tongue: str) -> None:
    """What is set off with single stars is a name in the window; a renamed button is found here."""
    catalogue = gettext.translation("ondemand-sync", root() / "translations", ["fr"])
    said = [one for one in catalogue._catalog.items() if isinstance(one[0], str)]  # type: ignore[attr-defined]
    known = {plain(one[1 if tongue == "fr" else 0]).rstrip("…") for one in said} | THEIRS
    missing: list[tuple[str, str]] = []
    for path in _written(tongue):
        text = re.sub(r"\*\*[^*]+\*\*", "", path.read_text("utf-8"))
        for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text):
            bare = " ".join(name.split()).rstrip("…").replace(" :", "\N{NO-BREAK SPACE}:")
            if bare not in known and not bare.startswith("n "):
                missing.append((path.name, bare))
    assert missing == []


def test_f1_opens_the_page_of_what_is_shown_and_a_dialog_does_not_hold_it_up(acme: Open) -> None:
    with acme() as shown:
        _front(shown.frame)
        QTest.keyClick(shown.frame, Qt.Key.Key_F1)
        page = _page(shown)
        assert page.name == "training"  # a company on this computer's own addresses
        assert "what is simulated" in page.page.toPlainText()
        QTest.keyClick(page, Qt.Key.Key_Escape)
        wait_until(lambda: not page.isVisible(), "it is closed")
        _front(shown.frame)
        QTest.keyClick(shown.frame, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
        wait_until(shown.has_dialog, "the history")
        dialog = shown.dialog()
        _front(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_F1)
        assert _page(shown).name == "history"
        _front(page)
        assert not page.isModal()
        QTest.keyClick(page.contents, Qt.Key.Key_Down)
        assert page.name == "privacy"
        dialog.close()


def _front(window: QWidget) -> None:
    window.activateWindow()
    wait_until(window.isActiveWindow, "it has the keyboard")


def _page(shown: Desktop) -> HelpWindow:
    help_ = shown.opened.presses.help
    wait_until(lambda: help_.window_shown is not None and help_.window_shown.isVisible(), "the help")
    assert help_.window_shown is not None
    return help_.window_shown


def test_links_and_back_go_by_keys_and_by_the_mouse(qtbot: QtBot, tongue: str) -> None:
    page = HelpWindow()
    qtbot.addWidget(page)
    page.show_page("procedure")
    _front(page)
    page.page.anchorClicked.emit(QUrl("troubles.md"))
    assert page.name == "troubles"
    assert page.contents.currentItem().text() == words.title("troubles")
    page.page.anchorClicked.emit(QUrl("nothing.md"))
    assert page.name == "troubles"
    QTest.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.name == "procedure"
    assert not page.back.isEnabled()
    page.page.setFocus()
    for _time in range(3):
        QTest.keyClick(page.page, Qt.Key.Key_Tab)  # from link to link
    QTest.keyClick(page.page, Qt.Key.Key_Return)
    assert page.name in {"troubles", "who", "month-end"}
    assert QApplication.focusWidget() is page.page
    assert language.language() == tongue


def test_each_state_of_the_window_has_its_page() -> None:
    pages = {name: page_of(scene(name)[0]) for name in VIEWS}
    assert set(pages.values()) <= set(words.pages())
    assert {"first-time", "procedure", "troubles"} <= set(pages.values())
