"""An X server without a window manager, and the first damage of the largest window that a process shows on it.

As ../shared/tools/winwatch.py has it: a top-level of at least 150 × 100, damaged after it was mapped."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from Xlib import X, display
from Xlib.ext import damage

LEAST = (150, 100)
QUIET = 1.0  # seconds without a new window: the largest is known
PATIENCE = 60.0
ROOT = Path(__file__).resolve().parents[2]
SUBJECT = Path(__file__).with_name("subject.py")


@contextmanager
def x_server() -> Iterator[str]:
    """The name of a new display."""
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(
        [*words, "-dpi", "96"], pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield ":" + told.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


@dataclass
class Shown:
    """Seconds from the start of the process. `answers` and `cpu` (user and system, until then) only where it tells."""

    damage: float
    answers: float = 0.0
    cpu: float = 0.0


@dataclass
class _Window:
    size: tuple[int, int]
    mapped: bool = False
    damaged: float = 0.0

    @property
    def is_new(self) -> bool:
        """True for one that is shown, large enough, and was not damaged before."""
        return self.mapped and not self.damaged and self.size[0] >= LEAST[0] and self.size[1] >= LEAST[1]


@dataclass
class Watcher:
    """Watches one display for the windows of one process after another."""

    name: str
    _screen: Any = field(init=False)

    def __post_init__(self) -> None:
        self._screen = display.Display(self.name)
        self._screen.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._screen.damage_query_version()
        self._screen.sync()

    def close(self) -> None:
        """Let go of the display."""
        self._screen.close()

    def start(self, words: Sequence[str], env: Mapping[str, str], *, tells: bool) -> Shown:
        """Start a program, and end it when all is known. With `tells` FD in its words is a pipe's number, and it is
        waited for until it answers; without, until no new window has come for a second."""
        while self._screen.pending_events():
            self._screen.next_event()
        read, write = os.pipe()
        os.set_blocking(read, False)
        given = [str(write) if word == "FD" else word for word in words]
        began = time.monotonic()
        process = subprocess.Popen(
            given, env={**env, "DISPLAY": self.name}, cwd=ROOT, pass_fds=[write], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(write)
        windows: dict[int, _Window] = {}
        told, newest = b"", 0.0
        try:
            while time.monotonic() - began < PATIENCE:
                if tells and b"cpu" in told and told.endswith(b"\n") and newest:
                    break
                if not tells and newest and time.monotonic() - newest > QUIET:
                    break
                if process.poll() is not None:
                    break
                if not self._screen.pending_events():
                    select.select([self._screen.fileno(), read], [], [], 0.02)
                with suppress(BlockingIOError):
                    told += os.read(read, 4096)
                newest = self._events(windows) or newest
        finally:
            os.close(read)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)  # the group that was made for it
            process.wait(10)
        shown = [one for one in windows.values() if one.damaged]
        if not shown or (tells and b"answers" not in told):
            raise RuntimeError(f"{given} showed no window, or did not answer: {process.returncode}")
        largest = max(shown, key=lambda one: one.size[0] * one.size[1])
        found = Shown(largest.damaged - began)
        for line in told.decode().splitlines():
            word, _, at = line.partition(" ")
            if word == "answers":
                found.answers = float(at) - began
            elif word == "cpu":
                found.cpu = float(at)
        return found

    def _events(self, windows: dict[int, _Window]) -> float:
        """Take what the server tells; when a window was damaged for the first time, the time of it."""
        newest = 0.0
        while self._screen.pending_events():
            event = self._screen.next_event()
            now = time.monotonic()
            if event.type == X.CreateNotify and not getattr(event, "override", 0):
                windows[event.window.id] = _Window((event.width, event.height))
                event.window.damage_create(damage.DamageReportRawRectangles)
                self._screen.flush()
            elif event.type == X.ConfigureNotify and event.window.id in windows:
                windows[event.window.id].size = (event.width, event.height)
            elif event.type == X.MapNotify and event.window.id in windows:
                windows[event.window.id].mapped = True
            elif event.type == self._screen.extension_event.DamageNotify:
                window = windows.get(event.drawable.id)
                if window is not None and window.is_new:
                    window.damaged = newest = now
        return newest


def subject(what: str, *more: str) -> list[str]:
    """The words that start a window of ours or an empty one, which tells when it answers."""
    return [sys.executable, str(SUBJECT), what, "FD", *more]
