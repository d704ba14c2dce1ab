"""A window that works: its parts, the tray, the desk, and what ties them together."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Slot

from app.engine.faces import Preferences
from app.ui import leaving
from app.ui.bridge import Bridge, Engine
from app.ui.desk import Desk
from app.ui.leaving import Leaving
from app.ui.presses import Presses
from app.ui.session_end import SessionEnd
from app.ui.signals import Signals
from app.ui.tray import Tray
from app.ui.window import Window

if TYPE_CHECKING:
    from app.engine.faces import Practice, Workplace


class Opened(QObject):
    """Everything of the window, from the moment the engine runs."""

    def __init__(self, window: Window, engine: Engine, workplace: "Workplace") -> None:
        super().__init__(window)
        self.window = window
        self.bridge = Bridge(engine, self)
        self.desk = Desk(self.bridge, workplace, self)
        self.tray = Tray(self.bridge, self)
        self.presses = Presses(window, self.tray, self.desk)
        self.leaving = Leaving(window.frame, self.tray, self.desk)
        self.session_end = SessionEnd(window.frame)
        self.session_end.asked.connect(self.leaving.stop_and_leave)
        self.signals = Signals(self)
        self.signals.came.connect(self.leaving.stop_and_leave)
        self.leaving.gone.connect(self.signals.close)
        window.exit_pressed.connect(self.leaving.exit)
        self.tray.open_pressed.connect(self.presses.to_front)
        self.desk.changed.connect(self._show_busy)
        self.desk.preferences_read.connect(self._restore)
        self.tray.put()

    def begin(self, profile: str, practice: "Practice | None") -> None:
        """Open a company: the training company, the one named, or the first."""
        self.desk.begin(profile, practice)

    @Slot(object)
    def _restore(self, kept: Preferences) -> None:
        """The window where it stood the last time; Qt keeps it on a screen that is there."""
        geometry = kept.geometry.get(leaving.WINDOW, "")
        if geometry:
            self.window.frame.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    @Slot()
    def _show_busy(self) -> None:
        self.session_end.show_busy(self.desk.view.busy)
