"""From a double click to a window that works: what is imported before the first paint, and who may be first."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.problems import ProblemId, trouble
from app.engine.faces import Workplace
from app.storage import folders, settings
from app.ui.frame import Frame
from app.ui.single_instance import SingleInstance, knock, server_name
from app.ui.start import Starting, make_application, run_window
from tests.support.tray_host import TrayHost
from tests.support.waiting import wait_until

# What is imported beyond an empty window of PySide6. A number that grows is a slower start: measured, the first paint
# comes 1.1 times as late as that of the empty window.
MOST_MODULES = 22
MOST_OF_THE_WINDOW = (
    105  # modules of the program, when the window's parts are there (two of them split off others)
)
NOT_BEFORE_THE_PAINT = {
    "anyio", "asyncio", "httpx", "keyring", "msgspec", "playwright", "sqlite3", "starlette", "typer", "uvicorn",
    "app.assembly.house", "app.engine.faces", "app.ui.window",
}  # fmt: skip
COUNTED = """
import sys
from app.ui import frame
painted = frame.Frame.paintEvent
def first(self, event):
    print(*sys.modules)
    sys.stdout.flush()
    import os
    os._exit(0)
frame.Frame.paintEvent = first
import app.__main__
sys.argv = ["app"]
app.__main__.main([])
"""


EMPTY = "import sys; from PySide6 import QtWidgets; print(*sys.modules)"


def _imported(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout, done.stderr
    return set(done.stdout.split())


def test_little_is_imported_before_the_first_paint() -> None:
    ours = _imported(COUNTED) - _imported(EMPTY)
    assert "app.ui.frame" in ours
    assert NOT_BEFORE_THE_PAINT & ours == set()
    assert len(ours) <= MOST_MODULES, sorted(ours)


def test_the_window_is_filled_without_what_only_its_dialogs_need() -> None:
    imported = _imported("import sys, app.ui.opened; print(*sys.modules)")
    dialogs = {one for one in imported if one.startswith("app.ui.") and one.endswith(("_dialog", "_wizard"))}
    assert dialogs == set()
    assert {
        "app.ui.match_view",
        "app.ui.match_model",
        "app.ui.history_view",
        "app.ui.chart",
    } & imported == set()
    assert len([one for one in imported if one.startswith("app.")]) <= MOST_OF_THE_WINDOW


def test_the_house_is_opened_without_the_rooms_that_only_a_run_or_an_errand_needs() -> None:
    imported = _imported("import sys, app.assembly.house; print(*sys.modules)")
    imported -= _imported("import sys; print(*sys.modules)")  # what measures the tests imports some too
    for_later = {
        "httpx",
        "oauthlib",
        "playwright",
        "duckdb",
        "stamina",
        "statistics",
        "tomlkit",
        "starlette",
        "urllib.request",
        "html",
        "app.hh2",
        "app.procore",
        "app.match",
    }
    assert for_later & imported == set()


@pytest.fixture
def frame(qtbot: QtBot) -> Iterator[Frame]:
    made = Frame()
    qtbot.addWidget(made)
    yield made
    made.let_go()
    made.close()


def _house() -> Workplace:
    return House("window", person=60.0)


def _leave(starting: Starting) -> None:
    gone: list[bool] = []
    starting.gone.connect(lambda: gone.append(True))
    assert starting.opened is not None
    starting.opened.leaving.stop_and_leave()
    wait_until(lambda: bool(gone), "the program has ended", 20)


def test_the_frame_is_painted_first_and_then_filled(frame: Frame, qtbot: QtBot) -> None:
    starting = Starting(frame, None, _house)
    assert frame.centralWidget() is None
    with qtbot.waitSignal(starting.works, timeout=20_000):
        frame.fit()
        frame.show()
        frame.repaint()
        assert frame.centralWidget() is None
    assert frame.centralWidget() is not None
    assert starting.opened is not None
    wait_until(lambda: starting.opened is not None and starting.opened.desk.view.ready, "the engine answers")
    assert starting.opened.window.new.isEnabled()
    _leave(starting)


@pytest.mark.skipif(sys.platform != "linux", reason="the tests' tray is Linux's")
def test_begun_in_the_tray_it_works_unseen_until_somebody_opens_it(
    frame: Frame, qtbot: QtBot, tray: TrayHost
) -> None:
    starting = Starting(frame, None, _house)
    frame.fit()
    with qtbot.waitSignal(starting.works, timeout=20_000):
        starting.begin_unseen()
    item = tray.item()
    assert not frame.isVisible()
    tray.click(item, "Open")
    wait_until(frame.isVisible, "the window is there")
    wait_until(lambda: starting.opened is not None and starting.opened.desk.view.ready, "the engine answers")
    _leave(starting)


@pytest.mark.skipif(sys.platform != "linux", reason="a desktop without a tray is Linux's")
def test_begun_where_there_is_no_tray_it_is_small_in_the_task_bar() -> None:
    code = subprocess.run(
        [sys.executable, "-c", _BEGIN_UNSEEN],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"},
    )
    assert (code.returncode, code.stdout.split("\n")) == (0, ["small", "left 0", ""]), code.stderr


_BEGIN_UNSEEN = """
import app.ui.start as start
from app.__main__ import _in_the_window
begun = start.Starting.__init__
def works(self):
    print("small" if self.frame.isMinimized() else "not small")
    self.opened.leaving.exit()
