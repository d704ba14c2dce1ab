"""A plain chart of numbers over time, drawn with the painter: points on a line, an axis with round numbers."""

import math
from collections.abc import Sequence
from datetime import datetime

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.words import numbers

_MOST_LINES = 5


class Point(msgspec.Struct, frozen=True):
    """A number at a time (UTC). `good` False: drawn as an empty square, so that shape tells it and not colour alone."""

    at: datetime
    value: float
    good: bool = True


class Chart(QWidget):
    """`title` is what is drawn, with its unit. A table with the same numbers stands beside it; a screen reader is told
    the title and `summary`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.points: tuple[Point, ...] = ()
        self.setAccessibleName(title)
        self.setMinimumSize(QSize(220, self.fontMetrics().height() * 8))

    def show_points(self, points: Sequence[Point], summary: str) -> None:
        """These, in the order of their times."""
        self.points = tuple(sorted(points, key=lambda one: one.at))
        self.setAccessibleDescription(summary)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, text = self.palette(), self.fontMetrics()
        ink = palette.color(QPalette.ColorRole.WindowText)
        faint = theme.mixed(ink, palette.color(QPalette.ColorRole.Window), 0.25)
        painter.setPen(ink)
        line = text.height()
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, self.title)
        if not self.points:
            painter.end()
            return
        marks = scale(max(one.value for one in self.points))
        wide = max(text.horizontalAdvance(_number(mark)) for mark in marks) + 8
        place = QRectF(wide, line * 1.6, self.width() - wide - 10, self.height() - line * 3.2)
        for mark in marks:
            y = place.bottom() - place.height() * mark / marks[-1]
            painter.setPen(QPen(faint, 1))
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
            painter.setPen(ink)
            at = QRectF(0, y - line / 2, wide - 6, line)
            painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _number(mark))
        self._draw_days(painter, place, line)
        self._draw_points(painter, place, marks[-1])
        painter.end()

    def _draw_days(self, painter: QPainter, place: QRectF, line: int) -> None:
        below = QRectF(4, place.bottom() + line * 0.6, place.right() + 4, line)
        first, last = self.points[0].at.astimezone(), self.points[-1].at.astimezone()
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, numbers.day(first.date()))
        if last.date() != first.date():
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, numbers.day(last.date()))

    def _draw_points(self, painter: QPainter, place: QRectF, top: float) -> None:
        colour = theme.chart_colour(self.palette())
        spots = [
            QPointF(place.left() + place.width() * share, place.bottom() - place.height() * one.value / top)
            for one, share in zip(self.points, _shares(self.points), strict=True)
        ]
        painter.setPen(QPen(colour, 2))
        painter.drawPolyline(QPolygonF(spots))
        for one, spot in zip(self.points, spots, strict=True):
            if one.good:
                painter.setBrush(colour)
                painter.drawEllipse(spot, 4, 4)
            else:
                painter.setBrush(self.palette().window())
                painter.drawRect(QRectF(spot.x() - 5, spot.y() - 5, 10, 10))


def scale(largest: float) -> list[float]:
    """Round numbers from 0 to at least `largest`, at most six of them: 0, 20, 40, 60."""
    if largest <= 0:
        return [0.0, 1.0]
    rough = largest / _MOST_LINES
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * 0.999999)
    return [step * n for n in range(math.ceil(largest / step - 1e-9) + 1)]


def _shares(points: Sequence[Point]) -> list[float]:
    """Where each point stands between the first time (0) and the last (1); the middle where there is one time only."""
    first, last = points[0].at, points[-1].at
    span = (last - first).total_seconds()
    return [(one.at - first).total_seconds() / span if span else 0.5 for one in points]


def _number(value: float) -> str:
    return numbers.count(value) if value >= 1 or value == 0 else numbers.small(value)
