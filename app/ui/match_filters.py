"""What narrows the rows of a match report: differences only, a job, an amount, a reason."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.domain.match_reasons import Reason
from app.domain.match_report import Narrowed
from app.ui.check_box import CheckBox
from app.ui.field import room_for_hint
from app.words import match as words
from app.words import numbers
from app.words.language import _


class MatchFilters(QWidget):
    """`changed` as soon as anything of it is; `narrowed` says what is wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.only = CheckBox(_("Differences &only"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Job, code or name"))
        self.search.setAccessibleName(_("Search for a job, a code or a name"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(room_for_hint(self.search))
        self.over = QLineEdit()
        self.over.setPlaceholderText(numbers.money(Decimal(0)))
        self.over.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.over.setAccessibleName(_("Only amounts above"))
        self.over.setMaximumWidth(self.over.fontMetrics().averageCharWidth() * 15)
        self.reason = QComboBox()
        self.reason.setAccessibleName(_("Only this probable reason"))
        self.reason.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.reason.setMinimumContentsLength(14)
        above, because = QLabel(_("A&bove")), QLabel(_("&Reason"))
        above.setBuddy(self.over)
        because.setBuddy(self.reason)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.only)
        layout.addWidget(self.search, 1)
        layout.addWidget(above)
        layout.addWidget(self.over)
        layout.addWidget(because)
        layout.addWidget(self.reason)
        self.offer(())
        self.only.toggled.connect(self.changed)
        self.search.textChanged.connect(self.changed)
        self.over.textChanged.connect(self.changed)
        self.reason.activated.connect(self.changed)

    def offer(self, reasons: Sequence[Reason]) -> None:
        """The reasons that the report tells; the one that was chosen stays chosen where it is among them."""
        before = self.reason.currentData()
        self.reason.clear()
        self.reason.addItem(_("any"), "")
        for one in reasons:
            self.reason.addItem(words.reason(one.value), one.value)
        self.reason.setCurrentIndex(max(0, self.reason.findData(before)))

    def narrowed(self) -> Narrowed:
        """What is wanted. An amount that is none narrows nothing."""
        reason = self.reason.currentData()
        return Narrowed(
            differences_only=self.only.isChecked(),
            over=amount(self.over.text()),
            reason=Reason(reason) if reason else None,
            words=self.search.text().strip(),
        )

    @Slot()
    def go_to_search(self) -> None:
        """The keyboard goes to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()


def amount(text: str) -> Decimal | None:
    """An amount as it is typed, "1,000.50", "1 000,50" or "1000.50"; None for what is none."""
    found = numbers.read(text)
    if found is None:
        return None
    return found.quantize(Decimal("0.01")) if found.is_finite() and abs(found) < Decimal(10) ** 15 else None
