"""The program as a screen reader has it, from another process: every view's tree, and whole runs without a mouse.

One run by AT-SPI's actions alone and one by keys alone, each in English and in French."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import IO

import pytest

from app.domain.looks import TabOutcome
from app.domain.tabs import Tab
from app.words import outcomes, tabs
from app.words.language import _
from tests.support.atspi import Atspi, Gone, Look, Seen, wait_for
from tests.support.languages import speak
from tests.training.servers import ROOT, environ
from tests.ui.person import plain

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is Linux's"),
    pytest.mark.timeout(180),
]

# What a person acts on or reads as a list: each has to say what it is.
CONTROLS = {
    "push button", "check box", "radio button", "combo box", "text", "entry", "password text", "page tab", "table",
    "tree table", "tree", "list", "menu item", "menu", "check menu item", "radio menu item", "progress bar",
    "spin button", "toggle button", "link", "dialog", "frame", "alert", "slider",
}  # fmt: skip


@pytest.fixture
def bus() -> Iterator[Atspi]:
    made = Atspi()
    yield made
    made.close()


@pytest.fixture(params=["en", "fr"])
def tongue(request: pytest.FixtureRequest) -> Iterator[str]:
    yield speak(request.param)
    speak("en")


def _program(tongue: str) -> AbstractContextManager["subprocess.Popen[str]"]:
    return _process("app", "--language", tongue, "window", "--training")


@contextmanager
def _process(*words: str) -> Iterator["subprocess.Popen[str]"]:
    env = {**environ(), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    env.setdefault("ONDEMAND_SYNC_HOME", os.environ.get("ONDEMAND_SYNC_HOME", ""))
    started = subprocess.Popen(
        [sys.executable, "-m", *words],
        env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
        _out, err = started.communicate(timeout=30)
        assert "Traceback" not in err, err


# ------------------------------------------------------------------ every view's tree


def _said(one: Look) -> str:
    """What a screen reader says of it: its name, or the label beside it."""
    if one.role == "combo box":  # on Linux its name is what is chosen; what it is for stands in its label
        return one.seen.label()
    return one.name or one.seen.label()


def _wrong(looks: list[Look]) -> list[str]:
    found, last = [], ""
    for one in looks:
        if one.role in ("unknown", "invalid", ""):
            found.append(f"no role: {one.seen.path} “{one.name}”")
        of_a_combo = one.role == "list" and "focusable" not in one.states
        if one.role in CONTROLS and not of_a_combo and not _said(one).strip():
            found.append(f"no name: {one.role} after “{last}”")
        if one.role in ("push button", "check box") and "sensitive" in one.states and not one.seen.actions():
            found.append(f"nothing to do with it: {one.role} “{one.name}”")
        last = one.name or last
    return found


@pytest.mark.drawn(2)  # one of the two languages
def test_in_every_view_each_control_has_a_name_and_a_role(tongue: str, bus: Atspi) -> None:
    with _process("tests.ui.shown", tongue) as shown:
        assert shown.stdin is not None
        assert shown.stdout is not None
        names = _ask(shown.stdin, shown.stdout, "names").split("\t")
        assert len(names) > 30
        top = bus.program(shown)
        found: dict[str, list[str]] = {}
        seen = 0
        for name in names:
            assert _ask(shown.stdin, shown.stdout, name) == "shown"
            looks = list(top.looks())
            controls = [one for one in looks if one.role in CONTROLS]
            seen += len(controls)
            assert len(controls) > 1, (name, [(one.role, one.name) for one in looks])
            if bad := _wrong(looks):
                found[name] = bad
        assert found == {}
        assert seen > 600
        shown.stdin.write("\n")
        shown.stdin.flush()
        assert shown.wait(20) == 0


def _ask(given: IO[str], answers: IO[str], line: str) -> str:
    given.write(line + "\n")
    given.flush()
    return answers.readline().rstrip("\n")


# ------------------------------------------------------------------ a run by the actions of AT-SPI alone


class Reader:
    """A person who has nothing but a screen reader's view of the program."""

    def __init__(self, bus: Atspi, program: Seen) -> None:
        self.bus, self.program = bus, program

    def find(self, role: str, name: str, *states: str) -> Seen | None:
        """The one of that role and name that is showing."""
        for one in self.program.all():
            try:
                if one.role == role and one.name == name and one.has("showing", *states):
                    return one
            except Gone:
                continue
        return None

    def wait(self, role: str, name: str, *states: str, timeout: float = 20.0) -> Seen:
        """As soon as it is there, and in these states."""
        return wait_for(lambda: self.find(role, name, *states), f"{role} “{name}” {states}", timeout)

    def press(self, name: str, role: str = "push button", timeout: float = 20.0) -> None:
        """Press it as soon as it can be pressed."""
        self.wait(role, name, "sensitive", timeout=timeout).press()

    def window(self, title: str) -> Seen | None:
        """The dialog whose title begins so."""
        return next((one for one in self.program.children() if one.name.startswith(title)), None)

    def reads(self, words: str) -> bool:
        """True while these words stand somewhere."""
        return any(words in one.name for one in self.program.all())

    def menu(self, *names: str) -> None:
        """An item of a menu, by its words: the menu need not be open for it."""
        at = self.wait("menu item", plain(names[0]))
        for name in names[1:]:
            at = wait_for(partial(_below, at, plain(name)), name)
        at.do("Press")


