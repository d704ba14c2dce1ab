"""The one keyring of each system, and how each is bent: where secrets go, and how long a prompt may stand."""

import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from app.domain.problems import ProblemId, Trouble, trouble

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend
    from secretstorage import Collection

NO_SERVICE, LOCKED, TIMEOUT, ERROR = "no-service", "locked", "timeout", "error"


def keyring_trouble(why: str, **facts: str) -> Trouble:
    """Trouble(KEYRING, why): no-service, locked, timeout or error."""
    return trouble(ProblemId.KEYRING, why=why, **facts)


def backend(deadline: float) -> "KeyringBackend":
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
    ours: KeyringBackend = service
    return ours


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
