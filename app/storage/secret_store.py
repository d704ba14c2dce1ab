"""Where a profile's secrets are put and found again: the keyring, or an encrypted file for what is too large for it."""

import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread
import msgspec

from app.domain.decoding import BROKEN
from app.domain.profile import Secret
from app.storage import sealed_files
from app.storage.keyring_thread import KeyringThread
from app.storage.sealed_files import Index, Place
from app.storage.secret_text import MASK

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

# Windows takes 2,560 bytes. The same limit everywhere: what is tried on one system holds on all.
LARGEST = 1280  # UTF-16 units
LONGEST_NAME = 512  # characters of the user name; Windows takes 513
PROFILE_KEY, LEDGER_KEY = "profile-key", Secret.LEDGER_KEY.value
OWN = "this-program"  # the user name of keys that no site knows
_KEY_BYTES = 32


class Given(msgspec.Struct, frozen=True):
    """What is kept of a secret: the text, and for which address and user it was given."""

    origin: str
    user: str
    text: str

    def __repr__(self) -> str:
        return f"Given({self.origin}, {MASK})"

    def fits(self, address: str, user: str) -> bool:
        """True while the profile still speaks of the address and the user it was given for."""
        return self.origin == address and self.user in ("", user)


class SecretStore:
    """The kept secrets of one profile. All methods raise Trouble(KEYRING, why) and Trouble(DISK)."""

    def __init__(self, profile: str, folder: Path, keyring: KeyringThread, deadline: float) -> None:
        self._profile = profile
        self._folder = folder
        self._keyring = keyring
        self._deadline = deadline
        self._turn = anyio.Lock()
        self._key: bytes | None = None

    async def read(self, secret: Secret, address: str) -> Given | None:
        """The secret as it was given for this address; None where there is none, or none that can be read."""
        place = (await self.index()).kept.get(secret.value)
        stored: str | None
        if place is not None and place.where == "file":
            key = await self.profile_key()
            stored = await in_thread(sealed_files.unseal, self._folder, secret, key)
        else:
            stored = await self._call(partial(_get, self._service(secret.value), address))
        if stored is None:
            return None
        try:
            return msgspec.json.decode(stored, type=Given)
        except BROKEN:
            return None

    async def write(self, secret: Secret, given: Given) -> None:
        """Durable when it returns. The new place is written before the old one is cleared: a stop in between leaves
        both, and the index decides. Raises ValueError for what is no text."""
        try:
            stored = msgspec.json.encode(given).decode()
        except UnicodeEncodeError:
            raise ValueError("half a character is no text") from None
        service = self._service(secret.value)
        small = len(stored.encode("utf-16-le")) // 2 <= LARGEST
        async with self._turn:
            index = await self.index()
            old = index.kept.get(secret.value)
            if small:
                await self._call(partial(_set, service, given.origin, stored))
            else:
                key = await self.profile_key()
                await in_thread(sealed_files.seal, self._folder, secret, key, stored)
            new = Place(given.origin, "keyring" if small else "file")
            if new != old:
                await self._write_index(index.with_place(secret, new))
            if small:
                await in_thread(sealed_files.unseal_nothing, self._folder, secret)
            outdated = {old.origin} if old is not None and old.where == "keyring" else set()
            for address in outdated - ({given.origin} if small else set()):
                await self._call(partial(_delete, service, address))

    async def forget(self, secret: Secret, address: str) -> None:
        """The secret is gone: the one kept, and whatever stands under this address."""
        async with self._turn:
            await self._forget(secret, address)

    async def forget_all(self, addresses: dict[Secret, str]) -> None:
        """Everything of this profile is gone, the keys too."""
        async with self._turn:
            for secret in Secret:
                await self._forget(secret, addresses.get(secret, ""))
            await self._call(partial(_delete, self._service(PROFILE_KEY), OWN))
            self._key = None
            await self._write_index(Index())

    async def move(self, profile: str, folder: Path) -> None:
        """The profile has another name, its folder was moved: the keyring's entries follow, one by one."""
        before = self._profile
        async with self._turn:
            index = await in_thread(sealed_files.read_index, folder)
            entries = [(PROFILE_KEY, OWN), (LEDGER_KEY, OWN)]
            entries += [
                (name, place.origin) for name, place in index.kept.items() if place.where == "keyring"
            ]
            for name, user in entries:
                old, new = service_name(before, name), service_name(profile, name)
                await self._call(partial(_move, old, new, user))
            self._profile, self._folder = profile, folder

    async def index(self) -> Index:
        """What lies in the folder about the secrets."""
        return await in_thread(sealed_files.read_index, self._folder)

    async def mark(self, fingerprint: str) -> None:
        """One more refused secret."""
        async with self._turn:
            await self._write_index((await self.index()).with_mark(fingerprint))

    async def lift(self, fingerprint: str) -> None:
        """This secret is no longer refused."""
        async with self._turn:
            index = await self.index()
            if fingerprint in index.refused:
                await self._write_index(index.without_mark(fingerprint))

    async def profile_key(self) -> bytes:
        """The key of this profile's fingerprints and encrypted files, made once."""
        if self._key is None:
            self._key = await self.key(PROFILE_KEY)
        return self._key

    async def key(self, name: str) -> bytes:
        """A key of the program's own, made at the first call. 32 bytes."""
        return bytes.fromhex(await self._call(partial(_get_or_make, self._service(name), OWN)))

    async def _forget(self, secret: Secret, address: str) -> None:
        index = await self.index()
        place = index.kept.get(secret.value)
        for there in {address, place.origin if place else ""} - {""}:
            await self._call(partial(_delete, self._service(secret.value), there))
        await in_thread(sealed_files.unseal_nothing, self._folder, secret)
        if place is not None:
            await self._write_index(index.with_place(secret, None))

    async def _write_index(self, index: Index) -> None:
        await in_thread(sealed_files.write_index, self._folder, index)

    def _service(self, name: str) -> str:
        return service_name(self._profile, name)

    async def _call(self, work: "Callable[[KeyringBackend], T]") -> T:
        return await self._keyring.call(work, self._deadline)


