"""A window that tells the moment at which it answers a key: ours, or an empty one of the same environment.

`python subject.py ours|empty FD [tray]`; on FD a line each: a word and the monotonic clock, which all processes share.
With `tray` the window is hidden as soon as it answers."""

import os
import sys
import time
from typing import Any

FD = int(sys.argv[2])
TO_TRAY = "tray" in sys.argv[3:]


def tell(word: str) -> None:
    """A line for who measures."""
    os.write(FD, f"{word} {time.monotonic():.6f}\n".encode())


def empty() -> int:
    """An empty QMainWindow with nothing but what is needed to see that it answers."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
            super().keyPressEvent(event)
            answered(self)

        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            super().paintEvent(event)
            if not self.property("asked"):
                self.setProperty("asked", True)
                QCoreApplication.postEvent(self, QKeyEvent(*key(QEvent, Qt)))

    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    window = Window()
    window.resize(1000, 690)
    window.show()
    return application.exec()


def ours() -> int:
    """The program as it is started without arguments; Start Sync is watched until it is shown and can be pressed."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
    from PySide6.QtGui import QKeyEvent

    import app.__main__
    from app.ui import start

    class Watch(QObject):
        """Sends a key to the button once it can be pressed, and tells when it was handled."""

        def eventFilter(self, button: QObject, event: QEvent) -> bool:  # noqa: N802
            kind = event.type()
            if kind == QEvent.Type.KeyPress:
                answered(button.window())  # type: ignore[attr-defined]
            elif kind in (QEvent.Type.EnabledChange, QEvent.Type.Paint):
                look(button)
            return False

    asked: list[bool] = []

    def look(button: QObject) -> None:
        if not asked and button.isEnabled() and button.isVisible():  # type: ignore[attr-defined]
            asked.append(True)
            QCoreApplication.postEvent(button, QKeyEvent(*key(QEvent, Qt)))

    kept: list[object] = []

    class Starting(start.Starting):
        def _show_parts(self) -> None:
            super()._show_parts()
            if self.window is not None:
                button = self.window.step_one.start
                watch = Watch(button)
                button.installEventFilter(watch)
                kept.append(watch)

    start.Starting = Starting  # type: ignore[misc]
    return app.__main__.main([])


def key(kinds: Any, qt: Any) -> tuple[Any, Any, Any]:
    """A key that means nothing to anybody. (Qt is imported by who needs it: when, is measured.)"""
    return kinds.Type.KeyPress, qt.Key.Key_Shift, qt.KeyboardModifier.NoModifier


def answered(window: object) -> None:
    """The key was handled."""
    tell("answers")
    cpu = os.times()
    os.write(FD, f"cpu {cpu.user + cpu.system:.6f}\n".encode())
    if TO_TRAY:
        window.hide()  # type: ignore[attr-defined]  # as after a run that went on in the tray


if __name__ == "__main__":
    sys.exit({"ours": ours, "empty": empty}[sys.argv[1]]())
