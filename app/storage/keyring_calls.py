"""Calls of the system's keyring: on a thread of its own, each with a deadline, every failure said in one way."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio

from app.domain.problems import ProblemId, Trouble, trouble

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend
    from secretstorage import Collection


T = TypeVar("T")

NO_SERVICE, LOCKED, TIMEOUT, ERROR = "no-service", "locked", "timeout", "error"
_IMPATIENT = 2.0  # seconds a call waits behind one that has overrun its deadline
_NO_LOGON_SESSION = 1312  # Windows: ERROR_NO_SUCH_LOGON_SESSION, in logons without a person
_log = logging.getLogger(__name__)


def keyring_trouble(why: str, **facts: str) -> Trouble:
    """Trouble(KEYRING, why): no-service, locked, timeout or error."""
    return trouble(ProblemId.KEYRING, why=why, **facts)


class _Call(Generic[T]):
    def __init__(self, work: "Callable[[KeyringBackend], T]", deadline: float) -> None:
        self.work = work
        self.deadline = deadline
        self.future: Future[T] = Future()

    def carry_out(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work(_backend(self.deadline))
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


def _backend(deadline: float) -> "KeyringBackend":
    """The one backend of this system, named here: a frozen program finds none by itself, and one that was configured
    elsewhere might write plain text. Raises Trouble(KEYRING, why="no-service")."""
    try:
        return _system_backend(deadline)
    except (RuntimeError, ImportError):  # what the library answers where the backend cannot work
        raise keyring_trouble(NO_SERVICE) from None


def _system_backend(deadline: float) -> "KeyringBackend":
    if sys.platform == "win32":  # only on Windows
        return _credential_manager()()
    if sys.platform == "darwin":  # only on macOS
        from keyring.backends import macOS

        _ = macOS.Keyring.priority
        return macOS.Keyring()
    service = _secret_service()()
    service.prompt_seconds = deadline
    backend: KeyringBackend = service
    return backend


@cache
def _credential_manager() -> "type[KeyringBackend]":  # only on Windows
    from keyring.backends import Windows

    _ = Windows.WinVaultKeyring.priority

    class CredentialManager(Windows.WinVaultKeyring):
        """The library's own, kept on this computer, and without the copy of the old value that it makes when a new one
        comes: every secret of ours has a service name of its own, so there is nobody to make room for."""

        def set_properties_from_env(self) -> None:
            """Nothing in the environment bends where secrets go."""

        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.persist = "local machine"  # not carried to other computers with a roaming profile

        def set_password(self, service: str, username: str, password: str) -> None:
            self._set_password(service, username, password)  # type: ignore[no-untyped-call]

    return CredentialManager


@cache
def _secret_service() -> Any:
    import secretstorage
    from keyring.backends import SecretService
    from keyring.errors import KeyringLocked, NoKeyringError

    class OurSecretService(SecretService.Keyring):
        """The library's own, but a prompt to unlock has a deadline, and a connection is closed when it fails."""

        prompt_seconds = 20.0

        def set_properties_from_env(self) -> None:
            """Nothing in the environment bends where secrets go."""

        def get_preferred_collection(self) -> "Collection":
            try:
                bus = secretstorage.dbus_init()
            except OSError:  # an address without a bus behind it
                raise NoKeyringError from None
            try:
                collection = secretstorage.get_default_collection(bus)
                if collection.is_locked():
                    collection.unlock(timeout=self.prompt_seconds)
                    if collection.is_locked():
                        raise KeyringLocked
            except BaseException:
                with suppress(OSError):
                    bus.close()
                raise
            return collection

    return OurSecretService
