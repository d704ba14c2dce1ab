"""About: the version, who may use the program, and the licences of all parts that it is made of."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.resources import licences
from app.ui.buttons import Buttons
from app.ui.field import Sentence
from app.ui.frame import NAME
from app.words.language import _

# What comes first in the list; then the parts by their names
FIRST = ("PARTS.txt", "LICENSE.txt", "REPLACE-QT.txt")


class AboutDialog(QDialog):
    """The texts are read when they are chosen. From the sources there are none: they lie beside the parts then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About On-Demand Sync"))
        self._folder = licences()
        self.said = Sentence(
            "\n".join(
                (
                    f"{NAME} {__version__}",
                    _("Under the Apache License 2.0. Independent of Sage, hh2 and Procore."),
                    _(
                        "The window is made with Qt and PySide6, under the GNU Lesser General Public License 3: you "
                        "may replace them by your own builds. REPLACE-QT.txt says how."
                    ),
                )
            )
        )
        self.parts = QListWidget()
        self.parts.setAccessibleName(_("Parts of this program"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Licence"))
        beside = QHBoxLayout()
        beside.addWidget(self.parts, 1)
        beside.addWidget(self.text, 3)
        buttons = Buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.said)
        layout.addLayout(beside, 1)
        layout.addWidget(buttons)
        self.resize(760, 480)
        self.parts.currentTextChanged.connect(self._show)
        if self._folder is None:
            self.parts.setEnabled(False)
            self.parts.hide()
            self.text.setPlainText(
                _("Started from its sources. The licences of its parts lie beside them, in .venv.")
            )
        else:
            self.parts.addItems(names(self._folder))
            self.parts.setCurrentRow(0)

    @Slot(str)
    def _show(self, name: str) -> None:
        if self._folder is not None and name:
            self.text.setPlainText(text_of(self._folder / name))


def names(folder: Path) -> list[str]:
    """What there is a text of, in the order of the list."""
    found = {path.name for path in folder.iterdir()}
    return [name for name in FIRST if name in found] + sorted(found - set(FIRST), key=str.lower)


def text_of(place: Path) -> str:
    """The text of a file, or those of all files in a part's folder, one after the other."""
    files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
    return "\n\n".join(path.read_text(encoding="utf-8", errors="replace").strip() for path in files)
