"""The empty frame of the window: painted first, before anything that takes time is imported."""

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QPushButton, QWidget

from app.words.language import _

NAME = "On-Demand Sync"
SIZE = QSize(1000, 690)
LEAST = QSize(420, 320)


class Frame(QMainWindow):
    """The main window. `painted` once, after the first paint; `close_asked` when the person closes it, `shown` whenever
    it comes to be seen.

    It closes only after `let_go`, so that a run under way is never cut off by a click."""

    painted = Signal()
    close_asked = Signal()
    palette_changed = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(NAME)
        self.setMinimumSize(LEAST)
        self._was_painted = False
        self._free_to_close = False

    def fit(self) -> None:
        """Take the size of the window, or less where the screen is small, in the middle of the screen."""
        room = self.screen().availableGeometry().adjusted(4, 30, -4, -4)
        self.resize(SIZE.boundedTo(room.size()))
        self.move(room.center() - self.rect().center())

    def let_go(self) -> None:
        """From now on a close is a close."""
        self._free_to_close = True

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.centralWidget() is None:
            painter = QPainter(self)
            painter.drawText(QPointF(24, 48), _("On-Demand Sync is getting ready…"))
            painter.end()
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._free_to_close:
            event.accept()
            return
        event.ignore()
        self.close_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard; Qt does so by itself in dialogs only."""
        at = self.focusWidget()
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and isinstance(at, QPushButton)
            and at.isEnabled()
        ):
            at.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.palette_changed.emit()


def is_closed(window: QObject) -> bool:
    """True when the window is not on the screen any more."""
    return not (isinstance(window, QWidget) and window.isVisible())
