"""Pictures of every state of the window: `python -m tests.contact_sheets [--out FOLDER] [--only WORDS] [--language L]`.

Each state is drawn at 1024×768 and at twice that size, in light and in dark, from a real list of events; and so are the
dialogs. One sheet shows a few of them, so that what is clipped, crowded or hard to read is seen at a glance."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.languages import speak

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPalette
    from PySide6.QtWidgets import QApplication, QWidget

SIZE = (1016, 708)  # of 1024×768, what a task bar, a title bar and the edges leave
PER_SHEET = 6


def main() -> int:
    """Draw every sheet; each scale needs a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/contact-sheets"))
    parser.add_argument("--only", default="", help="draw only states whose name has these words")
    parser.add_argument(
        "--language", default="en", help="en, fr, or pseudo: every sentence two fifths longer"
    )
    parser.add_argument(
        "--by-view",
        action="store_true",
        help="one sheet per view: in English and French, light, dark, high contrast",
    )
    parser.add_argument("--one-scale", default="", help=argparse.SUPPRESS)
    parser.add_argument("--dark", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--large-text", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.one_scale:
        speak(given.language)
        return draw(given.out, given.only, given.one_scale, given.dark, given.large_text)
    if given.by_view:
        return draw_by_view(given.out, given.only)
    ways = (
        ("1", False, False),
        ("1", True, False),
        ("2", False, False),
        ("2", True, False),
        ("1", False, True),
    )
    for scale, dark, large in ways:
        command = [
            sys.executable,
            "-m",
            "tests.contact_sheets",
            "--out",
            str(given.out),
            "--one-scale",
            scale,
            "--language",
            given.language,
        ]
        command += ["--only", given.only] if given.only else []
        command += ["--dark"] if dark else []
        command += ["--large-text"] if large else []
        environment = {**os.environ, "QT_SCALE_FACTOR": scale}
        if not environment.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        subprocess.run(command, check=True, env=environment)
    print(given.out)
    return 0


def draw(out: Path, only: str, scale: str, dark: bool, large: bool) -> int:
    """The sheets of one scale and one theme."""
    from PySide6.QtWidgets import QApplication

    from app.ui.frame import Frame
    from app.ui.start import speak_of_qt
    from tests.ui.scenes import dialogs, window_of
    from tests.ui.stories import VIEWS, scene

    application = QApplication([])
    speak_of_qt(application)
    paint(application, "dark" if dark else "light")
    if large:
        font = application.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        application.setFont(font)
    pictures: list[tuple[str, QImage]] = []
    for name in VIEWS:
        if only in name:
            view, now = scene(name)
            frame, _window = window_of(view, now, SIZE)
            pictures.append((name, picture(application, frame)))
            frame.let_go()
            frame.close()
            frame.deleteLater()
    parent = Frame()
    for name, dialog in dialogs(parent):
        if only in name:
            dialog.show()
            pictures.append((name, picture(application, dialog)))
            dialog.close()
            dialog.deleteLater()
    kind = "large-text" if large else f"{scale}x"
    theme = "dark" if dark else "light"
    for at in range(0, len(pictures), PER_SHEET):
        sheet(pictures[at : at + PER_SHEET]).save(str(out / f"{kind}-{theme}-{at // PER_SHEET + 1:02}.png"))
    return 0


def draw_by_view(out: Path, only: str) -> int:
    """A sheet for each state of the window and each dialog: a line for each theme, English beside French."""
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from app.ui.frame import Frame
    from app.ui.start import speak_of_qt
    from tests.ui.scenes import dialogs, window_of
    from tests.ui.stories import VIEWS, scene

    application = QApplication([])
    drawn: dict[str, list[tuple[str, Path]]] = {}
    parts = out / "parts"
    parts.mkdir(exist_ok=True)

    def keep(name: str, how: str, widget: "QWidget") -> None:
        path = parts / f"{sum(map(len, drawn.values()))}.png"
        picture(application, widget).save(str(path))
        drawn.setdefault(name, []).append((how, path))

    for theme in ("light", "dark", "contrast"):
        for tongue in ("en", "fr"):
            speak(tongue)
            speak_of_qt(application)
            paint(application, theme)
            for name in VIEWS:
                if only in name:
                    frame, _window = window_of(*scene(name), SIZE)
                    keep(name, f"{theme} {tongue}", frame)
                    frame.let_go()
                    frame.close()
                    frame.deleteLater()
            parent = Frame()
            for name, dialog in dialogs(parent):
                if only in name:
                    dialog.show()
                    keep(name, f"{theme} {tongue}", dialog)
                    dialog.close()
                dialog.deleteLater()
    for name, found in drawn.items():
        pictures = [(f"{name}: {how}", QImage(str(path))) for how, path in found]
        file = "".join(letter if letter.isalnum() else "-" for letter in name)
        sheet(pictures).save(str(out / f"{file}.png"))
    for path in parts.iterdir():
        path.unlink()
    parts.rmdir()
    print(out)
    return 0


def paint(application: "QApplication", theme: str) -> None:
    """Light, dark, or high contrast as Windows draws it, as the system would ask for it."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor, QPalette

    dark = theme != "light"
    application.setStyle("Fusion")
    application.setPalette(QPalette())
    if theme == "contrast":
        application.setPalette(high_contrast())
        return
    application.styleHints().setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    if dark and application.palette().color(QPalette.ColorRole.Window).lightness() > 128:
        grey, text = QColor("#2b2b2b"), QColor("#f2f2f2")
        palette = QPalette(QColor("#3a3a3a"), grey)
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(role, text)
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#9a9a9a"))
        palette.setColor(QPalette.ColorRole.Base, QColor("#1f1f1f"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, QColor("#a8a8a8"))
        application.setPalette(palette)


def high_contrast() -> "QPalette":
    """The colours of Windows' own theme of white on black."""
    from PySide6.QtGui import QColor, QPalette

    black, white, yellow = QColor("#000000"), QColor("#ffffff"), QColor("#ffff00")
    made = QPalette(black, black)
    role = QPalette.ColorRole
    for one in (role.WindowText, role.Text, role.ButtonText, role.BrightText, role.Light, role.Midlight):
        made.setColor(one, white)
    for one in (role.Window, role.Base, role.AlternateBase, role.Button, role.ToolTipBase):
        made.setColor(one, black)
    made.setColor(role.Highlight, QColor("#1aebff"))
    made.setColor(role.HighlightedText, black)
    made.setColor(role.Link, yellow)
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor("#3ff23f"))
    return made


def picture(application: "QApplication", widget: "QWidget") -> "QImage":
    """The widget as the screen would show it."""
    for _ in range(4):
        application.processEvents()
    return widget.grab().toImage()


def sheet(pictures: "list[tuple[str, QImage]]") -> "QImage":
    """Pictures two by two, each with its name above it."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    wide = max(image.width() for _, image in pictures)
    high = max(image.height() for _, image in pictures)
    head, gap, columns = 28, 8, 2
    rows = (len(pictures) + columns - 1) // columns
    made = QImage(columns * (wide + gap), rows * (high + head + gap), QImage.Format.Format_RGB32)
    made.fill(QColor("#808080"))
    painter = QPainter(made)
    painter.setPen(QColor("#ffffff"))
    for at, (name, image) in enumerate(pictures):
        image.setDevicePixelRatio(1.0)
        x, y = (at % columns) * (wide + gap), (at // columns) * (high + head + gap)
        painter.drawText(QRect(x + 6, y, wide, head), Qt.AlignmentFlag.AlignVCenter, name)
        painter.drawImage(x, y + head, image)
    painter.end()
    return made


if __name__ == "__main__":
    raise SystemExit(main())
