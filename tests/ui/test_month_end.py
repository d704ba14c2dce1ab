"""The month end as a guided list: ticked by the person, kept for each company and month, with a way to each step."""

import json
from datetime import UTC, date, datetime

from pytestqt.qtbot import QtBot

from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.storage import folders
from app.ui.match_view import MatchView
from app.ui.month_end_dialog import MonthEndDialog
from app.ui.tabs_dialog import TabsDialog
from app.words import month_end as words
from tests.support.waiting import wait_until
from tests.ui.conftest import Open
from tests.ui.person import Desktop
from tests.ui.stories import Story


def _list(shown: Desktop) -> MonthEndDialog:
    shown.window.month_end_action.trigger()
    found = shown.dialog()
    assert isinstance(found, MonthEndDialog)
    return found


def test_what_was_ticked_is_there_again_for_this_company_and_month(acme: Open) -> None:
    with acme() as shown:
        found = _list(shown)
        month = found.month
        shown.press("Post in Sage")
        assert shown.reads("6 steps are left.")
        found.months.setCurrentIndex(2)
        assert shown.reads("7 steps are left.")
        found.close()
        again = _list(shown)
        assert again.month == month
        assert again.boxes["post"].isChecked()
        assert not again.boxes["sign"].isChecked()
        again.close()
    kept = json.loads((folders.locate().config / "settings.json").read_text("utf-8"))["month_ends"]
    assert kept == {f"Acme/{month}": ["post"]}


def test_each_step_leads_to_where_it_is_done(acme: Open) -> None:
    with acme() as shown:
        _list(shown)
        shown.press("Choose Past Month and Deep")
        assert not shown.has_dialog()
        assert shown.window.step_one.filters() == Filters(DateRange.PAST_MONTH, Depth.DEEP)
        _list(shown)
        shown.press("Choose tabs…")
        assert isinstance(shown.dialog(), TabsDialog)
        shown.dialog().close()
        wait_until(lambda: not shown.has_dialog(), "it is closed")
        _list(shown)
        shown.press("Do they match?…")
        wait_until(lambda: shown.has_dialog() and isinstance(shown.dialog(), MatchView), "the report")
        shown.dialog().close()


def test_the_list_tells_what_the_run_that_is_shown_has_done() -> None:
    done = Story().all_done().state
    assert done.ended is not None
    assert done.ended.outcome is RunOutcome.OK
    assert words.known("sync", done).endswith("too narrow.")
    assert words.known("tabs", done) == "Finished. All is done."
    assert words.known("staged", Story().mixed().state) != ""
    assert words.known("post", done) == words.known("sign", done) == words.known("sync", None) == ""


def test_in_the_first_days_the_month_before_is_closed(qtbot: QtBot) -> None:
    for today, month in (
        (date(2026, 1, 5), "2025-12"),
        (date(2026, 3, 20), "2026-02"),
        (date(2026, 3, 21), "2026-03"),
    ):
        shown = MonthEndDialog("Acme", {}, today)
        qtbot.addWidget(shown)
        assert shown.month == month
    assert words.month(date(2026, 2, 1)) == "February 2026"
    assert datetime.now(UTC).year >= 2026
