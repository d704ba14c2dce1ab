"""Ctrl-C in the terminal, and the system's request to end: heard by Qt's loop, which else would run no Python."""

import signal
import socket
import threading
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

_HEARD = (signal.SIGINT, signal.SIGTERM)


class Signals(QObject):
    """`came` when the process was asked to end. Does nothing outside the main thread, where Python hears no signal."""

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = threading.current_thread() is threading.main_thread()
        if not self._open:
            return
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)
        self._wakeup = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _leave_it_to_the_loop) for number in _HEARD}

    @Slot()
    def _heard(self) -> None:
        numbers = self._read.recv(64)
        if any(number in numbers for number in _HEARD):
            self.came.emit()

    @Slot()
    def close(self) -> None:
        """Hear nothing any more; what was there before is put back."""
        if not self._open:
            return
        self._open = False
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()


def _leave_it_to_the_loop(_number: int, _frame: FrameType | None) -> None:
    """The wake-up through the socket does the work, in the loop."""
