"""The icon in the tray: its state, its menu, and the notifications that come from it."""

from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.domain.events import RunOutcome
from app.domain.problems import Problem
from app.ui import notifications
from app.ui.bridge import Bridge
from app.ui.frame import NAME
from app.ui.icons import icon, tray_icon_name
from app.ui.notifications import Notifications
from app.ui.view import Stage, View, last_good, needed, stage
from app.words import outcomes, sites, times
from app.words.language import _


class Tray(QObject):
    """Shown only where there is a tray. A click on a notification opens the window; nothing depends on it."""

    open_pressed = Signal()
    result_pressed = Signal()
    start_pressed = Signal()
    stop_pressed = Signal()
    options_pressed = Signal()
    exit_pressed = Signal()
    _clicked = Signal()  # a notification was, as the engine's thread heard

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.notifications = Notifications(NAME, "ondemand-sync", self._clicked.emit)
        self._clicked.connect(self.result_pressed, Qt.ConnectionType.QueuedConnection)
        self._last = ("", "")
        self._icon_name = ""
        self.menu = QMenu()
        self.open = self.menu.addAction(_("Open"))
        self.start = self.menu.addAction(_("Start sync"))
        self.stop = self.menu.addAction(_("Stop"))
        self.options = self.menu.addAction(_("Options"))
        self.menu.addSeparator()
        self.exit = self.menu.addAction(_("Exit"))
        self.menu.setDefaultAction(self.open)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.open.triggered.connect(self.open_pressed)
        self.start.triggered.connect(self.start_pressed)
        self.stop.triggered.connect(self.stop_pressed)
        self.options.triggered.connect(self.options_pressed)
        self.exit.triggered.connect(self.exit_pressed)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.result_pressed)
        self._state = "tray-idle"
        self.repaint()

    def is_there(self) -> bool:
        """True when the desktop has a tray now; it may come late, or go."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def put(self) -> None:
        """Show the icon, if there is a tray."""
        if self.is_there():
            self.icon.show()

    def remove(self) -> None:
        """Take the icon away: the program ends. The menu has no parent, so it goes by hand."""
        self.icon.hide()
        self.menu.deleteLater()

    def show_view(self, view: View, now: datetime) -> None:
        """The state in the icon and its tip; what can be pressed in the menu. The tip tells times that do not grow old:
        in the tray nothing draws it anew by itself."""
        at = stage(view)
        free = view.held and not view.leaving and not view.checking
        self.start.setEnabled(at in (Stage.IDLE, Stage.ENDED) and free)
        self.stop.setEnabled(at is Stage.RUNNING and not view.stopping)
        self.options.setEnabled(view.profile is not None and not view.busy and not view.checking)
        name, words = tray_state(view)
        self._show_icon(name)
        company = view.profile.name if view.profile is not None else ""
        good = last_good(view)
        age = _("Last good run: {age}.").format(age=times.in_full(good)) if good is not None else ""
        tip = " — ".join(part for part in (NAME, company, words, age) if part)
        if self.icon.toolTip() != tip:
            self.icon.setToolTip(tip)

    def notify(self, title: str, text: str) -> None:
        """Say something beside the clock, without ever waiting for it to be shown.

        Where notifications have a bus of their own they come without a tray too."""
        self._last = (title, text)
        if notifications.are_on_the_bus():
            self._bridge.ask(self, self.notifications.say(title, text), self._sent, self._not_sent)
        else:
            self._show_message()

    def _sent(self, sent: bool) -> None:
        if not sent:
            self._show_message()

    def _not_sent(self, _problem: Problem) -> None:
        self._show_message()

    def _show_message(self) -> None:
        if self.is_there() and self.icon.isVisible():
            self.icon.showMessage(*self._last, icon("ondemand-sync"), notifications.SHOWN_MS)

    def _show_icon(self, state: str) -> None:
        self._state = state
        name = tray_icon_name(state, QApplication.palette())
        if name != self._icon_name:
            self._icon_name = name
            self.icon.setIcon(icon(name))

    @Slot()
    def repaint(self) -> None:
        """The desktop's colours or contrast are others now."""
        self._show_icon(self._state)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_pressed.emit()


def tray_state(view: View) -> tuple[str, str]:
    """The name of the icon, and the state in words."""
    run = view.run
    if view.trouble is not None or (view.interrupted and run is not None):
        return "tray-attention", _("A person is needed")
    if run is None:
        return "tray-idle", ""
    if view.busy:
        if run.need is not None:
            return "tray-attention", needed(run.need)
        step = _("Step 2") if run.opened is not None else _("Step 1")
        return "tray-running", _("{step} is under way ({filters})").format(
            step=step, filters=sites.filters(run.plan.filters)
        )
    if run.ended is None:
        return "tray-idle", ""
    good = run.ended.outcome in (RunOutcome.OK, RunOutcome.CANCELLED)
    return ("tray-done" if good else "tray-attention"), outcomes.run(run.ended.outcome)
