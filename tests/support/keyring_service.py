"""The real Secret Service of the tests' desktop: looked into, locked and unlocked; and buses without one."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import desktop
import pytest
from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.support.waiting import wait_until

SECRETS = "/org/freedesktop/secrets"
NAME = "org.freedesktop.secrets"
LOGIN = "/org/freedesktop/secrets/collection/login"
USE_RUN = "needs the tests' desktop: python3 packaging/run.py test PATHS"


def need_session_bus() -> None:
    """Fail, never skip, on Linux without a session bus; there is none elsewhere."""
    if sys.platform != "linux":
        pytest.skip("D-Bus is Linux's")
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        pytest.fail(USE_RUN)


@dataclass(frozen=True)
class Kept:
    """One secret as the service keeps it."""

    path: str
    label: str
    attributes: dict[str, str]
    secret: bytes


class SecretService:
    """The login collection of the Secret Service on the session bus."""

    def items(self) -> list[Kept]:
        """Everything kept. The collection must be unlocked."""
        import secretstorage

        with _connection() as bus:
            collection = secretstorage.get_default_collection(bus)
            return [
                Kept(item.item_path, item.get_label(), dict(item.get_attributes()), item.get_secret())
                for item in collection.get_all_items()
            ]

    def is_locked(self) -> bool:
        import secretstorage

        with _connection() as bus:
            return bool(secretstorage.get_default_collection(bus).is_locked())

    def lock(self) -> None:
        import secretstorage

        with _connection() as bus:
            secretstorage.get_default_collection(bus).lock()

    def unlock(self) -> None:
        """As a person would with their password, but past the prompt: gnome-keyring has a call for that."""
        with closing(open_dbus_connection("SESSION")) as bus:
            service = DBusAddress(SECRETS, NAME, "org.freedesktop.Secret.Service")
            own = DBusAddress(
                SECRETS,
                NAME,
                "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
            )
            plain = new_method_call(service, "OpenSession", "sv", ("plain", ("s", "")))
            _output, session = bus.send_and_get_reply(plain, timeout=5).body
            password = (session, b"", desktop.KEYRING_PASSWORD.encode(), "text/plain")
            unlock = new_method_call(own, "UnlockWithMasterPassword", "o(oayays)", (LOGIN, password))
            said = bus.send_and_get_reply(unlock, timeout=5).body
        assert not self.is_locked(), f"the keyring is still locked: {said}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Locked while the block runs. With a display, a read opens a prompt and waits for as long as it stands."""
        self.lock()
        try:
            yield
        finally:
            self.unlock()

    def die(self) -> None:
        """Its process is killed; the next call starts another."""
        bus_itself = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        with closing(open_dbus_connection("SESSION")) as bus:
            ask = new_method_call(bus_itself, "GetConnectionUnixProcessID", "s", (NAME,))
            (pid,) = bus.send_and_get_reply(ask, timeout=5).body
            os.kill(pid, signal.SIGKILL)
            gone = new_method_call(bus_itself, "NameHasOwner", "s", (NAME,))
            wait_until(lambda: not bus.send_and_get_reply(gone, timeout=5).body[0], "the keyring ended")

    def forget(self, kept: Kept) -> None:
        import secretstorage

        with _connection() as bus:
            secretstorage.Item(bus, kept.path).delete()


@contextmanager
def _connection() -> Iterator[object]:
    import secretstorage

    bus = secretstorage.dbus_init()
    try:
        yield bus
    finally:
        bus.close()


BUS = "DBUS_SESSION_BUS_ADDRESS"


@pytest.fixture
def secret_service(nothing_kept_after: None) -> SecretService:
    """A real, unlocked Secret Service; what the test put into it is taken out again."""
    need_session_bus()
    service = SecretService()
    for left in reversed(
        range(5)
    ):  # its process may die of a client that an earlier test killed, and be started anew
        try:
            service.items()
            break
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no keyring
            if not left:
                pytest.fail(f"no Secret Service ({type(error).__name__}): {USE_RUN}")
    return service


@pytest.fixture(scope="session")
def _first_bus() -> Iterator[Callable[[], set[str]] | None]:
    """Tells the paths of all secrets on the bus that the tests began on; None where there is no such bus."""
    if sys.platform != "linux" or not os.environ.get(BUS):
        yield None
        return
    asked = new_method_call(
        DBusAddress(LOGIN, NAME, "org.freedesktop.DBus.Properties"),
        "Get",
        "ss",
        ("org.freedesktop.Secret.Collection", "Items"),
    )
    with closing(open_dbus_connection("SESSION")) as bus:

        def paths() -> set[str]:
            reply = bus.send_and_get_reply(asked, timeout=20)  # it may just be started anew
            if reply.header.message_type is MessageType.error:
                return set()  # this desktop has no Secret Service; the tests that need one say so
            return set(reply.body[0][1])

        yield paths


@pytest.fixture(autouse=True)
def nothing_kept_after(_first_bus: Callable[[], set[str]] | None) -> Iterator[None]:
    """What a test keeps in the keyring (a ledger's key, the mark of a refused password) goes with the test."""
    if _first_bus is None:
        yield
        return
    before = _first_bus()
    bus = os.environ[BUS]
    yield
    left = _first_bus() - before
    if not left:
        return
    with pytest.MonkeyPatch.context() as back:
        back.setenv(BUS, bus)  # the test may have gone to another bus, and not be back yet
        _forget(left)


def _forget(paths: set[str], tries: int = 5) -> None:
    """Take these out of the keyring, and again where its process dies meanwhile: it may, of a client killed before."""
    from secretstorage.exceptions import SecretStorageException

    service = SecretService()
    for left in reversed(range(tries)):
        try:
            if service.is_locked():
                service.unlock()
            for kept in service.items():
                if kept.path in paths:
                    service.forget(kept)
            return
        except (SecretStorageException, OSError):
            if not left:
                raise


@contextmanager
def another_bus(
    folder: Path, *, keyring: bool, created: bool = True, display: bool = False
) -> Iterator[dict[str, str]]:
    """The environment of a session bus of its own under `folder`.

    Without `keyring` nothing answers for secrets there; with it, but not `created`, no collection exists yet; without
    `display` no prompt can open. Folder names must be short: they become the paths of sockets."""
    env = {**os.environ, **desktop.home_environment(folder)}
    if not display:
        env.pop("DISPLAY", None)
        env.pop("WAYLAND_DISPLAY", None)
    with ExitStack() as ending:
        if keyring:
            env["DBUS_SESSION_BUS_ADDRESS"] = desktop.start_bus(ending, env)
            desktop.start_keyring(ending, env, created=created)
        else:
            env["DBUS_SESSION_BUS_ADDRESS"] = desktop.start_bus(ending, env, services=False)
        yield env


@pytest.fixture
def no_secret_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, str]]:
    """This process, and what it starts, is on a bus where nothing answers for secrets."""
    need_session_bus()
    with another_bus(tmp_path, keyring=False) as env:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", env["DBUS_SESSION_BUS_ADDRESS"])
        yield env
