"""A field with its label above or before it, and the sentence beside it when what stands in it cannot be used."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme


class Sentence(QLabel):
    """A line of text that wraps, can be selected, and takes no room while it is empty."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(text)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its longest word, within reason, and low: what the width asks for is said by heightForWidth, and
        Qt's own guess is far too high."""
        line = self.fontMetrics()
        few, many = (line.averageCharWidth() * letters for letters in (8, 30))
        longest = max((line.horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(max(few, min(longest + 2, many)), line.height())

    def say(self, text: str) -> None:
        """Show the text; nothing is shown for an empty one."""
        if self.text() != text:
            self.setText(text)
        if self.parentWidget() is not None:
            self.setVisible(bool(text))
        elif not text:
            self.hide()  # with a text it comes with its parent, and is never a window of its own


class Caption(Sentence):
    """A short sentence on one line where there is room for it; a longer one asks for no more room than a short one."""

    _LETTERS = 46

    def sizeHint(self) -> QSize:
        line, edges = self.fontMetrics(), self.contentsMargins()
        width = line.horizontalAdvance(self.text()) + max(0, self.indent()) + edges.left() + edges.right()
        return QSize(min(width + 2, self._LETTERS * line.averageCharWidth()), line.height())


class Wrong(Sentence):
    """The sentence beside a field that cannot be used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()
        super().changeEvent(event)

    def _paint(self) -> None:
        theme.style(self, theme.wrong_sheet(self.palette()))


class Field(QWidget):
    """A line to type in, with its fault below it. `name` is what a screen reader says."""

    def __init__(
        self, label: str, *, secret: bool = False, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.label = QLabel(label, self)
        self.label.setBuddy(self.edit)
        self.edit.setAccessibleName(label.replace("&", ""))
        self.edit.setPlaceholderText(hint)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.edit.setInputMethodHints(
                Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
            )
        self.wrong = Wrong(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.label)
        layout.addWidget(self.edit)
        layout.addWidget(self.wrong)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self.clear_fault)

    @property
    def text(self) -> str:
        """What was typed, without the blanks around it."""
        return self.edit.text().strip()

    def fill(self, text: str) -> None:
        """Show a value that was saved."""
        self.edit.setText(text)
        self.clear_fault()

    def fault(self, sentence: str) -> None:
        """Say what was expected, keep what was typed, and bring the person there."""
        self.wrong.say(sentence)
        self.edit.setAccessibleDescription(sentence)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def clear_fault(self) -> None:
        """What is typed now is not known to be wrong."""
        self.wrong.say("")
        self.edit.setAccessibleDescription("")


def room_for_hint(edit: QLineEdit) -> int:
    """How wide a line has to be for the hint in it, and for the cross that empties it."""
    metrics = edit.fontMetrics()
    return metrics.horizontalAdvance(edit.placeholderText()) + 2 * metrics.height()