def _below(above: Seen, name: str) -> Seen | None:
    """The first thing of that name in it, shown or not."""
    for one in above.children():
        found = one if one.name == name else _below(one, name)
        if found is not None:
            return found
    return None


@pytest.mark.drawn(2)  # one of the two languages
def test_a_whole_run_by_the_actions_of_a_screen_reader_alone(tongue: str, bus: Atspi) -> None:
    bus.listen()
    with _program(tongue) as started:
        reader = Reader(bus, bus.program(started))
        start = reader.wait("push button", plain(_("&Start Sync")), "sensitive")
        assert reader.reads(
            _("TRAINING: a practice company on this computer. Nothing here touches hh2, Procore or Sage.")
        )
        go_on = reader.wait("check box", plain(_("Go on with these t&abs by itself")))
        if go_on.has("checked"):
            go_on.do("Toggle")
        wait_for(lambda: not go_on.has("checked"), "it does not go on by itself")
        reader.menu(_("S&ync"), _("Compare after step &2: do they match?"))
        start.press()
        wait_for(
            lambda: reader.find("check box", tabs.title(Tab.VENDORS), "sensitive"), "step 2 is open", 60.0
        )
        wanted = (Tab.VENDORS, Tab.JOBS)
        for tab in Tab:
            box = reader.wait("check box", tabs.title(tab), "sensitive")
            if box.has("checked") is not (tab in wanted):
                box.do("Toggle")
        reader.press(plain(_("&Refresh selected tabs")))
        proof = _("What proved {tab}").format(tab=tabs.title(Tab.JOBS))
        reader.press(proof, timeout=60.0)
        box = wait_for(lambda: reader.window(proof), "the proof")
        assert any(outcomes.tab(TabOutcome.DONE) in one.name for one in box.all() if one.role == "label")
        next(one for one in box.all() if one.role == "push button").press()
        for tab in Tab:
            done = outcomes.tab(TabOutcome.DONE) in reader.wait("check box", tabs.title(tab)).description
            assert done is (tab in wanted), tab
        told = bus.announced()
        for tab in wanted:
            assert any(tabs.title(tab) in one for one in told), told
        reader.menu(_("&File"), _("E&xit"))
        assert started.wait(30) == 0


# ------------------------------------------------------------------ a run by keys alone


def _letter(words: str) -> str:
    """The key that is pressed with Alt for these words."""
    return f"alt+{words[words.index('&') + 1].lower()}"


def _keys(*keys: str) -> None:
    done = subprocess.run(["xdotool", "key", *keys], capture_output=True, check=False, timeout=10)
    assert done.returncode == 0, done.stderr


def _focused(reader: Reader) -> Seen | None:
    return next((one.seen for one in reader.program.looks() if {"focused", "showing"} <= one.states), None)


def _tab_to(reader: Reader, name: str) -> Seen:
    """Press Tab until the keyboard is on what bears this name."""
    for _time in range(60):
        at = _focused(reader)
        if at is not None and name in (at.name, at.label()):
            return at
        _keys("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


@pytest.mark.drawn(2)  # one of the two languages
def test_a_whole_run_by_keys_alone(tongue: str, bus: Atspi) -> None:
    with _program(tongue) as started:
        reader = Reader(bus, bus.program(started))
        reader.wait("push button", plain(_("&Start Sync")), "sensitive")
        wait_for(lambda: any(one.has("active") for one in reader.program.children()), "it has the keyboard")
        go_on = reader.wait("check box", plain(_("Go on with these t&abs by itself")))
        if go_on.has("checked"):
            _keys(_letter(_("Go on with these t&abs by itself")))
        wait_for(lambda: not go_on.has("checked"), "it does not go on by itself")
        _keys(_letter(_("&Start Sync")))
        wait_for(
            lambda: reader.find("check box", tabs.title(Tab.VENDORS), "sensitive"), "step 2 is open", 60.0
        )
        box = reader.wait("check box", tabs.title(Tab.VENDORS))
        if box.has("checked"):
            _keys(_letter(_("Se&lect none")))
            wait_for(lambda: not box.has("checked"), "none is chosen")
        _tab_to(reader, tabs.title(Tab.VENDORS))
        _keys("space")
        wait_for(lambda: box.has("checked"), "the vendors are chosen")
        _keys("F5")
        proof = _("What proved {tab}").format(tab=tabs.title(Tab.VENDORS))
        reader.wait("push button", proof, timeout=60.0)
        _tab_to(reader, proof)
        _keys("Return")
        told = wait_for(lambda: reader.window(proof), "the proof")
        assert any(outcomes.tab(TabOutcome.DONE) in one.name for one in told.all() if one.role == "label")
        _keys("Escape")
        wait_for(lambda: reader.window(proof) is None, "it is closed")
        stop = plain(_("S&top"))
        wait_for(lambda: reader.find("push button", stop, "sensitive") is None, "the run has ended", 60.0)
        _keys("ctrl+q")
        assert started.wait(30) == 0
