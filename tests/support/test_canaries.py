"""A canary that was written anywhere would be found, whatever its spelling, packed or encrypted."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from base64 import b64encode
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from tests.support.canaries import files_under, standing_in
from tests.support.waiting import wait_until
from tests.support.watching import watched

BIRD = "Kanarienvogel-4711-é"


@pytest.mark.parametrize(
    "written",
    [
        f"typed {BIRD} here".encode(),
        json.dumps({"password": BIRD}).encode(),
        b"password=Kanarienvogel-4711-%C3%A9&x=1",
        b64encode(BIRD.encode()),
        BIRD.encode("utf-16"),
        BIRD.encode().hex().encode(),
    ],
)
def test_in_any_spelling(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "left.log").write_bytes(written)
    assert standing_in({"wrong": BIRD, "other": "x" * 20}, files_under(tmp_path)) == ["wrong in left.log"]


def test_in_a_packed_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "left.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner.txt", BIRD * 50)
    assert standing_in({"wrong": BIRD}, files_under(tmp_path)) == ["wrong in left.zip!inner.txt"]


def test_in_what_a_browser_encrypts_with_the_key_that_everybody_knows(tmp_path: Path) -> None:
    key = PBKDF2HMAC(SHA1(), 16, b"saltysalt", 1).derive(b"peanuts")
    seals = Cipher(algorithms.AES(key), modes.CBC(b" " * 16)).encryptor()
    text = BIRD.encode()
    left = 16 - len(text) % 16
    sealed = b"v10" + seals.update(text + bytes([left]) * left) + seals.finalize()
    with closing(sqlite3.connect(tmp_path / "Login Data")) as file, file:
        file.execute("CREATE TABLE logins (password_value BLOB)")
        file.execute("INSERT INTO logins VALUES (?)", (sealed,))
    assert standing_in({"wrong": BIRD}, files_under(tmp_path)) == ["wrong in Login Data!decrypted"]


@pytest.mark.skipif(sys.platform != "linux", reason="how others look at a process differs")
def test_in_the_arguments_or_the_environment_of_a_process() -> None:
    with watched(0.01) as seen:
        waits = "import sys; sys.stdin.read()"
        child = subprocess.Popen(
            [sys.executable, "-c", waits, BIRD],
            stdin=subprocess.PIPE,
            env={**os.environ, "PASSWORD": BIRD[::-1]},
        )
        wait_until(lambda: any(BIRD in text for text in seen.arguments.values()), "the child was seen")
        child.communicate()
    assert any(BIRD[::-1] in text for text in seen.environments.values())
