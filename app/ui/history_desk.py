"""What the history wants, asked of the engine's thread: runs, their events, past verdicts, a file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from app.domain.events import Record
from app.domain.history import RunSummary
from app.domain.problems import Problem
from app.ui.desk import Desk
from app.ui.history_view import HistoryView
from app.words.language import _

_RUNS = 1000  # some years of one or two a day
_FORMS = ("CSV (*.csv)", "JSON (*.json)")


class HistoryDesk(QObject):
    """Serves one view for as long as it is open."""

    def __init__(self, desk: Desk, view: HistoryView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._wanted = ""
        view.run_chosen.connect(self._read_records)
        view.export_pressed.connect(self._ask_where)
        runs = desk.workplace.history(view.company, _RUNS)
        desk.bridge.ask(self, runs, view.take_runs, view.show_problem)
        verdicts = desk.workplace.past.verdicts(view.company)
        desk.bridge.ask(self, verdicts, view.take_verdicts, _no_verdicts)

    @Slot(str)
    def _read_records(self, run_id: str) -> None:
        self._wanted = run_id
        records = self._desk.workplace.records(self._view.company, run_id)
        self._desk.bridge.ask(self, records, self._take_records, self._view.show_problem)

    def _take_records(self, records: list[Record]) -> None:
        if not records or records[0].run_id == self._wanted:  # not of a run that was chosen before
            self._view.take_records(records)

    @Slot(object)
    def _ask_where(self, runs: Sequence[RunSummary]) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chooser = QFileDialog(self._view, _("Where to write the history"), folder)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setFileMode(QFileDialog.FileMode.AnyFile)
        chooser.setNameFilters(_FORMS)
        chooser.selectFile(_("history") + ".csv")
        chooser.setDefaultSuffix("csv")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(_Chosen(chooser, self, runs).take)
        chooser.open()

    def write(self, path: str, form: str, runs: Sequence[RunSummary]) -> None:
        """Write the runs into a file; one that was typed without an ending gets that of the form."""
        whole = Path(path)
        if form == _FORMS[1] and whole.suffix.lower() != ".json":
            whole = whole.with_suffix(".json")
        self._desk.bridge.ask(self, self._write(str(whole), runs), self._written, self._view.show_problem)

    async def _write(self, path: str, runs: Sequence[RunSummary]) -> tuple[str, int]:
        await self._desk.workplace.past.write(path, runs)
        return path, len(runs)

    def _written(self, done: tuple[str, int]) -> None:
        self._view.exported(*done)


class _Chosen(QObject):
    """Which runs a file chooser is open for."""

    def __init__(self, chooser: QFileDialog, desk: HistoryDesk, runs: Sequence[RunSummary]) -> None:
        super().__init__(chooser)
        self._chooser, self._desk, self._runs = chooser, desk, runs

    @Slot(str)
    def take(self, path: str) -> None:
        self._desk.write(path, self._chooser.selectedNameFilter(), self._runs)


def _no_verdicts(_problem: Problem) -> None:
    """Then there is nothing to draw; the match view says why its report cannot be read."""
