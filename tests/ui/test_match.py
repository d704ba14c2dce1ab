"""Do they match? From the Tools menu: both sides are read, the tree opens to the transaction, the rest is told."""

import hashlib
import time
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.events import ReportSaved
from app.domain.lists import Kind, Side
from app.domain.match_progress import Estimate, Progress
from app.domain.match_report import EVERY, Line, Narrowed, Node, Report
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.engine.faces import Practice
from app.match.store import open_store
from app.ui.accept_dialog import AcceptDialog
from app.ui.match_filters import amount
from app.ui.match_model import PAGE, Item, MoneyModel
from app.ui.match_view import MatchView
from app.words import match as words
from app.words import progress
from tests.end_to_end.company import NAME
from tests.match.lists import Company
from tests.support.waiting import wait_until
from tests.ui.conftest import Open
from tests.ui.person import Desktop, desktop, stalls_of_ours
from tests.ui.scenes import match_report
from tests.ui.stories import Story

JOB, SAGE, PROCORE, DIFFERENCE, FLAG = 0, 1, 2, 3, 7
NOWHERE = QModelIndex()
WHOLE_ROW = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


def opened(shown: Desktop) -> MatchView:
    wait_until(shown.window.match_action.isEnabled, "it can be asked")
    shown.window.match_action.trigger()
    wait_until(shown.has_dialog, "the dialog is open")
    view = shown.dialog()
    assert isinstance(view, MatchView)
    return view


def line_at(view: MatchView, index: QModelIndex) -> Item:
    found = view.money.line(index)
    assert found is not None
    return found


def below(view: MatchView, index: QModelIndex) -> QModelIndex:
    """Open a line by the keyboard, and go to the first line below it."""
    view.tree.setCurrentIndex(index)
    QTest.keyClick(view.tree, Qt.Key.Key_Right)
    wait_until(lambda: line_at(view, index).children, "what is below it")
    return view.money.index(0, 0, index)


def to_the_transactions(view: MatchView) -> QModelIndex:
    """Open the first job, level by level; the lowest line with its transactions below it."""
    wait_until(lambda: view.money.rowCount() > 0, "its rows")
    at = view.money.index(0, 0)
    while isinstance(line_at(view, at).value, Node):
        at = below(view, at)
    return at.parent()


def lines_below(view: MatchView, at: QModelIndex) -> list[Line]:
    found = [item.value for item in line_at(view, at).children]
    assert all(isinstance(line, Line) for line in found)
    return [line for line in found if isinstance(line, Line)]


def report_of_acme(shown: Desktop) -> Report:
    """A report as an earlier comparison left it: one cost that Procore does not have, one vendor too."""
    company = Company(2)
    company.cost("1000.10", vendor="V0001")
    company.cost("500.05", procore=False)
    company.vendor("V0003", "Béton Laval", procore=False)
    store = open_store(shown.house._folders.of_profile(NAME))
    try:
        return company.report(store)
    finally:
        store.close()


def test_the_last_report_opens_to_the_single_transaction_of_both_sides(acme: Open) -> None:
    with acme() as shown:
        report = report_of_acme(shown)
        view = opened(shown)
        wait_until(lambda: view.report is not None, "the last report")
        assert view.report == report
        assert view.headline.text() == "2 differences, 500.05 in all."
        with stalls_of_ours() as stalls:
            at = to_the_transactions(view)
        assert stalls == []
        assert [(line.side, line.amount, line.vendor, line.paired) for line in lines_below(view, at)] == [
            (Side.SAGE, Decimal("500.05"), "", False),
            (Side.SAGE, Decimal("1000.10"), "Vendor 1", True),
            (Side.PROCORE, Decimal("1000.10"), "", True),
        ]
        wait_until(lambda: view.differences.rowCount() == 2, "the differences")
        view.filters.search.setText("béton")
        wait_until(lambda: view.differences.rowCount() == 1, "they are narrowed")
        assert view.differences.index(0, 1).data() == "V0003  Béton Laval"
        wait_until(lambda: not view.money.canFetchMore(NOWHERE), "the jobs too")
        assert view.money.rowCount() == 0