async def in_thread(work: Callable[..., T], *arguments: object) -> T:
    """Disk work, off the loop."""
    return await anyio.to_thread.run_sync(partial(work, *arguments))


def service_name(profile: str, secret: str) -> str:
    """The name under which the keyring holds a secret of a profile."""
    return f"ondemand-sync/{profile}/{secret}"


def named(address: str) -> str:
    """The user name under which the keyring holds what was given for this address: itself, or for one that Windows
    would refuse its fingerprint. The address stands in what is kept as well, and is compared there."""
    return address if len(address) <= LONGEST_NAME else hashlib.sha256(address.encode()).hexdigest()


def _get(service: str, user: str, backend: "KeyringBackend") -> str | None:
    return backend.get_password(service, named(user))


def _set(service: str, user: str, text: str, backend: "KeyringBackend") -> None:
    backend.set_password(service, named(user), text)


def _delete(service: str, user: str, backend: "KeyringBackend") -> None:
    if backend.get_password(service, named(user)) is not None:
        backend.delete_password(service, named(user))


def _move(old: str, new: str, user: str, backend: "KeyringBackend") -> None:
    text = backend.get_password(old, named(user))
    if text is not None and old != new:
        backend.set_password(new, named(user), text)
        backend.delete_password(old, named(user))


def _get_or_make(service: str, user: str, backend: "KeyringBackend") -> str:
    text = backend.get_password(service, user)
    if text is None:
        backend.set_password(service, user, os.urandom(_KEY_BYTES).hex())
        text = backend.get_password(
            service, user
        )  # what stands there, should another process have made one too
    if text is None:
        raise LookupError("the keyring does not give back what it took")
    return text
