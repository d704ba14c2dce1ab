"""The runs of a company: filtered, one of them as a timeline, how long they took, how many differences there were."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QSplitter,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.events import Record, RunOutcome
from app.domain.history import PastVerdict, RunSummary
from app.domain.problems import Problem
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.chart import Point
from app.ui.chart_page import ChartPage
from app.ui.field import Sentence
from app.ui.history_filters import HistoryFilters
from app.ui.table import ReadTable
from app.words import history, problems
from app.words.language import _


class HistoryView(QDialog):
    """`run_chosen` asks for the records of a run, which `take_records` then shows; `export_pressed` carries the runs
    that are shown."""

    run_chosen = Signal(str)
    export_pressed = Signal(object)

    def __init__(self, company: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("History of {company}").format(company=company))
        self.company = company
        self._runs: tuple[RunSummary, ...] = ()
        self.shown: list[RunSummary] = []
        self.filters = HistoryFilters()
        self.table = ReadTable(history.titles(), _("Runs"))
        self.empty = Sentence(_("Reading the history…"))
        self.timeline = Timeline()
        self.durations = ChartPage(
            _("Minutes that a run took"),
            [_("Begun"), _("Took"), _("Outcome")],
            _("An empty square is a run that did not end with all done."),
            _("No run that is shown has an end."),
        )
        self.differences = ChartPage(
            _("Differences in each match report"),
            history.verdict_titles(),
            _("An empty square is a report in which something could not be compared."),
            _("No match report is kept. “Do they match?” in the Tools menu makes one."),
        )
        self.export = QPushButton(_("&Export…"))
        self.export.setAutoDefault(False)
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.export, QDialogButtonBox.ButtonRole.ActionRole)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.timeline)
        split.setChildrenCollapsible(False)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(split, _("&Runs"))
        self.pages.addTab(self.durations, _("How &long"))
        self.pages.addTab(self.differences, _("&Differences"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.filters)
        layout.addWidget(self.empty)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.buttons)
        theme.size(self, 940, 600)
        theme.readable_when_off(self)
        self.buttons.rejected.connect(self.reject)
        self.filters.changed.connect(self.narrow)
        self.export.clicked.connect(self._export)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.narrow()

    def take_runs(self, runs: Sequence[RunSummary]) -> None:
        """The runs of the company."""
        self._runs = tuple(sorted(runs, key=lambda run: run.started_at, reverse=True))
        self.narrow()
        if not runs:
            self.empty.say(_("Nothing has run yet."))

    def take_verdicts(self, verdicts: Sequence[PastVerdict]) -> None:
        """The verdicts of the match reports that are kept."""
        points = [Point(one.at, one.verdict.differences, one.verdict.not_compared == 0) for one in verdicts]
        rows = [history.verdict(one) for one in reversed(verdicts)]
        summary = history.differences(verdicts[0], verdicts[-1], len(verdicts)) if verdicts else ""
        self.differences.show_points(points, rows, summary)

    def show_problem(self, problem: Problem) -> None:
        """Why there is nothing to show."""
        self.empty.say(problems.card(problem).in_short())

    def exported(self, path: str, runs: int) -> None:
        """The history was written."""
        self.empty.say(history.written(path, runs))

    def take_records(self, records: Sequence[Record]) -> None:
        """The events of the chosen run."""
        self.timeline.take(records)

    @Slot()
    def narrow(self) -> None:
        """Show the runs that the filters leave, the newest first; the first is chosen."""
        self.shown = self.filters.shown(self._runs)
        self.empty.say("" if self.shown or not self._runs else _("No run is like that."))
        self.table.blockSignals(True)
        self.table.clearSelection()
        self.table.setRowCount(len(self.shown))
        for at, run in enumerate(self.shown):
            for column, text in enumerate(history.columns(run)):
                self.table.setItem(at, column, QTableWidgetItem(text))
        self.table.blockSignals(False)
        self.export.setEnabled(bool(self.shown))
        self._show_durations()
        if self.shown:
            self.table.selectRow(0)
        else:
            self.timeline.take(())

    def _show_durations(self) -> None:
        ended = [(run, run.seconds) for run in self.shown if run.seconds is not None]
        points = [Point(run.started_at, took / 60, run.outcome is RunOutcome.OK) for run, took in ended]
        rows = [
            [history.when(run.started_at), history.took(run), history.outcome(run.outcome)]
            for run, _took in ended
        ]
        lengths = [took for _run, took in ended]
        summary = history.durations(len(ended), min(lengths), max(lengths)) if ended else ""
        self.durations.show_points(points, rows, summary)

    @Slot()
    def _export(self) -> None:
        self.export_pressed.emit(tuple(self.shown))

    @Slot()
    def _chosen(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows:
            self.run_chosen.emit(self.shown[rows[0].row()].run_id)


class Timeline(ReadTable):
    """What happened in a run, event by event: the time, how long after the beginning, what, and what proved it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = [_("Time"), _("After"), _("What happened"), _("What proved it")]
        super().__init__(titles, _("What happened in the run"), parent)

    def take(self, records: Sequence[Record]) -> None:
        """The events of one run, in their order."""
        self.setRowCount(len(records))
        for at, record in enumerate(records):
            for place, text in enumerate(history.moment(record, records[0].at)):
                item = QTableWidgetItem(text)
                item.setToolTip(text if place > 1 else "")
                self.setItem(at, place, item)

    def text(self) -> str:
        """What it says, an event a line."""
        lines = []
        for row in range(self.rowCount()):
            cells = (self.item(row, place) for place in range(self.columnCount()))
            lines.append("\t".join(cell.text() for cell in cells if cell is not None))
        return "\n".join(lines)
