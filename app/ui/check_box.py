"""A check box whose edge and mark are seen on any ground, also while it cannot be used."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCheckBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionFocusRect,
    QStyleOptionViewItem,
    QStylePainter,
)

from app.ui import theme

Index = QModelIndex | QPersistentModelIndex


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
        draw_box(
            painter,
            box,
            self.palette(),
            checked=self.isChecked(),
            usable=self.isEnabled(),
            pressed=self.isDown(),
        )
        painter.end()


class TickedRows(QStyledItemDelegate):
    """The rows of a list with the same boxes."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return
        item = QStyleOptionViewItem(option)
        self.initStyleOption(item, index)
        style = item.widget.style()
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, item, item.widget)
        painter.save()
        draw_box(painter, box, item.palette, checked=Qt.CheckState(state) is Qt.CheckState.Checked)
        painter.restore()


def draw_box(
    painter: QPainter,
    at: QRect,
    palette: QPalette,
    *,
    checked: bool,
    usable: bool = True,
    pressed: bool = False,
) -> None:
    """The box, and its mark where it is checked."""
    box = QRectF(at).adjusted(1, 1, -1, -1)
    edge = theme.box_edge(palette, usable=usable)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.2))
    painter.setBrush(palette.window() if pressed else palette.base())
    painter.drawRoundedRect(box, 2, 2)
    if checked:
        places = ((0.22, 0.52), (0.43, 0.73), (0.79, 0.27))
        mark = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in places]
        ends = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(edge, max(1.6, box.width() / 7), Qt.PenStyle.SolidLine, ends))
        painter.drawPolyline(QPolygonF(mark))
