"""The row of buttons at the foot of a dialog."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QWidget


class Buttons(QDialogButtonBox):
    """Words alone: the style's own pictures are black, and not seen on a dark ground."""

    def __init__(self, which: QDialogButtonBox.StandardButton, parent: QWidget | None = None) -> None:
        super().__init__(which, parent)
        without_pictures(self)


def without_pictures(box: QDialogButtonBox | QMessageBox) -> None:
    """Take the pictures off the buttons of a box."""
    for button in box.buttons():
        button.setIcon(QIcon())
