"""Step 2, hh2 to Procore: the account, the six tabs, and the four that have no button; shut until step 1 is proven."""

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.events import Site
from app.domain.tabs import Tab
from app.ui import rows, theme
from app.ui.estimate import job_costs_estimate
from app.ui.field import Sentence
from app.ui.sign_in_box import SignInBox
from app.ui.tab_row import TabRow
from app.ui.view import Action, View, gate_sentence, may_pick, primary
from app.words import tabs
from app.words.language import _


class StepTwoPanel(QGroupBox):
    """The second of the two panels. Its signals say what was pressed."""

    refresh_pressed = Signal()
    retry_pressed = Signal(object)
    proof_pressed = Signal(object)
    jobs_pressed = Signal()
    can_refresh = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Step &2: hh2 to Procore"), parent)
        self._run_id = ""
        self._could_pick = False
        self._jobs: tuple[str, ...] | None = None
        self._view = View()
        self.sign_in = SignInBox(Site.PROCORE, wide=True)
        self.why = Sentence()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress of step 2"))
        self.bar.setMaximumHeight(self.fontMetrics().height())
        self.bar.hide()
        self.rows = {tab: TabRow(tab, self) for tab in Tab}
        self.estimate = Sentence()
        self.select_all = QPushButton(_("Se&lect all"))
        self.refresh = QPushButton(_("&Refresh selected tabs"))
        self.apart = Sentence(
            _("{tabs}: {why}").format(tabs=", ".join(tabs.not_on_demand()), why=tabs.why_not_on_demand())
        )
        self._lay_out()
        self.refresh.clicked.connect(self.refresh_pressed)
        self.select_all.clicked.connect(self._select_all)
        for row in self.rows.values():
            row.retry_pressed.connect(self.retry_pressed)
            row.proof_pressed.connect(self.proof_pressed)
            row.jobs_pressed.connect(self.jobs_pressed)
            row.toggled.connect(self._show_buttons)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(2, 1)
        for at, row in enumerate(self.rows.values()):
            row.put(grid, 2 * at)
            for line_at in (2 * at, 2 * at + 1):
                grid.setRowMinimumHeight(line_at, 18)
                grid.setRowStretch(line_at, 1)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        font = self.apart.font()
        font.setPointSizeF(font.pointSizeF() * 0.88)
        self.apart.setFont(font)
        buttons = QHBoxLayout()
        buttons.addWidget(self.refresh)
        buttons.addWidget(self.select_all)
        buttons.addWidget(self.estimate, 1)
        buttons.addStretch(0)
        for button in (self.refresh, self.select_all):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setSpacing(5)
        layout.addWidget(self.sign_in)
        layout.addWidget(self.why)
        layout.addWidget(self.bar)
        layout.addLayout(grid, 1)
        layout.addLayout(buttons)
        layout.addWidget(line)
        layout.addWidget(self.apart)

    def show_view(self, view: View, now: datetime) -> None:
        """Draw step 2 as it stands."""
        self._view = view
        self.sign_in.show_view(view)
        self.why.say(gate_sentence(view, now))
        pickable = may_pick(view, now)
        self._show_progress(view, under_way=not pickable)
        run_id = view.run.run_id if view.run is not None else ""
        drawn = {tab: rows.row(view, tab, now) for tab in Tab}
        if pickable and (not self._could_pick or run_id != self._run_id):
            wanted = view.run.chosen if view.run is not None else ()
            for tab, row in self.rows.items():
                row.check.setChecked(drawn[tab].choosable and tab in wanted)
        self._could_pick, self._run_id = pickable, run_id
        jobs_free = view.ready and view.held and not view.leaving and (pickable or not view.busy)
        for tab, row in self.rows.items():
            row.show_row(drawn[tab], jobs_free=jobs_free)
        theme.show_primary(self.refresh, primary(view, now) is Action.REFRESH)
        self._show_buttons()

    def _show_progress(self, view: View, *, under_way: bool) -> None:
        """How many of the tabs and jobs that were chosen have ended; step 2 takes more than some seconds."""
        run = view.run
        shown = under_way and view.busy and run is not None and run.opened is not None and bool(run.chosen)
        self.bar.setVisible(shown and not view.comparing)
        if run is None or not shown:
            return
        ends = [run.tabs[tab].outcome for tab in run.chosen if tab is not Tab.JOB_COSTS or not run.jobs]
        if Tab.JOB_COSTS in run.chosen:
            ends += [run.refresh_of(Tab.JOB_COSTS, job).outcome for job in run.jobs]
        self.bar.setRange(0, len(ends))
        self.bar.setValue(sum(end is not None for end in ends))

    def picked(self) -> tuple[Tab, ...]:
        """The tabs that are ticked and may be refreshed now."""
        return tuple(tab for tab, row in self.rows.items() if row.check.isEnabled() and row.check.isChecked())

    @property
    def jobs(self) -> tuple[str, ...] | None:
        """The job codes picked for Job Costs, or None to leave it to the program."""
        return self._jobs

    def take_jobs(self, codes: tuple[str, ...] | None) -> None:
        """The jobs that were picked in the dialog."""
        self._jobs = codes
        self._show_buttons()

    @Slot()
    def _select_all(self) -> None:
        free = [row.check for row in self.rows.values() if row.check.isEnabled()]
        all_on = all(check.isChecked() for check in free)
        for check in free:
            check.setChecked(not all_on)

    @Slot()
    def _show_buttons(self) -> None:
        free = [row.check for row in self.rows.values() if row.check.isEnabled()]
        self.select_all.setEnabled(bool(free))
        all_on = bool(free) and all(check.isChecked() for check in free)
        self.select_all.setText(_("Se&lect none") if all_on else _("Se&lect all"))
        self.refresh.setEnabled(bool(self.picked()))
        self.can_refresh.emit(self.refresh.isEnabled())
        shown = job_costs_estimate(self._view, self._jobs) if Tab.JOB_COSTS in self.picked() else ""
        self.estimate.say(shown)
