"""A check box whose edge and mark are seen on any ground, also while it cannot be used."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton, QStyleOptionFocusRect, QStylePainter

from app.ui import theme


class CheckBox(QCheckBox):
    """Drawn by the style but for its box: the styles' own is nearly as dark as a dark window."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style, painter = self.style(), QStylePainter(self)
        box = style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        label = QStyleOptionButton(option)
        label.rect = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, label)
        if self.hasFocus():
            focus = QStyleOptionFocusRect()
            focus.initFrom(self)
            focus.rect = style.subElementRect(QStyle.SubElement.SE_CheckBoxFocusRect, option, self)
            painter.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, focus)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_box(painter, QRectF(box).adjusted(1, 1, -1, -1), pressed=self.isDown())
        painter.end()

    def _draw_box(self, painter: QPainter, box: QRectF, *, pressed: bool) -> None:
        edge = theme.box_edge(self.palette(), usable=self.isEnabled())
        painter.setPen(QPen(edge, 1.2))
        painter.setBrush(self.palette().window() if pressed else self.palette().base())
        painter.drawRoundedRect(box, 2, 2)
        if self.isChecked():
            mark = QPolygonF(
                [
                    QPointF(box.left() + x * box.width(), box.top() + y * box.height())
                    for x, y in ((0.22, 0.52), (0.43, 0.73), (0.79, 0.27))
                ]
            )
            ends = Qt.PenCapStyle.RoundCap
            painter.setPen(QPen(edge, max(1.6, box.width() / 7), Qt.PenStyle.SolidLine, ends))
            painter.drawPolyline(mark)
