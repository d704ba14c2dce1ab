"""The dialogs of the window: companies, tabs, jobs, history. Each is opened here, and told what comes back."""

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QDialog, QFileDialog

from app.domain.events import Record
from app.domain.history import RunSummary
from app.domain.problems import Problem
from app.domain.profile import FieldFault, Profile
from app.engine.faces import JobChoice
from app.ui import questions
from app.ui.connect_desk import ConnectDesk
from app.ui.connect_dialog import ConnectDialog
from app.ui.desk import Desk
from app.ui.estimate import default_jobs
from app.ui.history_view import HistoryView
from app.ui.jobs_dialog import JobsDialog
from app.ui.match_desk import MatchDesk
from app.ui.match_view import MatchView
from app.ui.page_dialogs import PageDialogs
from app.ui.profile_dialog import ProfileDialog
from app.ui.tabs_dialog import TabsDialog
from app.ui.window import Window
from app.words import faults as fault_words
from app.words.language import _


class Dialogs(QObject):
    """One dialog of a kind at a time; none blocks the window's loop."""

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__(window)
        self.window, self.desk = window, desk
        self.profile: ProfileDialog | None = None
        self.tabs: TabsDialog | None = None
        self.jobs: JobsDialog | None = None
        self.history: HistoryView | None = None
        self.match: MatchView | None = None
        self.connect_services: ConnectDialog | None = None
        self.pages = PageDialogs(window.frame, desk)
        self._by_itself = False
        window.new_pressed.connect(self.create)
        window.edit_pressed.connect(self.edit)
        window.history_pressed.connect(self.show_history)
        window.match_pressed.connect(self.show_match)
        window.outcome.match_pressed.connect(self.show_match)
        window.step_one.choose_pressed.connect(self.choose_tabs)
        window.step_two.jobs_pressed.connect(self.choose_jobs)
        desk.jobs_read.connect(self._take_jobs)
        desk.company_refused.connect(self._refused)
        desk.company_saved.connect(self._saved)
        desk.company_failed.connect(self._failed)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        for name in ("profile", "tabs", "jobs", "history", "match", "connect_services"):
            if getattr(self, name) is self.sender():
                setattr(self, name, None)

    # ---------------------------------------------------------------- companies

    @Slot()
    def create(self) -> None:
        """A new company."""
        if self.profile is None and not self.desk.view.busy:
            self._open_profile(None)

    @Slot()
    def edit(self) -> None:
        """The settings of this company."""
        if self.profile is None and self.desk.view.profile is not None and not self.desk.view.busy:
            self._open_profile(self.desk.view.profile)

    def _open_profile(self, profile: Profile | None) -> None:
        self.profile = ProfileDialog(profile, self.desk.view.profiles, self.window.frame)
        self.profile.save_pressed.connect(self.desk.save_company)
        self.profile.delete_pressed.connect(self._ask_delete)
        self.profile.connect_pressed.connect(self._connect_from_settings)
        self._open(self.profile)

    @Slot(str)
    def _ask_delete(self, name: str) -> None:
        if self.profile is not None:
            questions.ask_delete(self.profile, name, self._delete)

    def _delete(self) -> None:
        profile = self.desk.view.profile
        if self.profile is not None:
            self.profile.close()
        if profile is not None:
            self.desk.delete(profile.name)

    @Slot()
    def _saved(self) -> None:
        if self.profile is not None:
            self.profile.accept()

    @Slot(object)
    def _refused(self, faults: tuple[FieldFault, ...]) -> None:
        if self.profile is not None:
            self.profile.show_faults(faults)

    @Slot(object)
    def _failed(self, problem: Problem) -> None:
        if self.profile is not None:
            self.profile.show_problem(problem)

    def show_fault(self, fault: FieldFault) -> None:
        """A fault of a setting that the main window does not show."""
        if self.profile is None:
            self.edit()
        if self.profile is not None:
            self.profile.show_faults((fault,))
        else:
            questions.tell(self.window.frame, _("Settings"), fault_words.sentence(fault))

    # ---------------------------------------------------------------- tabs and jobs

    @Slot()
    def choose_tabs(self) -> None:
        """Which tabs step 2 goes on with by itself."""
        if self.tabs is None:
            self.tabs = TabsDialog(self.window.step_one.asked().tabs, self.window.frame)
            self.tabs.accepted.connect(self._take_tabs)
            self.tabs.jobs_pressed.connect(self._choose_jobs_by_itself)
            self._open(self.tabs)

    @Slot()
    def _take_tabs(self) -> None:
        if self.tabs is not None:
            self.window.step_one.take_tabs(self.tabs.chosen(), self.window.step_one.asked().jobs)

    @Slot()
    def choose_jobs(self) -> None:
        """Which jobs to refresh in Job Costs."""
        self._open_jobs(by_itself=False)

    @Slot()
    def _choose_jobs_by_itself(self) -> None:
        self._open_jobs(by_itself=True)

    def _open_jobs(self, *, by_itself: bool) -> None:
        view = self.desk.view
        if self.jobs is not None or view.profile is None:
            return
        self._by_itself = by_itself
        picked = self.window.step_one.asked().jobs if by_itself else self.window.step_two.jobs
        chosen = picked if picked is not None else (default_jobs(view) or ())
        parent = self.tabs if by_itself and self.tabs is not None else self.window.frame
        self.jobs = JobsDialog(view.profile, view.choices, frozenset(chosen), view.usual.get("job"), parent)
        self.jobs.accepted.connect(self._jobs_chosen)
        self.jobs.read_pressed.connect(self._read_jobs)
        self.jobs.read.setEnabled(not view.busy)
        self._open(self.jobs)

    @Slot()
    def _jobs_chosen(self) -> None:
        if self.jobs is None:
            return
        codes = self.jobs.codes()
        if self._by_itself:
            self.window.step_one.take_tabs(self.window.step_one.asked().tabs, codes)
        self.window.step_two.take_jobs(codes)

    @Slot()
    def _read_jobs(self) -> None:
        if self.jobs is not None:
            self.jobs.read.setEnabled(False)
        self.desk.read_jobs()

    @Slot(object)
    def _take_jobs(self, choices: list[JobChoice]) -> None:
        if self.jobs is not None:
            self.jobs.take(choices)

    # ---------------------------------------------------------------- the web services

    @Slot()
    def show_connect(self) -> None:
        """Test the web services, and sign in to them or out."""
        profile = self.desk.view.profile
        if self.connect_services is None and profile is not None and self.desk.view.held:
            self.connect_services = ConnectDialog(profile.name, self.window.frame)
            ConnectDesk(self.desk.bridge, self.desk.workplace, profile, self.connect_services)
            self.connect_services.finished.connect(self.desk.read_secrets)
            self._open(self.connect_services)

    @Slot()
    def _connect_from_settings(self) -> None:
        if self.profile is not None:
            self.profile.close()
        self.show_connect()

    # ---------------------------------------------------------------- history

    @Slot()
    def show_history(self) -> None:
        """The runs of this company."""
        profile = self.desk.view.profile
        if self.history is None and profile is not None:
            self.history = HistoryView(profile.name, self.window.frame)
            self.history.run_chosen.connect(self._read_records)
            self._open(self.history)
            self.desk.read_history(profile.name, self._take_runs, self._fail_runs)

    def _take_runs(self, runs: list[RunSummary]) -> None:
        if self.history is not None:
            self.history.take_runs(runs)

    def _fail_runs(self, problem: Problem) -> None:
        if self.history is not None:
            self.history.show_problem(problem)

    @Slot(str)
    def _read_records(self, run_id: str) -> None:
        if self.history is not None:
            self.desk.read_records(self.history.company, run_id, self._take_records)

    def _take_records(self, records: list[Record]) -> None:
        if self.history is not None:
            self.history.take_records(records)

    # ---------------------------------------------------------------- do they match?

    @Slot()
    def show_match(self) -> None:
        """The last match report of this company, and the way to a new one."""
        profile = self.desk.view.profile
        if self.match is None and profile is not None and self.desk.view.held:
            self.match = MatchView(profile.name, self.window.frame)
            served = MatchDesk(self.desk.bridge, self.desk.workplace, profile.name, self.match)
            self.match.save_pressed.connect(self._choose_folder)
            self.match.folder_chosen.connect(served.write)
            self._open(self.match)

    @Slot()
    def _choose_folder(self) -> None:
        if self.match is None:
            return
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chooser = QFileDialog(self.match, _("Where to write the report"), start)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.match.folder_chosen)
        chooser.open()
