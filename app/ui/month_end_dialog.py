"""The month end as a guided list: what to do, in which order, with a way to where it is done; ticked by the person."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.run import RunState
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.check_box import CheckBox
from app.ui.field import Sentence
from app.words import month_end as words
from app.words.language import _, named

_MONTHS = 3  # this one and the two before it


class MonthEndDialog(QDialog):
    """`ticked`: month and steps, to be remembered. `wide_pressed`, `tabs_pressed`, `match_pressed`: to where it is
    done."""

    ticked = Signal(str, object)
    wide_pressed = Signal()
    tabs_pressed = Signal()
    match_pressed = Signal()

    def __init__(
        self, company: str, kept: dict[str, tuple[str, ...]], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kept = dict(kept)
        self.setWindowTitle(_("Month end of {company}").format(company=company))
        self.months = QComboBox()
        self.left = Sentence()
        self.boxes = {name: CheckBox(text) for name, text in words.steps().items()}
        self.known = {name: Sentence() for name in self.boxes}
        self.wide = QPushButton(_("&Choose Past Month and Deep"))
        self.tabs = QPushButton(_("Choose &tabs…"))
        self.match = QPushButton(_("Do they &match?…"))
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        self._lay_out()
        for first in _last_months(today):
            self.months.addItem(words.month(first), first.isoformat()[:7])
        # In the first days of a month it is the one before that is closed.
        self.months.setCurrentIndex(1 if today.day <= 20 else 0)
        self._show_month()
        self.months.currentIndexChanged.connect(self._show_month)
        for box in self.boxes.values():
            box.clicked.connect(self._tick)
        self.wide.clicked.connect(self.wide_pressed)
        self.tabs.clicked.connect(self.tabs_pressed)
        self.match.clicked.connect(self.match_pressed)
        self.buttons.rejected.connect(self.reject)
        theme.readable_when_off(self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        label = QLabel(_("Mo&nth"))
        label.setBuddy(self.months)
        self.months.setAccessibleName(_("Month"))
        head.addWidget(label)
        head.addWidget(self.months)
        head.addWidget(self.left, 1)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)  # of the scroll bar
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(2)
        beside = {"sync": self.wide, "tabs": self.tabs, "match": self.match}
        for at, (name, box) in enumerate(self.boxes.items()):
            about = Sentence(words.about(name))
            about.setIndent(22)
            self.known[name].setIndent(22)
            box.setAccessibleDescription(about.text())
            grid.addWidget(box, 4 * at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(about, 4 * at + 1, 0)
            grid.addWidget(self.known[name], 4 * at + 2, 0)
            grid.setRowMinimumHeight(4 * at + 3, 8)
            if name in beside:
                beside[name].setAutoDefault(False)
                grid.addWidget(beside[name], 4 * at, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(4 * len(self.boxes), 1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        column.addWidget(self.buttons)
        room = self.screen().availableGeometry()
        wide, line = inside.minimumSizeHint().width(), self.fontMetrics().height()
        letters = 104 * self.fontMetrics().averageCharWidth()
        self.resize(min(max(letters, wide + 40), room.width() - 40), min(31 * line + 120, room.height() - 60))

    @property
    def month(self) -> str:
        """The month that is shown, "2026-11"."""
        return str(self.months.currentData())

    def show_run(self, run: RunState | None, free: bool) -> None:
        """What the run that is shown in the window tells; `free`: filters and tabs may be chosen there."""
        for name, sentence in self.known.items():
            sentence.say(words.known(name, run))
            box = self.boxes[name]
            box.setAccessibleDescription(
                " ".join(part for part in (words.about(name), sentence.text()) if part)
            )
        self.wide.setEnabled(free)
        self.tabs.setEnabled(free)

    @Slot()
    def _show_month(self) -> None:
        done = self._kept.get(self.month, ())
        for name, box in self.boxes.items():
            box.setChecked(name in done)
        self._show_left()

    def _show_left(self) -> None:
        count = sum(not box.isChecked() for box in self.boxes.values())
        self.left.say(words.left(count))
        self.left.setAccessibleName(named(self.months.currentText(), words.left(count)))

    @Slot()
    def _tick(self) -> None:
        self._kept[self.month] = tuple(name for name, box in self.boxes.items() if box.isChecked())
        self._show_left()
        self.ticked.emit(self.month, self._kept[self.month])


def _last_months(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < _MONTHS:
        year, month = found[-1].year, found[-1].month
        found.append(date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1))
    return found
