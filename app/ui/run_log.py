"""What happened, line by line with its time, as plain text that can be copied."""

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.events import Record
from app.words import progress, times
from app.words.language import _

MOST_LINES = 5000


class RunLog(QWidget):
    """The log of this window's runs. The oldest lines go when there are too many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("Log of the run"))
        self.text.setMinimumHeight(40)
        self.copy = QPushButton(_("Copy the log"))
        self.copy.clicked.connect(self._copy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.text, 1)
        side = QVBoxLayout()
        side.addWidget(self.copy)
        side.addStretch(1)
        layout.addLayout(side)

    def add(self, records: Iterable[Record]) -> None:
        """One line for each record, all of them drawn at once."""
        lines = [f"{times.clock_seconds(record.at)}  {progress.line(record.event)}" for record in records]
        if lines:
            self.text.appendPlainText("\n".join(lines))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