def watched(self, *a, **k):
    begun(self, *a, **k)
    self.works.connect(lambda: works(self))
start.Starting.__init__ = watched
print("left", start.run_window(_in_the_window, in_tray=True))
"""


def test_a_window_closed_while_it_gets_ready_is_gone(frame: Frame, qtbot: QtBot) -> None:
    starting = Starting(frame, None, _house)
    frame.show()
    with qtbot.waitSignal(starting.gone, timeout=10_000):
        frame.close()
    assert not frame.isVisible()
    wait_until(lambda: not starting.loading.is_alive(), "the loading has ended", 20)
    assert starting.opened is None


class _Noted(House):
    """A workplace that notes when it was let go of."""

    closed = False

    async def close(self) -> None:
        await super().close()
        self.closed = True


@pytest.mark.parametrize("when", ["while it opens", "before it is shown"])
def test_what_was_opened_for_a_person_who_has_left_is_let_go_of(
    when: str, frame: Frame, qtbot: QtBot
) -> None:
    opens, left, made = threading.Event(), threading.Event(), _Noted("window", person=60.0)

    def slow() -> Workplace:
        opens.set()
        if when == "while it opens":
            left.wait(20)
        return made

    starting = Starting(frame, None, slow)
    frame.show()
    wait_until(opens.is_set, "the workplace is being opened", 20)
    if when == "before it is shown":
        starting.loading.join(20)  # in the window's own thread: what it has to say waits
    frame.close()
    left.set()
    wait_until(lambda: made.closed, "it was let go of", 20)
    assert starting.opened is None
    assert not frame.isVisible()
    wait_until(lambda: "engine" not in {one.name for one in threading.enumerate()}, "no thread is left", 20)


@pytest.mark.parametrize("told", [True, False])
def test_what_keeps_the_engine_from_starting_is_told(frame: Frame, qtbot: QtBot, told: bool) -> None:
    def broken() -> Workplace:
        if told:
            raise trouble(ProblemId.DISK, file="config", why="full")
        raise RuntimeError("a fault of the program")

    starting = Starting(frame, None, broken)
    frame.show()
    wait_until(lambda: bool(frame.findChildren(QMessageBox)), "the message", 20)
    box = frame.findChildren(QMessageBox)[0]
    wanted = "config could not be written." if told else "Something went wrong in this program itself."
    assert box.text().startswith(wanted)
    assert "a fault of the program" not in box.text()
    with qtbot.waitSignal(starting.gone):
        box.close()


def test_a_second_window_brings_the_first_to_the_front(frame: Frame, qtbot: QtBot) -> None:
    first = SingleInstance()
    assert first.is_first()
    starting = Starting(frame, first, _house)
    with qtbot.waitSignal(starting.works, timeout=20_000):
        frame.show()
    frame.showMinimized()
    # Only when the window manager has carried it out: what it says of it later would make the window small again.
    wait_until(lambda: frame.isMinimized() and not frame.windowHandle().isExposed(), "the window is small")
    second = subprocess.run(
        [sys.executable, "-m", "app"], capture_output=True, text=True, check=False, timeout=30
    )
    assert (second.returncode, second.stderr) == (0, "")
    wait_until(lambda: not frame.isMinimized() and frame.isVisible(), "the first window is back")
    _leave(starting)
    first.close()
    assert not knock(server_name())


def test_what_a_killed_window_left_does_not_keep_the_next_from_starting(qapp: QApplication) -> None:
    killed = "import os\nfrom PySide6.QtCore import QCoreApplication\n"
    killed += "from app.ui.single_instance import SingleInstance\n"
    killed += "a = QCoreApplication([])\nassert SingleInstance().is_first()\nos.kill(os.getpid(), 9)\n"
    subprocess.run([sys.executable, "-c", killed], check=False, timeout=30)
    next_one = SingleInstance()
    assert next_one.is_first()
    assert knock(server_name())
    next_one.close()


def test_each_home_has_a_window_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = server_name()
    monkeypatch.setenv("ONDEMAND_SYNC_HOME", "elsewhere")
    assert server_name() != before


def test_run_window_ends_with_the_program(qapp: QApplication, qtbot: QtBot) -> None:
    assert make_application() is qapp
    code = subprocess.run(
        [sys.executable, "-c", _RUN_AND_LEAVE],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ},
    )
    assert (code.returncode, code.stdout.strip()) == (0, "left 0"), code.stderr
    assert callable(run_window)


_RUN_AND_LEAVE = """
import app.ui.start as start
from app.__main__ import _in_the_window
begun = start.Starting.__init__
def watched(self, *a, **k):
    begun(self, *a, **k)
    self.works.connect(lambda: self.opened.leaving.exit())
