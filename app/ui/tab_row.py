"""One tab of step 2: its check box, Procore's own button, how it stands, how long, and what can be done."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.domain.tabs import Tab
from app.ui import theme
from app.ui.check_box import CheckBox
from app.ui.field import Sentence
from app.ui.icons import mark_pixmap
from app.ui.rows import Mark, Row
from app.ui.small_button import SmallButton
from app.words import tabs
from app.words.language import _


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
        title = tabs.title(tab)
        self.check = CheckBox(title.replace("&", "&&"))
        self.check.setAccessibleName(title)
        self.check.setAccessibleDescription(_("Procore's button: {button}").format(button=tabs.button(tab)))
        self.button_name = QLabel(_("Procore: {button}").format(button=tabs.button(tab)))
        self.button_name.setTextFormat(Qt.TextFormat.PlainText)
        font = self.button_name.font()
        font.setPointSizeF(font.pointSizeF() * 0.88)
        self.button_name.setFont(font)
        self.button_name.setIndent(24)
        self.icon = QLabel()
        self.words = Sentence("", parent)
        self.words.setVisible(True)
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
        """Draw the tab as it stands. A box that may be used keeps what the person chose."""
        self.check.setEnabled(row.choosable)
        self._show_strength(row.mark is not Mark.NONE)
        if not row.choosable and self.check.isChecked() != row.chosen:
            self.check.setChecked(row.chosen)
        words = row.words
        if words != self.words.text():
            self.words.setText(words)
        self.check.setAccessibleDescription(
            _("Procore's button: {button}. State: {state}").format(button=tabs.button(self.tab), state=words)
        )
        self.icon.setPixmap(mark_pixmap(row.mark, 20, self.check.devicePixelRatioF()))
        self.icon.setVisible(row.mark is not Mark.NONE)
        self.time.setText(row.time)
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
