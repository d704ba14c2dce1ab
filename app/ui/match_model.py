"""The tree of a match report: jobs, sub jobs, cost codes, cost types, single transactions. Fetched as it is opened.

It asks for a few rows of one line at a time and draws what came; a million rows cost nothing until somebody looks."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import shiboken6
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QStandardItem, QStandardItemModel

from app.domain.lists import Side
from app.domain.match_report import EVERY, Line, Narrowed, Node
from app.ui.icons import icon
from app.ui.rows import Mark
from app.words import match as words
from app.words import numbers
from app.words.language import named

Index = QModelIndex | QPersistentModelIndex
Value = Node | Line
NOWHERE = QModelIndex()
PAGE = 200
COLUMNS = ("where", "sage", "procore", "difference", "plus", "minus", "per-cent", "flag")
_WIDTHS = (32, 13, 13, 12, 11, 11, 7, 19)
_TOLD = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.FontRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)
AMOUNTS = frozenset({"sage", "procore", "difference", "plus", "minus", "per-cent"})
_MARKS = {
    "equal": Mark.DONE,
    "within": Mark.NOTHING_VISIBLE,
    "paired": Mark.DONE,
}


class Item:
    """A line that was fetched, and what is below it so far. `value` None is the root."""

    __slots__ = ("asked", "children", "complete", "parent", "row", "value")

    def __init__(self, value: Value | None, parent: "Item | None", row: int) -> None:
        self.value, self.parent, self.row = value, parent, row
        self.children: list[Item] = []
        self.complete = isinstance(value, Line)
        self.asked = False


class MoneyModel(QStandardItemModel):
    """`wanted` asks for the next rows below an item; `take` is given them, in the window's thread.

    Which rows there are is kept by Qt itself, which asks for each of them whenever some come: tens of thousands of
    questions. What stands in them is kept here, and asked for only what is in sight. A line whose rows nobody has
    fetched yet has one row without a value below it, so that it can be opened."""

    wanted = Signal(object)
    filled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.narrowed: Narrowed = EVERY
        self.depths: tuple[int, ...] = (1,)
        self.setColumnCount(len(COLUMNS))
        self._begin()

    def width(self, column: int) -> int:
        """How wide a column is at first, in digits."""
        return _WIDTHS[column]

    def _begin(self) -> None:
        self.root = Item(None, None, 0)
        self._below = {_address(self.invisibleRootItem()): self.root}  # by what an index knows of its parent

    def show_report(self, depths: tuple[int, ...], narrowed: Narrowed) -> None:
        """Another report, or the same one narrowed: everything is fetched anew, a few rows first."""
        self.removeRows(0, self.rowCount())
        self.depths, self.narrowed = depths, narrowed
        self._begin()
        if depths:
            self.fetchMore(NOWHERE)
        else:
            self.root.complete = True

    def line(self, index: Index) -> Item | None:
        """The line of an index; the root for none; None for the row that stands for those not fetched yet."""
        if not index.isValid():
            return self.root
        above = self._below.get(index.internalId())
        return above.children[index.row()] if above is not None and above.children else None

    def take(self, below: Item, rows: Sequence[Value]) -> None:
        """The rows that were asked for; fewer than a page are the last. What belongs to an earlier tree is dropped."""
        below.asked = False
        if not self._is_ours(below):
            return
        below.complete = len(rows) < PAGE
        first = len(below.children)
        above = self._kept(below)
        if not first:
            above.removeRows(0, above.rowCount())
        if rows:
            self._below[_address(above)] = below
            below.children.extend(Item(value, below, place) for place, value in enumerate(rows, first))
            above.insertRows(first, [_row(item) for item in below.children[first:]])
        self.filled.emit()

    def failed(self, below: Item) -> None:
        """They did not come; they are not asked for again until the tree is shown anew."""
        below.asked, below.complete = False, True
        if not below.children and self._is_ours(below):
            above = self._kept(below)
            above.removeRows(0, above.rowCount())

    def _is_ours(self, item: Item) -> bool:
        while item.parent is not None:
            item = item.parent
        return item is self.root

    def _kept(self, item: Item) -> QStandardItem:
        if item.parent is None:
            return self.invisibleRootItem()
        return self._kept(item.parent).child(item.row)

    # ---------------------------------------------------------------- what Qt asks

    def canFetchMore(self, parent: Index) -> bool:
        """Only the first page of a line: the tree asks at every layout, and would have all. See `more_after`."""
        item = self.line(parent)
        return item is not None and not item.complete and not item.asked and not item.children

    def fetchMore(self, parent: Index) -> None:
        item = self.line(parent)
        if item is not None:
            self._want(item)

    def more_after(self, index: Index) -> None:
        """A line has come into sight: where it is the last that was fetched of its kind, more are asked for."""
        item = self.line(index)
        above = item.parent if item is not None else None
        if above is not None and index.row() == len(above.children) - 1:
            self._want(above)

    def _want(self, item: Item) -> None:
        if not item.complete and not item.asked:
            item.asked = True
            self.wanted.emit(item)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return words.heading(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[section] in AMOUNTS:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _TOLD:
            return None
        item, column = self.line(index), COLUMNS[index.column()]
        if item is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and not index.column() else None
        if (value := item.value) is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown(value, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in AMOUNTS:
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == "flag":
            return flag_icon(_flag(value))
        if role == Qt.ItemDataRole.FontRole and isinstance(value, Node) and value.depth == 1:
            return _bold()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return named(words.heading(column), shown(value, column))
        return None


_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _address(line: QStandardItem) -> int:
    """What an index of a row below this line knows of it."""
    found: int = shiboken6.getCppPointer(line)[0]
    return found


def _row(item: Item) -> QStandardItem:
    return QStandardItem() if item.complete else QStandardItem(1, len(COLUMNS))


@cache
def _bold() -> QFont:
    bold = QFont()
    bold.setBold(True)
    return bold


def flag_icon(flag: str) -> QIcon:
    """The icon of a flag; it always stands beside its words."""
    return icon(f"state-{_MARKS.get(flag, Mark.FAILED).value}")


def _flag(value: Value) -> str:
    if isinstance(value, Node):
        return value.flag
    return "paired" if value.paired else f"{value.side.value}-only"


def shown(value: Value, column: str) -> str:
    """A cell as a person reads it."""
    if column == "where":
        return _place(value)
    if column == "flag":
        return words.flag(_flag(value))
    amount = _amount(value, column)
    if column == "per-cent":
        return "" if amount is None else numbers.share(amount)
    missing = isinstance(value, Node) and column in ("sage", "procore")
    return words.money(amount) if amount is not None or missing else ""


def _amount(value: Value, column: str) -> Decimal | None:
    if isinstance(value, Node):
        found = value.per_cent if column == "per-cent" else getattr(value, column)
        return found if isinstance(found, Decimal) else None
    return value.amount if column == value.side.value else None


def _place(value: Value) -> str:
    if isinstance(value, Line):
        posted = numbers.day(value.posted) if value.posted else ""
        who = words.side(Side(value.side).value)
        return "  ".join(part for part in (who, posted, value.vendor, value.text, f"({value.id})") if part)
    code = (value.job, value.sub_job, value.cost_code, value.cost_type)[value.depth - 1]
    if code or value.name:
        return f"{code}  {value.name}".strip()
    return words.heading("no-sub-job" if value.depth == 2 else "none")
