"""Which runs of the history are shown: by outcome, by time, by words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.domain.events import RunOutcome
from app.domain.history import RunSummary
from app.ui.field import room_for_hint
from app.words import history
from app.words.language import _

_CUT_OFF = "cut-off"
_DAYS = (0, 7, 31, 92, 366)  # 0: all of them


class HistoryFilters(QWidget):
    """`changed` as soon as anything of it is; `shown` says which runs are left."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outcome = QComboBox()
        self.outcome.addItem(history.any_outcome(), "")
        for outcome in RunOutcome:
            self.outcome.addItem(history.outcome(outcome), outcome.value)
        self.outcome.addItem(history.outcome(None), _CUT_OFF)
        self.days = QComboBox()
        for days in _DAYS:
            self.days.addItem(history.period(days), days)
        self.words = QLineEdit()
        self.words.setPlaceholderText(_("Person, tab, problem"))
        self.words.setAccessibleName(_("Search for a person, a tab or a problem"))
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(room_for_hint(self.words))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for label, box in ((_("&Outcome"), self.outcome), (_("&From"), self.days)):
            said = QLabel(label)
            said.setBuddy(box)
            box.setAccessibleName(label.replace("&", ""))
            layout.addWidget(said)
            layout.addWidget(box)
            box.activated.connect(self.changed)
        layout.addWidget(self.words, 1)
        self.words.textChanged.connect(self.changed)

    def shown(self, runs: Sequence[RunSummary], now: datetime | None = None) -> list[RunSummary]:
        """Those that are wanted, in their order."""
        wanted, days, words = (
            self.outcome.currentData(),
            self.days.currentData(),
            self.words.text().casefold(),
        )
        since = (now or datetime.now(UTC)) - timedelta(days=days) if days else None
        return [
            run
            for run in runs
            if (not wanted or (run.outcome.value if run.outcome is not None else _CUT_OFF) == wanted)
            and (since is None or run.started_at >= since)
            and all(word in _text(run) for word in words.split())
        ]


def _text(run: RunSummary) -> str:
    return " ".join((*history.columns(run), *run.problems)).casefold()
