"""One tab of step 2: its check box, Procore's own button, how it stands, how long, and what can be done."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.domain.tabs import Tab
from app.ui import theme
from app.ui.check_box import CheckBox
from app.ui.field import Caption, Sentence
from app.ui.icons import MarkLabel
from app.ui.rows import Mark, Row
from app.ui.small_button import SmallButton
from app.words import tabs
from app.words.language import _, named


class TabRow(QObject):
    """The widgets of one tab, put into the grid of the panel so that the columns stand under each other."""

    retry_pressed = Signal(object)
    proof_pressed = Signal(object)
    jobs_pressed = Signal()
    toggled = Signal()

    def __init__(self, tab: Tab, parent: QWidget) -> None:
        super().__init__(parent)
        self.tab = tab
        self._strong = False
        self._drawn: tuple[Row, bool, float] | None = None
        title = tabs.title(tab)
        self.check = CheckBox(title.replace("&", "&&"))
        self.check.setAccessibleName(title)
        self.check.setAccessibleDescription(_("Procore's button: {button}").format(button=tabs.button(tab)))
        self.button_name = Caption(_("Procore: {button}").format(button=tabs.button(tab)), parent)
        self.button_name.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        font = self.button_name.font()
        font.setPointSizeF(font.pointSizeF() * 0.88)
        self.button_name.setFont(font)
        self.button_name.setIndent(24)
        self.icon = MarkLabel()
        self.words = Sentence("", parent)
        self.words.setVisible(True)
        self.words.setContentsMargins(0, 2, 0, 2)  # of three lines, so that it is told from the next tab's
        self.time = QLabel()
        self.retry = SmallButton(_("Retry"))
        self.retry.setAccessibleName(_("Retry {tab}").format(tab=title))
        self.proof = SmallButton(_("What proved it"))
        self.proof.setAccessibleName(_("What proved {tab}").format(tab=title))
        self.jobs = SmallButton(_("&Jobs…"))
        self.jobs.setAccessibleName(_("Choose the jobs for Job Costs"))
        self.jobs.setVisible(tab is Tab.JOB_COSTS)
        self.check.toggled.connect(self.toggled)
        self.retry.clicked.connect(self._retry)
        self.proof.clicked.connect(self._proof)
        self.jobs.clicked.connect(self.jobs_pressed)

    def put(self, grid: QGridLayout, at: int) -> None:
        """Two lines of the grid, from line `at` on."""
        grid.addWidget(self.check, at, 0, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self.button_name, at + 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.icon, at, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.words, at, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.time, at, 3, 2, 1, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        for button in (self.jobs, self.retry, self.proof):
            buttons.addWidget(button)
        grid.addLayout(buttons, at, 4, 2, 1, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)

    def show_row(self, row: Row, *, jobs_free: bool) -> None:
        """Draw the tab as it stands. A box that may be used keeps what the person chose. Of what stands there already
        nothing is touched: Qt would lay out the window anew."""
        drawn = (row, jobs_free, self.check.devicePixelRatioF())
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.check.setEnabled(row.choosable)
        self._show_strength(row.mark is not Mark.NONE)
        if not row.choosable and self.check.isChecked() != row.chosen:
            self.check.setChecked(row.chosen)
        words = row.words
        if words != self.words.text():
            self.words.setText(words)
        title, button = tabs.title(self.tab), tabs.button(self.tab)
        described = (
            _("Procore's button: {button}. State: {state}") if words else _("Procore's button: {button}")
        )
        self.check.setAccessibleDescription(described.format(button=button, state=words))
        # Without names of their own they would all be called by the title of the panel.
        self.words.setAccessibleName(named(title, words) if words else title)
        self.icon.setAccessibleName(words)
        self.icon.show_mark(row.mark, 20)
        self.time.setText(row.time)
        self.time.setVisible(bool(row.time))
        self.retry.setVisible(row.retry)
        self.proof.setVisible(row.proof)
        self.jobs.setVisible(self.tab is Tab.JOB_COSTS and not row.proof and not row.retry)
        self.jobs.setEnabled(jobs_free)

    def _show_strength(self, strong: bool) -> None:
        """A tab with a state is read like any other text, though its box cannot be used."""
        if strong != self._strong:
            self._strong = strong
            theme.readable_when_off(self.check, 1.0 if strong else theme.WEAK)

    @Slot()
    def _retry(self) -> None:
        self.retry_pressed.emit(self.tab)

    @Slot()
    def _proof(self) -> None:
        self.proof_pressed.emit(self.tab)
