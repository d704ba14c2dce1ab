"""The background thread on which all network, browser, keyring and disk work is done: one
asyncio loop, started once."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class EngineThread:
    """An asyncio loop in its own thread. `submit` from any thread; `stop` cancels what is left and joins."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        # A daemon: a call into a hung keyring must not keep the program alive.
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)

    def start(self) -> None:
        """Returns when the loop takes work."""
        self._thread.start()
        self._started.wait()

    def _main(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            asyncio.set_event_loop(self._loop)
            self._loop.call_soon(self._started.set)
            self._loop.run_forever()

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run a coroutine in the loop; its result or exception is in the future."""
        if self._loop is None:
            raise RuntimeError("start first")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, timeout: float = 5.0) -> None:
        """Cancel what is left, end the loop and join; after `timeout` seconds the thread is left
        to die with us."""
        if self._loop is None or not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout)
