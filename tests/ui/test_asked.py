"""When a person is needed: what they are asked, that they can answer in the window, and what then happens."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Depth
from app.domain.looks import EvidenceKind, StepOneOutcome, TabOutcome
from app.domain.tabs import Tab
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop


def _tabs_pressed(admin: Admin) -> list[str]:
    return [press["tab"] for press in admin.presses("tab.refresh")]


def test_an_unproven_step_one_opens_step_two_only_on_what_the_person_saw(acme: Open, admin: Admin) -> None:
    with acme("no-proof", tabs=(Tab.VENDORS,), go_on=True) as shown:
        shown.press("Start Sync")
        shown.wait_for("What you saw, in your own words", 30)
        assert shown.reads("We could not prove that step 1 finished, so Procore was not refreshed.")
        assert not any(box.isEnabled() for box in shown.tabs())
        field = shown.window.notice.field
        shown.press("Go on")
        assert shown.reads("Say in your own words what you saw.")
        wait_until(field.edit.hasFocus, "the cursor is there")
        assert _tabs_pressed(admin) == []
        shown.type(field.edit, "Sync 42 completed at 9:14")
        shown.press("Go on")
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert state.confirmed is not None
        assert state.confirmed.words == "Sync 42 completed at 9:14"
        assert state.opened is not None
        assert state.opened.evidence.kind is EvidenceKind.PERSON
        assert _tabs_pressed(admin) == ["vendors"]


def test_a_sync_of_somebody_else_can_be_taken_as_ours(acme: Open, admin: Admin) -> None:
    with acme("busy", go_on=True, tabs=(Tab.VENDORS,), pace=0.3) as shown:
        shown.press("Start Sync")
        shown.press("Take theirs", 20)
        state = shown.until_over()
        assert state.step_one.theirs
        assert state.step_one.outcome is StepOneOutcome.DONE
        assert admin.presses("sync.start") == []
        assert not shown.buttons("Take theirs")


def test_an_unknown_tab_is_refreshed_again_only_after_a_look_and_a_word(acme: Open, admin: Admin) -> None:
    with acme("tab-stale", go_on=True, tabs=(Tab.VENDORS,)) as shown:
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.tabs[Tab.VENDORS].outcome is TabOutcome.UNKNOWN
        shown.press("Retry Vendors")
        shown.wait_for("Vendors was last pressed:")
        assert len(_tabs_pressed(admin)) == 1
        shown.press("Keep it as it is")
        assert not shown.reads("was last pressed")
        shown.press("Retry Vendors")
        shown.press("Refresh it again")
        wait_until(lambda: len(_tabs_pressed(admin)) == 2, "the second press")
        again = shown.until_over()
        assert again.tabs[Tab.VENDORS].refresh.presses == 2


def test_step_two_only_begins_with_the_persons_word(acme: Open, admin: Admin) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS, Tab.JOBS)) as shown:
        shown.press("Step 2 only…")
        assert shown.reads("Step 2 only: has hh2 synced by itself?")
        wait_until(shown.window.notice.field.edit.hasFocus, "the cursor is there")
        shown.press("Go back")
        assert not shown.reads("Step 2 only: has hh2 synced by itself?")
        shown.press("Step 2 only…")
        QTest.keyClicks(shown.window.notice.field.edit, "it says done at 8:40")
        QTest.keyClick(shown.window.notice.field.edit, Qt.Key.Key_Return)
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
        assert not state.plan.step_one
        assert admin.presses("sync.start") == []
        assert set(_tabs_pressed(admin)) == {"vendors", "jobs"}
        assert shown.reads("Step 1: Step 2 only: hh2 synced by itself")


def test_deep_or_all_changes_asks_first(acme: Open, admin: Admin) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS,)) as shown:
        panel = shown.window.step_one
        QTest.keyClicks(panel.date_box, "All Changes")
        QTest.keyClicks(panel.depth_box, "Deep")
        assert shown.reads("may take much longer")
        shown.press("Start Sync")
        box = shown.dialog()
        assert isinstance(box, QMessageBox)
        assert "All Changes, Deep" in box.text()
        shown.press("Choose again")
        assert shown.run is None
        assert not shown.view.busy
        shown.press("Start Sync")
        shown.press("Start it")
        state = shown.until_over()
        assert (state.plan.filters.date_range, state.plan.filters.depth) == (DateRange.ALL, Depth.DEEP)
        assert len(admin.presses("sync.start")) == 1


def test_the_tabs_are_chosen_after_the_proof_and_only_those_are_pressed(acme: Open, admin: Admin) -> None:
    with acme(go_on=False) as shown:
        assert not any(box.isEnabled() for box in shown.tabs())
        shown.press("Start Sync")
        wait_until(lambda: all(box.isEnabled() for box in shown.tabs()), "the tabs can be chosen", 30)
        assert shown.reads("Step 2 is open: step 1 is proven finished. Choose the tabs to refresh.")
        shown.press("Select none")
        assert not any(box.isChecked() for box in shown.tabs())
        assert not shown.has("Refresh selected tabs")
        shown.press("Select all")
        shown.press("Select none")
        shown.tick(shown.box(Tab.SUB_JOBS), True)
        shown.press("Refresh selected tabs")
        shown.until_over()
        assert _tabs_pressed(admin) == ["sub-jobs"]
        assert shown.box(Tab.SUB_JOBS).isChecked()
        _more_afterwards(shown, admin)


def _more_afterwards(shown: Desktop, admin: Admin) -> None:
    """The gate is still open: another tab can be refreshed in the run that ended."""
    wait_until(lambda: shown.box(Tab.VENDORS).isEnabled(), "another tab can be chosen")
    assert [tab for tab in Tab if shown.box(tab).isChecked()] == [Tab.SUB_JOBS]
    assert not shown.box(Tab.SUB_JOBS).isEnabled()
    shown.tick(shown.box(Tab.VENDORS), True)
    shown.press("Refresh selected tabs")
    wait_until(lambda: _tabs_pressed(admin) == ["sub-jobs", "vendors"], "the other tab is pressed")
    shown.until_over()


def test_what_proved_it_is_shown_for_step_one_and_for_each_tab(acme: Open) -> None:
    with acme(go_on=True, tabs=(Tab.COST_CODES, Tab.JOB_COSTS), jobs=("24-001",)) as shown:
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.ended is not None
        shown.press("What proved step 1")
        said = shown.dialog()
        assert isinstance(said, QMessageBox)
        assert "The training company's page showed" in said.text()
        assert "Before our press it showed" in said.text()
        shown.press("Close")
        shown.press("What proved Std. Cost Codes & Cost Types")
        said = shown.dialog()
        assert isinstance(said, QMessageBox)
        assert said.text().startswith("Std. Cost Codes & Cost Types\nDone\nPressed at ")
        shown.press("Close")
        assert not shown.has_dialog()


def test_hh2s_filters_can_be_put_back(acme: Open, admin: Admin) -> None:
    with acme(go_on=True, tabs=(Tab.VENDORS,)) as shown:
        QTest.keyClicks(shown.window.step_one.date_box, "Today")
        shown.press("Start Sync")
        state = shown.until_over()
        before = state.step_one.filters_before
        assert before is not None
        assert shown.reads("hh2's filters were")
        shown.press("Put hh2's filters back")
        wait_until(lambda: len(admin.presses("filters.apply")) == 2, "the filters are set once more")
        state = shown.until_over()
        assert state.step_one.filters_now == before
        wait_until(lambda: not shown.buttons("Put hh2's filters back"), "the offer is gone")


def test_a_refused_password_is_not_tried_again_until_another_is_typed(acme: Open, admin: Admin) -> None:
    with acme("wrong-password", go_on=True) as shown:
        shown.press("Start Sync")
        state = shown.until_over()
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.PERSON
        shown.wait_for("hh2 did not accept the site, user name or password.")
        shown.wait_for("hh2 refused this password. Type it again; until then it is not tried.")
        tries = len(admin.calls("hh2.sign-in"))
        shown.press("Start Sync")
        assert shown.reads("Type the password.")
        wait_until(shown.window.step_one.sign_in.password.edit.hasFocus, "the cursor is there")
        assert shown.is_over()
        assert len(admin.calls("hh2.sign-in")) == tries


def test_sign_in_test_says_who_we_are_or_what_is_wrong(acme: Open, admin: Admin) -> None:
    with acme() as shown:
        shown.press("Sign in to hh2 once, as a test")
        shown.wait_for("Signed in as")
        shown.press("Sign in to Procore once, as a test")
        wait_until(lambda: len(shown.view.tested) == 2, "both are tested")
        assert admin.presses("sync.start") == []
    with acme("user-locked") as shown:
        shown.press("Sign in to hh2 once, as a test")
        shown.wait_for("hh2 has locked")
