"""What a comparison is asked for: files that stand in for a side, jobs, the last day of cost, the tolerance."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import PurePath

import msgspec
from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.lists import Kind, Side
from app.domain.match_question import TOLERANCE, Asked, FileLook
from app.domain.problems import Problem
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.check_box import CheckBox
from app.ui.field import Field, Sentence, Wrong
from app.ui.match_filters import amount
from app.ui.table import ReadTable
from app.words import match as words
from app.words import match_asked, numbers, problems
from app.words.language import _


class Given(msgspec.Struct, frozen=True):
    """A file that stands in for a list of a side."""

    side: Side
    kind: Kind
    path: str


class CompareDialog(QDialog):
    """`asked` gives what was chosen once it is accepted. `add_pressed` asks for a file of a side, `columns_pressed` for
    the columns of one, `jobs_pressed` for a choice of jobs."""

    add_pressed = Signal(object)
    columns_pressed = Signal(object)
    jobs_pressed = Signal()

    def __init__(self, before: Asked, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("What to compare"))
        self.files: list[Given] = [
            Given(side, *match_asked.file(given))
            for side, all_of_it in ((Side.SAGE, before.sage), (Side.PROCORE, before.procore))
            for given in all_of_it
        ]
        self.table = ReadTable((_("Side"), _("List"), _("File")), _("Files that stand in"))
        self.none = Sentence(_("No file: both sides are read through their web services."))
        self.add_sage = QPushButton(_("A file for &Sage…"))
        self.add_procore = QPushButton(_("A file for &Procore…"))
        self.columns = QPushButton(_("C&olumns…"))
        self.remove = QPushButton(_("&Remove"))
        self.wrong = Wrong()
        self.jobs = Field(_("Only these &jobs"), hint=_("all: or numbers, with commas"))
        self.jobs.fill(", ".join(before.jobs))
        self.choose = QPushButton(_("C&hoose…"))
        self.choose.setAccessibleName(_("Choose jobs"))
        self.until = CheckBox(_("Leave out cost &after"))
        self.until.setChecked(before.as_of is not None)
        last = before.as_of or today
        self.day = QDateEdit(QDate(last.year, last.month, last.day))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName(_("The last day of cost"))
        self.day.setEnabled(self.until.isChecked())
        self.tolerance = Field(_("&Tolerance"))
        self.tolerance.fill(numbers.money(before.tolerance))
        self.fresh = CheckBox(_("Read everything a&new, also what did not move"))
        self.fresh.setChecked(before.fresh)
        self.fewer = CheckBox(_("I &looked: far fewer records than last time is right"))
        self.fewer.setChecked(before.against_brake)
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(_("&Compare now"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._tie()
        self._show_files()

    def _lay_out(self) -> None:
        group = QGroupBox(_("Files in place of a web service"))
        column = QVBoxLayout(group)
        column.addWidget(Sentence(match_asked.about_files()))
        column.addWidget(self.none)
        column.addWidget(self.table, 1)
        column.addWidget(self.wrong)
        line = QHBoxLayout()
        for button in (self.add_sage, self.add_procore, self.columns, self.remove):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)
        self.choose.setAutoDefault(False)
        beside = QVBoxLayout()
        beside.addStretch(1)
        beside.addWidget(self.choose)
        jobs = QHBoxLayout()
        jobs.addWidget(self.jobs, 3)
        jobs.addLayout(beside)
        jobs.addWidget(self.tolerance, 1)
        day = QHBoxLayout()
        day.addWidget(self.until)
        day.addWidget(self.day)
        day.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(group, 1)
        layout.addLayout(jobs)
        layout.addLayout(day)
        layout.addWidget(self.fresh)
        layout.addWidget(self.fewer)
        layout.addWidget(self.buttons)
        theme.show_primary(self.go, True)
        theme.readable_when_off(self)
        self.resize(660, 520)

    def _tie(self) -> None:
        self.add_sage.clicked.connect(self._add_sage)
        self.add_procore.clicked.connect(self._add_procore)
        self.columns.clicked.connect(self._open_columns)
        self.remove.clicked.connect(self._remove)
        self.choose.clicked.connect(self.jobs_pressed)
        self.until.toggled.connect(self.day.setEnabled)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.buttons.accepted.connect(self._go)
        self.buttons.rejected.connect(self.reject)

    # ---------------------------------------------------------------- what comes

    def take_file(self, look: FileLook) -> None:
        """A file whose columns were confirmed; one list of a side has one file."""
        self.wrong.say("")
        self.files = [one for one in self.files if (one.side, one.kind) != (look.side, look.kind)]
        self.files.append(Given(look.side, look.kind, look.path))
        self._show_files()

    def take_jobs(self, codes: Sequence[str]) -> None:
        """The jobs that were chosen."""
        self.jobs.fill(", ".join(codes))

    def show_problem(self, problem: Problem) -> None:
        """Why a file cannot stand in."""
        self.wrong.say(problems.card(problem).in_short())

    def job_codes(self) -> tuple[str, ...]:
        """The job numbers that are typed."""
        return tuple(code for one in self.jobs.text.split(",") if (code := one.strip()))

    def asked(self) -> Asked:
        """What is asked for. A tolerance that is none counts as the usual one."""
        day, tolerance = self.day.date(), self._tolerance()
        return Asked(
            tolerance=TOLERANCE if tolerance is None else tolerance,
            jobs=self.job_codes(),
            as_of=date(day.year(), day.month(), day.day()) if self.until.isChecked() else None,
            sage=self._of(Side.SAGE),
            procore=self._of(Side.PROCORE),
            fresh=self.fresh.isChecked(),
            against_brake=self.fewer.isChecked(),
        )

    # ---------------------------------------------------------------- what the person does

    def _tolerance(self) -> Decimal | None:
        found = amount(self.tolerance.text)
        return found if found is not None and found >= 0 else None

    def _of(self, side: Side) -> tuple[str, ...]:
        return tuple(f"{one.kind.value}={one.path}" for one in self.files if one.side is side)

    @Slot()
    def _add_sage(self) -> None:
        self.add_pressed.emit(Side.SAGE)

    @Slot()
    def _add_procore(self) -> None:
        self.add_pressed.emit(Side.PROCORE)

    def _chosen(self) -> Given | None:
        rows = self.table.selectionModel().selectedRows()
        return self.files[rows[0].row()] if rows else None

    @Slot()
    def _open_columns(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.columns_pressed.emit(chosen)

    @Slot()
    def _remove(self) -> None:
        chosen = self._chosen()
        self.files = [one for one in self.files if one is not chosen]
        self._show_files()

    def _show_files(self) -> None:
        self.none.setVisible(not self.files)
        self.table.setVisible(bool(self.files))
        self.table.setRowCount(len(self.files))
        for at, one in enumerate(self.files):
            texts = (words.side(one.side.value), words.entity(one.kind.value), PurePath(one.path).name)
            for place, text in enumerate(texts):
                self.table.setItem(at, place, QTableWidgetItem(text))
        if self.files:
            self.table.selectRow(len(self.files) - 1)
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        there = self._chosen() is not None
        self.columns.setEnabled(there)
        self.remove.setEnabled(there)

    @Slot()
    def _go(self) -> None:
        if self._tolerance() is None:
            self.tolerance.fault(
                _("An amount is expected, for example {amount}.").format(amount=numbers.money(TOLERANCE))
            )
        else:
            self.accept()
