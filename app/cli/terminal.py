"""What a person types on the terminal while a run asks them to press something in the browser."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.events import NeedKind
from app.domain.run import Need
from app.engine.faces import LeaveOut, Looked, Message, Ready, Stop

_STDIN = 0


def said(line: str, need: Need | None) -> Message | None:
    """What a typed line means as the answer to what is asked; None where it means nothing there."""
    word = line.strip()
    if word.casefold() == "q":
        return Stop()
    match need:
        case Need(kind=NeedKind.CONFIRM_STEP_ONE) if word:
            return Looked(word)
        case Need(kind=NeedKind.PRESS, by_hand=by_hand):
            if word.casefold() == "s" and by_hand is not None and by_hand.may_skip:
                return LeaveOut()
            return Ready() if not word else None
        case _:
            return None


@contextmanager
def listening(needs: Callable[[], Need | None], tell: Callable[[Message], None]) -> Iterator[None]:
    """While inside, typed lines are told as what they mean; nothing is read where nobody is at a terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        yield
        return
    loop = asyncio.get_running_loop()
    over = threading.Event()

    def take(line: str) -> None:
        message = said(line, needs())
        if message is not None and not over.is_set():
            tell(message)

    def read() -> None:
        # Straight from the system: a thread that waits in Python's own reader would hold up the end of the program.
        left = b""
        while not over.is_set():
            try:
                data = os.read(_STDIN, 1024)
            except OSError:
                return
            if not data:
                return
            *lines, left = (left + data).split(b"\n")
            for one in lines:
                try:
                    loop.call_soon_threadsafe(take, one.decode("utf-8", "replace"))
                except RuntimeError:  # the run is over
                    return

    threading.Thread(target=read, name="terminal", daemon=True).start()
    try:
        yield
    finally:
        over.set()