start.Starting.__init__ = watched
print("left", start.run_window(_in_the_window))
"""


def test_another_language_opens_the_window_anew_in_it_and_is_kept() -> None:
    code = subprocess.run(
        [sys.executable, "-c", _SPEAK_FRENCH],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ},
    )
    assert code.returncode == 0, code.stderr
    assert code.stdout.split("\n") == ["en &File 1", "fr &Fichier 1", "left 0 fr", ""]


_SPEAK_FRENCH = """
import app.ui.start as start
from app.__main__ import _chosen_language, _in_the_window
from app.words import language
begun = start.Starting.__init__
def works(self):
    bar = self.frame.menuBar()
    chosen = [one.data() for one in self.window.languages.actions() if one.isChecked()]
    print(language.language(), bar.actions()[0].text(), len(chosen))
    if language.language() == "fr":
        assert chosen == ["fr"]
        self.opened.leaving.exit()
    else:
        assert chosen == [""]
        next(one for one in self.window.languages.actions() if one.data() == "fr").trigger()
def watched(self, *a, **k):
    begun(self, *a, **k)
    self.works.connect(lambda: self.opened.desk.preferences_read.connect(lambda kept: works(self)))
start.Starting.__init__ = watched
print("left", start.run_window(_in_the_window, chosen=_chosen_language), _chosen_language())
"""


def test_the_language_that_was_chosen_is_read_after_the_first_paint(qapp: QApplication) -> None:
    place = folders.locate()
    settings.save(place, settings.Settings(language="fr"))
    code = subprocess.run(
        [sys.executable, "-c", _OPEN],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ},
    )
    assert (code.returncode, code.stdout.split("\n")) == (0, ["&Fichier", "Annuler", ""]), code.stderr


_OPEN = """
import sys
import app.ui.start as start
from PySide6.QtWidgets import QDialogButtonBox
begun = start.Starting.__init__
def works(self):
    print(self.frame.menuBar().actions()[0].text())
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    print(box.buttons()[0].text().replace("&", ""))
    self.opened.leaving.exit()
def watched(self, *a, **k):
    begun(self, *a, **k)
    self.works.connect(lambda: works(self))
start.Starting.__init__ = watched
import app.__main__
sys.exit(app.__main__.main([]))
"""
