"""Calls of the system's keyring: on a thread of its own, each with a deadline, every failure said in one way."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

import anyio

from app.domain.problems import Trouble
from app.storage.keyring_backends import ERROR, LOCKED, NO_SERVICE, TIMEOUT, backend, keyring_trouble

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


T = TypeVar("T")

_IMPATIENT = 2.0  # seconds a call waits behind one that has overrun its deadline
_NO_LOGON_SESSION = 1312  # Windows: ERROR_NO_SUCH_LOGON_SESSION, in logons without a person
_log = logging.getLogger(__name__)


class _Call(Generic[T]):
    def __init__(self, work: "Callable[[KeyringBackend], T]", deadline: float) -> None:
        self.work = work
        self.deadline = deadline
        self.future: Future[T] = Future()

    def carry_out(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work(backend(self.deadline))
        except BaseException as error:  # noqa: BLE001  # keyrings raise what they like: pywintypes.error, D-Bus errors
            self.future.set_exception(_explained(error))
        else:
            self.future.set_result(result)


class KeyringThread:
    """One daemon thread for all keyring calls of the program, started at the first.

    One at a time, so that a locked keyring asks the person once. A call that hangs holds up later ones for two seconds
    each and the end of the program not at all."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[_Call[object] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._overdue: Future[object] | None = None

    async def call(self, work: "Callable[[KeyringBackend], T]", deadline: float) -> T:
        """What `work` returns, given the backend; it runs on the thread. `deadline` in seconds.

        Raises Trouble(KEYRING, why). Work that has not begun by its deadline is never begun."""
        call = _Call(work, deadline)
        self._start()
        self._calls.put(call)  # type: ignore[arg-type]  # the thread does not look into results
        patience = deadline
        if self._overdue is not None and not self._overdue.done():
            patience = min(deadline, _IMPATIENT)
        try:
            with anyio.fail_after(patience):
                return await asyncio.wrap_future(call.future)
        except TimeoutError:
            if call.future.running():
                self._overdue = call.future  # type: ignore[assignment]
            raise keyring_trouble(TIMEOUT) from None

    def close(self) -> None:
        """The thread ends after the calls it has, unless one hangs; nothing waits for it."""
        if self._thread is not None:
            self._calls.put(None)
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=_serve, args=(self._calls,), name="keyring", daemon=True)
            self._thread.start()


def _serve(calls: "SimpleQueue[_Call[object] | None]") -> None:
    while (call := calls.get()) is not None:
        call.carry_out()
        del call  # or the last secret would live on in this frame


def _explained(error: BaseException) -> Trouble:
    """The failure without its text, which could hold what was to be kept."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    if isinstance(error, Trouble):
        return error
    if isinstance(error, NoKeyringError) or getattr(error, "winerror", None) == _NO_LOGON_SESSION:
        return keyring_trouble(NO_SERVICE)
    if isinstance(error, TimeoutError):
        return keyring_trouble(TIMEOUT)
    if isinstance(error, (KeyringLocked, InitError)):
        return keyring_trouble(LOCKED)
    name = type(error).__name__
    if name in ("LockedException", "PromptDismissedException"):
        return keyring_trouble(LOCKED)
    if name in ("SecretServiceNotAvailableException", "ConnectionRefusedError", "ConnectionResetError"):
        return keyring_trouble(NO_SERVICE)
    _log.warning("keyring call failed: %s", name)
    return keyring_trouble(ERROR, kind=name)
