"""The rows of a match report on the screen: fetched as they come into sight, as wide as the window has room."""

from PySide6.QtCore import QModelIndex, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from app.ui.match_differences import DifferencesModel
from app.ui.match_model import MoneyModel


class Rows(QTreeView):
    """Rows that are fetched as they come into sight."""

    def __init__(self, model: MoneyModel | DifferencesModel) -> None:
        super().__init__()
        self._rows = model
        self._grows: int | None = None
        self._widths: list[int] = []
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(0)
        self._looking.timeout.connect(self._look)
        self.setModel(model)
        self.verticalScrollBar().valueChanged.connect(self._look_soon)
        self.verticalScrollBar().rangeChanged.connect(self._look_soon)
        model.rowsInserted.connect(self._look_soon)

    def grow(self, column: int) -> None:
        """What the window has to spare goes to this column, until the person gives one a width of their own."""
        self.header().setStretchLastSection(False)
        self._widths = [self.columnWidth(at) for at in range(self._rows.columnCount())]
        self._grows = column
        self.header().sectionResized.connect(self._resized)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._grows is not None:
            column, self._grows = self._grows, None
            spare = self.viewport().width() - sum(self._widths)
            self.setColumnWidth(column, self._widths[column] + max(0, spare))
            self._grows = column

    @Slot()
    def _resized(self) -> None:
        if self._grows is not None:  # not by us
            self._grows = None

    @Slot()
    def _look_soon(self) -> None:
        self._looking.start()

    @Slot()
    def _look(self) -> None:
        """From the first row in sight to the last."""
        bottom = self.viewport().height()
        index = self.indexAt(self.viewport().rect().topLeft())
        while index.isValid() and self.visualRect(index).top() < bottom:
            self._rows.more_after(index)
            index = self.indexBelow(index)


def rows_of(model: MoneyModel | DifferencesModel, name: str) -> Rows:
    """The rows of a model, each column as wide as it says; `name` is for a screen reader."""
    view = Rows(model)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setAlternatingRowColors(True)
    view.setAllColumnsShowFocus(True)
    view.setAccessibleName(name)
    header = view.header()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    bold = view.font()
    bold.setBold(True)  # as a job's own line is
    digit = QFontMetrics(bold).horizontalAdvance("0")
    for place in range(model.columnCount()):
        view.setColumnWidth(place, max(model.width(place) * digit, header.sectionSizeHint(place)))
    return view


def path_of(index: QModelIndex) -> tuple[int, ...]:
    """Where a row stands, from the top of the tree."""
    rows: list[int] = []
    while index.isValid():
        rows.insert(0, index.row())
        index = index.parent()
    return tuple(rows)
