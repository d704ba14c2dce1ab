"""What the dialog of a preflight wants, asked of the engine's thread: a look at everything, and another one."""

from PySide6.QtCore import QObject, Slot

from app.ui.desk import Desk
from app.ui.ready_dialog import ReadyDialog


class ReadyDesk(QObject):
    """Serves one dialog for as long as it is open."""

    def __init__(self, desk: Desk, company: str, dialog: ReadyDialog) -> None:
        super().__init__(dialog)
        self._desk, self._company, self._dialog = desk, company, dialog
        dialog.again_pressed.connect(self.look)
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at everything a run needs; sends no password, starts nothing."""
        self._dialog.show_looking()
        found = self._desk.workplace.ready.check(self._company)
        self._desk.bridge.ask(self, found, self._dialog.take, self._dialog.show_problem)
