"""The program's icons; the desktop's own stand in where one is missing."""

from functools import cache

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QStyle

from app.resources import ResourceMissing, resource
from app.ui.rows import Mark
from app.ui.theme import is_dark, is_high_contrast

_STANDARD: dict[str, QStyle.StandardPixmap] = {
    "ondemand-sync": QStyle.StandardPixmap.SP_BrowserReload,
    "state-waiting": QStyle.StandardPixmap.SP_MediaPause,
    "state-running": QStyle.StandardPixmap.SP_BrowserReload,
    "state-done": QStyle.StandardPixmap.SP_DialogApplyButton,
    "state-staged": QStyle.StandardPixmap.SP_DialogSaveButton,
    "state-nothing-visible": QStyle.StandardPixmap.SP_DialogApplyButton,
    "state-failed": QStyle.StandardPixmap.SP_MessageBoxCritical,
    "state-unknown": QStyle.StandardPixmap.SP_MessageBoxQuestion,
    "state-skipped": QStyle.StandardPixmap.SP_MediaSkipForward,
    "state-cancelled": QStyle.StandardPixmap.SP_DialogCancelButton,
    "state-person": QStyle.StandardPixmap.SP_MessageBoxWarning,
}


@cache
def icon(name: str) -> QIcon:
    """The icon of that name, such as "ondemand-sync", "state-done" or "tray-idle"."""
    try:
        return QIcon(str(resource("icons", f"{name}.svg")))
    except ResourceMissing:
        standard = _STANDARD.get(name, QStyle.StandardPixmap.SP_BrowserReload)
        return QApplication.style().standardIcon(standard)


def tray_icon_name(name: str, palette: QPalette) -> str:
    """The icon of a tray's state as it is drawn now: in a high contrast theme one ink alone, light on dark or dark on
    light, as the window's ground is."""
    if not is_high_contrast(palette):
        return name
    return f"{name}-light-symbolic" if is_dark(palette) else f"{name}-dark-symbolic"


def mark_pixmap(mark: Mark, size: int, ratio: float) -> QPixmap:
    """The icon of a state, crisp at the screen's `ratio`; empty for no state. `size` in pixels of the layout."""
    if mark is Mark.NONE:
        return QPixmap()
    return icon(f"state-{mark.value}").pixmap(QSize(size, size), ratio)


class MarkLabel(QLabel):
    """Shows the icon of a state. A picture that is set lays out the window anew, so the same one is not set twice."""

    _drawn: tuple[Mark, float] = (Mark.NONE, 0.0)

    def show_mark(self, mark: Mark, size: int) -> None:
        """`size` in pixels of the layout; nothing is shown for no state."""
        wanted = (mark, self.devicePixelRatioF())
        if wanted != self._drawn:
            self._drawn = wanted
            self.setPixmap(mark_pixmap(mark, size, wanted[1]))
        self.setVisible(mark is not Mark.NONE)