def test_a_difference_is_accepted_with_note_name_and_expiry_and_counts_again(acme: Open) -> None:
    with acme() as shown:
        report_of_acme(shown)
        view = opened(shown)
        wait_until(lambda: view.differences.rowCount() == 2, "the differences")
        view.pages.setCurrentWidget(view.found)
        assert not view.accept_these.isEnabled()
        view.list.selectionModel().select(view.differences.index(0, 0), WHOLE_ROW)
        shown.press("Accept…")
        wait_until(lambda: bool(view.findChildren(AcceptDialog)), "it asks why")
        (dialog,) = view.findChildren(AcceptDialog)
        QTest.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
        assert dialog.note.wrong.text() == "Write it down: a reviewer will read it."
        QTest.keyClicks(dialog.note.edit, "Agreed with the owner")
        QTest.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
        wait_until(lambda: view.headline.text() == "1 difference, 0.00 in all.", "the verdict follows")
        wait_until(lambda: view.differences.rowCount() == 2, "the differences")
        assert "Agreed with the owner" in view.differences.index(0, 5).data()
        assert "Accepted: 1" in view.details.text()
        view.list.selectionModel().select(view.differences.index(0, 0), WHOLE_ROW)
        shown.press("Count again")
        wait_until(lambda: view.headline.text() == "2 differences, 500.05 in all.", "it counts again")


def test_what_was_read_is_deleted_after_a_question_and_the_view_is_empty(acme: Open) -> None:
    with acme() as shown:
        report_of_acme(shown)
        view = opened(shown)
        wait_until(lambda: view.differences.rowCount() == 2, "the differences")
        folder = shown.house._folders.of_profile(NAME) / "match"
        for answer, stays in (("Keep it", True), ("Delete", False)):
            shown.press("Delete what was read…")
            wait_until(lambda: bool(view.findChildren(QMessageBox)), "it asks")
            (box,) = view.findChildren(QMessageBox)
            assert "the history of runs stay" in box.text()
            assert box.defaultButton().text() == "&Keep it"
            (button,) = (one for one in box.buttons() if one.text() == f"&{answer}")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            wait_until(lambda: not view.findChildren(QMessageBox), "it is answered")
            if stays:
                assert view.report is not None
                assert folder.is_dir()
        wait_until(lambda: view.report is None, "it is gone")
        assert view.headline.text() == "There is no report yet."
        assert "deleted" in view.told.text()
        assert not folder.exists()
        assert not view.save.isEnabled()


async def a_run_ended(shown: Desktop) -> None:
    """A run stands in the ledger of the company that is open."""
    ledger = (await shown.house._companies.use(NAME)).ledger
    assert ledger is not None
    for record in Story().all_done().records:
        await ledger.append(record)


def test_the_report_is_written_into_a_folder_in_all_its_forms_and_noted(acme: Open, tmp_path: Path) -> None:
    with acme() as shown:
        report_of_acme(shown)
        shown.ask(a_run_ended(shown))
        view = opened(shown)
        shown.press("Save the report…")
        wait_until(lambda: bool(view.findChildren(QFileDialog)), "it asks where to")
        (chooser,) = view.findChildren(QFileDialog)
        chooser.close()
        view.folder_chosen.emit(str(tmp_path / "out"))
        wait_until(lambda: "files were written" in view.told.text(), "the files", 30)
        assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".xlsx", ".pdf", ".csv", ".json"}
        wait_until(lambda: "keeps their SHA-256" in view.told.text(), "it is noted")
        saved = shown.ask(shown.house.records(NAME, "run-1"))[-1].event
        assert isinstance(saved, ReportSaved)
        assert {one.sha256 for one in saved.files} == {
            hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()
        }
        assert "saved report" in progress.line(saved)
        assert shown.ask(shown.house.verify(NAME)).faults == ()
        shown.press("Close")
        wait_until(lambda: not shown.has_dialog(), "it is closed")


