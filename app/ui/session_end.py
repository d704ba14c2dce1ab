"""The end of the desktop's session while a run is on: Windows is told why to wait, and the run is stopped cleanly."""

import sys

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QSessionManager
from PySide6.QtWidgets import QWidget

from app.words.language import _


class SessionEnd(QObject):
    """`asked` when the session wants to end while a run is on; the end is held off until the run has stopped."""

    asked = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._busy = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.commitDataRequest.connect(self.commit, Qt.ConnectionType.DirectConnection)

    def show_busy(self, busy: bool) -> None:
        """A run begins or has ended: give, or take back, the reason why the session should wait."""
        if busy == self._busy:
            return
        self._busy = busy
        set_block_reason(self._window, _("A sync is under way and is being stopped.") if busy else "")

    @Slot(QSessionManager)
    def commit(self, manager: QSessionManager) -> None:
        """The session is about to end."""
        if not self._busy:
            return
        self.asked.emit()
        manager.cancel()


def set_block_reason(window: QWidget, reason: str) -> bool:
    """Tell Windows why its session should not end now; "" takes it back. False elsewhere, where nobody asks."""
    if sys.platform == "win32":  # only on Windows
        import ctypes

        user32 = ctypes.windll.user32
        handle = ctypes.c_void_p(int(window.winId()))
        if reason:
            return bool(user32.ShutdownBlockReasonCreate(handle, ctypes.c_wchar_p(reason)))
        return bool(user32.ShutdownBlockReasonDestroy(handle))
    return False
