"""The menu of languages: the system's, or one of those that there are, each by its own name."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.words import language
from app.words.language import _

# A language bears its own name in every language: whoever reads only that one finds it.
_NAMES = {"en": "&English", "fr": "&Français"}


class LanguageMenu(QMenu):
    """`picked`: "" for the system's, or the name of a language."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("L&anguage"), parent)
        self._group = QActionGroup(self)
        self._add(_("As the &system"), "")
        for name in language.available():
            self._add(_NAMES.get(name, name), name)
        self._group.triggered.connect(self._pick)

    def _add(self, text: str, name: str) -> None:
        action = QAction(text, self._group)
        action.setCheckable(True)
        action.setData(name)
        self.addAction(action)

    def show_chosen(self, name: str) -> None:
        """Mark the one that was chosen."""
        for action in self._group.actions():
            action.setChecked(action.data() == name)

    @Slot(QAction)
    def _pick(self, action: QAction) -> None:
        self.picked.emit(action.data())
