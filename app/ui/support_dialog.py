"""The support file before it is written: every part with its whole text, and what was taken out of it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.problems import Problem
from app.domain.support import Bundle, Part
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.field import Sentence
from app.ui.window import Tabs
from app.words import problems
from app.words import support as words
from app.words.language import _


class SupportDialog(QDialog):
    """`save_pressed` carries the bundle that is shown: exactly that is written."""

    save_pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Support file"))
        self.bundle: Bundle | None = None
        self.said = Sentence(words.gathering())
        self.taken_out = Sentence()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words.gathering())
        self.parts = QTabWidget()
        self.parts.setTabBar(Tabs(self.parts))
        self.parts.setDocumentMode(True)
        self.parts.setAccessibleName(_("The parts of the support file"))
        self.save = QPushButton(_("&Save as a file…"))
        self.save.setAutoDefault(False)
        self.save.setEnabled(False)
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.said)
        layout.addWidget(self.taken_out)
        layout.addWidget(self.bar)
        layout.addWidget(self.parts, 1)
        layout.addWidget(self.buttons)
        theme.size(self, 860, 560)
        theme.readable_when_off(self)
        self.taken_out.setVisible(False)
        self.save.clicked.connect(self._save)
        self.buttons.rejected.connect(self.reject)

    def take(self, bundle: Bundle) -> None:
        """What was gathered."""
        self.bundle = bundle
        self.bar.hide()
        self.said.say(words.heading(bundle))
        self.taken_out.say(words.taken_out(bundle))
        for part in bundle.parts:
            self.parts.addTab(PartPage(part), words.title(part.name))
        self.save.setEnabled(True)

    def show_problem(self, problem: Problem) -> None:
        """Why it could not be gathered, or written."""
        self.bar.hide()
        self.said.say(problems.card(problem).in_short())

    def written(self, path: str) -> None:
        """It was written."""
        self.said.say(words.written(path))

    @Slot()
    def _save(self) -> None:
        if self.bundle is not None:
            self.save_pressed.emit(self.bundle)


class PartPage(QWidget):
    """One part: what it holds in a line, and its whole text."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.about = Sentence(words.line(part))
        self.text = QPlainTextEdit()
        self.text.setPlainText(part.text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(words.title(part.name))
        layout = QVBoxLayout(self)
        layout.addWidget(self.about)
        layout.addWidget(self.text, 1)
