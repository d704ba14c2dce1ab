"""Connect: a company's web services tested in words, and Procore's signed in to, by browser or code, or no longer."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.connections import Connection, Lack, Standing, Way
from app.domain.events import Site
from app.domain.problems import Problem
from app.ui import questions, theme
from app.ui.buttons import Buttons
from app.ui.field import Field, Sentence
from app.ui.icons import mark_pixmap
from app.ui.problem_card import ProblemCard
from app.ui.rows import Mark
from app.words import connecting, problems
from app.words.language import _

_MARKS = {
    Standing.OFF: Mark.NOTHING_VISIBLE,
    Standing.GOOD: Mark.DONE,
    Standing.MISSING: Mark.FAILED,
    Standing.NOT_REACHED: Mark.UNKNOWN,
    Standing.PERSON: Mark.PERSON,
}


class At(Enum):
    """What the dialog is doing."""

    TESTING = auto()
    SIGNING_IN = auto()  # the browser is open
    WORKING = auto()  # a moment: an address, a code, a disconnection
    CODE = auto()  # the person is to bring a code
    IDLE = auto()


class ConnectDialog(QDialog):
    """Its signals say what was asked for; `show_…` tell what came of it."""

    test_pressed = Signal()
    sign_in_pressed = Signal()
    stop_pressed = Signal()
    ask_code_pressed = Signal()
    code_given = Signal(str)
    disconnect_pressed = Signal()

    def __init__(self, company: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Web services of {company}").format(company=company))
        self.found: list[Connection] = []
        self.at = At.TESTING
        self._trouble: ProblemCard | None = None
        self.about = Sentence(connecting.about())
        self.said = Sentence()
        bold = self.said.font()
        bold.setBold(True)
        self.said.setFont(bold)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(_("The web services are being asked"))
        self.list = QVBoxLayout()
        self.page = QScrollArea()
        self.sign_in = QPushButton(_("&Sign in to Procore…"))
        self.ask_code = QPushButton(_("Sign in with a c&ode…"))
        self.stop = QPushButton(_("Stop wa&iting"))
        self.disconnect_it = QPushButton(_("&Disconnect…"))
        self.code_row = QFrame()
        self.told = Sentence()
        self.open_it = QPushButton(_("Open it in my &browser"))
        self.copy = QPushButton(_("Copy the &address"))
        self.code = Field(_("Co&de that Procore shows"), secret=True)
        self.give = QPushButton(_("Connect &with this code"))
        self.again = QPushButton(_("&Test again"))
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self.address = QLineEdit()
        self.address.setReadOnly(True)
        self.address.setAccessibleName(_("The address"))
        self._lay_out()
        self._tie()
        self._show_state()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside_column = QVBoxLayout(inside)
        inside_column.setContentsMargins(0, 0, 0, 0)
        inside_column.addLayout(self.list)
        inside_column.addStretch(1)
        self.page.setWidget(inside)
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.setAccessibleName(_("What was found"))
        # The row of the code stands below what scrolls: what has to be pressed next is never out of sight.
        code = QVBoxLayout(self.code_row)
        code.setContentsMargins(0, 0, 0, 0)
        code.addWidget(self.told)
        code.addWidget(self.address)
        code.addLayout(_row(self.open_it, self.copy))
        code.addWidget(self.code)
        code.addLayout(_row(self.give))
        layout = QVBoxLayout(self)
        layout.addWidget(self.about)
        layout.addWidget(self.said)
        layout.addWidget(self.bar)
        layout.addWidget(self.page, 1)
        layout.addWidget(self.code_row)
        layout.addLayout(_row(self.sign_in, self.ask_code, self.stop, self.disconnect_it))
        self.buttons.addButton(self.again, QDialogButtonBox.ButtonRole.ActionRole)
        layout.addWidget(self.buttons)
        for one in self.findChildren(QPushButton):
            one.setAutoDefault(
                False
            )  # Enter in the field gives the code, once, and presses nothing beside it
        letter, room = self.fontMetrics(), self.screen().availableGeometry()
        wide, high = max(720, letter.averageCharWidth() * 90), max(560, letter.height() * 34)
        self.resize(min(wide, room.width() - 16), min(high, room.height() - 48))  # 48: what a title bar takes
        theme.readable_when_off(self)

    def _tie(self) -> None:
        self.again.clicked.connect(self.test_pressed)
        self.sign_in.clicked.connect(self.sign_in_pressed)
        self.ask_code.clicked.connect(self.ask_code_pressed)
        self.stop.clicked.connect(self._stop)
        self.disconnect_it.clicked.connect(self._ask_disconnect)
        self.open_it.clicked.connect(self._open_address)
        self.copy.clicked.connect(self._copy_address)
        self.give.clicked.connect(self._give)
        self.code.edit.returnPressed.connect(self._give)
        self.code.edit.textChanged.connect(self._show_state)
        self.buttons.rejected.connect(self.reject)

    # ---------------------------------------------------------------- what comes

    def begin(self, said: str = "") -> None:
        """A test begins; `said` is what came of the step before it, and stays above it."""
        self._show_problem(None)
        self.said.say(said)
        self._go(At.TESTING)

    def show_found(self, found: Sequence[Connection]) -> None:
        """What the test found."""
        self.found = list(found)
        self._clear()
        for one in self.found:
            self.list.addWidget(_Box(one))
        self._go(At.IDLE)

    def show_waiting(self) -> None:
        """The browser opens, for the person to sign in there."""
        self._show_problem(None)
        self.said.say(connecting.waiting())
        self._go(At.SIGNING_IN)

    def show_working(self) -> None:
        """Something short is under way."""
        self._show_problem(None)
        self._go(At.WORKING)

    def show_address(self, address: str) -> None:
        """Where the person allows this program, and is shown a code to bring here."""
        self.address.setText(address)
        self.address.setCursorPosition(0)
        self.told.say(connecting.open_this("").strip())
        self.said.say("")
        self.code.fill("")
        self._go(At.CODE)
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_slip(self, problem: Problem) -> None:
        """What was typed is no code; the question still stands."""
        self._go(At.CODE)
        self.code.fault(problems.card(problem).why)

    def show_problem(self, problem: Problem) -> None:
        """What stands in the way. What was found before stays."""
        self.said.say("")
        self._show_problem(problem)
        self._go(At.IDLE)

    def show_stopped(self) -> None:
        """Nobody waits any more."""
        self.said.say("")
        self._go(At.IDLE)

    # ---------------------------------------------------------------- what the person does

    @Slot()
    def _give(self) -> None:
        if self.at is At.CODE and self.code.text:
            text = self.code.text
            self.code.fill("")
            self.code_given.emit(text)

    @Slot()
    def _stop(self) -> None:
        if self.at is At.CODE:
            self.show_stopped()
        else:
            self.stop_pressed.emit()

    @Slot()
    def _ask_disconnect(self) -> None:
        title, text = _("Disconnect"), connecting.ask_disconnect(service_account=self._is_account())
        questions.ask(
            self, title, text, _("&Disconnect"), _("&Stay connected"), self.disconnect_pressed.emit, warn=True
        )

    @Slot()
    def _open_address(self) -> None:
        if not QDesktopServices.openUrl(QUrl(self.address.text())):
            self._copy_address()
            self.said.say(_("No browser could be opened. The address was copied."))

    @Slot()
    def _copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())

    # ---------------------------------------------------------------- drawing

    def _procore(self) -> Connection | None:
        return next((one for one in self.found if one.site is Site.PROCORE), None)

    def _is_account(self) -> bool:
        procore = self._procore()
        return procore is not None and procore.way is Way.SERVICE_ACCOUNT

    def _go(self, at: At) -> None:
        self.at = at
        if at is not At.CODE:
            self.code.fill("")
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        procore, idle = self._procore(), self.at is At.IDLE
        can_sign_in = (
            procore is not None
            and procore.way is Way.PERSON
            and not {Lack.CLIENT_ID, Lack.CLIENT_SECRET} & set(procore.lacks)
        )
        asked = procore is not None and (Lack.SIGN_IN in procore.lacks or procore.problem is not None)
        self.bar.setVisible(self.at in (At.TESTING, At.SIGNING_IN, At.WORKING))
        self.code_row.setVisible(self.at is At.CODE)
        for one in (self.sign_in, self.ask_code):
            one.setVisible(can_sign_in and self.at is not At.CODE)
            one.setEnabled(idle)
        self.stop.setVisible(self.at in (At.SIGNING_IN, At.CODE))
        self.disconnect_it.setVisible(procore is not None and procore.kept and self.at is not At.CODE)
        self.disconnect_it.setEnabled(idle)
        self.give.setEnabled(self.at is At.CODE and bool(self.code.text))
        self.again.setEnabled(idle)
        theme.show_primary(self.sign_in, idle and can_sign_in and asked)
        theme.show_primary(self.give, self.give.isEnabled())
        for one in self.findChildren(QPushButton):
            one.setAutoDefault(False)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # else a button that has just been shown lies where another one is, until the next frame

    def _show_problem(self, problem: Problem | None) -> None:
        if self._trouble is not None:
            self.list.removeWidget(self._trouble)
            self._trouble.hide()
            self._trouble.deleteLater()
            self._trouble = None
        if problem is not None:
            self._trouble = ProblemCard(problem, noted=False)
            self.list.insertWidget(0, self._trouble)

    def _clear(self) -> None:
        for box in self.page.findChildren(_Box):
            self.list.removeWidget(box)
            box.hide()
            box.deleteLater()


class _Box(QFrame):
    """One connection: its standing, what was found, and what is missing with who can give it."""

    def __init__(self, one: Connection) -> None:
        super().__init__()
        said = connecting.told(one)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        icon = QLabel()
        icon.setPixmap(mark_pixmap(_MARKS[one.standing], 20, self.devicePixelRatioF()))
        title = Sentence(said.title)
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(title)
        for line in said.found:
            column.addWidget(Sentence(line))
        if said.missing:
            missing = Sentence(connecting.missing_title())
            missing.setFont(bold)
            column.addWidget(missing)
            for line in said.missing:
                column.addWidget(Sentence(line))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        self.setAccessibleName(said.title)
        self.setAccessibleDescription("\n".join((*said.found, *said.missing)))


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for one in buttons:
        row.addWidget(one)
    row.addStretch(1)
    return row