def test_a_comparison_that_is_stopped_leaves_no_report(qtbot: QtBot) -> None:
    with desktop(qtbot, practice=Practice(pace=0.02)) as shown:
        view = opened(shown)
        wait_until(lambda: "no report yet" in view.headline.text(), "it is looked for")
        shown.press("Compare now")
        shown.press("Stop")
        wait_until(lambda: not view.comparing, "it has stopped", 20)
        assert view.report is None
        assert shown.has("Compare now")


@pytest.mark.slow
def test_both_sides_of_the_training_company_are_read_and_compared(qtbot: QtBot) -> None:
    with desktop(qtbot, practice=Practice(scenario="mismatch", pace=0.02, hour=2.0)) as shown:
        view = opened(shown)
        shown.press("Compare now")
        wait_until(lambda: "rows" in view.told.text(), "it tells how far it is", 30)
        wait_until(lambda: view.report is not None and not view.comparing, "the report", 100)
        assert view.report is not None
        assert view.report.verdict.match is Match.DIFFERS
        lines = lines_below(view, to_the_transactions(view))
        assert {line.side for line in lines} <= {Side.SAGE, Side.PROCORE}
        assert "How old the data are" in view.rest.toPlainText()


# ---------------------------------------------------------------- the view alone


@pytest.fixture
def view(qtbot: QtBot) -> MatchView:
    made = MatchView("Beaulieu")
    qtbot.addWidget(made)
    made.show()
    return made


def node(n: int, depth: int = 1) -> Node:
    place = (f"25-{n:06}", "", f"{n:06}" if depth > 1 else "", "")
    amount = Decimal(n) / 100
    return Node(depth, *place, f"Job {n}", amount, amount, Decimal(0), Decimal(0), Decimal(0), 1, 0, "equal")


def test_a_million_jobs_cost_no_more_than_what_is_looked_at(view: MatchView) -> None:
    asked: list[Item] = []

    def answer() -> None:
        while asked:
            below = asked.pop()
            after = len(below.children)
            view.take_rows(below, [node(n) for n in range(after, min(after + PAGE, 1_000_000))])

    view.money.wanted.connect(asked.append)
    view.money.show_report((1, 3, 4), EVERY)
    for _turn in range(20):
        answer()
        QApplication.processEvents()
    assert view.money.rowCount() == PAGE  # nobody has scrolled
    longest = 0.0
    for _turn in range(25):
        began = time.process_time()
        view.tree.scrollToBottom()
        QApplication.processEvents()
        QApplication.processEvents()
        answer()
        longest = max(longest, time.process_time() - began)
    assert view.money.rowCount() >= 20 * PAGE
    assert longest < 0.5
    assert view.money.index(20 * PAGE - 1, SAGE).data() == "39.99"


def test_what_qt_asks_of_every_row_whenever_rows_come_it_answers_itself() -> None:
    of_every_row = {"index", "parent", "hasChildren", "flags", "rowCount", "columnCount"}
    assert of_every_row & vars(MoneyModel).keys() == set()


def test_a_line_can_be_opened_before_its_rows_are_there_and_is_told_as_empty_where_none_come(
    view: MatchView,
) -> None:
    model, asked = view.money, list[Item]()
    model.wanted.connect(asked.append)
    model.show_report((1, 3), EVERY)
    model.take(asked.pop(), [node(1), node(2)])
    first, second = model.index(0, JOB), model.index(1, JOB)
    assert model.hasChildren(first)
    view.tree.expand(first)
    wait_until(lambda: asked, "its rows are asked for")
    assert model.index(0, JOB, first).data() == "…"
    assert [item.value for item in asked] == [node(1)]
    model.take(asked.pop(), [])
    assert not model.hasChildren(first)
    view.tree.expand(second)
    wait_until(lambda: asked, "those of the other")
    model.failed(asked.pop())
    assert not model.hasChildren(second)


