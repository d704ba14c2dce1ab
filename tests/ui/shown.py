"""Shows views one after the other, for whoever looks at them from outside: `python -m tests.ui.shown LANGUAGE`.

Reads names from standard input, a line each, and says when that view stands on the screen."""

import sys
import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog

from app.ui.frame import Frame
from app.ui.start import speak_of_qt
from tests.support.languages import speak
from tests.ui.scenes import dialogs, window_of
from tests.ui.stories import VIEWS, scene

LOG = "the log"


class Shower(QObject):
    """Draws what it is told to."""

    asked = Signal(str)

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.application = application
        self.frame, self.window = window_of(*scene(next(iter(VIEWS))), (1016, 708))
        self.parent_of_dialogs = Frame()
        self.dialogs: dict[str, QDialog] = dict(dialogs(self.parent_of_dialogs))
        self.shown: QDialog | None = None
        self.asked.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def read(self) -> None:
        """On a thread of its own: what is asked for."""
        for line in sys.stdin:
            self.asked.emit(line.strip())
        self.asked.emit("")

    @Slot(str)
    def show(self, name: str) -> None:
        """Show it, then say so; "" ends."""
        if self.shown is not None:
            self.shown.hide()
            self.shown = None
        if not name:
            self.application.quit()
            return
        if name == "names":
            print("\t".join([*VIEWS, LOG, *self.dialogs]), flush=True)
            return
        if name in self.dialogs:
            self.shown = self.dialogs[name]
            self.frame.hide()
            self.shown.show()
        else:
            self.frame.show()
            self.window.show_view(*scene(next(iter(VIEWS)) if name == LOG else name))
            self.window.below.setCurrentWidget(self.window.log if name == LOG else self.window.outcome)
        for _ in range(4):
            self.application.processEvents()
        print("shown", flush=True)


def main() -> int:
    """Until standard input ends."""
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    speak(sys.argv[1])
    speak_of_qt(application)
    shower = Shower(application)
    threading.Thread(target=shower.read, daemon=True).start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
