"""Ready? Everything a run needs, line by line: how it stands, and where something is wrong its card."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.problems import Problem
from app.domain.ready import Level, Line, Readiness
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.field import Sentence
from app.ui.icons import mark_pixmap
from app.ui.problem_card import ProblemCard
from app.ui.rows import Mark
from app.words import problems, ready
from app.words.language import _, named

MARKS = {  # in the order in which they are told
    Level.STOP: Mark.FAILED,
    Level.LOOK: Mark.PERSON,
    Level.READY: Mark.DONE,
    Level.UNCHECKED: Mark.SKIPPED,
}


class ReadyDialog(QDialog):
    """`again_pressed` asks for another look; `open_pressed` for the page of a card."""

    again_pressed = Signal()
    open_pressed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Ready?"))
        self.found: Readiness | None = None
        self.said = Sentence()
        font = self.said.font()
        font.setBold(True)
        self.said.setFont(font)
        self.about = Sentence(_("Nothing is started here, and no password is sent."))
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(_("Looking at what a run needs…"))
        self.page = QScrollArea()
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.setAccessibleName(_("What a run needs"))
        self.again = QPushButton(_("&Look again"))
        self.copy = QPushButton(_("Copy &all for support"))
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        for button in (self.again, self.copy):
            button.setAutoDefault(False)
            self.buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.said)
        layout.addWidget(self.about)
        layout.addWidget(self.bar)
        layout.addWidget(self.page, 1)
        layout.addWidget(self.buttons)
        self.resize(720, 560)
        theme.readable_when_off(self)
        self.again.clicked.connect(self.again_pressed)
        self.copy.clicked.connect(self._copy)
        self.buttons.rejected.connect(self.reject)
        self.show_looking()

    def show_looking(self) -> None:
        """A look is under way; what was found before stands until then."""
        self.said.say(_("Looking at what a run needs…"))
        self.bar.show()
        self.again.setEnabled(False)
        self.copy.setEnabled(self.found is not None)

    def take(self, found: Readiness) -> None:
        """What was found: what is wrong comes first."""
        self.found = found
        self._end(ready.summary(found))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        worst_first = list(MARKS)
        for line in sorted(found.lines, key=lambda one: worst_first.index(one.level)):
            column.addWidget(self._row(line))
        column.addStretch(1)
        self.page.setWidget(inside)
        theme.readable_when_off(self)

    def show_problem(self, problem: Problem) -> None:
        """Why nothing could be looked at."""
        self._end(problems.card(problem).in_short())

    def _end(self, said: str) -> None:
        self.bar.hide()
        self.said.say(said)
        self.again.setEnabled(True)
        self.copy.setEnabled(self.found is not None)

    def _row(self, line: Line) -> QWidget:
        row = QWidget()
        icon = QLabel()
        icon.setPixmap(mark_pixmap(MARKS[line.level], 20, self.devicePixelRatioF()))
        said = named(ready.title(line.check), ready.level(line.level))
        words = Sentence(said if line.problem is not None else f"{said}. {ready.sentence(line)}")
        column = QVBoxLayout()
        column.addWidget(words)
        if line.problem is not None:
            card = ProblemCard(line.problem, noted=False)
            card.open_pressed.connect(self.open_pressed)
            column.addWidget(card)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        row.setAccessibleName(words.text())
        return row

    @Slot()
    def _copy(self) -> None:
        if self.found is not None:
            QGuiApplication.clipboard().setText("\n".join(ready.lines(self.found)))
