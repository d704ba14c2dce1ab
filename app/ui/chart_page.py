"""A chart with the table of its numbers beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTableWidgetItem, QVBoxLayout, QWidget

from app.ui.chart import Chart, Point
from app.ui.field import Sentence
from app.ui.table import ReadTable


class ChartPage(QWidget):
    """`legend` tells what an empty square means; `empty` what is said where there is nothing to draw."""

    def __init__(
        self, title: str, columns: Sequence[str], legend: str, empty: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._legend, self._empty = legend, empty
        self.chart = Chart(title)
        self.table = ReadTable(columns, title)
        self.said = Sentence(empty)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.chart)
        self.split.addWidget(self.table)
        self.split.setSizes([1000, 1000])  # in halves
        self.split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.said)
        layout.addWidget(self.split, 1)

    def show_points(self, points: Sequence[Point], rows: Sequence[Sequence[str]], summary: str) -> None:
        """The points, and a row of the table for each; `summary` is for who cannot see the chart."""
        self.chart.show_points(points, summary)
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for place, text in enumerate(row):
                self.table.setItem(at, place, QTableWidgetItem(text))
        self.split.setVisible(bool(points))
        strange = any(not one.good for one in points)
        self.said.say(self._empty if not points else (self._legend if strange else ""))
