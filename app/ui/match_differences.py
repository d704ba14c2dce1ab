"""The differences of a match report as a list, the largest first: where, how much, why probably, what to do, who."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.match_report import EVERY, Difference, Narrowed
from app.ui.match_model import PAGE, flag_icon
from app.words import match as words
from app.words import numbers
from app.words.language import named

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
COLUMNS = (
    "list",
    "where",
    "sage",
    "procore",
    "difference",
    "flag",
    "reason",
    "to-do",
    "acts",
    "since",
    "first-seen",
)
_WIDTHS = (10, 22, 13, 13, 13, 16, 34, 36, 16, 12, 12)
_AMOUNTS = ("sage", "procore", "difference")
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class DifferencesModel(QAbstractTableModel):
    """`wanted` asks for more rows after so many; `take` is given them, in the window's thread."""

    wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.narrowed: Narrowed = EVERY
        self.rows: list[Difference] = []
        self._complete = True
        self._asked = False

    def width(self, column: int) -> int:
        """How wide a column is at first, in digits."""
        return _WIDTHS[column]

    def narrow(self, narrowed: Narrowed, *, there: bool = True) -> None:
        """Other rows are wanted; `there` False: there is no report to fetch them from."""
        self.beginResetModel()
        self.narrowed, self.rows = narrowed, []
        self._complete, self._asked = not there, False
        self.endResetModel()
        if there:
            self.fetchMore(NOWHERE)

    def take(self, narrowed: Narrowed, after: int, rows: Sequence[Difference]) -> None:
        """The rows that were asked for; what was asked for before the rows were narrowed is dropped."""
        if narrowed != self.narrowed or after != len(self.rows):
            return
        self._asked, self._complete = False, len(rows) < PAGE
        if rows:
            self.beginInsertRows(NOWHERE, after, after + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return len(COLUMNS)

    def canFetchMore(self, parent: Index) -> bool:
        """Only the first page: a tree asks at every layout, and would have all of them. See `more_after`."""
        return not parent.isValid() and not self._complete and not self._asked and not self.rows

    def fetchMore(self, parent: Index) -> None:
        if not parent.isValid():
            self._want()

    def more_after(self, index: Index) -> None:
        """A row has come into sight: where it is the last that was fetched, more are asked for."""
        if index.row() == len(self.rows) - 1:
            self._want()

    def _want(self) -> None:
        if not self._complete and not self._asked:
            self._asked = True
            self.wanted.emit(len(self.rows))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return words.heading(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[section] in _AMOUNTS:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, column = self.rows[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown(one, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _AMOUNTS:
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == "flag":
            return flag_icon("within" if one.accepted else one.flag)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return named(words.heading(column), shown(one, column))
        return None


def shown(one: Difference, column: str) -> str:
    """A cell as a person reads it."""
    match column:
        case "list":
            return words.entity(one.entity)
        case "where":
            cell = " · ".join(part for part in (one.job, one.sub_job, one.cost_code, one.cost_type) if part)
            return "  ".join(part for part in (cell, one.code, one.name) if part)
        case "flag":
            if one.accepted:
                return words.accepted(one.accepted_by, one.note)
            what = words.fields(one.fields)
            return named(words.flag(one.flag), what) if what else words.flag(one.flag)
        case "reason":
            return words.reason(one.reason.value)
        case "to-do":
            return words.to_do(one.reason.value)
        case "acts":
            return words.acts(one.acts.value)
        case "since":
            return words.since(one.since)
        case "first-seen":
            return numbers.day(one.first_seen.astimezone().date()) if one.first_seen else ""
    amount = {"sage": one.sage, "procore": one.procore, "difference": one.amount}[column]
    return words.money(amount) if amount is not None or one.area == "money" else ""
