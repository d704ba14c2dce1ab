"""The runs of a company: a line for each, and what happened in the one that is chosen, event by event."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QSplitter,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.events import Record
from app.domain.history import RunSummary
from app.domain.problems import Problem
from app.ui import theme
from app.ui.field import Sentence
from app.ui.table import ReadTable
from app.words import outcomes, problems, progress, sites, tabs, times
from app.words.language import _


class HistoryView(QDialog):
    """`run_chosen` asks for the records of a run, which `take_records` then shows."""

    run_chosen = Signal(str)

    def __init__(self, company: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("History of {company}").format(company=company))
        self.company = company
        self._runs: tuple[RunSummary, ...] = ()
        titles = [_("Begun"), _("Outcome"), _("Step 1"), _("Filters"), _("Tabs"), _("Took"), _("By")]
        self.table = ReadTable(titles, _("Runs"))
        self.empty = Sentence(_("Reading the history…"))
        self.timeline = QPlainTextEdit()
        self.timeline.setReadOnly(True)
        self.timeline.setTabChangesFocus(True)
        self.timeline.setAccessibleName(_("What happened in the run"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.timeline)
        layout = QVBoxLayout(self)
        layout.addWidget(self.empty)
        layout.addWidget(split, 1)
        layout.addWidget(self.buttons)
        self.resize(880, 560)
        theme.readable_when_off(self)
        self.buttons.rejected.connect(self.reject)
        self.table.itemSelectionChanged.connect(self._chosen)

    def take_runs(self, runs: Sequence[RunSummary]) -> None:
        """The runs, the newest first."""
        self._runs = tuple(sorted(runs, key=lambda run: run.started_at, reverse=True))
        self.empty.say("" if runs else _("Nothing has run yet."))
        self.table.setRowCount(len(self._runs))
        for at, run in enumerate(self._runs):
            for column, text in enumerate(_columns(run)):
                self.table.setItem(at, column, QTableWidgetItem(text))
        if self._runs:
            self.table.selectRow(0)

    def show_problem(self, problem: Problem) -> None:
        """Why there is nothing to show."""
        self.empty.say(problems.card(problem).in_short())

    def take_records(self, records: Sequence[Record]) -> None:
        """The events of the chosen run, one a line."""
        lines = [f"{times.clock_seconds(record.at)}  {progress.line(record.event)}" for record in records]
        self.timeline.setPlainText("\n".join(lines))

    @Slot()
    def _chosen(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows:
            self.run_chosen.emit(self._runs[rows[0].row()].run_id)


def _columns(run: RunSummary) -> list[str]:
    begun = run.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
    if run.training:
        begun = _("{time} (training)").format(time=begun)
    ended = outcomes.run(run.outcome) if run.outcome is not None else _("Was cut off")
    step = outcomes.step_one(run.step_one) if run.step_one is not None else _("Not finished")
    took = times.duration((run.ended_at - run.started_at).total_seconds()) if run.ended_at is not None else ""
    ends = [
        _("{tab}: {outcome}").format(
            tab=tabs.title(tab), outcome=outcomes.tab(outcome) if outcome is not None else _("Not refreshed")
        )
        for tab, outcome in run.tabs.items()
    ]
    same = {outcome for outcome in run.tabs.values() if outcome is not None}
    if len(ends) > 1 and len(same) == 1 and None not in run.tabs.values():
        ends = [_("{n} tabs: {outcome}").format(n=len(ends), outcome=outcomes.tab(same.pop()))]
    return [begun, ended, step, sites.filters(run.filters), "; ".join(ends), took, run.who]
