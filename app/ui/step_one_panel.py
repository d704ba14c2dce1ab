"""Step 1, Sage 300 CRE to hh2: what to sync and how far, Start Sync, and how it goes while it runs."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.events import Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.habit import left_of_run, left_of_step_one
from app.domain.history import step_one_kind
from app.domain.profile import Profile
from app.domain.run import Press, RunState
from app.domain.tabs import Tab
from app.ui import rows, theme
from app.ui.asked import AskedOfStepOne
from app.ui.check_box import CheckBox
from app.ui.field import Sentence
from app.ui.icons import MarkLabel
from app.ui.rows import Mark
from app.ui.sign_in_box import SignInBox
from app.ui.small_button import SmallButton
from app.ui.view import Action, Stage, View, elapsed, freshness, primary, seen_at_hh2, stage, usual
from app.words import freshness as words_freshness
from app.words import sites, tabs, times
from app.words.language import _, ngettext


class StepOnePanel(QGroupBox):
    """The first of the two panels. It asks for nothing by itself: its signals say what was pressed."""

    start_pressed = Signal()
    stop_pressed = Signal()
    step_two_only_pressed = Signal()
    choose_pressed = Signal()
    proof_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Step &1: Sage 300 CRE to hh2"), parent)
        self._shown: Profile | None = None
        self._tabs: tuple[Tab, ...] = tuple(Tab)
        self._jobs: tuple[str, ...] | None = None
        self.sign_in = SignInBox(Site.HH2, wide=False)
        self.date_box = QComboBox()
        self.depth_box = QComboBox()
        for one in DateRange:
            self.date_box.addItem(sites.date_range(one), one)
        for other in Depth:
            self.depth_box.addItem(sites.depth(other), other)
        self.longer = Sentence()
        self.go_on = CheckBox(_("Go on with these t&abs by itself"))
        self.which = Sentence()
        self.choose = SmallButton(_("Choose ta&bs…"))
        self.how = Sentence()
        self.age = Sentence()
        self.start = QPushButton(_("&Start Sync"))
        self.start.setMinimumHeight(self.fontMetrics().height() + 16)
        self.step_two_only = QPushButton(_("S&tep 2 only…"))
        self.stop = QPushButton(_("S&top"))
        self.icon = MarkLabel()
        self.words = Sentence()
        self.page_says = Sentence()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("Progress of step 1"))
        self.bar.setTextVisible(False)
        self.took = Sentence()
        self.wanted = Sentence()
        self.then = Sentence()
        self.proof = SmallButton(_("What proved it"))
        self.proof.setAccessibleName(_("What proved step 1"))
        self.pages = QStackedWidget()
        self._lay_out()
        self.start.clicked.connect(self.start_pressed)
        self.stop.clicked.connect(self.stop_pressed)
        self.step_two_only.clicked.connect(self.step_two_only_pressed)
        self.choose.clicked.connect(self.choose_pressed)
        self.proof.clicked.connect(self.proof_pressed)
        self.date_box.currentIndexChanged.connect(self._filters_changed)
        self.depth_box.currentIndexChanged.connect(self._filters_changed)
        self.go_on.toggled.connect(self._show_which)
        self.date_box.setCurrentIndex(self.date_box.findData(Filters().date_range))
        self.depth_box.setCurrentIndex(self.depth_box.findData(Filters().depth))
        self._show_which()

    def _lay_out(self) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sign_in)
        grid = QGridLayout()
        for at, (label, box) in enumerate(
            ((_("&Date range"), self.date_box), (_("Sync de&pth"), self.depth_box))
        ):
            name = QLabel(label)
            name.setBuddy(box)
            box.setAccessibleName(label.replace("&", ""))
            grid.addWidget(name, 0, at)
            grid.addWidget(box, 1, at)
            grid.setColumnStretch(at, 1)
        column.addLayout(grid)
        column.addWidget(self.longer)
        column.addWidget(self.go_on)
        choice = QHBoxLayout()
        choice.setContentsMargins(22, 0, 0, 0)
        choice.addWidget(self.which, 1)
        choice.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(choice)
        column.addStretch(1)
        column.addWidget(self.how)
        column.addWidget(self.age)
        column.addStretch(2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.step_two_only)
        column.addLayout(buttons)

        going = QWidget()
        column = QVBoxLayout(going)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.wanted)
        column.addWidget(self.bar)
        column.addWidget(self.page_says)
        column.addWidget(self.took)
        column.addWidget(self.then)
        column.addStretch(1)
        column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        self.pages.addWidget(form)
        self.pages.addWidget(going)

        self.standing = QWidget()
        stands = QHBoxLayout(self.standing)
        stands.setContentsMargins(0, 0, 0, 0)
        stands.addWidget(self.icon)
        stands.addWidget(self.words, 1)
        stands.addWidget(self.proof)
        layout = QVBoxLayout(self)
        layout.addWidget(self.standing)
        layout.addWidget(self.pages, 1)

    def show_view(self, view: View, now: datetime) -> None:
        """Draw step 1 as it stands."""
        at = stage(view)
        self.sign_in.show_view(view)
        if view.profile is not None and view.profile != self._shown:
            self._fill(view.profile)
        running = at is Stage.RUNNING
        self.pages.setCurrentIndex(1 if running else 0)
        free = at in (Stage.IDLE, Stage.ENDED) and view.held and not view.leaving
        free = (
            free
            and view.testing is None
            and not view.checking
            and not (view.question is not None and view.question.looking)
        )
        for part in (self.date_box, self.depth_box, self.go_on, self.choose, self.step_two_only, self.start):
            part.setEnabled(free)
        theme.show_primary(self.start, primary(view, now) is Action.START)
        self._show_how(view)
        self._show_age(view, now)
        self.stop.setEnabled(running and not view.stopping)
        self.stop.setText(_("Stopping…") if view.stopping else _("S&top"))
        run = view.run
        self.standing.setVisible(run is not None)
        if run is not None:
            self._show_standing(run, cut_off=view.interrupted)
            if running:
                self._show_going(view, run, now)

    def asked(self) -> AskedOfStepOne:
        """What stands in the fields of step 1."""
        return AskedOfStepOne(self.filters(), self.go_on.isChecked(), self._tabs, self._jobs)

    def filters(self) -> Filters:
        """The date range and the depth that are chosen."""
        return Filters(DateRange(self.date_box.currentData()), Depth(self.depth_box.currentData()))

    def take_filters(self, filters: Filters) -> None:
        """Choose these filters, as if the person had."""
        self.date_box.setCurrentIndex(self.date_box.findData(filters.date_range))
        self.depth_box.setCurrentIndex(self.depth_box.findData(filters.depth))

    def take_tabs(self, chosen: tuple[Tab, ...], jobs: tuple[str, ...] | None) -> None:
        """The tabs and jobs that were picked for "by itself"."""
        self._tabs, self._jobs = chosen, jobs
        self._show_which()

    def _fill(self, profile: Profile) -> None:
        fresh = self._shown is None or self._shown.name != profile.name
        self._shown = profile
        self.date_box.setCurrentIndex(self.date_box.findData(profile.run.date_range))
        self.depth_box.setCurrentIndex(self.depth_box.findData(profile.run.depth))
        self.go_on.setChecked(profile.run.go_on)
        self.take_tabs(profile.run.tabs, None if fresh else self._jobs)

    def _show_standing(self, run: RunState, *, cut_off: bool) -> None:
        mark, words = rows.step_one(run, cut_off=cut_off)
        self.icon.show_mark(mark, 20)
        when = run.step_one.finished_at
        if when is not None and mark is Mark.DONE:
            words = _("{outcome} at {time}").format(outcome=words, time=times.clock(when))
        self.words.say(_("Step 1: {outcome}").format(outcome=words))
        self.proof.setVisible(bool(rows.proof_of_step_one(run)))

    def _show_going(self, view: View, run: RunState, now: datetime) -> None:
        step = run.step_one
        self.wanted.say(sites.filters(run.plan.filters) if run.plan.step_one else "")
        ended = step.outcome is not None or not run.plan.step_one
        self.bar.setVisible(not ended)
        if step.fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(100 * step.fraction))
        self.page_says.say(_("hh2: {text}").format(text=step.text) if step.text and not ended else "")
        took = [_("Running for {time}.").format(time=times.duration(elapsed(run, now)))]
        typical = usual(view, step_one_kind(run.plan.filters))
        if typical and not ended:
            took.append(_("Step 1 usually takes {time}.").format(time=times.about(typical)))
            left = left_of_step_one(run, view.habits, now)
            if left is not None and step.press is not Press.NONE:
                took.append(_("Step 1: {left}.").format(left=times.left(left)))
        pause = view.profile.run.job_pause if view.profile is not None else 0.0
        whole = left_of_run(run, view.habits, now, pause)
        if whole is not None:
            took.append(_("In all: {left}.").format(left=times.left(whole)))
        self.took.say(" ".join(took))
        by_itself = run.plan.go_on and run.opened is None and run.plan.tabs
        self.then.say(_("Then: {tabs}").format(tabs=_which(run.plan.tabs)) if by_itself else "")

    def _show_how(self, view: View) -> None:
        """What a press of Start Sync does, for whoever does it for the first time in this company."""
        typical = usual(view, step_one_kind(self.filters())) if self.date_box.currentData() else None
        if typical:
            self.how.say(
                _("Step 1 usually takes {time} with these filters.").format(time=times.about(typical))
            )
        else:
            self.how.say(sites.what_start_does())

    def _show_age(self, view: View, now: datetime) -> None:
        """How old what stands in hh2 is; and where its page shows a sync of its own, that step 2 may go on from it."""
        if view.profile is None or not view.held:
            self.age.say("")
            return
        seen = seen_at_hh2(view)
        said = [words_freshness.sage(freshness(view), now)]
        said += [words_freshness.of_page(seen, now)] if seen is not None else []
        self.age.say(" ".join(said))

    @Slot()
    def _filters_changed(self) -> None:
        self.longer.say(sites.why_longer(self.filters()) if self.date_box.currentData() else "")

    @Slot()
    def _show_which(self) -> None:
        on = self.go_on.isChecked()
        self.choose.setVisible(on)
        if not on:
            self.which.say(_("When step 1 is proven finished, you choose the tabs."))
            return
        which = _which(self._tabs)
        if Tab.JOB_COSTS in self._tabs and self._jobs is not None:
            jobs = ngettext("{n} job", "{n} jobs", len(self._jobs)).format(n=len(self._jobs))
            which = _("{tabs} ({jobs})").format(tabs=which, jobs=jobs)
        self.which.say(_("{tabs}, as soon as step 1 is proven finished.").format(tabs=which))


def _which(chosen: tuple[Tab, ...]) -> str:
    return _("All six tabs") if len(chosen) == len(Tab) else tabs.titles(chosen) or _("No tab yet")
