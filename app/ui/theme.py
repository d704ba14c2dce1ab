"""The few colours that are not the system's: chosen for light and for dark, each with a contrast of 4.5:1 or more."""

from typing import NamedTuple

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget


class Colours(NamedTuple):
    """Colours as `#rrggbb`; a name that ends in `_text` is written on the one before it."""

    primary: str
    primary_text: str
    banner: str
    banner_text: str
    wrong: str
    notice_edge: str


# How much of the text's own colour is left in a text that cannot be used: 4.5:1 or more on both grounds.
WEAK = 0.62
USUAL_LINE = 17  # pixels that a line of the usual text is high
LIGHT = Colours("#1f5f99", "#ffffff", "#7a4a00", "#ffffff", "#a5161c", "#b26a00")
DARK = Colours("#7db7ef", "#10202e", "#f0b45a", "#241700", "#ff9d96", "#f0b45a")


def is_dark(palette: QPalette) -> bool:
    """True when the system draws light text on a dark window."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def is_high_contrast(palette: QPalette) -> bool:
    """True where the desktop draws pure ink on a pure ground, as themes of high contrast do (19.3:1 or more; the usual
    light and dark themes have less). Qt's own hint of it is gone from Python as soon as its object was let go of."""
    ink, ground = (
        _luminance(palette.color(role)) for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window)
    )
    return (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 19.3


def _luminance(colour: QColor) -> float:
    """The relative luminance of WCAG, 0..1."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours(palette: QPalette) -> Colours:
    """The colours that suit the palette."""
    return DARK if is_dark(palette) else LIGHT


def size(dialog: QWidget, width: int, height: int) -> None:
    """Resize a dialog to what suits the usual text, as much larger as the text is, and no larger than the screen."""
    larger = max(1.0, dialog.fontMetrics().height() / USUAL_LINE)
    room = dialog.screen().availableGeometry()
    dialog.resize(
        min(round(width * larger), room.width() - 40), min(round(height * larger), room.height() - 60)
    )


def readable_when_off(widget: QWidget, strength: float = WEAK) -> None:
    """Let what cannot be used now be read all the same: its text is only a little weaker than other text.

    `strength` 1 makes it as strong as other text. The hint in an empty field is read as well."""
    palette = QPalette(QApplication.palette(widget))
    active, off = QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled
    ground = palette.color(active, QPalette.ColorRole.Window)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(off, role, mixed(palette.color(active, role), ground, strength))
    hint = mixed(palette.color(active, QPalette.ColorRole.Text), ground, WEAK)
    for group in (active, QPalette.ColorGroup.Inactive, off):
        palette.setColor(group, QPalette.ColorRole.PlaceholderText, hint)
    widget.setPalette(palette)


def mixed(ink: QColor, ground: QColor, strength: float) -> QColor:
    """The ink thinned with the ground: 1 is the ink alone."""
    return QColor.fromRgbF(
        strength * ink.redF() + (1 - strength) * ground.redF(),
        strength * ink.greenF() + (1 - strength) * ground.greenF(),
        strength * ink.blueF() + (1 - strength) * ground.blueF(),
    )


def box_edge(palette: QPalette, *, usable: bool) -> QColor:
    """The edge and the mark of a check box: 3:1 or more on both grounds, weaker where it cannot be used."""
    ink = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText)
    ground = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Window)
    return mixed(ink, ground, 0.8 if usable else WEAK)


def chart_colour(palette: QPalette) -> QColor:
    """The line and the points of a chart: 3:1 or more on both grounds."""
    return QColor(colours(palette).primary)


def style(widget: QWidget, sheet: str) -> None:
    """Set a style sheet only where it changes, for setting one costs a new layout."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def show_primary(button: QPushButton, primary: bool) -> None:
    """Draw the button as the one thing to press next, or as any other."""
    button.setProperty("primary", primary)
    if not primary:
        if button.styleSheet():
            style(button, "")
            button.setPalette(
                QPalette()
            )  # the sheet cut it off from the window's; now it has those colours again
        return
    # Of the system, not of the button: its own palette has the colours of the sheet that it wears.
    c = colours(QApplication.palette())
    style(
        button,
        f"QPushButton:enabled {{ background: {c.primary}; color: {c.primary_text}; border: 2px solid {c.primary};"
        " border-radius: 4px; padding: 4px 16px; font-weight: bold; }"
        f"QPushButton:enabled:pressed {{ background: palette(window); color: palette(window-text); }}"
        f"QPushButton:enabled:hover {{ border-color: palette(window-text); }}"
        f"QPushButton:enabled:focus {{ border: 2px solid palette(window-text); }}",
    )


def banner_sheet(palette: QPalette) -> str:
    """The strip that says TRAINING."""
    c = colours(palette)
    return f"background: {c.banner}; color: {c.banner_text}; font-weight: bold; padding: 3px 8px;"


def notice_sheet(palette: QPalette) -> str:
    """The frame around a question to the person."""
    c = colours(palette)
    return (
        f"#notice {{ border: 1px solid {c.notice_edge}; border-left: 6px solid {c.notice_edge}; border-radius: 4px;"
        " background: palette(window); }"
    )


def wrong_sheet(palette: QPalette) -> str:
    """The sentence beside a field that cannot be used."""
    return f"color: {colours(palette).wrong};"
