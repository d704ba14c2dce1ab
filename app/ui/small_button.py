"""A button that takes little room, for the rows: as wide as its words."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget


class SmallButton(QPushButton):
    """A push button without the least width that styles give to one."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words = option.fontMetrics.size(Qt.TextFlag.TextShowMnemonic.value, self.text())
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_ButtonMargin, option, self)
        return QSize(words.width() + margin + 10, words.height() + max(8, margin))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