def test_rows_of_an_earlier_tree_are_dropped(view: MatchView) -> None:
    model, asked = view.money, list[Item]()
    model.wanted.connect(asked.append)
    model.show_report((1,), EVERY)
    model.show_report((1,), Narrowed(differences_only=True))
    model.take(asked[0], [node(1)])
    assert model.rowCount() == 0
    model.take(asked[1], [node(2)])
    assert [model.index(0, JOB).data()] == ["25-000002  Job 2"]
    assert not model.canFetchMore(NOWHERE)


def test_an_amount_and_what_is_missing_are_not_the_same(view: MatchView) -> None:
    model, asked = view.money, list[Item]()
    model.wanted.connect(asked.append)
    model.show_report((1,), EVERY)
    one = Node(1, "25-001", "", "", "", "Pont", None, Decimal("0.00"), Decimal("-4.05"),
               Decimal(0), Decimal("-4.05"), 1, 1, "procore-only")  # fmt: skip
    model.take(asked[0], [one])
    row = [model.index(0, column).data() for column in range(model.columnCount())]
    assert row == ["25-001  Pont", "–", "0.00", "−4.05", "0.00", "−4.05", "", "in Procore only"]


def test_the_verdict_stands_in_words_and_icon_and_what_was_not_compared_is_told(view: MatchView) -> None:
    view.take_report(match_report(), (1, 3, 4))
    assert view.headline.text() == "3 differences, 517.39 in all. 1 could not be compared."
    assert not view.icon.pixmap().isNull()
    assert "tolerance of 1.00" in view.details.text()
    assert "could not be read" in view.rest.toPlainText()
    assert view.save.isEnabled()


def test_the_keyboard_finds_narrows_and_copies(view: MatchView, qtbot: QtBot) -> None:
    view.take_report(match_report(), (1,))
    view.take_rows(view.money.root, [node(1), node(2)])
    view.activateWindow()
    wait_until(view.isActiveWindow, "the keyboard is here")
    QTest.keySequence(view, QKeySequence(QKeySequence.StandardKey.Find))
    wait_until(view.filters.search.hasFocus, "the search has the keyboard")
    asked: list[Narrowed] = []
    view.differences_wanted.connect(lambda narrowed, _after: asked.append(narrowed))
    QTest.keyClicks(view.filters.search, "pont")
    view.filters.over.setText("1,000.50")
    view.filters.only.click()
    wait_until(lambda: bool(asked), "the rows are narrowed")
    assert asked == [Narrowed(differences_only=True, over=Decimal("1000.50"), words="pont")]
    view.take_rows(view.money.root, [node(7), node(8)])
    view.tree.setFocus()
    view.tree.selectAll()
    QTest.keySequence(view.tree, QKeySequence(QKeySequence.StandardKey.Copy))
    copied = QApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[:3] == [words.heading("where"), "Sage", "Procore"]
    assert [line.split("\t")[:2] for line in copied[1:]] == [
        ["25-000007  Job 7", "0.07"],
        ["25-000008  Job 8", "0.08"],
    ]


def test_progress_is_told_with_counts_and_a_problem_has_its_card(view: MatchView) -> None:
    view.begin()
    assert not view.compare.isVisible()
    view.show_progress(Estimate({"Procore": 212}, 240.0, 0))
    assert "212 requests, about 4 minutes" in view.told.text()
    view.show_progress(Progress("reading", Side.SAGE, Kind.COSTS, "", 40, 10, 12_345, 0, 7))
    assert "12,345 rows" in view.told.text()
    assert (view.bar.value(), view.bar.maximum()) == (10, 40)
    view.end(Problem(ProblemId.NET, {"site": "procore"}))
    assert view.compare.isVisible()
    assert view._trouble is not None
    assert "Procore" in view._trouble.title.text()


@pytest.mark.parametrize(
    ("typed", "said"), [("1,000.50", "1000.50"), ("12", "12.00"), ("", None), ("abc", None), ("NaN", None)]
)
def test_an_amount_as_it_is_typed(typed: str, said: str | None) -> None:
    assert amount(typed) == (None if said is None else Decimal(said))
