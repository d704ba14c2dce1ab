"""Ready? in the window: what a run needs is looked at with nothing pressed, and what is wrong is told by its card."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.ready import Check, Level
from app.engine.faces import Practice, Wanted
from app.ui.problem_card import ProblemCard
from app.ui.ready_dialog import MARKS, ReadyDialog
from app.ui.view import Action, primary
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import desktop
from tests.ui.scenes import ready_shown


def test_a_stopped_service_is_told_with_its_card_before_a_run(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice("client-offline", pace=0.05)) as shown:
        wait_until(lambda: shown.view.held, "it is ours", 20)
        shown.window.ready_action.trigger()
        dialog = shown.dialog()
        assert isinstance(dialog, ReadyDialog)
        assert not dialog.again.isEnabled()
        wait_until(lambda: dialog.found is not None, "it is looked at", 20)
        assert dialog.said.text() == "Not ready: 1 thing would stop a run."
        (card,) = dialog.findChildren(ProblemCard)
        assert card.problem.id.value == "HH2-SVC"
        assert shown.run is None, "nothing was begun"
        shown.press("Close")


def test_start_sync_says_what_would_stop_it_and_begins_nothing(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice("client-offline", pace=0.05)) as shown:
        wait_until(lambda: shown.view.held, "it is ours", 20)
        shown.press("Start Sync")
        shown.wait_for("The hh2 service on this server is not running")
        assert shown.reads("Nothing was started.")
        assert primary(shown.view, datetime.now(UTC)) is Action.NOTICE
        assert (shown.view.busy, shown.run) == (False, None)
        shown.press("Go back")
        wait_until(lambda: not shown.has("Begin anyway"), "it is left", 5)
        shown.press("Start Sync")
        wait_until(lambda: shown.has("Begin anyway"), "it is looked at again", 20)
        QTest.keyClick(shown.window.notice, Qt.Key.Key_Escape)
        assert not shown.has("Begin anyway"), "Escape begins nothing"
        assert shown.run is None


def test_who_knows_better_starts_anyway(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice("client-offline", pace=0.05)) as shown:
        wait_until(lambda: shown.view.held, "it is ours", 20)
        shown.press("Start Sync")
        shown.press("Begin anyway", 20)
        assert [met.problem.id.value for met in shown.until_over().problems] == ["HH2-OFFLINE"]


def test_a_database_that_started_after_hh2_is_asked_about_too(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice("database-restarted", pace=0.05)) as shown:
        wait_until(lambda: shown.view.held, "it is ours", 20)
        shown.press("Start Sync")
        shown.wait_for("Restart hh2 before a sync.")
        assert shown.run is None


def test_another_company_that_was_opened_meanwhile_begins_nothing(qtbot: QtBot) -> None:
    with desktop(qtbot, Practice(pace=0.05)) as shown:
        wait_until(lambda: shown.view.held, "it is ours", 20)
        desk = shown.opened.desk
        before = desk._conductor
        assert before is not None
        desk.choose("Training company")
        wait_until(lambda: shown.view.held, "it is opened anew", 20)
        desk._take_look(before, Wanted(), None)
        assert (shown.view.busy, shown.run) == (False, None)


def test_it_is_looked_at_once_more_and_no_password_is_sent(acme: Open, admin: Admin) -> None:
    with acme() as shown:
        shown.window.ready_action.trigger()
        dialog = shown.dialog()
        assert isinstance(dialog, ReadyDialog)
        wait_until(lambda: dialog.found is not None, "it is looked at", 20)
        first = dialog.found
        shown.press("Look again")
        wait_until(lambda: dialog.found is not first, "it is looked at again", 20)
        assert dialog.found is not None
        assert {line.check for line in dialog.found.lines} == set(Check)
        shown.press("Close")
    assert admin.presses() == []
    assert not any("sign-in" in request["call"] for request in admin.log()["requests"])


def test_what_would_stop_a_run_comes_first_and_every_level_has_a_mark(qtbot: QtBot) -> None:
    dialog = ready_shown()
    qtbot.addWidget(dialog)
    dialog.show()
    assert set(MARKS) == set(Level)
    cards = [card.problem.id.value for card in dialog.findChildren(ProblemCard)]
    assert cards == ["HH2-SVC", "PRO-PERM", "CLOCK"]
