"""Teach in the window: a label that is not found is shown in the browser, told as plain text, kept, and taken out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

import app.portals.driver
from app.domain.events import Site
from app.domain.page_check import Sight
from app.domain.problems import Problem, ProblemId
from app.domain.taught import Taught
from app.portals.driver import BrowserDriver
from app.storage.folders import locate
from app.ui.page_check_dialog import PageCheckDialog
from app.ui.problem_card import ProblemCard, to_teach
from app.ui.taught_dialog import TaughtDialog
from tests.end_to_end.company import NAME
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop
from tests.ui.scenes import page_check

VENDORS = "procore:refresh-vendors"
OTHER = "Refresh Vendor Directory"  # what the training page calls the vendors button where its label is gone
TOLD = Taught(Site.PROCORE, "refresh-vendors", "button", OTHER)


@pytest.fixture
def drivers(monkeypatch: pytest.MonkeyPatch) -> list[BrowserDriver]:
    """Every driver that the window makes, so that a person of the test can reach the page it shows."""
    made: list[BrowserDriver] = []

    class Noted(BrowserDriver):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            made.append(self)

    monkeypatch.setattr(app.portals.driver, "BrowserDriver", Noted)
    return made


@contextmanager
def renamed(acme: Open, admin: Admin) -> Iterator[Desktop]:
    """The window of Acme, where Procore calls the button of the vendors tab something else."""
    with acme() as shown:
        wait_until(shown.window.check_action.isEnabled, "the company is open")
        admin.play("ok", trouble="procore-label-gone")
        yield shown


def check_dialog(shown: Desktop) -> PageCheckDialog:
    found = [one for one in shown.frame.findChildren(PageCheckDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def is_asked(shown: Desktop, words: str) -> bool:
    """True while a dialog before the others says these words."""
    labels = [
        label
        for one in shown.frame.findChildren(QDialog)
        if one.isVisible()
        for label in one.findChildren(QLabel)
    ]
    return any(words in label.text() for label in labels)


async def clicks(drivers: list[BrowserDriver], name: str) -> None:
    """A person who clicks on what they are to show."""
    at = await drivers[-1].procore.page.page()
    await at.wait_for_function("window[Symbol.for('ondemand-sync.teach')]?.isOn()")
    await at.get_by_text(name, exact=True).click()


def labels_of(shown: Desktop) -> tuple[Taught, ...]:
    """What is kept in the profile."""
    labels: tuple[Taught, ...] = shown.ask(shown.house.profile(NAME)).labels
    return labels


def kept_in_view(shown: Desktop) -> tuple[Taught, ...] | None:
    """What the window would save with what is typed in it."""
    return shown.view.profile.labels if shown.view.profile is not None else None


@pytest.mark.slow
def test_a_label_is_shown_agreed_to_found_again_and_taken_out(
    acme: Open, admin: Admin, drivers: list[BrowserDriver]
) -> None:
    with renamed(acme, admin) as shown:
        shown.window.check_action.trigger()
        wait_until(shown.has_dialog, "the dialog is open")
        dialog = check_dialog(shown)
        wait_until(lambda: dialog.report is not None and not dialog.walking, "the report", 90)
        shown.press("Show it in the browser…")
        wait_until(lambda: "please click on it" in dialog.said.text(), "the person is asked", 60)
        shown.ask(clicks(drivers, OTHER), 40)
        wait_until(lambda: is_asked(shown, f"the button named “{OTHER}”"), "what will be kept is told", 30)
        assert labels_of(shown) == ()
        shown.press("Keep it")
        wait_until(lambda: dialog.said.text().startswith("It is kept"), "it is said", 20)
        assert labels_of(shown) == kept_in_view(shown) == (TOLD,)
        shown.press("Check again")
        wait_until(lambda: not dialog.walking, "the second report", 90)
        assert dialog.report is not None
        sights = {one.action: one.sight for site in dialog.report.sites for one in site.elements}
        assert sights["refresh-vendors"] is Sight.FOUND
        shown.press("What was taught…")
        wait_until(lambda: shown.reads("1 label was taught"), "the list", 10)
        shown.press("Remove")
        wait_until(lambda: shown.reads("Nothing was taught"), "it is taken out", 10)
        assert labels_of(shown) == kept_in_view(shown) == ()
    assert admin.log()["presses"] == []


@pytest.mark.slow
def test_what_is_never_pressed_is_refused_and_nothing_is_asked(
    acme: Open, admin: Admin, drivers: list[BrowserDriver]
) -> None:
    with renamed(acme, admin) as shown:
        shown.window.outcome.teach_pressed.emit(Site.PROCORE, "refresh-vendors")
        dialog = check_dialog(shown)
        wait_until(lambda: "please click on it" in dialog.said.text(), "the person is asked", 60)
        shown.ask(clicks(drivers, "Import"), 40)
        wait_until(lambda: not dialog.walking, "it is told", 30)
        assert dialog.said.text() == "That bears a name that this program never presses."
        assert not shown.has("Keep it")
        assert labels_of(shown) == ()
    assert admin.log()["presses"] == []


def test_where_it_forbids_to_teach_no_browser_opens_and_it_is_said(acme: Open, admin: Admin) -> None:
    with acme() as shown:
        wait_until(shown.window.check_action.isEnabled, "the company is open")
        locate().config.joinpath("policy.toml").write_text("teach = false\n", encoding="utf-8")
        shown.window.outcome.teach_pressed.emit(Site.PROCORE, "refresh-vendors")
        wait_until(
            lambda: shown.reads("Your company's IT does not allow labels to be taught"), "it is said", 10
        )
        shown.press("What was taught…")
        wait_until(lambda: shown.reads("Nothing was taught"), "the list", 10)
    assert admin.calls("procore.page") == []


def test_only_a_label_that_was_not_found_offers_to_show_it(qtbot: QtBot) -> None:
    gone = Problem(ProblemId.PRO_LABEL, {"action": "refresh-vendors", "found": 0})
    assert to_teach(gone) == (Site.PROCORE, "refresh-vendors")
    assert to_teach(Problem(ProblemId.HH2_LABEL, {"action": "start-sync", "found": 2})) == (
        Site.HH2,
        "start-sync",
    )
    assert to_teach(Problem(ProblemId.HH2_UNSURE, {"why": "no-end"})) == (Site.HH2, "end-done")
    silent = Problem(ProblemId.PRO_STALE, {"why": "silent", "tab": "jobs"})
    assert to_teach(silent) == (Site.PROCORE, "end-done-jobs")
    for other in (
        Problem(ProblemId.HH2_UNSURE, {"why": "lost-answer"}),
        Problem(ProblemId.PRO_STALE, {"why": "stale", "tab": "jobs"}),
        Problem(ProblemId.PRO_LABEL, {"action": "refresh-vendors", "found": 1, "why": "forbidden"}),
        Problem(ProblemId.HH2_LABEL, {"action": "depth:deep", "found": 0}),
        Problem(ProblemId.PRO_PERM, {"action": "refresh-vendors"}),
        Problem(ProblemId.PRO_LABEL, {}),
    ):
        assert to_teach(other) is None
    card = ProblemCard(gone, noted=False)
    qtbot.addWidget(card)
    card.show_teach(True)
    card.show()
    asked: list[tuple[Site, str]] = []
    card.teach_pressed.connect(lambda site, action: asked.append((site, action)))
    card.teach.click()
    assert asked == [(Site.PROCORE, "refresh-vendors")]
    card.show_teach(False)
    assert not card.teach.isVisible()


def test_only_a_line_that_is_pressed_and_was_not_found_can_be_shown(qtbot: QtBot) -> None:
    dialog = PageCheckDialog("Beaulieu")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.show_it.isEnabled()
    dialog.take(page_check())
    can = []
    for at in range(dialog.table.rowCount()):
        dialog.table.selectRow(at)
        can.append(dialog.show_it.isEnabled())
    assert can == [False, False, True, False, False, True, False]
    asked: list[tuple[Site, str]] = []
    dialog.teach_pressed.connect(lambda site, action: asked.append((site, action)))
    dialog.table.selectRow(2)
    dialog.show_it.click()
    assert asked == [(Site.HH2, "apply")]
    dialog.begin_pointing()
    assert not dialog.show_it.isEnabled()
    assert dialog.table.rowCount() == 7


def test_the_list_takes_out_the_chosen_label(qtbot: QtBot) -> None:
    dialog = TaughtDialog("Beaulieu")
    qtbot.addWidget(dialog)
    dialog.show()
    other = Taught(Site.HH2, "start-sync", "button", "Run it")
    dialog.take((other, TOLD), allowed=False)
    assert "does not allow" in dialog.policy.text()
    removed: list[str] = []
    dialog.remove_pressed.connect(removed.append)
    dialog.table.selectRow(1)
    dialog.remove.click()
    assert removed == [VENDORS]
    assert not dialog.remove.isEnabled()
