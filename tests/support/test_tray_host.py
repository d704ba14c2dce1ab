"""The tests' own tray shows what a program puts there."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.support.tray_host import TrayHost
from tests.support.waiting import TooLate, wait_until

IN_ANOTHER_PROCESS = """
import sys
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
app = QApplication([])
picture = QPixmap(16, 16); picture.fill(QColor("red"))
tray = QSystemTrayIcon(QIcon(picture))
menu = QMenu(); menu.addAction("Leave").triggered.connect(app.quit)
tray.setContextMenu(menu); tray.show()
tray.showMessage("Hello", "from another process")
app.exec()
"""


@pytest.fixture
def icon() -> QIcon:
    picture = QPixmap(22, 22)
    picture.fill(QColor("green"))
    return QIcon(picture)


@pytest.fixture
def menu(qtbot: QtBot) -> QMenu:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("&Open the window").setObjectName("open")
    menu.addSeparator()
    stop = menu.addAction("Stop")
    stop.setEnabled(False)
    by_itself = QAction("By itself", menu, checkable=True, checked=True)
    menu.addAction(by_itself)
    return menu


def test_an_icon_its_words_and_its_menu_are_seen(
    tray: TrayHost, qtbot: QtBot, icon: QIcon, menu: QMenu
) -> None:
    assert QSystemTrayIcon.isSystemTrayAvailable()
    shown = QSystemTrayIcon(icon)
    shown.setToolTip("Step 1 runs")
    shown.setContextMenu(menu)
    shown.show()
    item = tray.item()
    look = tray.look(item)
    assert look.tooltip_title == "Step 1 runs"
    assert look.status == "Active"
    assert (22, 22) in look.icon_sizes
    entries = tray.menu(item)
    assert [(e.label, e.enabled, e.checked, e.separator) for e in entries] == [
        ("Open the window", True, None, False),
        ("", True, None, True),
        ("Stop", False, None, False),
        ("By itself", True, True, False),
    ]
    shown.hide()
    wait_until(lambda: not tray.items, "the icon to go")


def test_clicks_reach_the_program(tray: TrayHost, qtbot: QtBot, icon: QIcon, menu: QMenu) -> None:
    shown = QSystemTrayIcon(icon)
    shown.setContextMenu(menu)
    shown.show()
    item = tray.item()
    opened = menu.actions()[0]
    with qtbot.waitSignal(opened.triggered):
        tray.click(item, "Open the window")
    with qtbot.waitSignal(shown.activated):
        tray.activate(item)
    with pytest.raises(AssertionError, match="greyed"):
        tray.click(item, "Stop")
    with pytest.raises(AssertionError, match="0 entries 'Nowhere'"):
        tray.click(item, "Nowhere")
    shown.hide()


def test_a_notification_is_kept_with_its_words(tray: TrayHost, qtbot: QtBot, icon: QIcon) -> None:
    shown = QSystemTrayIcon(icon)
    shown.show()
    tray.item()
    shown.showMessage("All six tabs are done", "Vendors: 3 staged")
    notice = tray.notice("six tabs")
    assert (notice.summary, notice.body) == ("All six tabs are done", "Vendors: 3 staged")
    with pytest.raises(TooLate):
        tray.notice("never said", timeout=0.05)
    tray.dismiss(notice)
    shown.hide()


def test_the_tray_can_be_away_and_come_back(tray: TrayHost, qtbot: QtBot, icon: QIcon) -> None:
    assert QSystemTrayIcon.isSystemTrayAvailable()
    with tray.away():
        assert not QSystemTrayIcon.isSystemTrayAvailable()
    assert QSystemTrayIcon.isSystemTrayAvailable()


def test_programs_that_a_test_starts_are_seen_too(tray: TrayHost) -> None:
    with subprocess.Popen([sys.executable, "-c", IN_ANOTHER_PROCESS]) as program:
        item = tray.item(timeout=20)
        assert tray.notice("Hello").body == "from another process"
        tray.click(item, "Leave")
        assert program.wait(10) == 0
    wait_until(lambda: not tray.items, "the icon to go")


def test_nothing_of_an_earlier_test_is_shown(tray: TrayHost) -> None:
    assert tray.notices == []
    assert tray.items == []
    assert QCoreApplication.instance() is None or tray.closed == []
