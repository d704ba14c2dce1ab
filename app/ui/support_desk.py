"""What the support file's dialog wants, asked of the engine's thread: gathering it, and writing what was shown."""

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from app.domain.support import Bundle
from app.ui.desk import Desk
from app.ui.support_dialog import SupportDialog
from app.words import support as words
from app.words.language import _


class SupportDesk(QObject):
    """Serves one dialog for as long as it is open."""

    def __init__(self, desk: Desk, company: str, dialog: SupportDialog) -> None:
        super().__init__(dialog)
        self._desk, self._dialog = desk, dialog
        dialog.save_pressed.connect(self._ask_where)
        gathered = desk.workplace.support.gather(company)
        desk.bridge.ask(self, gathered, dialog.take, dialog.show_problem)

    @Slot(object)
    def _ask_where(self, bundle: Bundle) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chooser = QFileDialog(self._dialog, _("Where to write the support file"), folder)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setFileMode(QFileDialog.FileMode.AnyFile)
        chooser.setNameFilters(["ZIP (*.zip)"])
        chooser.selectFile(words.file_name(bundle))
        chooser.setDefaultSuffix("zip")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.write)
        chooser.open()

    @Slot(str)
    def write(self, path: str) -> None:
        """Write what is shown into a file."""
        bundle = self._dialog.bundle
        if bundle is not None:
            self._desk.bridge.ask(self, self._write(bundle, path), self._written, self._dialog.show_problem)

    async def _write(self, bundle: Bundle, path: str) -> str:
        await self._desk.workplace.support.write(bundle, path)
        return path

    def _written(self, path: str) -> None:
        self._dialog.written(path)
