"""The dialogs of the window: companies, tabs, jobs, history. Each is opened here, and told what comes back.

What is in a dialog is imported when it is opened: the window is there sooner, and is smaller in the tray."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog

from app.domain.filters import DateRange, Depth, Filters
from app.domain.history import JOB_KIND
from app.domain.laid_down import LaidDown, laid_down
from app.domain.problems import Problem
from app.domain.profile import FieldFault, Profile
from app.engine.faces import JobChoice
from app.ui import questions
from app.ui.desk import Desk
from app.ui.estimate import default_jobs
from app.ui.geometry import keep_place
from app.ui.page_dialogs import PageDialogs
from app.ui.setup_steps import SetupSteps
from app.ui.view import usual
from app.ui.window import Window
from app.words import faults as fault_words
from app.words.language import _

if TYPE_CHECKING:
    from app.ui.connect_dialog import ConnectDialog
    from app.ui.history_view import HistoryView
    from app.ui.jobs_dialog import JobsDialog
    from app.ui.match_view import MatchView
    from app.ui.month_end_dialog import MonthEndDialog
    from app.ui.profile_dialog import ProfileDialog
    from app.ui.ready_dialog import ReadyDialog
    from app.ui.setup_wizard import SetupWizard
    from app.ui.support_dialog import SupportDialog
    from app.ui.tabs_dialog import TabsDialog

SET_UP = "set-up"  # the assistant was offered and left; it is not shown by itself again


class Dialogs(QObject):
    """One dialog of a kind at a time; none blocks the window's loop. `page_pressed`: a card's page is to be opened."""

    page_pressed = Signal(object, object)

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__(window)
        self.window, self.desk = window, desk
        self.profile: ProfileDialog | None = None
        self.tabs: TabsDialog | None = None
        self.jobs: JobsDialog | None = None
        self.history: HistoryView | None = None
        self.match: MatchView | None = None
        self.connect_services: ConnectDialog | None = None
        self.support: SupportDialog | None = None
        self.ready: ReadyDialog | None = None
        self.pages = PageDialogs(window.frame, desk)
        self.month_end: MonthEndDialog | None = None
        self.setup: SetupWizard | None = None
        self.start = Profile("")  # what a company of the assistant begins with
        self.steps = SetupSteps(desk, self)
        self._by_itself = False
        window.new_pressed.connect(self.create)
        window.setup_pressed.connect(self.set_up)
        window.month_end_pressed.connect(self.show_month_end)
        desk.changed.connect(self._show_run_in_month_end)
        window.edit_pressed.connect(self.edit)
        window.history_pressed.connect(self.show_history)
        window.support_pressed.connect(self.show_support)
        window.ready_pressed.connect(self.show_ready)
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
        keep_place(dialog, self.desk)
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        for name in (
            "profile",
            "ready",
            "setup",
            "month_end",
            "tabs",
            "jobs",
            "history",
            "match",
            "connect_services",
            "support",
        ):
            if getattr(self, name) is self.sender():
                setattr(self, name, None)

    # ---------------------------------------------------------------- companies

    @Slot()
    def create(self) -> None:
        """A new company: by the assistant where it is the first one."""
        if not self.desk.view.profiles:
            self.set_up()
        elif self.profile is None and not self.desk.view.busy:
            self._open_profile(None)

    @Slot()
    def set_up(self) -> None:
        """The assistant, where it was left."""
        from app.ui.setup_wizard import SetupWizard

        view = self.desk.view
        if self.setup is not None or self.profile is not None or view.busy or view.checking:
            return
        shown = SetupWizard(view.profiles, self.desk.preferences.setup, self.start, self.window.frame)
        self.setup = shown
        shown.wanted.connect(self.steps.go)
        shown.left.connect(self._keep_setup)
        shown.accepted.connect(self._forget_setup)
        shown.practise_pressed.connect(self._practise_instead)
        self.steps.tested.connect(shown.show_step)
        self.steps.ended.connect(shown.show_end)
        self.steps.refused.connect(shown.show_faults)
        self._open(shown)

    @Slot(object)
    def _keep_setup(self, typed: dict[str, str]) -> None:
        said = self.desk.preferences.said
        self.desk.remember(setup=typed, said=(*(one for one in said if one != SET_UP), SET_UP))

    @Slot()
    def _forget_setup(self) -> None:
        self.desk.remember(setup={})

    @Slot()
    def _practise_instead(self) -> None:
        if self.setup is not None:
            self.setup.reject()
        self.desk.practise()

    @Slot()
    def edit(self) -> None:
        """The settings of this company."""
        if self.profile is None and self.desk.view.profile is not None and not self.desk.view.busy:
            self._open_profile(self.desk.view.profile)

    def _open_profile(self, profile: Profile | None) -> None:
        from app.ui.profile_dialog import ProfileDialog

        self.profile = ProfileDialog(
            profile,
            self.desk.view.profiles,
            self.window.frame,
            laid_down=self._laid_down(new=profile is None),
        )
        self.profile.save_pressed.connect(self.desk.save_company)
        self.profile.delete_pressed.connect(self._ask_delete)
        self.profile.connect_pressed.connect(self._connect_from_settings)
        self._open(self.profile)

    def _laid_down(self, *, new: bool) -> LaidDown:
        """For a new company only what holds for all of them."""
        laid = self.desk.view.laid_down
        return laid_down(laid.policy) if new else laid

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
        from app.ui.tabs_dialog import TabsDialog

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
        from app.ui.jobs_dialog import JobsDialog

        view = self.desk.view
        if self.jobs is not None or view.profile is None:
            return
        self._by_itself = by_itself
        picked = self.window.step_one.asked().jobs if by_itself else self.window.step_two.jobs
        chosen = picked if picked is not None else (default_jobs(view) or ())
        parent = self.tabs if by_itself and self.tabs is not None else self.window.frame
        self.jobs = JobsDialog(view.profile, view.choices, frozenset(chosen), usual(view, JOB_KIND), parent)
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
            self.jobs.show_reading()
        self.desk.read_jobs()

    @Slot(object)
    def _take_jobs(self, choices: list[JobChoice]) -> None:
        if self.jobs is not None:
            self.jobs.take(choices)

    # ---------------------------------------------------------------- the web services

    @Slot()
    def show_connect(self) -> None:
        """Test the web services, and sign in to them or out."""
        from app.ui.connect_desk import ConnectDesk
        from app.ui.connect_dialog import ConnectDialog

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
        from app.ui.history_desk import HistoryDesk
        from app.ui.history_view import HistoryView

        profile = self.desk.view.profile
        if self.history is None and profile is not None:
            self.history = HistoryView(profile.name, self.window.frame)
            HistoryDesk(self.desk, self.history)
            self._open(self.history)

    # ---------------------------------------------------------------- support

    @Slot()
    def show_support(self) -> None:
        """What a support bundle would hold, also while a run is under way or no company can be opened."""
        from app.ui.support_desk import SupportDesk
        from app.ui.support_dialog import SupportDialog

        profile = self.desk.view.profile
        if self.support is None:
            self.support = SupportDialog(self.window.frame)
            SupportDesk(self.desk, profile.name if profile is not None else "", self.support)
            self._open(self.support)

    # ---------------------------------------------------------------- ready?

    @Slot()
    def show_ready(self) -> None:
        """Everything a run needs, as it stands now."""
        from app.ui.ready_desk import ReadyDesk
        from app.ui.ready_dialog import ReadyDialog

        profile = self.desk.view.profile
        if self.ready is None and profile is not None:
            self.ready = ReadyDialog(self.window.frame)
            self.ready.open_pressed.connect(self.page_pressed)
            ReadyDesk(self.desk, profile.name, self.ready)
            self._open(self.ready)

    # ---------------------------------------------------------------- month end

    @Slot()
    def show_month_end(self) -> None:
        """The guided list of a month end, as it was ticked."""
        from app.ui.month_end_dialog import MonthEndDialog

        profile = self.desk.view.profile
        if self.month_end is not None or profile is None:
            return
        before = f"{profile.name}/"
        all_kept = self.desk.preferences.month_ends
        kept = {key.removeprefix(before): done for key, done in all_kept.items() if key.startswith(before)}
        today = datetime.now(UTC).astimezone().date()
        shown = self.month_end = MonthEndDialog(profile.name, kept, today, self.window.frame)
        shown.ticked.connect(self._keep_ticked)
        shown.wide_pressed.connect(self._choose_wide)
        shown.tabs_pressed.connect(self._to_tabs)
        shown.match_pressed.connect(self._to_match)
        self._show_run_in_month_end()
        self._open(shown)

    @Slot()
    def _show_run_in_month_end(self) -> None:
        if self.month_end is not None:
            view = self.desk.view
            self.month_end.show_run(view.run, view.held and not view.busy and not view.checking)

    @Slot(str, object)
    def _keep_ticked(self, month: str, done: tuple[str, ...]) -> None:
        profile = self.desk.view.profile
        if profile is not None:
            kept = self.desk.preferences.month_ends
            self.desk.remember(month_ends={**kept, f"{profile.name}/{month}": done})

    @Slot()
    def _choose_wide(self) -> None:
        self.window.step_one.take_filters(Filters(DateRange.PAST_MONTH, Depth.DEEP))
        if self.month_end is not None:
            self.month_end.close()

    @Slot()
    def _to_tabs(self) -> None:
        if self.month_end is not None:
            self.month_end.close()
        self.choose_tabs()

    @Slot()
    def _to_match(self) -> None:
        if self.month_end is not None:
            self.month_end.close()
        self.show_match()

    # ---------------------------------------------------------------- do they match?

    @Slot()
    def show_match(self) -> None:
        """The last match report of this company, and the way to a new one."""
        from app.ui.compare_desk import CompareDesk
        from app.ui.match_desk import MatchDesk
        from app.ui.match_view import MatchView

        profile = self.desk.view.profile
        if self.match is None and profile is not None and self.desk.view.held:
            self.match = MatchView(profile.name, self.window.frame)
            bridge, workplace = self.desk.bridge, self.desk.workplace
            wanted = CompareDesk(bridge, workplace, profile, self.match)
            served = MatchDesk(bridge, workplace, profile.name, self.match, wanted.now)
            wanted.compare.connect(served.compare)
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
