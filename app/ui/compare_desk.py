"""What the person wants compared: files looked at in the engine's thread, their columns confirmed, jobs chosen."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from app.domain.lists import Kind, Side
from app.domain.match_question import Asked, FileLook
from app.domain.problems import Problem
from app.domain.profile import Profile
from app.engine.faces import JobChoice, Workplace
from app.ui.bridge import Bridge
from app.ui.columns_dialog import ColumnsDialog
from app.ui.compare_dialog import CompareDialog, Given
from app.ui.jobs_dialog import JobsDialog
from app.ui.match_view import MatchView
from app.words import match as words
from app.words.language import _


class CompareDesk(QObject):
    """Serves the dialogs above one match view. `asked` is what the next comparison is asked for: what was chosen last
    in this company, and until that is known the usual. `compare` tells that it is to begin."""

    compare = Signal()

    def __init__(self, bridge: Bridge, workplace: Workplace, profile: Profile, view: MatchView) -> None:
        super().__init__(view)
        self._bridge, self._workplace, self._profile, self._view = bridge, workplace, profile, view
        self.asked = Asked()
        self._choices: list[JobChoice] = []
        self._dialog: CompareDialog | None = None
        self._columns: ColumnsDialog | None = None
        self._jobs: JobsDialog | None = None
        view.choose_pressed.connect(self.choose)
        view.wait_for_asked()
        bridge.ask(self, workplace.matching.chosen(profile.name), self._take_asked, self._not_known)

    def now(self) -> Asked:
        """What the next comparison is asked for."""
        return self.asked

    def _take_asked(self, asked: Asked) -> None:
        self.asked = asked
        self._view.show_asked(asked)

    def _not_known(self, problem: Problem) -> None:
        self._view.show_asked(self.asked)
        self._view.show_problem(problem)

    @Slot()
    def choose(self) -> None:
        """Ask what to compare; then compare it."""
        if self._dialog is None:
            dialog = CompareDialog(self.asked, datetime.now().astimezone().date(), self._view)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.add_pressed.connect(self._choose_file)
            dialog.columns_pressed.connect(self._look_again)
            dialog.jobs_pressed.connect(self._choose_jobs)
            dialog.accepted.connect(self._agreed)
            dialog.finished.connect(self._closed)
            self._dialog = dialog
            choices = self._workplace.job_choices(self._profile.name, False)
            self._bridge.ask(self, choices, self._take_choices, _no_list)
            dialog.open()

    @Slot()
    def _agreed(self) -> None:
        if self._dialog is not None:
            self._take_asked(self._dialog.asked())
            kept = self._workplace.matching.keep_chosen(self._profile.name, self.asked)
            self._bridge.ask(self, kept, _nothing, self._view.show_problem)
            self.compare.emit()

    @Slot()
    def _closed(self) -> None:
        self._dialog = None

    # ---------------------------------------------------------------- files

    @Slot(object)
    def _choose_file(self, side: Side) -> None:
        if self._dialog is None:
            return
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        title = _("A file for {side}").format(side=words.side(side.value))
        chooser = QFileDialog(
            self._dialog, title, start, _("Tables (*.csv *.txt *.xlsx *.xlsm);;All files (*)")
        )
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(_Of(chooser, side, self.look_at).take)
        chooser.open()

    @Slot(object)
    def _look_again(self, given: Given) -> None:
        self.look_at(given.side, given.path, given.kind)

    def look_at(self, side: Side, path: str, kind: Kind = Kind.COSTS) -> None:
        """See how a file would be read in place of a list, and show it to the person."""
        look = self._workplace.matching.look_at_file(self._profile.name, side, kind, path)
        self._bridge.ask(self, look, self._take_look, self._fail)

    def _take_look(self, look: FileLook) -> None:
        if self._columns is not None:
            self._columns.show_look(look)
        elif self._dialog is not None:
            dialog = ColumnsDialog(look, self._dialog)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.list_wanted.connect(self._as_list)
            dialog.confirmed.connect(self._confirm)
            dialog.finished.connect(self._columns_closed)
            self._columns = dialog
            dialog.open()

    @Slot(object)
    def _as_list(self, kind: Kind) -> None:
        if self._columns is not None:
            self.look_at(self._columns.look.side, self._columns.look.path, kind)

    @Slot(object)
    def _confirm(self, look: FileLook) -> None:
        self._bridge.ask(self, self._keep(look), self._kept, self._fail)

    async def _keep(self, look: FileLook) -> FileLook:
        await self._workplace.matching.keep_columns(look, self._profile.name)
        return look

    def _kept(self, look: FileLook) -> None:
        if self._columns is not None:
            self._columns.accept()
        if self._dialog is not None:
            self._dialog.take_file(look)

    @Slot()
    def _columns_closed(self) -> None:
        self._columns = None

    def _fail(self, problem: Problem) -> None:
        shown = self._columns or self._dialog
        if shown is not None:
            shown.show_problem(problem)

    # ---------------------------------------------------------------- jobs

    def _take_choices(self, choices: list[JobChoice]) -> None:
        self._choices = choices
        if self._jobs is not None:
            self._jobs.take(choices)

    @Slot()
    def _choose_jobs(self) -> None:
        if self._dialog is None or self._jobs is not None:
            return
        chosen = frozenset(self._dialog.job_codes())
        dialog = JobsDialog(self._profile, self._choices, chosen, None, self._dialog, to_refresh=False)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._take_jobs)
        dialog.read_pressed.connect(self._read_jobs)
        dialog.finished.connect(self._jobs_closed)
        self._jobs = dialog
        dialog.open()

    @Slot()
    def _read_jobs(self) -> None:
        if self._jobs is not None:
            self._jobs.show_reading()
            choices = self._workplace.job_choices(self._profile.name, True)
            self._bridge.ask(self, choices, self._take_choices, self._not_read)

    def _not_read(self, problem: Problem) -> None:
        if self._jobs is not None:
            self._jobs.show_problem(problem)

    @Slot()
    def _take_jobs(self) -> None:
        if self._jobs is not None and self._dialog is not None:
            self._dialog.take_jobs(self._jobs.codes())

    @Slot()
    def _jobs_closed(self) -> None:
        self._jobs = None


class _Of(QObject):
    """Which side a file chooser is open for."""

    def __init__(self, chooser: QFileDialog, side: Side, then: Callable[[Side, str], None]) -> None:
        super().__init__(chooser)
        self._side, self._then = side, then

    @Slot(str)
    def take(self, path: str) -> None:
        self._then(self._side, path)


def _nothing(_answer: None) -> None:
    """Nobody waits for it."""


def _no_list(_problem: Problem) -> None:
    """The jobs can be typed, or read with a press."""
