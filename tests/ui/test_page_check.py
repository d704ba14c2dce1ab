"""Check the pages from the Tools menu: a line for each element, the whole for support, and nothing is started."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.events import Site
from app.domain.page_check import CheckStage, exit_code
from app.ui.page_check_dialog import PageCheckDialog
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop
from tests.ui.scenes import page_check


def cells(dialog: PageCheckDialog) -> list[list[str]]:
    model = dialog.table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def open_check(shown: Desktop) -> PageCheckDialog:
    wait_until(shown.window.check_action.isEnabled, "the pages can be checked")
    shown.window.check_action.trigger()
    wait_until(shown.has_dialog, "the dialog is open")
    dialog = shown.dialog()
    assert isinstance(dialog, PageCheckDialog)
    return dialog


def test_from_the_tools_menu_all_is_found_and_nothing_is_started(acme: Open, admin: Admin) -> None:
    with acme() as shown:
        dialog = open_check(shown)
        assert shown.view.checking
        assert not shown.window.step_one.start.isEnabled()
        assert not shown.has("Check again")
        wait_until(lambda: "walking" in dialog.said.text(), "it tells how far it is", 20)
        wait_until(lambda: dialog.report is not None, "the report", 60)
        assert dialog.report is not None
        assert exit_code(dialog.report) == 0
        assert dialog.said.text().startswith("All was found")
        assert "Shallow Sync reads active records" in dialog.notes.toPlainText()
        assert ["Procore", "Sub Jobs: Refresh Job List", "found"] in [line[:3] for line in cells(dialog)]
        QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
        assert "Check of the pages of Acme" in QApplication.clipboard().text()
        assert admin.hh2.reveal() not in QApplication.clipboard().text()
        shown.press("Close")
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        wait_until(lambda: not shown.view.checking, "it has ended")
        wait_until(lambda: shown.has("Start Sync"), "a run can be started again")
    assert admin.log()["presses"] == []
    assert len(admin.calls("hh2.sign-in")) == len(admin.calls("procore.sign-in")) == 1


def test_closing_the_dialog_ends_the_check(acme: Open, admin: Admin) -> None:
    with acme() as shown:
        dialog = open_check(shown)
        wait_until(lambda: "signing in" in dialog.said.text(), "it has begun", 20)
        shown.press("Close")
        wait_until(lambda: not shown.view.checking, "it has ended", 15)
        assert not shown.has_dialog()
        assert shown.view.trouble is None
        wait_until(lambda: shown.has("Start Sync"), "a run can be started again")
    assert admin.log()["presses"] == []


def test_without_a_password_its_field_is_shown_and_nothing_is_opened(acme: Open, admin: Admin) -> None:
    with acme(passwords=False) as shown:
        wait_until(shown.window.check_action.isEnabled, "the pages can be checked")
        shown.window.check_action.trigger()
        assert shown.reads("Type the password.")
        assert not shown.has_dialog()
    assert admin.calls("hh2.page") == []


def test_what_is_missing_is_shown_first_with_its_outline_for_support(qtbot: QtBot) -> None:
    dialog = PageCheckDialog("Beaulieu")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_stage(Site.HH2, CheckStage.PERSON)
    assert "please sign in" in dialog.said.text()
    dialog.take(page_check())
    assert "3 elements that a run needs were not found" in dialog.said.text()
    assert [line[2] for line in cells(dialog)] == [
        "found", "found", "NOT FOUND", "not there", "found", "SEVERAL (2)", "not come to"
    ]  # fmt: skip
    assert dialog.table.currentRow() == 2
    dialog.copy.click()
    copied = QApplication.clipboard().text()
    assert "button: Save in Sync Filters" in copied
    assert "button “Start Sync” [C]" in copied
