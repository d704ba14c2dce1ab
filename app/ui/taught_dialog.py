"""What was taught for a company: a line for each label, and the way to take it out again."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTableWidgetItem, QVBoxLayout, QWidget

from app.domain.taught import Taught, Unfit
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.field import Sentence
from app.ui.table import ReadTable
from app.words import taught as words
from app.words.language import _


class TaughtDialog(QDialog):
    """`remove_pressed` carries the key of the label to take out."""

    remove_pressed = Signal(str)

    def __init__(self, company: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("What was taught for {company}").format(company=company))
        self._labels: tuple[Taught, ...] = ()
        self.said = Sentence(_("Reading…"))
        self.policy = Sentence()
        self.table = ReadTable([_("Element"), _("Role"), _("Name on the page")], _("Labels that were taught"))
        self.remove = QPushButton(_("&Remove"))
        self.remove.setAutoDefault(False)
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.remove, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.said)
        layout.addWidget(self.policy)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.buttons)
        theme.size(self, 620, 320)
        theme.readable_when_off(self)
        self.remove.setEnabled(False)
        self.remove.clicked.connect(self._remove)
        self.buttons.rejected.connect(self.reject)

    def take(self, labels: tuple[Taught, ...], *, allowed: bool) -> None:
        """The labels as they are kept now."""
        self._labels = labels
        self.said.say(words.about(len(labels)))
        self.policy.say("" if allowed else words.unfit(Unfit.POLICY))
        self.table.setRowCount(len(labels))
        for at, label in enumerate(labels):
            for column, text in enumerate((words.what(label), label.role, label.name)):
                self.table.setItem(at, column, QTableWidgetItem(text))
        if labels:
            self.table.selectRow(0)
        self.remove.setEnabled(bool(labels))

    @Slot()
    def _remove(self) -> None:
        at = self.table.currentRow()
        if 0 <= at < len(self._labels):
            self.remove.setEnabled(False)
            self.remove_pressed.emit(self._labels[at].key)
