"""Closing, exiting, and the end of the session: a run under way is left to the tray, or stopped first."""

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.engine.faces import Preferences
from app.ui import errands, questions
from app.ui.desk import Desk
from app.ui.frame import NAME, Frame
from app.ui.tray import Tray
from app.words.language import _

# The engine is free within a second; a portal that hangs must not keep the program for ever: the ledger knows all.
LONGEST_MS = 20_000
WINDOW = "main"
IN_THE_TRAY = "in-the-tray"


class Leaving(QObject):
    """`gone` when nothing is under way any more and all is let go of."""

    gone = Signal()

    def __init__(self, frame: Frame, tray: Tray, desk: Desk) -> None:
        super().__init__(frame)
        self.frame, self.tray, self.desk = frame, tray, desk
        self._asking: QObject | None = None
        self._closing = False
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.timeout.connect(self._let_go)
        frame.close_asked.connect(self.close)
        tray.exit_pressed.connect(self.exit)
        desk.idle.connect(self._run_ended)

    @Slot()
    def close(self) -> None:
        """The window was closed: a run goes on in the tray, or in the task bar where there is none."""
        view = self.desk.view
        if view.leaving or self._closing:
            return
        if not view.busy:
            self._let_go()
            return
        if self.tray.is_there() and self.tray.icon.isVisible():
            self.frame.hide()
            said = self.desk.preferences.said
            if IN_THE_TRAY not in said:
                self.desk.remember(said=(*said, IN_THE_TRAY))
                self.tray.notify(
                    view.profile.name if view.profile is not None else NAME,
                    _("The sync goes on. This window is in the tray; you are told when it has finished."),
                )
        else:
            self.frame.showMinimized()

    @Slot()
    def exit(self) -> None:
        """Exit was chosen: asks while a run is under way."""
        view = self.desk.view
        if view.leaving or self._closing or self._asking is not None:
            return
        if not view.busy:
            self._let_go()
            return
        if not self.frame.isVisible() or self.frame.isMinimized():
            self.frame.showNormal()
        self.frame.raise_()
        self.frame.activateWindow()
        box = questions.ask_exit(self.frame, self.stop_and_leave)
        self._asking = box
        box.finished.connect(self._asked)

    @Slot()
    def _asked(self) -> None:
        self._asking = None

    @Slot()
    def stop_and_leave(self) -> None:
        """Stop the run, then end. The window answers at once and says that it is stopping."""
        if self.desk.view.busy and not self.desk.view.leaving:
            self._latest.start(LONGEST_MS)
            self.desk.leave()
        elif not self.desk.view.busy:
            self._let_go()

    @Slot()
    def _run_ended(self) -> None:
        if self.desk.view.leaving:
            self._let_go()

    @Slot()
    def _let_go(self) -> None:
        if self._closing:
            return
        self._closing = True
        self._latest.stop()
        self.frame.hide()
        self._latest.timeout.disconnect(self._let_go)
        self._latest.timeout.connect(self._end)
        self._latest.start(LONGEST_MS)
        bridge = self.desk.bridge
        leave = errands.leave(self.desk.workplace, self.tray.notifications, self._remembered())
        bridge.ask(self, leave, self._left, self._left)

    def _remembered(self) -> Preferences:
        kept = self.desk.preferences
        where = bytes(self.frame.saveGeometry().toBase64().data()).decode()
        return msgspec.structs.replace(kept, geometry={**kept.geometry, WINDOW: where})

    def _left(self, _answer: object) -> None:
        self._end()

    @Slot()
    def _end(self) -> None:
        self._latest.stop()
        self.desk.bridge.close()
        self.tray.remove()
        self.frame.let_go()
        self.frame.close()
        self.gone.emit()
