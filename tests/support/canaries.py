"""Canaries: the spellings in which a secret could have been written, and where in files and texts they stand."""

import json
import sqlite3
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def spellings(secret: str) -> list[bytes]:
    """The secret as it could have been written: plain, in JSON, in an address, in base64, in UTF-16, in hex."""
    text = secret.encode()
    return [
        text,
        json.dumps(secret).strip('"').encode(),
        quote(secret).encode(),
        quote_plus(secret).encode(),
        b64encode(text).rstrip(b"=")[:-1],
        secret.encode("utf-16-le"),
        text.hex().encode(),
    ]


def standing_in(secrets: Mapping[str, str], texts: Mapping[str, bytes]) -> list[str]:
    """ "NAME in PLACE" for each secret that stands in a text in any spelling."""
    return [
        f"{name} in {where}"
        for name, secret in secrets.items()
        for where, text in texts.items()
        if any(spelling in text for spelling in spellings(secret))
    ]


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file under a folder by its path; what is packed or encrypted in it stands beside it, opened."""
    found: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        name = str(path.relative_to(folder))
        found[name] = path.read_bytes()
        found |= {f"{name}!{inner}": text for inner, text in _opened(path, found[name])}
    return found


def _opened(path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"PK"):
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as packed:
            yield from ((one, packed.read(one)) for one in packed.namelist())
    if data.startswith(b"SQLite format 3\0"):
        yield "decrypted", b"\n".join(_decrypted(path))


def _decrypted(path: Path) -> Iterator[bytes]:
    """What Chromium encrypts (cookies, passwords) with the key of its "basic" store, which everybody knows."""
    key = PBKDF2HMAC(SHA1(), 16, b"saltysalt", 1).derive(b"peanuts")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in file.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, bytes) and value[:3] in (b"v10", b"v11") and len(value) % 16 == 3:
                        opens = Cipher(algorithms.AES(key), modes.CBC(b" " * 16)).decryptor()
                        yield opens.update(value[3:]) + opens.finalize()
