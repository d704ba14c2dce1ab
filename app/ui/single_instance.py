"""One window for each user: a second one brings the first to the front and ends."""

import getpass
import hashlib
import os
import sys

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

KNOCK = b"to the front\n"
PATIENCE_MS = 1000


def server_name() -> str:
    """One name for each user and home of the program, so that nobody meets the window of somebody else."""
    who = f"{getpass.getuser()}\0{os.environ.get('ONDEMAND_SYNC_HOME', '')}"
    return "ondemand-sync-" + hashlib.sha256(who.encode()).hexdigest()[:16]


class SingleInstance(QObject):
    """`knocked` when another window of the same user was started."""

    knocked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._came)

    def is_first(self) -> bool:
        """True when this is the only window; otherwise the first one has been told to come to the front."""
        name = server_name()
        if knock(name):
            return False
        if not self._server.listen(name):
            # What a killed program left behind; a living one would have answered.
            QLocalServer.removeServer(name)
            self._server.listen(name)
        return True

    def close(self) -> None:
        """The next window is a first one."""
        self._server.close()

    @Slot()
    def _came(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.knocked.emit()


def knock(name: str) -> bool:
    """Tell the first window to come to the front; False when nobody is there."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    _let_it_take_the_front()
    socket.write(KNOCK)
    socket.waitForBytesWritten(PATIENCE_MS)
    socket.disconnectFromServer()
    return True


def _let_it_take_the_front() -> None:
    if sys.platform == "win32":  # only on Windows
        import ctypes

        any_process = 0xFFFFFFFF
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
