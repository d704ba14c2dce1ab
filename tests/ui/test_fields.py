"""What a person types: a clear message beside the field, nothing lost, the cursor there; and the dialogs."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.filters import DateRange, Filters
from app.domain.profile import FieldFault, Hh2Settings, MatchSettings, Profile
from app.domain.tabs import Tab
from app.ui.asked import AskedOfStepOne, TypedSignIn, with_choices, with_sign_ins
from app.ui.history_view import HistoryView
from app.ui.jobs_dialog import JobsDialog
from app.ui.profile_dialog import ProfileDialog
from app.ui.setup_wizard import SetupWizard
from app.ui.tabs_dialog import TabsDialog
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop, desktop
from tests.ui.scenes import many_jobs
from tests.ui.stories import COMPANY


async def _nothing(_house: House) -> None:
    """No company yet."""


async def _another(house: House) -> None:
    assert await house.save(Profile("Nordic")) == []


def _settings(shown: Desktop) -> ProfileDialog:
    wait_until(shown.has_dialog, "the settings are open")
    dialog = shown.dialog()
    assert isinstance(dialog, ProfileDialog)
    return dialog


def test_a_first_company_is_made_by_the_assistant(qtbot: QtBot) -> None:
    with desktop(qtbot, prepare=_nothing) as shown:
        assert shown.reads("Begin with a new company")
        assert not shown.has("Start Sync")
        shown.press("New company")
        wait_until(shown.has_dialog, "the assistant is open")
        assert isinstance(shown.dialog(), SetupWizard)


def test_another_company_is_made_and_what_is_wrong_is_said_beside_its_field(qtbot: QtBot) -> None:
    with desktop(qtbot, prepare=_another) as shown:
        shown.press("New company")
        dialog = _settings(shown)
        assert not shown.buttons("Delete this company…")
        shown.type(dialog.name.edit, "con")
        shown.type(dialog.site.edit, "https://??")
        shown.type(dialog.number.edit, "abc")
        shown.press("Save")
        assert dialog.site.wrong.text().startswith("Paste the address of your hh2 site")
        assert dialog.number.wrong.text().startswith("Type the number of your company in Procore")
        wait_until(dialog.site.edit.hasFocus, "the cursor is there")
        assert (dialog.name.text, dialog.site.text, dialog.number.text) == ("con", "https://??", "abc")
        shown.type(dialog.site.edit, "HTTPS://Beaulieu.hh2.com/#login")
        assert dialog.site.wrong.text() == ""
        shown.type(dialog.number.edit, "4281")
        shown.press("Save")
        shown.wait_for("Use letters, digits, spaces")
        wait_until(dialog.name.edit.hasFocus, "the cursor is there")
        shown.type(dialog.name.edit, "Beaulieu")
        shown.press("Save")
        wait_until(lambda: shown.view.profile not in (None, Profile("Nordic")), "the company is open")
        assert shown.view.profile is not None
        assert (shown.view.profile.name, shown.view.profile.hh2.site) == ("Beaulieu", "beaulieu")
        assert not shown.has_dialog()
        wait_until(lambda: shown.view.held, "it is ours")
        _start_says_what_is_missing(shown)


def _start_says_what_is_missing(shown: Desktop) -> None:
    box = shown.window.step_one.sign_in
    shown.press("Start Sync")
    assert box.user.wrong.text() == "Type the user name you sign in with."
    wait_until(box.user.edit.hasFocus, "the cursor is there")
    shown.type(box.place.edit, "not a site !")
    shown.press("Start Sync")
    assert box.place.wrong.text().startswith("Paste the address")
    wait_until(box.place.edit.hasFocus, "the cursor is there")
    assert box.place.text == "not a site !"
    assert shown.run is None


def test_a_company_is_renamed_changed_and_deleted(qtbot: QtBot) -> None:
    async def two(house: House) -> None:
        for name in ("Alpha", "Beta"):
            assert await house.save(Profile(name, hh2=Hh2Settings(site="x"))) == []

    with desktop(qtbot, prepare=two) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        shown.press("Edit this company")
        dialog = _settings(shown)
        shown.type(dialog.name.edit, "beta")
        shown.press("Save")
        assert dialog.name.wrong.text() == "Another company already has this name."
        shown.press("More settings")
        shown.type(dialog.proof.edit, "0")
        shown.type(dialog.name.edit, "Gamma")
        shown.press("Save")
        shown.wait_for("Type minutes between 1 and 1440.")
        shown.type(dialog.proof.edit, "half an hour")
        shown.press("Save")
        wait_until(dialog.proof.edit.hasFocus, "the cursor is there")
        shown.type(dialog.proof.edit, "30")
        shown.type(dialog.pause.edit, "2,5")
        for field, text in zip(
            (dialog.keep, dialog.percent, dialog.records, dialog.small), "0789", strict=True
        ):
            shown.type(field.edit, text)
        QTest.mouseClick(dialog.sign_in, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
        shown.press("Save")
        wait_until(lambda: shown.view.profile is not None and shown.view.profile.name == "Gamma", "renamed")
        assert shown.view.profile is not None
        assert (shown.view.profile.run.proof_minutes, shown.view.profile.run.job_pause) == (30, 2.5)
        assert shown.view.profile.run.keep_sign_in
        assert shown.view.profile.match == MatchSettings(0, 7, 8, 9)
        wait_until(lambda: shown.view.held, "it is ours")
        shown.press("Edit this company")
        _settings(shown)
        shown.press("Delete this company…")
        shown.press("Keep it")
        assert shown.has_dialog()
        shown.press("Delete this company…")
        shown.press("Delete")
        wait_until(lambda: shown.view.profiles == ("Beta",), "it is gone")
        wait_until(lambda: shown.window.companies.currentText() == "Beta", "the other one is open")


def test_a_fault_that_the_window_does_not_show_opens_the_settings(acme: Open) -> None:
    with acme() as shown:
        shown.opened.presses._refuse((FieldFault("run.poll", "0", "seconds-1-60"),))
        assert shown.reads("Pause between two looks: “0” cannot be used. Type seconds between 1 and 60.")
        shown.press("Cancel")


def test_a_company_number_that_is_none_is_said_beside_its_field(acme: Open) -> None:
    with acme() as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        shown.press("Change the sign-in to Procore")
        box = shown.window.step_two.sign_in
        shown.type(box.place.edit, "4281x")
        shown.press("Start Sync")
        assert box.place.wrong.text().startswith("Type the number of your company in Procore")
        wait_until(box.place.edit.hasFocus, "the cursor is there")
        assert shown.run is None


def test_what_was_typed_becomes_a_profile_and_a_password_stays_out_of_texts() -> None:
    typed = TypedSignIn(" https://Acme.hh2.com ", "claire", "s3cret-canary", True)
    assert "s3cret-canary" not in repr(typed)
    made = with_sign_ins(COMPANY, typed, TypedSignIn("77", "c@x.example", "", True))
    assert isinstance(made, Profile)
    assert (made.hh2.site, made.hh2.user, made.procore.company_id) == ("acme", "claire", 77)
    assert with_sign_ins(COMPANY, typed, TypedSignIn("7x", "", "", True)) == FieldFault(
        "procore.company_id", "7x", "company-id"
    )
    assert with_sign_ins(
        COMPANY, TypedSignIn("??", "", "", True), TypedSignIn("", "", "", True)
    ) == FieldFault("hh2.site", "??", "hh2-site")
    asked = AskedOfStepOne(Filters(DateRange.TODAY), True, (Tab.JOBS,), ("25-014",))
    run = with_choices(COMPANY, asked).run
    assert (run.date_range, run.tabs, run.go_on, run.jobs) == (
        DateRange.TODAY,
        (Tab.JOBS,),
        True,
        ("25-014",),
    )


def test_the_settings_grow_with_what_is_said_and_scroll_where_the_screen_is_small(qtbot: QtBot) -> None:
    dialog = ProfileDialog(Profile("con"), ())
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog.height()
    dialog.show_faults(
        (FieldFault("name", "con", "profile-name"), FieldFault("procore.api", "http://x", "address"))
    )
    room = dialog.screen().availableGeometry().height()
    assert before < dialog.height() <= room
    wait_until(dialog.name.edit.hasFocus, "the first of them")
    for field in (dialog.name, dialog.api):
        assert field.wrong.isVisible()
        assert field.edit.height() >= field.edit.sizeHint().height()
        assert field.wrong.height() >= field.wrong.heightForWidth(field.wrong.width())


# ------------------------------------------------------------------ tabs, jobs, history


def test_the_tabs_that_go_on_by_themselves_are_chosen(acme: Open, admin: Admin) -> None:
    with acme(go_on=True) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        shown.press("Choose tabs…")
        dialog = shown.dialog()
        assert isinstance(dialog, TabsDialog)
        for tab, check in dialog.checks.items():
            shown.tick(check, tab is Tab.PRIME_CONTRACTS)
        assert not dialog.jobs.isEnabled()
        shown.tick(dialog.checks[Tab.PRIME_CONTRACTS], False)
        assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
        shown.tick(dialog.checks[Tab.PRIME_CONTRACTS], True)
        shown.press("OK")
        assert shown.window.step_one.which.text().startswith("Prime Contracts")
        shown.press("Start Sync")
        shown.until_over()
        assert [press["tab"] for press in admin.presses("tab.refresh")] == ["prime-contracts"]


def test_jobs_are_read_searched_and_chosen(acme: Open, admin: Admin) -> None:
    with acme(go_on=True, tabs=(Tab.JOB_COSTS,)) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        shown.press("Choose tabs…")
        dialog_of_tabs = shown.dialog()
        assert isinstance(dialog_of_tabs, TabsDialog)
        QTest.mouseClick(dialog_of_tabs.jobs, Qt.MouseButton.LeftButton)
        wait_until(lambda: len(shown.frame.findChildren(JobsDialog)) == 1, "the jobs are open")
        [dialog] = shown.frame.findChildren(JobsDialog)
        assert dialog.empty.text().startswith("No job is known yet.")
        QTest.mouseClick(dialog.read, Qt.MouseButton.LeftButton)
        wait_until(lambda: len(dialog.jobs.choices) > 10, "the list is read", 20)
        first = dialog.jobs.choices[0].job
        QTest.keyClicks(dialog.search, first.code)
        assert dialog.list.model().rowCount() >= 1
        QTest.mouseClick(dialog.all, Qt.MouseButton.LeftButton)
        assert dialog.codes()[0] == first.code
        assert dialog.takes.text().endswith(f", of {len(dialog.jobs.choices)} in the list.")
        chosen = dialog.codes()
        QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
        wait_until(lambda: not shown.frame.findChildren(JobsDialog), "the jobs are closed")
        shown.press("OK")
        assert f"({len(chosen)} job" in shown.window.step_one.which.text()
        shown.press("Start Sync")
        shown.until_over()
        assert len(admin.presses("tab.refresh")) == len(chosen)


def test_a_long_list_of_jobs_is_picked_by_movement_and_by_hand(qtbot: QtBot) -> None:
    dialog = JobsDialog(COMPANY, many_jobs(), frozenset({"25-001", "gone"}), 6.0)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.codes() == ("25-001",)
    dialog.moved.click()
    assert dialog.codes() == tuple(one.job.code for one in many_jobs() if one.moved)
    dialog.none.click()
    assert dialog.codes() == ()
    assert dialog.takes.text() == "No job is chosen: Job Costs would have nothing to do."
    index = dialog.list.model().index(0, 0)
    assert "(costs moved)" in index.data()
    dialog.list.setFocus()
    dialog.list.setCurrentIndex(index)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.codes() == ("25-003",)
    assert not dialog.jobs.setData(dialog.jobs.index(0), "x")
    assert dialog.jobs.data(dialog.jobs.index(0), Qt.ItemDataRole.ToolTipRole) is None
    dialog.take(many_jobs(10))
    assert dialog.codes() == ("25-003",)


def test_the_history_tells_the_runs_and_each_event(acme: Open) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS,)) as shown:
        shown.window.history_action.trigger()
        empty = shown.dialog()
        assert isinstance(empty, HistoryView)
        wait_until(lambda: empty.empty.text() == "Nothing has run yet.", "it is read")
        shown.press("Close")
        shown.press("Start Sync")
        shown.until_over()
        wait_until(shown.window.history_action.isEnabled, "it can be opened")
        shown.window.history_action.trigger()
        view = shown.dialog()
        assert isinstance(view, HistoryView)
        wait_until(lambda: "Finished. All is done." in view.timeline.text(), "the events are read")
        model = view.table.model()
        texts = [model.index(0, column).data() for column in range(model.columnCount())]
        assert texts[1:5] == [
            "Finished. All is done.",
            "Proven finished",
            "Past Week, Shallow",
            "Vendors: Done",
        ]
        assert "(training)" in texts[0]
        assert shown.window.log.text.toPlainText().splitlines()[-1].endswith("Finished. All is done.")
        shown.press("Close")
        shown.frame.activateWindow()
        shown.window._show_log()
        shown.press("Copy the log")
        assert "Pressing Start Sync" in QApplication.clipboard().text()


@pytest.mark.parametrize("scenario", ["tab-failed"])
def test_a_card_is_copied_for_support_without_a_secret(acme: Open, admin: Admin, scenario: str) -> None:
    with acme(scenario, go_on=True, tabs=(Tab.VENDORS,)) as shown:
        shown.press("Start Sync")
        shown.until_over()
        wait_until(lambda: bool(shown.window.outcome.cards()), "the card")
        [card] = shown.window.outcome.cards()
        QTest.mouseClick(card.copy, Qt.MouseButton.LeftButton)
        copied = QApplication.clipboard().text()
        assert "[PRO-FAILED]" in copied
        assert admin.served.hh2.password not in copied
