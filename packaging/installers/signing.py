"""Signing what a Windows package holds: the command is the release machine's own, given in SIGN_CMD and VERIFY_CMD.

Both name the file by {file}; the first signs it where it lies, the second ends with 0 where the signature is good."""

import os
import shlex
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

from machine import Refused

SIGNED_KINDS = {".exe", ".dll", ".pyd"}


def command(template: str, path: Path) -> list[str]:
    """The words of a command, with the file in its place."""
    return [word.replace("{file}", str(path)) for word in shlex.split(template)]


def is_signed(path: Path) -> bool:
    """Whether a Windows program or library bears a signature at all, good or bad."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:2] != b"MZ":
        return False
    at = int(struct.unpack_from("<I", head, 0x3C)[0])
    if head[at : at + 4] != b"PE\0\0":
        return False
    plus = struct.unpack_from("<H", head, at + 24)[0] == 0x20B
    directories = at + 24 + (112 if plus else 96)
    place, size = struct.unpack_from("<II", head, directories + 4 * 8)
    return bool(place and size)


def sign(paths: list[Path], env: Mapping[str, str] = os.environ) -> int:
    """Sign those that bear no signature yet, and hold each to the check; how many were signed. 0 without SIGN_CMD.

    Raises Refused where a signature could not be made or is not good."""
    template = env.get("SIGN_CMD", "")
    if not template:
        return 0
    bare = [path for path in paths if path.suffix.lower() in SIGNED_KINDS and not is_signed(path)]
    for path in bare:
        _run(command(template, path), f"{path.name} could not be signed")
        verify(path, env)
    return len(bare)


def verify(path: Path, env: Mapping[str, str] = os.environ) -> None:
    """Raises Refused where a file bears no signature, or VERIFY_CMD says that it is not good."""
    if not is_signed(path):
        raise Refused(f"SIGN_CMD ended well, but {path.name} bears no signature.")
    if template := env.get("VERIFY_CMD", ""):
        _run(command(template, path), f"The signature of {path.name} is not good")


def _run(words: list[str], otherwise: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise Refused(f"{otherwise}:\n{done.stdout}{done.stderr}")
