"""Assisted on a terminal: what to press is said there, and answers are typed there; nothing is pressed by itself."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.cli.terminal import said
from app.domain.events import ByHand, NeedKind, Site
from app.domain.run import Need
from app.engine.faces import LeaveOut, Looked, Message, Ready, Stop
from tests.cli.commands import killed, lines, run
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ
from tests.ui.stories import BEGAN

START = Need(NeedKind.PRESS, BEGAN, None, Site.HH2, ByHand(Site.HH2, "start-sync"))
VENDORS = Need(
    NeedKind.PRESS, BEGAN, None, Site.PROCORE, ByHand(Site.PROCORE, "refresh-vendors", may_skip=True)
)
WORD = Need(NeedKind.CONFIRM_STEP_ONE, BEGAN, None, Site.HH2)


@pytest.mark.parametrize(
    ("line", "need", "means"),
    [
        ("", START, Ready()),
        ("s", START, None),
        ("yes", START, None),
        (" S ", VENDORS, LeaveOut()),
        ("", VENDORS, Ready()),
        ("q", VENDORS, Stop()),
        ("q", None, Stop()),
        ("", None, None),
        ("", WORD, None),
        ("It completed at 8:04", WORD, Looked("It completed at 8:04")),
    ],
)
def test_a_typed_line_is_an_answer_only_to_what_is_asked(
    line: str, need: Need | None, means: Message | None
) -> None:
    assert said(line, need) == means


class Screen:
    """What a command wrote on its terminal, read on from where the last reading stopped."""

    def __init__(self, ours: int) -> None:
        self._ours = ours
        self._unread = ""

    def until(self, words: str, seconds: float = 60.0) -> None:
        """Read up to these words, and no further: what was written with them is for the next call."""
        import select

        ends = time.monotonic() + seconds
        while (at := _one_line(self._unread).find(words)) < 0:
            left = ends - time.monotonic()
            assert left > 0, self._unread
            if select.select([self._ours], [], [], left)[0]:
                self._unread += os.read(self._ours, 4096).decode("utf-8", "replace")
        self._unread = _one_line(self._unread)[at + len(words) :]

    def type(self, line: str) -> None:
        os.write(self._ours, f"{line}\n".encode())


def _one_line(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def _terminal(*arguments: str) -> Iterator[tuple["subprocess.Popen[bytes]", Screen]]:
    """A command on a terminal of its own."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "app", *arguments]
    try:
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ(), cwd=ROOT
        ) as process:
            os.close(theirs)
            try:
                yield process, Screen(ours)
            finally:
                process.kill()
    finally:
        os.close(ours)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal there")
def test_the_terminal_says_what_to_press_and_q_stops_the_run_with_nothing_pressed(
    acme: str, admin: Admin
) -> None:
    with _terminal("sync", "--profile", acme, "--driver", "assisted") as (process, screen):
        screen.until("Press Start Sync in the browser window. It is outlined there.")
        screen.until("Enter = I did it, q = stop.")
        screen.type("q")
        screen.until("It was stopped.")
        assert process.wait(30) == 130
    assert admin.presses() == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")
def test_cut_off_between_the_announcement_and_the_press_it_is_looked_up_first_and_nobody_is_asked_again(
    acme: str, admin: Admin
) -> None:
    command = ("sync", "--profile", acme, "--driver", "assisted", "--tabs", "vendors", "--json")
    before = lines(killed("after", "write:NeedsPerson", 1, *command).stdout)
    assert before[-1]["type"] == "SyncRequested"  # nobody had been asked yet
    ended = run(*command, "--continue")
    told = [line["type"] for line in lines(ended.stdout)]
    assert told[0] == "RunResumed"
    assert "SyncAnswerLost" in told
    assert "SyncRequested" not in told
    assert ended.returncode == 30, ended.stderr
    assert admin.presses() == []
