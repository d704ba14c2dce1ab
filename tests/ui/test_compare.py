"""What to compare, chosen in the window: files that stand in with their columns confirmed, jobs, a day, a tolerance."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from app.assembly import match_choice
from app.domain.lists import Kind, Side
from app.domain.match_question import Asked, FileLook
from app.domain.match_verdict import Match
from app.domain.problems import Problem, ProblemId
from app.match.headings import remembered
from app.ui.columns_dialog import ColumnsDialog
from app.ui.compare_desk import CompareDesk
from app.ui.compare_dialog import CompareDialog
from app.ui.jobs_dialog import JobsDialog
from app.ui.match_view import MatchView
from app.words import match_asked
from tests.end_to_end.company import NAME
from tests.support.waiting import wait_until
from tests.ui.conftest import Open
from tests.ui.person import Desktop
from tests.ui.scenes import file_look
from tests.ui.test_match import opened

SAGE = "Job,Cost Code,Category,Actual,JTD Cost\n25-001,01-010,L,900.00,1000.00\n25-002,01-010,L,7.00,50.00\n"
PROCORE = "Project,Cost Code,Cost Type,Amount\n25-001,01-010,L,1000.00\n25-002,01-010,L,47.00\n"


def choose(box: QComboBox, text: str) -> None:
    """Choose an entry as a person does: open the list, go to it, press Enter."""
    box.showPopup()
    entries = box.view()
    wait_until(entries.isVisible, "the list is open")
    entries.setCurrentIndex(box.model().index(box.findText(text), box.modelColumn()))
    QTest.keyClick(entries, Qt.Key.Key_Return)
    wait_until(lambda: not entries.isVisible(), "it is chosen")


def above(shown: Desktop, kind: type[QDialog]) -> QDialog:
    wait_until(lambda: any(one.isVisible() for one in shown.frame.findChildren(kind)), kind.__name__)
    (found,) = (one for one in shown.frame.findChildren(kind) if one.isVisible())
    return found


def to_the_choice(shown: Desktop) -> tuple[MatchView, CompareDialog, CompareDesk]:
    view = opened(shown)
    shown.press("Choose what to compare")
    dialog = above(shown, CompareDialog)
    assert isinstance(dialog, CompareDialog)
    (desk,) = view.findChildren(CompareDesk)
    return view, dialog, desk


def confirmed(shown: Desktop, dialog: CompareDialog, **columns: str) -> None:
    """Look at the columns that are proposed, correct some, and use them."""
    count = len(dialog.files)
    asked = above(shown, ColumnsDialog)
    assert isinstance(asked, ColumnsDialog)
    for column, heading in columns.items():
        choose(asked.boxes[column], heading)
    QTest.mouseClick(asked.use, Qt.MouseButton.LeftButton)
    wait_until(lambda: len(dialog.files) == count + 1, "the file is listed")


def test_two_files_are_compared_with_the_columns_tolerance_and_day_that_a_person_chose(
    acme: Open, tmp_path: Path
) -> None:
    (tmp_path / "sage.csv").write_text(SAGE)
    (tmp_path / "procore.csv").write_text(PROCORE)
    with acme() as shown:
        view, dialog, desk = to_the_choice(shown)
        desk.look_at(Side.SAGE, str(tmp_path / "sage.csv"))
        confirmed(shown, dialog)
        desk.look_at(Side.PROCORE, str(tmp_path / "procore.csv"))
        confirmed(shown, dialog)
        shown.type(dialog.tolerance.edit, "5")
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        wait_until(lambda: view.report is not None, "the report", 20)
        assert view.report is not None
        assert view.report.verdict.match is Match.WITHIN_TOLERANCE
        assert view.asked.text().startswith(
            "The next comparison: Sage: Job costs from sage.csv; Procore: Job costs"
        )
        # The heading that was proposed is not the one that is wanted: corrected, it is remembered.
        shown.press("Choose what to compare")
        again = above(shown, CompareDialog)
        assert isinstance(again, CompareDialog)
        assert [(one.side, Path(one.path).name) for one in again.files] == [
            (Side.SAGE, "sage.csv"),
            (Side.PROCORE, "procore.csv"),
        ]
        again.table.selectRow(0)
        QTest.mouseClick(again.columns, Qt.MouseButton.LeftButton)
        columns = above(shown, ColumnsDialog)
        assert isinstance(columns, ColumnsDialog)
        assert "confirmed" in columns.said.text()
        choose(columns.boxes["amount"], "Actual")
        QTest.mouseClick(columns.use, Qt.MouseButton.LeftButton)
        wait_until(lambda: not columns.isVisible(), "they are kept")
        folder = shown.house._folders.of_profile(NAME) / "match"
        kept = remembered(folder, Side.SAGE, Kind.COSTS, columns.look.headings)
        assert kept is not None
        assert kept.columns["amount"] == "Actual"
        shown.press("Cancel")
        wait_until(lambda: not again.isVisible(), "it is closed")


def test_what_was_chosen_stands_there_again_after_a_new_start_but_not_what_was_said_for_once(
    acme: Open, tmp_path: Path
) -> None:
    (tmp_path / "sage.csv").write_text(SAGE)
    with acme() as shown:
        view, dialog, desk = to_the_choice(shown)
        desk.look_at(Side.SAGE, str(tmp_path / "sage.csv"))
        confirmed(shown, dialog)
        dialog.take_jobs(("25-001",))
        dialog.fewer.click()
        shown.type(dialog.tolerance.edit, "5")
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        wait_until(lambda: view.report is not None, "the report", 20)
        assert desk.asked.against_brake
    with acme() as shown:
        view = opened(shown)
        (desk,) = view.findChildren(CompareDesk)
        wait_until(view.choose.isEnabled, "what was chosen is known")
        assert desk.asked == Asked(Decimal(5), ("25-001",), sage=(f"costs={tmp_path / 'sage.csv'}",))
        assert "Sage: Job costs from sage.csv; jobs 25-001; tolerance 5.00" in view.asked.text()
        shown.ask(shown.house.matching.forget(NAME))
        assert shown.ask(shown.house.matching.chosen(NAME)) == Asked()


@pytest.mark.parametrize("text", [None, "{broken", '{"tolerance": []}'])
def test_a_choice_that_cannot_be_read_is_the_usual(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / match_choice.NAME).write_text(text)
    assert match_choice.load(tmp_path) == Asked()


def test_a_file_that_is_none_is_told_with_its_reason(acme: Open, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    with acme() as shown:
        _view, dialog, _desk = to_the_choice(shown)
        QTest.mouseClick(dialog.add_sage, Qt.MouseButton.LeftButton)
        chooser = above(shown, QFileDialog)
        assert isinstance(chooser, QFileDialog)
        chooser.setDirectory(str(tmp_path))
        chooser.selectFile(str(tmp_path / "empty.csv"))
        QTest.keyClick(chooser, Qt.Key.Key_Return)
        wait_until(lambda: "empty.csv" in dialog.wrong.text(), "it is told")
        assert dialog.files == []


def test_where_no_job_is_chosen_it_is_told_what_is_compared(acme: Open) -> None:
    with acme() as shown:
        _view, dialog, _desk = to_the_choice(shown)
        QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
        jobs = above(shown, JobsDialog)
        assert isinstance(jobs, JobsDialog)
        assert jobs.takes.text() == "No job is chosen: all that moved are compared."
        QTest.keyClick(jobs, Qt.Key.Key_Escape)
        wait_until(lambda: not jobs.isVisible(), "it is closed")
        assert dialog.asked() == Asked()


def test_what_was_chosen_stands_there_when_it_is_opened_again(qtbot: QtBot) -> None:
    dialog = CompareDialog(Asked(jobs=("25-001",), sage=("costs=a.csv",)), date(2026, 11, 24))
    qtbot.addWidget(dialog)
    assert dialog.asked() == Asked(jobs=("25-001",), sage=("costs=a.csv",))


def test_a_day_jobs_and_an_amount_are_taken_as_they_are_typed(qtbot: QtBot) -> None:
    dialog = CompareDialog(Asked(), date(2026, 11, 24))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.take_jobs(("25-014", "25-020"))
    dialog.until.click()
    dialog.fewer.click()
    dialog.tolerance.edit.setText("no amount")
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert "An amount" in dialog.tolerance.wrong.text()
    dialog.tolerance.edit.setText("0.10")
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert dialog.asked() == Asked(
        Decimal("0.10"), ("25-014", "25-020"), date(2026, 11, 24), against_brake=True
    )


def test_columns_are_used_only_when_what_is_needed_is_there_and_no_heading_stands_twice(qtbot: QtBot) -> None:
    dialog = ColumnsDialog(file_look())
    qtbot.addWidget(dialog)
    dialog.show()
    assert "proposed" in dialog.said.text()
    assert dialog.use.isEnabled()
    choose(dialog.boxes["amount"], "(not in the file)")
    assert not dialog.use.isEnabled()
    assert dialog.wrong.text() == "Choose the heading of: Amount."
    choose(dialog.boxes["amount"], "Job")
    assert not dialog.use.isEnabled()
    choose(dialog.boxes["amount"], "Remarks")
    taken: list[FileLook] = []
    wanted: list[Kind] = []
    dialog.confirmed.connect(taken.append)
    dialog.list_wanted.connect(wanted.append)
    choose(dialog.lists, "Vendors")
    assert wanted == [Kind.VENDORS]
    dialog.show_problem(
        Problem(ProblemId.FILE_BROKEN, {"file": "a.csv", "expected": "table", "what": "empty"})
    )
    assert dialog.lists.currentText() == "Job costs"
    QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert taken[0].columns["amount"] == "Remarks"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(), ""),
        (Asked(jobs=("1", "2", "3", "4", "5")), "The next comparison: jobs 1, 2, 3 and 2 more."),
        (
            Asked(Decimal(5), as_of=date(2026, 10, 31), procore=("vendors=/home/v=1.csv",)),
            "The next comparison: Procore: Vendors from v=1.csv; cost until 2026-10-31; tolerance 5.00.",
        ),
    ],
)
def test_what_is_asked_is_told_in_a_line(asked: Asked, said: str) -> None:
    assert match_asked.asked(asked) == said
