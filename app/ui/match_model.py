"""The tree of a match report: jobs, sub jobs, cost codes, cost types, single transactions. Fetched as it is opened.

It asks for a few rows of one line at a time and draws what came; a million rows cost nothing until somebody looks."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QIcon

from app.domain.ledgers import Side
from app.domain.match_report import EVERY, Line, Narrowed, Node
from app.ui.icons import icon
from app.ui.rows import Mark
from app.words import match as words

Index = QModelIndex | QPersistentModelIndex
Value = Node | Line
NOWHERE = QModelIndex()
PAGE = 200
COLUMNS = ("where", "sage", "procore", "difference", "plus", "minus", "per-cent", "flag")
_WIDTHS = (30, 14, 14, 13, 12, 12, 7, 14)
AMOUNTS = frozenset({"sage", "procore", "difference", "plus", "minus", "per-cent"})
_MARKS = {
    "equal": Mark.DONE,
    "within": Mark.NOTHING_VISIBLE,
    "paired": Mark.DONE,
}


class Item:
    """A line that was fetched, and what is below it so far. `value` None is the root."""

    __slots__ = ("asked", "children", "complete", "number", "parent", "row", "value")

    def __init__(self, number: int, value: Value | None, parent: "Item | None", row: int) -> None:
        self.number, self.value, self.parent, self.row = number, value, parent, row
        self.children: list[Item] = []
        self.complete = isinstance(value, Line)
        self.asked = False


class MoneyModel(QAbstractItemModel):
    """`wanted` asks for the next rows below an item; `take` is given them, in the window's thread."""

    wanted = Signal(object)
    filled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.narrowed: Narrowed = EVERY
        self.depths: tuple[int, ...] = (1,)
        self._begin()

    def width(self, column: int) -> int:
        """How wide a column is at first, in digits."""
        return _WIDTHS[column]

    def _begin(self) -> None:
        self._items: dict[int, Item] = {}
        self._next = 1
        self.root = Item(0, None, None, 0)

    def show_report(self, depths: tuple[int, ...], narrowed: Narrowed) -> None:
        """Another report, or the same one narrowed: everything is fetched anew, a few rows first."""
        self.beginResetModel()
        self.depths, self.narrowed = depths, narrowed
        self._begin()
        self.endResetModel()
        if depths:
            self.fetchMore(NOWHERE)
        else:
            self.root.complete = True

    def item(self, index: Index) -> Item:
        """The line of an index; the root for none."""
        return self._items[index.internalId()] if index.isValid() else self.root

    def take(self, below: Item, rows: Sequence[Value]) -> None:
        """The rows that were asked for; fewer than a page are the last. What belongs to an earlier tree is dropped."""
        below.asked = False
        if not self._is_ours(below):
            return
        below.complete = len(rows) < PAGE
        if not rows:
            self._redraw(below)
            self.filled.emit()
            return
        first = len(below.children)
        self.beginInsertRows(self._index_of(below), first, first + len(rows) - 1)
        for place, value in enumerate(rows, first):
            item = Item(self._next, value, below, place)
            self._items[self._next] = item
            self._next += 1
            below.children.append(item)
        self.endInsertRows()
        self.filled.emit()

    def failed(self, below: Item) -> None:
        """They did not come; they are not asked for again until the tree is shown anew."""
        below.asked, below.complete = False, True

    def _is_ours(self, item: Item) -> bool:
        return item is self.root or self._items.get(item.number) is item

    def _index_of(self, item: Item) -> QModelIndex:
        return NOWHERE if item is self.root else self.createIndex(item.row, 0, item.number)

    def _redraw(self, item: Item) -> None:
        if item is not self.root:
            at = self._index_of(item)
            self.dataChanged.emit(at, at)

    # ---------------------------------------------------------------- what Qt asks

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        children = self.item(parent).children
        if not 0 <= row < len(children) or not 0 <= column < len(COLUMNS):
            return NOWHERE
        return self.createIndex(row, column, children[row].number)

    def parent(self, index: Index = NOWHERE) -> Any:
        above = self.item(index).parent
        return NOWHERE if above is None else self._index_of(above)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.column() > 0 else len(self.item(parent).children)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return len(COLUMNS)

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        item = self.item(parent)
        return parent.column() <= 0 and (bool(item.children) or not item.complete)

    def canFetchMore(self, parent: Index) -> bool:
        """Only the first page of a line: the tree asks at every layout, and would have all. See `more_after`."""
        item = self.item(parent)
        return not item.complete and not item.asked and not item.children

    def fetchMore(self, parent: Index) -> None:
        self._want(self.item(parent))

    def more_after(self, index: Index) -> None:
        """A line has come into sight: where it is the last that was fetched of its kind, more are asked for."""
        above = self.item(index).parent
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
        if not index.isValid():
            return None
        value, column = self.item(index).value, COLUMNS[index.column()]
        if value is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown(value, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in AMOUNTS:
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == "flag":
            return flag_icon(_flag(value))
        if role == Qt.ItemDataRole.FontRole and isinstance(value, Node) and value.depth == 1:
            bold = QFont()
            bold.setBold(True)
            return bold
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{words.heading(column)}: {shown(value, column)}"
        return None


_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


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
        return "" if amount is None else f"{amount:,.1f}".replace("-", "−")
    missing = isinstance(value, Node) and column in ("sage", "procore")
    return words.money(amount) if amount is not None or missing else ""


def _amount(value: Value, column: str) -> Decimal | None:
    if isinstance(value, Node):
        found = value.per_cent if column == "per-cent" else getattr(value, column)
        return found if isinstance(found, Decimal) else None
    return value.amount if column == value.side.value else None


def _place(value: Value) -> str:
    if isinstance(value, Line):
        posted = value.posted.isoformat() if value.posted else ""
        who = words.side(Side(value.side).value)
        return "  ".join(part for part in (who, posted, value.vendor, value.text, f"({value.id})") if part)
    code = (value.job, value.sub_job, value.cost_code, value.cost_type)[value.depth - 1]
    if code or value.name:
        return f"{code}  {value.name}".strip()
    return words.heading("no-sub-job" if value.depth == 2 else "none")
