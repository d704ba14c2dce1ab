"""What lies in a profile's folder about its secrets: where each is kept, which were refused, and, encrypted, those too
large for the keyring."""

import hmac
import os
from pathlib import Path
from typing import Literal

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.profile import Secret
from app.storage.folders import make

INDEX = "secrets.json"
SEALED = ".sealed"
_MAGIC = b"ODS1"
_NONCE = 12
_MARKS = 50  # a person does not type more wrong passwords than that


class Place(msgspec.Struct, frozen=True):
    """Where a secret is kept, and the origin it was given for."""

    origin: str
    where: Literal["keyring", "file"]


class Index(msgspec.Struct, frozen=True):
    """Nothing secret: `refused` holds keyed fingerprints, and their key is in the keyring."""

    kept: dict[str, Place] = {}
    refused: tuple[str, ...] = ()

    def with_place(self, secret: Secret, place: Place | None) -> "Index":
        """The index with the secret kept there; None: no longer kept."""
        kept = {name: there for name, there in self.kept.items() if name != secret.value}
        if place is not None:
            kept[secret.value] = place
        return Index(kept, self.refused)

    def with_mark(self, fingerprint: str) -> "Index":
        """The index with one more refused secret."""
        others = tuple(mark for mark in self.refused if mark != fingerprint)
        return Index(self.kept, (*others, fingerprint)[-_MARKS:])

    def without_mark(self, fingerprint: str) -> "Index":
        """The index with this one no longer refused."""
        return Index(self.kept, tuple(mark for mark in self.refused if mark != fingerprint))


def read_index(folder: Path) -> Index:
    """The index of a profile; an empty one where there is none. One that cannot be read is kept aside as a copy.

    Raises Trouble(DISK)."""
    path = folder / INDEX
    data = disk.read(path)
    if data is None:
        return Index()
    try:
        return msgspec.json.decode(data, type=Index)
    except BROKEN:
        disk.keep_aside(path)
        return Index()


def write_index(folder: Path, index: Index) -> None:
    """Raises Trouble(DISK)."""
    make(folder)
    disk.write(folder / INDEX, msgspec.json.format(msgspec.json.encode(index), indent=1))


def seal(folder: Path, secret: Secret, key: bytes, text: str) -> None:
    """Write the text encrypted (AES-256-GCM; the key is derived from the profile's own). Raises Trouble(DISK)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_file_key(key)).encrypt(nonce, text.encode(), secret.value.encode())
    make(folder)
    disk.write(_sealed(folder, secret), _MAGIC + nonce + sealed)


def unseal(folder: Path, secret: Secret, key: bytes) -> str | None:
    """The text back; None where there is none, or none that this key opens. Raises Trouble(DISK)."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = disk.read(_sealed(folder, secret))
    if data is None or not data.startswith(_MAGIC) or len(data) <= len(_MAGIC) + _NONCE:
        return None
    nonce, sealed = data[len(_MAGIC) :][:_NONCE], data[len(_MAGIC) + _NONCE :]
    try:
        return AESGCM(_file_key(key)).decrypt(nonce, sealed, secret.value.encode()).decode()
    except InvalidTag:
        return None


def unseal_nothing(folder: Path, secret: Secret) -> None:
    """The encrypted file of a secret is gone. Raises Trouble(DISK)."""
    path = _sealed(folder, secret)
    if path.exists():
        disk.remove(path)


def _sealed(folder: Path, secret: Secret) -> Path:
    return folder / f"{secret.value}{SEALED}"


def _file_key(key: bytes) -> bytes:
    return hmac.digest(key, b"on-demand sync: sealed files", "sha256")
