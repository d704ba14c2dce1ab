"""A tray and a notification service for the tests, on the real session bus: they keep what a program shows there.

    def test_the_tray_says_done(tray, ...):
        item = tray.item()                       # waits until one is registered
        wait_until(lambda: tray.look(item).tooltip_title == "Done", "the tooltip")
        tray.click(item, "Open the window")      # by the words in the menu
        notice = tray.notice("All six tabs")     # waits until one with these words was shown

Works for a window in this process (Qt's loop goes on while it waits) and for programs that a test starts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from tests.support.keyring_service import need_session_bus
from tests.support.tray_service import Entry, Look, Notice, Reply, Request, Seen, TrayItem
from tests.support.waiting import wait_until

__all__ = ["Entry", "Look", "Notice", "TrayHost", "TrayItem"]


class TrayHost:
    """The tray and the notification service."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.tray_service"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._got = b""
        self._owed = 0
        line = self._replies.readline()
        assert line == b"ready\n", f"the tray of the tests did not start: {line!r}"
        os.set_blocking(self._replies.fileno(), False)

    def stop(self) -> None:
        self._requests.close()
        self._process.wait(10)
        self._replies.close()

    def _ask(self, request: Request) -> Reply:
        # Answers to what a failed test no longer waited for come first
        while self._owed:
            self._next_line("an earlier answer of the tests' tray")
        self._requests.write(msgspec.json.encode(request) + b"\n")
        self._requests.flush()
        self._owed += 1
        reply = msgspec.json.decode(self._next_line(f"the tray's answer to {request.do}"), type=Reply)
        if reply.error:
            raise AssertionError(f"{request.do}: {reply.error}")
        return reply

    def _next_line(self, what: str) -> bytes:
        def arrived() -> bool:
            self._got += self._replies.read() or b""
            return b"\n" in self._got

        wait_until(arrived, what, timeout=8.0)
        line, _, self._got = self._got.partition(b"\n")
        self._owed -= 1
        return line

    @property
    def _seen(self) -> Seen:
        seen = self._ask(Request("see")).seen
        assert seen is not None
        return seen

    # -------------------------------------------------------------- what is there

    @property
    def items(self) -> list[TrayItem]:
        """The icons that are in the tray now, the newest last."""
        return self._seen.items

    @property
    def notices(self) -> list[Notice]:
        """The notifications since the test began, the newest last."""
        return self._seen.notices

    @property
    def closed(self) -> list[int]:
        """The ids of the notifications that programs took back."""
        return self._seen.closed

    def item(self, timeout: float = 5.0) -> TrayItem:
        """The newest icon; waits until there is one."""
        wait_until(lambda: self.items, "an icon in the tray", timeout)
        return self.items[-1]

    def notice(self, words: str = "", timeout: float = 5.0) -> Notice:
        """The newest notification with these words in its summary or body; waits until there is one."""

        def found() -> list[Notice]:
            return [notice for notice in self.notices if words in f"{notice.summary}\n{notice.body}"]

        wait_until(found, f"a notification with {words!r}", timeout)
        return found()[-1]

    def look(self, item: TrayItem) -> Look:
        """What the tray shows of it now."""
        look = self._ask(Request("look", item)).look
        assert look is not None
        return look

    def menu(self, item: TrayItem) -> list[Entry]:
        """The entries of its menu, as the tray would show them now."""
        menu = self._ask(Request("menu", item)).menu
        assert menu is not None
        return menu.children

    # -------------------------------------------------------------- what a person does

    def click(self, item: TrayItem, label: str) -> None:
        """Click the entry with these words. Fails when there is not exactly one that can be clicked."""
        found = [entry for entry in _walk(self.menu(item)) if entry.label == label]
        assert len(found) == 1, f"{len(found)} entries {label!r} among {[e.label for e in self.menu(item)]}"
        assert found[0].enabled, f"the entry {label!r} is greyed"
        assert found[0].visible, f"the entry {label!r} is hidden"
        self._ask(Request("click", item, number=found[0].id))

    def activate(self, item: TrayItem) -> None:
        """Click the icon itself."""
        self._ask(Request("activate", item))

    def press(self, notice: Notice, action: str = "default") -> None:
        """Click a notification. Qt's own tray icon offers no action and hears nothing of it."""
        self._ask(Request("press", number=notice.id, words=action))

    def dismiss(self, notice: Notice) -> None:
        """Close a notification as a person does."""
        self._ask(Request("dismiss", number=notice.id))

    @contextmanager
    def away(self) -> Iterator[None]:
        """No tray while the block runs, as when the panel has crashed.

        Qt decides once in a process what kind of tray there is: one that never finds any needs a process of its own,
        started inside the block."""
        self._ask(Request("leave"))
        try:
            yield
        finally:
            self._ask(Request("return"))

    def forget(self) -> None:
        """Begin anew: no notifications so far."""
        self._ask(Request("forget"))


def _walk(entries: list[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _walk(entry.children)


@pytest.fixture(scope="session", autouse=True)
def _tray_host() -> Iterator[TrayHost | None]:
    """There before the first QApplication, for Qt looks only once whether there is a tray."""
    if sys.platform != "linux" or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        yield None
        return
    host = TrayHost()
    yield host
    host.stop()


@pytest.fixture
def tray(_tray_host: TrayHost | None) -> TrayHost:
    """The tray and notification service, with nothing shown yet in this test."""
    need_session_bus()
    assert _tray_host is not None
    _tray_host.forget()
    return _tray_host
