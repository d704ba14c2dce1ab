"""The pictures of README: `python3 packaging/run.py pictures` runs on the training company and takes them."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.words import language
from tests.support.languages import speak

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QWidget

    from app.ui.match_view import MatchView
    from tests.ui.person import Desktop

PICTURES = Path(__file__).parents[1] / "resources" / "pictures"


def main() -> int:
    """Each run has a process and a home of its own, so that nothing of the one is seen in the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="", help=argparse.SUPPRESS)
    parser.add_argument("--language", default="en", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.scenario:
        speak(given.language)
        return take(given.scenario)
    for tongue in ("en", "fr"):
        for scenario in ("ok", "staged", "mismatch"):
            with tempfile.TemporaryDirectory(prefix="ods-") as home:
                words = [sys.executable, "-m", "tests.pictures", "--scenario", scenario, "--language", tongue]
                subprocess.run(words, check=True, env={**os.environ, "ONDEMAND_SYNC_HOME": home})
    return 0


def take(scenario: str) -> int:
    """One run from its start to its end, and what it shows on the way."""
    from PySide6.QtWidgets import QApplication

    from app.assembly.house import House
    from app.engine.faces import Practice
    from app.engine.thread import EngineThread
    from app.ui.frame import Frame
    from app.ui.opened import Opened
    from app.ui.start import speak_of_qt
    from app.ui.window import Window
    from tests.support.waiting import wait_until
    from tests.ui.person import Desktop

    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    speak_of_qt(application)
    engine = EngineThread()
    engine.start()
    frame = Frame()
    house = House("window", person=60.0)
    opened = Opened(Window(frame), engine, house)
    shown = Desktop(opened, engine, house)
    frame.fit()
    frame.show()
    opened.begin("", Practice(scenario))
    wait_until(lambda: shown.view.held, "the training company is open", 30)
    _run(shown, "before" if scenario == "ok" else "", "running" if scenario == "ok" else "")
    wait_until(shown.is_over, "the run has ended", 120)
    wait_until(lambda: shown.view.last_good is not None or scenario != "ok", "the history knows it")
    if scenario == "mismatch":
        _match(shown)
    else:
        _save(shown, "done" if scenario == "ok" else "problem")
    if scenario == "ok":
        _others(shown)
    opened.leaving.exit()
    wait_until(lambda: shown.gone, "the program has ended", 20)
    engine.stop()
    return 0


def _run(shown: "Desktop", before: str, running: str) -> None:
    from app.domain.tabs import Tab
    from tests.support.waiting import wait_until

    if not shown.window.step_one.go_on.isChecked():
        shown.window.step_one.go_on.click()
    _save(shown, before)
    shown.window.step_one.start.click()

    def in_its_midst() -> bool:
        run = shown.run
        return run is not None and run.tabs[Tab.JOBS].outcome is not None

    wait_until(in_its_midst, "some tabs are done", 60)
    _save(shown, running)


def _match(shown: "Desktop") -> None:
    """The report of the comparison that ended the run, one job opened."""
    from PySide6.QtCore import QModelIndex

    from app.ui.match_view import MatchView
    from tests.support.waiting import wait_until

    wait_until(shown.window.match_action.isEnabled, "it can be asked")
    shown.window.match_action.trigger()
    wait_until(shown.has_dialog, "the dialog is open")
    view = shown.dialog()
    assert isinstance(view, MatchView)
    wait_until(lambda: view.money.rowCount() > 0, "its rows", 30)
    all_rows = view.money.rowCount()
    view.filters.only.click()
    wait_until(lambda: 0 < view.money.rowCount() < all_rows, "the rows that differ", 30)
    at = QModelIndex()
    for _ in range(3):  # a job, a cost code, a cost type
        at = view.money.index(0, 0, at)
        view.tree.expand(at)
        wait_until(partial(_has_rows, view, at), "what is below it")
    _save(shown, "match", view)
    view.close()


def _others(shown: "Desktop") -> None:
    """The views beside the window: the history with this run, the month end, the help, and the assistant."""
    from app.ui.history_view import HistoryView
    from tests.support.waiting import wait_until
    from tests.ui.scenes import setup_page

    window, help_ = shown.window, shown.opened.presses.help
    for name, action in (("history", window.history_action), ("month-end", window.month_end_action)):
        wait_until(action.isEnabled, f"{name} can be opened")
        action.trigger()
        wait_until(shown.has_dialog, f"{name} is open")
        view = shown.dialog()
        if isinstance(view, HistoryView):
            wait_until(lambda view=view: bool(view.timeline.text()), "the run is read")  # type: ignore[misc]
        _save(shown, name, view)
        view.close()
        wait_until(lambda: not shown.has_dialog(), f"{name} is closed")
    help_.show_page("procedure")
    assert help_.window_shown is not None
    _save(shown, "help", help_.window_shown)
    _title, assistant = setup_page(1)
    assistant.show()
    _save(shown, "set-up", assistant)
    assistant.hide()


def _has_rows(view: "MatchView", at: "QModelIndex") -> bool:
    """Fetched ones: until then a row without a value stands for them."""
    return view.money.rowCount(at) > 0 and view.money.line(view.money.index(0, 0, at)) is not None


def _save(shown: "Desktop", name: str, of: "QWidget | None" = None) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    if not name:
        return
    for _ in range(3):  # what was said last has its place by then
        QApplication.processEvents()
    taken = (of or shown.frame).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    often = Counter(memoryview(taken.constBits()).cast("I").tolist()).most_common(256)
    plain = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    small = taken.convertToFormat(QImage.Format.Format_Indexed8, [colour for colour, _ in often], plain)
    spoken = language.language()
    folder = PICTURES if spoken == language.SOURCE else PICTURES / spoken
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.png"
    if not small.save(str(path), quality=0):  # 0: as small as it gets
        raise OSError(f"{path} could not be written")
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    raise SystemExit(main())
