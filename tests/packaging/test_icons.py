"""The icons are what the drawing makes, can be drawn by Qt, and are told apart by their shapes."""

from itertools import combinations
from pathlib import Path

import draw_icons
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

ICONS = Path(__file__).parents[2] / "resources" / "icons"
NAMES = sorted(draw_icons.all_icons())
STATES = [name for name in NAMES if name.startswith("state-")]
SIZE = 16


def ink(name: str) -> set[tuple[int, int]]:
    """The small pixels that are coloured: neither clear nor white, whatever the colour."""
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / name)).render(painter)
    painter.end()
    return {(x, y) for x in range(SIZE) for y in range(SIZE) if image.pixelColor(x, y).lightness() < 190}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_files_are_what_the_drawing_makes() -> None:
    assert sorted(path.name for path in ICONS.glob("*.svg")) == NAMES
    for name, text in draw_icons.all_icons().items():
        assert (ICONS / name).read_text(encoding="utf-8") == text, f"{name}: python3 packaging/run.py icons"


@pytest.mark.parametrize("name", NAMES)
def test_qt_can_draw_it(name: str, qtbot: QtBot) -> None:
    assert QSvgRenderer(str(ICONS / name)).isValid()


@pytest.mark.parametrize(("one", "other"), list(combinations(STATES, 2)))
def test_two_states_are_told_apart_without_colour(one: str, other: str, qtbot: QtBot) -> None:
    different = ink(one) ^ ink(other)
    assert len(different) > 0.12 * SIZE * SIZE


@pytest.mark.parametrize("colour", ["BLUE", "GREEN", "RED", "AMBER", "PURPLE", "GREY"])
@pytest.mark.parametrize("ground", ["#ffffff", "#202124"])
def test_a_state_can_be_seen_on_light_and_on_dark(colour: str, ground: str) -> None:
    assert contrast(getattr(draw_icons, colour), ground) >= 3
