"""What stands in the main window: company, notice, the two steps, what happened. Drawn from a `View`, keeps none."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.field import Sentence
from app.ui.frame import NAME, Frame
from app.ui.language_menu import LanguageMenu
from app.ui.notice_box import NoticeBox
from app.ui.notices import notice
from app.ui.outcome_view import OutcomeView
from app.ui.run_log import RunLog
from app.ui.step_one_panel import StepOnePanel
from app.ui.step_two_panel import StepTwoPanel
from app.ui.view import Action, Stage, View, can_compare, last_good, primary, stage
from app.words import times
from app.words.language import _

BETWEEN = 24  # what stands beside and between the two steps


class Body(QScrollArea):
    """What scrolls when the window is small or the text large; `resized` tells the width there is."""

    resized = Signal(int)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit(self.viewport().width())


class Tabs(QTabBar):
    """Tabs with room for the letters that go below the line: the style moves those that are not chosen down."""

    def tabSizeHint(self, index: int) -> QSize:
        return super().tabSizeHint(index) + QSize(0, max(4, self.fontMetrics().descent()))


class Below(QTabWidget):
    """The lower part: it takes what the steps leave, and asks for little; its pages scroll by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabBar(Tabs(self))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() * 7)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() * 5)


class Window(QObject):
    """Fills a frame. Its signals and those of its parts say what was pressed; `show_view` draws everything."""

    company_picked = Signal(str)
    new_pressed = Signal()
    setup_pressed = Signal()
    edit_pressed = Signal()
    history_pressed = Signal()
    exit_pressed = Signal()
    practise_pressed = Signal()
    check_pressed = Signal()
    ready_pressed = Signal()
    match_pressed = Signal()
    connect_pressed = Signal()
    language_picked = Signal(str)
    support_pressed = Signal()
    help_pressed = Signal()
    about_pressed = Signal()
    month_end_pressed = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.frame = frame
        self.banner = QLabel(
            _("TRAINING: a practice company on this computer. Nothing here touches hh2, Procore or Sage.")
        )
        self.banner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.banner.setWordWrap(True)
        self.companies = QComboBox()
        self.companies.setAccessibleName(_("Company"))
        self.companies.setMinimumContentsLength(18)
        self.companies.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.new = QPushButton(_("&New…"))
        self.new.setAccessibleName(_("New company"))
        self.edit = QPushButton(_("&Edit…"))
        self.edit.setAccessibleName(_("Edit this company"))
        self.age = Sentence()
        self.notice = NoticeBox()
        self.step_one = StepOnePanel()
        self.step_two = StepTwoPanel()
        self.outcome = OutcomeView()
        self.log = RunLog()
        self.below = Below()
        self._lay_out()
        self._make_menus()
        self.companies.activated.connect(self._pick_company)
        self.new.clicked.connect(self.new_pressed)
        self.edit.clicked.connect(self.edit_pressed)
        frame.palette_changed.connect(self._paint)
        self._view = View()
        self._paint()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        label = QLabel(_("Co&mpany"))
        label.setBuddy(self.companies)
        head.addWidget(label)
        head.addWidget(self.companies)
        head.addWidget(self.edit)
        head.addWidget(self.new)
        head.addWidget(self.age, 1)
        self.age.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.steps = steps = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        steps.addWidget(self.step_one, 5)
        steps.addWidget(self.step_two, 8)
        self.below.addTab(self.outcome, _("What &happened"))
        self.below.addTab(self.log, _("Log"))
        self.below.setDocumentMode(True)
        self.below.setAccessibleName(_("What happened, and the log"))
        self.inside = inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        column.addWidget(self.banner)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addLayout(steps, 3)
        column.addWidget(self.below, 2)
        scroll = Body()
        scroll.resized.connect(self._arrange)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName(NAME)
        self.frame.setCentralWidget(scroll)

    @Slot(int)
    def _arrange(self, width: int) -> None:
        """The two steps side by side where there is room for both, else one under the other."""
        needed = self.step_one.minimumSizeHint().width() + self.step_two.minimumSizeHint().width() + BETWEEN
        beside, under = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self.steps.setDirection(beside if width >= needed else under)

    def _make_menus(self) -> None:
        bar = self.frame.menuBar()
        file = bar.addMenu(_("&File"))
        sync = bar.addMenu(_("S&ync"))
        tools = bar.addMenu(_("T&ools"))
        view = bar.addMenu(_("&View"))
        about = bar.addMenu(_("Help"))  # no letter is left for it; F10 leads there
        self._action(file, _("&New company…")).triggered.connect(self.new_pressed)
        self.setup_action = self._action(file, _("Set &up a company…"))
        self.setup_action.triggered.connect(self.setup_pressed)
        self.edit_action = self._action(file, _("&Edit this company…"))
        self.edit_action.triggered.connect(self.edit_pressed)
        self.practise_action = self._action(file, _("&Practise with the training company"))
        self.practise_action.triggered.connect(self.practise_pressed)
        file.addSeparator()
        leave = self._action(file, _("E&xit"), QKeySequence.StandardKey.Quit)
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        leave.triggered.connect(self.exit_pressed)
        self.start_action = self._action(sync, _("&Start Sync"))
        self.start_action.triggered.connect(self.step_one.start_pressed)
        self.stop_action = self._action(sync, _("S&top"))
        self.stop_action.triggered.connect(self.step_one.stop_pressed)
        self.only_action = self._action(sync, _("Step 2 &only…"))
        self.only_action.triggered.connect(self.step_one.step_two_only_pressed)
        self.compare_action = self._action(sync, _("Compare after step &2: do they match?"))
        self.compare_action.setCheckable(True)
        self.compare_action.setChecked(True)
        self.refresh_action = self._action(sync, _("&Refresh selected tabs"), QKeySequence("F5"))
        self.refresh_action.triggered.connect(self.step_two.refresh_pressed)
        self.step_two.can_refresh.connect(self.refresh_action.setEnabled)
        self.match_action = self._action(tools, _("Do they &match?…"), QKeySequence("Ctrl+M"))
        self.match_action.triggered.connect(self.match_pressed)
        self.month_end_action = self._action(tools, _("Month &end…"))
        self.month_end_action.triggered.connect(self.month_end_pressed)
        self.ready_action = self._action(tools, _("&Ready?…"))
        self.ready_action.triggered.connect(self.ready_pressed)
        self.check_action = self._action(tools, _("&Check the pages…"))
        self.check_action.triggered.connect(self.check_pressed)
        self.connect_action = self._action(tools, _("&Web services…"))
        self.connect_action.triggered.connect(self.connect_pressed)
        self.history_action = self._action(view, _("&History…"), QKeySequence("Ctrl+H"))
        self.history_action.triggered.connect(self.history_pressed)
        self._action(view, _("&Log"), QKeySequence("Ctrl+L")).triggered.connect(self._show_log)
        self.languages = LanguageMenu(view)
        self.languages.picked.connect(self.language_picked)
        view.addMenu(self.languages)
        self._action(about, _("&Help"), QKeySequence.StandardKey.HelpContents).triggered.connect(
            self.help_pressed
        )
        self.support_action = self._action(about, _("&Support file…"))
        self.support_action.triggered.connect(self.support_pressed)
        self._action(about, _("&About On-Demand Sync")).triggered.connect(self.about_pressed)

    def _action(
        self, menu: QObject, text: str, keys: QKeySequence | QKeySequence.StandardKey | None = None
    ) -> QAction:
        action = QAction(text, menu)
        if keys is not None:
            action.setShortcut(keys)
        menu.addAction(action)  # type: ignore[attr-defined]
        return action

    def show_language(self, chosen: str) -> None:
        """Which language was chosen; "" for the system's."""
        self.languages.show_chosen(chosen)

    def show_loading(self) -> None:
        """Draw the window as it is before the engine runs."""
        self.show_view(View(), datetime.now(UTC))

    def show_view(self, view: View, now: datetime) -> None:
        """Draw everything as it stands."""
        self._view = view
        at = stage(view)
        self.banner.setVisible(view.training)
        self._show_companies(view)
        free = view.ready and not view.busy and not view.leaving and not view.checking
        for part in (self.companies, self.new, self.practise_action, self.setup_action, self.languages):
            part.setEnabled(free)
        for other in (self.edit, self.edit_action, self.history_action):
            other.setEnabled(free and view.profile is not None)
        self.check_action.setEnabled(free and view.held)
        self.ready_action.setEnabled(view.ready and view.profile is not None and not view.leaving)
        self.match_action.setEnabled(free and view.held)
        self.month_end_action.setEnabled(view.profile is not None)
        self.connect_action.setEnabled(free and view.held)
        self.support_action.setEnabled(view.ready and not view.leaving)
        self.compare_action.setEnabled(free and can_compare(view))
        theme.show_primary(self.new, primary(view, now) is Action.CREATE)
        self.age.say(self._age(view, now))
        asked = notice(view, now)
        self.notice.show_notice(asked)
        self.step_one.show_view(view, now)
        self.step_two.show_view(view, now)
        self.outcome.show_view(view, now, asked.problem if asked is not None else None)
        self.start_action.setEnabled(self.step_one.start.isEnabled())
        self.only_action.setEnabled(self.step_one.step_two_only.isEnabled())
        self.stop_action.setEnabled(at is Stage.RUNNING and not view.stopping)
        self._show_title(view)

    def _show_title(self, view: View) -> None:
        parts = [NAME]
        if view.profile is not None:
            parts.insert(0, view.profile.name)
        if view.training:
            parts.insert(0, _("TRAINING"))
        title = " — ".join(parts)
        if self.frame.windowTitle() != title:
            self.frame.setWindowTitle(title)

    def _show_companies(self, view: View) -> None:
        shown = tuple(self.companies.itemText(at) for at in range(self.companies.count()))
        if shown != view.profiles:
            self.companies.clear()
            self.companies.addItems(list(view.profiles))
        name = view.profile.name if view.profile is not None else ""
        at = self.companies.findText(name) if name else -1
        if self.companies.currentIndex() != at:
            self.companies.setCurrentIndex(at)

    def _age(self, view: View, now: datetime) -> str:
        if stage(view) is Stage.NO_COMPANY:
            return _("Begin with a new company, or practise with the training company (in the File menu).")
        if view.profile is None:
            return _("Getting ready…")
        good = last_good(view)
        if good is None:
            return _("No good run yet.")
        return _("Last good run: {age}.").format(age=times.ago(good, now))

    @Slot(int)
    def _pick_company(self, at: int) -> None:
        name = self.companies.itemText(at)
        if self._view.profile is None or name != self._view.profile.name or not self._view.held:
            self.company_picked.emit(name)

    @Slot()
    def _show_log(self) -> None:
        self.below.setCurrentWidget(self.log)
        self.log.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _paint(self) -> None:
        theme.readable_when_off(self.inside)
        theme.style(self.banner, theme.banner_sheet(self.frame.palette()))
