"""Where dialogs stand, and how their parts are divided: remembered from one time to the next, by the dialog's kind."""

from PySide6.QtCore import QByteArray, QObject, Slot
from PySide6.QtWidgets import QDialog, QSplitter

from app.ui.company_desk import CompanyDesk

# Those that a person makes larger to see more. The others are as large as what stands in them.
_KEPT = (
    "HistoryView",
    "MatchView",
    "PageCheckDialog",
    "MonthEndDialog",
    "JobsDialog",
    "SupportDialog",
    "HelpWindow",
)


class Place(QObject):
    """The place of one dialog; lives as long as it does."""

    def __init__(self, dialog: QDialog, desk: CompanyDesk) -> None:
        super().__init__(dialog)
        self._dialog, self._desk = dialog, desk
        self._name = type(dialog).__name__
        kept = desk.preferences.geometry
        if self._name in kept:
            dialog.restoreGeometry(_bytes(kept[self._name]))
        for at, split in enumerate(dialog.findChildren(QSplitter)):
            if f"{self._name}/{at}" in kept:
                split.restoreState(_bytes(kept[f"{self._name}/{at}"]))
        dialog.finished.connect(self._keep)

    @Slot()
    def _keep(self) -> None:
        found = {self._name: _text(self._dialog.saveGeometry())}
        for at, split in enumerate(self._dialog.findChildren(QSplitter)):
            found[f"{self._name}/{at}"] = _text(split.saveState())
        self._desk.remember(geometry={**self._desk.preferences.geometry, **found})


def keep_place(dialog: QDialog, desk: CompanyDesk) -> None:
    """Where it stood the last time, and remember it when it closes."""
    if type(dialog).__name__ in _KEPT:
        Place(dialog, desk)


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode())


def _text(kept: QByteArray) -> str:
    return bytes(kept.toBase64().data()).decode()
