"""A window that works: its parts, the tray, the desk, and what ties them together."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Slot

from app.engine.faces import Preferences
from app.ui import leaving
from app.ui.bridge import Bridge, Engine
from app.ui.desk import Desk
from app.ui.dialogs import SET_UP
from app.ui.leaving import Leaving
from app.ui.presses import Presses
from app.ui.session_end import SessionEnd
from app.ui.signals import Signals
from app.ui.tray import Tray
from app.ui.view import Stage, stage
from app.ui.window import Window

if TYPE_CHECKING:
    from app.engine.faces import Practice, Workplace


class Opened(QObject):
    """Everything of the window, from the moment the engine runs. `again`: the language to open it anew in, or None."""

    def __init__(self, window: Window, engine: Engine, workplace: "Workplace") -> None:
        super().__init__(window)
        self.window = window
        self.again: str | None = None
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
        self.leaving.gone.connect(self.presses.help.end)
        window.exit_pressed.connect(self.leaving.exit)
        window.language_picked.connect(self._speak)
        self.tray.open_pressed.connect(self.presses.to_front)
        self.tray.result_pressed.connect(self.presses.show_result)
        window.frame.palette_changed.connect(self.tray.repaint)
        self.desk.changed.connect(self._show_busy)
        self.desk.preferences_read.connect(self._restore)
        self._first_time = False
        self.desk.changed.connect(self._offer_setup)
        self.tray.put()

    def begin(self, profile: str, practice: "Practice | None", *, first_time: bool = False) -> None:
        """Open a company: the training company, the one named, or the first. `first_time`: where there is none, the
        assistant is shown, once."""
        self._first_time = first_time
        self.desk.begin(profile, practice)

    @Slot()
    def _offer_setup(self) -> None:
        view = self.desk.view
        if self._first_time and view.ready:
            self._first_time = False
            first = stage(view) is Stage.NO_COMPANY and not view.profiles and view.trouble is None
            if first and SET_UP not in self.desk.preferences.said:
                self.presses.dialogs.set_up()

    @Slot(object)
    def _restore(self, kept: Preferences) -> None:
        """The window where it stood the last time; Qt keeps it on a screen that is there."""
        geometry = kept.geometry.get(leaving.WINDOW, "")
        if geometry:
            self.window.frame.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        self.window.show_language(kept.language)

    @Slot(str)
    def _speak(self, name: str) -> None:
        """Another language: the window is closed and opened anew, so that nothing of the one before is left in it."""
        if self.desk.view.busy or name == self.desk.preferences.language:
            return
        self.desk.remember(language=name)
        self.again = name
        self.leaving.stop_and_leave()

    @Slot()
    def _show_busy(self) -> None:
        self.session_end.show_busy(self.desk.view.busy)
