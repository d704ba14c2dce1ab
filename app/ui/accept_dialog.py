"""A person accepts differences: why, who, and until when."""

from datetime import date

from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtWidgets import QDateEdit, QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.check_box import CheckBox
from app.ui.field import Field, Sentence
from app.words.language import _, ngettext

_MONTHS = 3


class AcceptDialog(QDialog):
    """`agreed` carries the note, the name, and the last day (None: until the amount changes)."""

    agreed = Signal(str, str, object)

    def __init__(self, count: int, who: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Accept differences"))
        said = ngettext(
            "{n} difference will stand in a list of its own, and no longer count, until it expires or its amount "
            "changes.",
            "{n} differences will stand in a list of their own, and no longer count, until they expire or their "
            "amounts change.",
            count,
        )
        self.note = Field(_("&Why"))
        self.name = Field(_("&Name"))
        self.name.fill(who)
        self.until = CheckBox(_("&Until"))
        self.until.setChecked(True)
        self.day = QDateEdit(QDate(today.year, today.month, today.day).addMonths(_MONTHS))
        self.day.setMinimumDate(QDate(today.year, today.month, today.day))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName(_("The last day"))
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Cancel)
        self.agree = self.buttons.addButton(_("&Accept"), QDialogButtonBox.ButtonRole.AcceptRole)
        line = QHBoxLayout()
        line.addWidget(self.until)
        line.addWidget(self.day, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(Sentence(said.format(n=count)))
        layout.addWidget(self.note)
        layout.addWidget(self.name)
        layout.addLayout(line)
        layout.addWidget(self.buttons)
        theme.show_primary(self.agree, True)
        theme.readable_when_off(self)
        self.setMinimumWidth(420)
        self.until.toggled.connect(self.day.setEnabled)
        self.buttons.accepted.connect(self._agree)
        self.buttons.rejected.connect(self.reject)
        self.note.setFocus()

    @Slot()
    def _agree(self) -> None:
        for field in (self.name, self.note):
            if not field.text:
                field.fault(_("Write it down: a reviewer will read it."))
        if self.note.text and self.name.text:
            chosen = self.day.date()
            last = date(chosen.year(), chosen.month(), chosen.day()) if self.until.isChecked() else None
            self.agreed.emit(self.note.text, self.name.text, last)
            self.accept()
