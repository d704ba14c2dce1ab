"""Everything in the window can be read in light and in dark: contrasts computed from the colours it is drawn with."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.check_box import CheckBox
from app.ui.frame import Frame
from app.ui.jobs_dialog import JobsDialog
from tests.contact_sheets import paint
from tests.ui.scenes import dialogs, many_jobs, window_of
from tests.ui.stories import COMPANY, VIEWS, scene

TEXT, EDGE = 4.5, 3.0  # of WCAG 2.2, 1.4.3 and 1.4.11
Role, Group = QPalette.ColorRole, QPalette.ColorGroup


@pytest.fixture(params=["light", "dark", "contrast"])
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    style, before = qapp.style().objectName(), QPalette(qapp.palette())
    paint(qapp, request.param)
    yield request.param
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setStyle(style)
    qapp.setPalette(before)


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_black_on_white_is_twenty_one() -> None:
    assert contrast(QColor("#000"), QColor("#fff")) == pytest.approx(21)
    assert contrast(QColor("#777"), QColor("#fff")) == pytest.approx(4.48, abs=0.01)


def _text(widget: QWidget) -> tuple[QColor, QColor]:
    """What a widget writes with, and on."""
    palette = widget.palette()
    group = Group.Active if widget.isEnabled() else Group.Disabled
    ink, ground = Role.WindowText, Role.Window
    if isinstance(widget, QLineEdit):
        ink, ground = Role.Text if widget.text() else Role.PlaceholderText, Role.Base
    elif isinstance(widget, QAbstractButton) and not isinstance(widget, CheckBox):
        ink, ground = Role.ButtonText, Role.Button
    colour, over = palette.color(group, ink), palette.color(group, ground)
    if colour.alphaF() < 1:
        colour = theme.mixed(colour, over, colour.alphaF())
    return colour, over


def _faint(widget: QWidget) -> list[str]:
    found = []
    for one in widget.findChildren(QWidget):
        if (
            not one.isVisible()
            or one.styleSheet()
            or not isinstance(one, QLabel | QAbstractButton | QLineEdit)
        ):
            continue
        shown = one.placeholderText() or one.text() if isinstance(one, QLineEdit) else one.text()
        if shown and contrast(*_text(one)) < TEXT:
            found.append(f"{shown}: {contrast(*_text(one)):.1f}")
        if isinstance(one, CheckBox):
            edge = theme.box_edge(one.palette(), usable=one.isEnabled())
            for ground in (Role.Window, Role.Base):
                seen = contrast(edge, one.palette().color(ground))
                if seen < EDGE:
                    found.append(f"the box of {shown}: {seen:.1f}")
    return found


def test_every_text_and_every_box_of_the_window_is_seen(palette: str, qtbot: QtBot) -> None:
    for name in VIEWS:
        frame, _window = window_of(*scene(name))
        qtbot.addWidget(frame)
        assert _faint(frame) == [], f"{name}, {palette}"
        frame.let_go()
        frame.close()


def test_a_button_that_was_the_primary_one_is_still_read_when_it_cannot_be_used(
    palette: str, qtbot: QtBot
) -> None:
    frame, window = window_of(*scene("no company"))
    qtbot.addWidget(frame)
    QApplication.processEvents()
    for name in ("step 1 running", "idle", "step 1 running", "gate open, choose tabs", "step 2 running"):
        window.show_view(*scene(name))
        QApplication.processEvents()
        assert _faint(frame) == [], f"{name}, {palette}"
    frame.let_go()
    frame.close()


def test_every_text_and_every_box_of_the_dialogs_is_seen(palette: str, qtbot: QtBot) -> None:
    parent = Frame()
    qtbot.addWidget(parent)
    for name, dialog in dialogs(parent):
        qtbot.addWidget(dialog)
        dialog.show()
        assert _faint(dialog) == [], f"{name}, {palette}"
        dialog.close()
    parent.let_go()
    assert not [one for one in parent.findChildren(QDialog) if one.isVisible()]


def test_the_colours_of_our_own_are_seen(palette: str, qapp: QApplication) -> None:
    system = qapp.palette()
    ours = theme.colours(system)
    assert theme.is_dark(system) is (palette != "light")
    for ink, ground in (
        (ours.primary_text, ours.primary),
        (ours.banner_text, ours.banner),
        (ours.wrong, system.color(Role.Window).name()),
    ):
        assert contrast(QColor(ink), QColor(ground)) >= TEXT, (ink, ground)
    for edge in (ours.primary, ours.notice_edge):
        assert contrast(QColor(edge), system.color(Role.Window)) >= EDGE


def test_a_box_that_cannot_be_used_is_drawn_with_the_edge_that_was_computed(
    palette: str, qtbot: QtBot
) -> None:
    box = CheckBox("Vendors")
    qtbot.addWidget(box)
    box.setEnabled(False)
    box.setChecked(True)
    box.show()
    drawn = box.grab().toImage()
    ground = QColor(drawn.pixelColor(drawn.width() - 1, 0))
    left = [drawn.pixelColor(x, drawn.height() // 2) for x in range(18)]
    assert max(contrast(one, ground) for one in left) >= EDGE


def test_the_boxes_of_a_list_of_jobs_are_drawn_with_that_edge_too(palette: str, qtbot: QtBot) -> None:
    dialog = JobsDialog(COMPANY, many_jobs(4), frozenset({"25-003"}), None)
    qtbot.addWidget(dialog)
    dialog.show()
    drawn = dialog.list.viewport().grab().toImage()
    ground = dialog.palette().color(Role.Base)
    for at in range(4):
        middle = dialog.list.visualRect(dialog.list.model().index(at, 0)).center().y()
        seen = [drawn.pixelColor(x, middle) for x in range(8)]
        assert max(contrast(one, ground) for one in seen) >= EDGE, at


def test_no_buttons_picture_is_drawn_on_a_ground_that_swallows_it(qtbot: QtBot, palette: str) -> None:
    """The style's own pictures for Close, Cancel and OK are dark whatever the ground is."""
    parent = Frame()
    qtbot.addWidget(parent)
    for name, dialog in dialogs(parent):
        qtbot.addWidget(dialog)
        for box in dialog.findChildren(QDialogButtonBox):
            assert box.buttons(), name
            assert all(button.icon().isNull() for button in box.buttons()), name
