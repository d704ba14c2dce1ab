"""A stand-in for Windows' Credential Manager behind the real backend: it refuses what Windows refuses, in its way."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import keyring.backends
import pytest

from app.storage import keyring_backends

BLOB, NAME = 2560, 513  # CRED_MAX_CREDENTIAL_BLOB_SIZE in bytes, CRED_MAX_USERNAME_LENGTH in characters


class VaultError(Exception):
    """As pywintypes.error: an exception that is none of keyring's."""

    def __init__(self, winerror: int, funcname: str, text: str) -> None:
        super().__init__(winerror, funcname, text)
        self.winerror, self.funcname, self.strerror = winerror, funcname, text


class Vault(ModuleType):
    """`win32cred`, with the entries in `kept` by their target."""

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_SESSION, CRED_PERSIST_LOCAL_MACHINE, CRED_PERSIST_ENTERPRISE = 1, 2, 3

    def __init__(self) -> None:
        super().__init__("win32cred")
        self.kept: dict[str, dict[str, Any]] = {}
        self.fails: VaultError | None = None

    def CredRead(self, Type: int, TargetName: str) -> dict[str, Any]:  # noqa: ARG002, N802, N803
        self._may()
        if TargetName not in self.kept:
            raise VaultError(1168, "CredRead", "Element not found.")
        entry = self.kept[TargetName]
        return {**entry, "CredentialBlob": entry["CredentialBlob"].encode("utf-16-le")}

    def CredWrite(self, credential: dict[str, Any], flags: int) -> None:  # noqa: ARG002, N802
        self._may()
        blob = credential["CredentialBlob"].encode("utf-16-le")
        if len(blob) > BLOB or len(credential["UserName"]) > NAME:
            raise VaultError(1783, "CredWrite", "The stub received bad data.")
        self.kept[credential["TargetName"]] = credential

    def CredDelete(self, Type: int, TargetName: str) -> None:  # noqa: ARG002, N802, N803
        self._may()
        del self.kept[TargetName]

    def _may(self) -> None:
        if self.fails is not None:
            raise self.fails


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    """The program believes to be on Windows, as far as its keyring goes."""
    made, types = Vault(), ModuleType("pywintypes")
    types.error = VaultError  # type: ignore[attr-defined]
    package = ModuleType("win32ctypes.pywin32")
    package.pywintypes, package.win32cred = types, made  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32ctypes", ModuleType("win32ctypes"))
    monkeypatch.setitem(sys.modules, "win32ctypes.pywin32", package)
    monkeypatch.delitem(sys.modules, "keyring.backends.Windows", raising=False)
    monkeypatch.delattr(keyring.backends, "Windows", raising=False)  # an import takes what is there
    monkeypatch.setattr(keyring_backends, "sys", SimpleNamespace(platform="win32"))
    keyring_backends._credential_manager.cache_clear()
    yield made
    keyring_backends._credential_manager.cache_clear()
    sys.modules.pop("keyring.backends.Windows", None)
    vars(keyring.backends).pop("Windows", None)
