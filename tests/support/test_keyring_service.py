"""The keyring of the tests is a real Secret Service that can be locked, and there can be none."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import keyring
import pytest
from keyring.backends.SecretService import Keyring as SecretServiceKeyring
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from tests.support.keyring_service import SecretService, another_bus

READ = "import keyring; print(keyring.get_password('ondemand-sync tests', 'somebody'))"


@pytest.fixture
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        yield Path(folder)


def said_by_another_process(env: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", READ], env=dict(env), capture_output=True, text=True, check=False, timeout=30
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    # When the tests are measured, the measuring may have a last word of its own.
    return next((line for line in reversed(lines) if line.startswith("keyring.errors.")), lines[-1])


def test_a_secret_is_really_kept(secret_service: SecretService) -> None:
    keyring.set_password("ondemand-sync tests", "somebody", "Zürich-42")
    kept = [item for item in secret_service.items() if item.attributes["service"] == "ondemand-sync tests"]
    assert [(item.attributes["username"], item.secret.decode()) for item in kept] == [
        ("somebody", "Zürich-42")
    ]


def test_nothing_of_another_test_is_kept(secret_service: SecretService) -> None:
    assert secret_service.items() == []


def test_it_can_be_locked_and_unlocked(secret_service: SecretService) -> None:
    with secret_service.locked():
        assert secret_service.is_locked()
    assert not secret_service.is_locked()


def test_a_keyring_that_died_is_there_again_with_what_it_kept(secret_service: SecretService) -> None:
    keyring.set_password("ondemand-sync tests", "somebody", "Zürich-42")
    secret_service.die()
    assert said_by_another_process(os.environ) == "Zürich-42"


def test_without_a_service_there_is_no_keyring(no_secret_service: Mapping[str, str]) -> None:
    with pytest.raises(RuntimeError, match="Secret Service"):
        SecretServiceKeyring.priority  # noqa: B018
    assert said_by_another_process(no_secret_service).startswith("keyring.errors.NoKeyringError")
    assert issubclass(NoKeyringError, Exception)


def test_locked_and_without_a_display_it_says_so_at_once(
    short_folder: Path, secret_service: SecretService
) -> None:
    with another_bus(short_folder, keyring=True) as env:
        lock = (
            "import secretstorage as s; b = s.dbus_init(); c = s.get_default_collection(b);"
            "c.create_item('x', {'service': 'ondemand-sync tests', 'username': 'somebody'}, b'y'); c.lock(); b.close()"
        )
        subprocess.run([sys.executable, "-c", lock], env=env, check=True)
        assert said_by_another_process(env).startswith(f"keyring.errors.{KeyringLocked.__name__}")


def test_where_none_was_ever_created_it_says_so(short_folder: Path, secret_service: SecretService) -> None:
    with another_bus(short_folder, keyring=True, created=False) as env:
        assert said_by_another_process(env).startswith(f"keyring.errors.{InitError.__name__}")
