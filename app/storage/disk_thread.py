"""A thread for disk work: one thing after another, in the order it was asked for, while the loop goes on."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

_Work = tuple[Callable[[], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]


class DiskThread:
    """Started at the first call. Quicker than a pool, whose hand-over costs as much as a third of a synced write."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. A cancelled caller no longer waits; the work is done all the same."""
        if self._closed:
            raise RuntimeError(f"{self._name} is closed")
        if self._thread is None:
            # A daemon: should nobody close it, an unanswered write is lost with the program, and nothing hangs.
            self._thread = threading.Thread(
                target=_serve, args=(self._waiting,), name=self._name, daemon=True
            )
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.put((work, loop, future))
        return await future

    async def close(self, last: Callable[[], None]) -> None:
        """After all that was asked for, do the last thing, and end. A second time does nothing."""
        if self._closed:
            return
        self._closed = True
        if self._thread is None:
            last()
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.put((last, loop, future))
        self._waiting.put(None)
        await future


def _serve(waiting: "SimpleQueue[_Work | None]") -> None:
    while (asked := waiting.get()) is not None:
        work, loop, future = asked
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the caller
            _answer(loop, _fail, future, error)
        else:
            _answer(loop, _succeed, future, result)


def _answer(loop: asyncio.AbstractEventLoop, settle: Callable[..., None], *arguments: object) -> None:
    try:
        loop.call_soon_threadsafe(settle, *arguments)
    except RuntimeError:  # the loop has ended; nobody waits
        return


def _succeed(future: "asyncio.Future[Any]", result: object) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
