"""A list in columns that is read, not edited: rows are chosen, the keyboard leaves it with Tab."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QWidget


class ReadTable(QTableWidget):
    """`titles` are the columns'; `name` is what a screen reader says of the whole."""

    def __init__(self, titles: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, len(titles), parent)
        self.setHorizontalHeaderLabels(list(titles))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setWordWrap(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The last column takes what is left, where that is enough for its heading; else the table scrolls."""
        super().resizeEvent(event)
        header = self.horizontalHeader()
        last = header.count() - 1
        before = sum(header.sectionSize(at) for at in range(last))
        header.setStretchLastSection(before + header.sectionSizeHint(last) <= self.viewport().width())
