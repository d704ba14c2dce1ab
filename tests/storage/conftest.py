"""Folders, disks that are full or cannot be written, and a keyring's thread, for the tests of storage."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.storage import folders as where
from app.storage.folders import Folders
from app.storage.keyring_thread import KeyringThread


@pytest.fixture
def folders(own_home: Path) -> Folders:
    """The program's folders in this test, made."""
    found = where.locate()
    found.ready()
    return found


@pytest.fixture
def company(folders: Folders) -> Path:
    """The data folder of the profile "Acme"."""
    return folders.of_profile_ready("Acme")


@pytest.fixture
def keyring_thread() -> Iterator[KeyringThread]:
    thread = KeyringThread()
    yield thread
    thread.close()


def mounted(what: str, place: Path, *options: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *options, what, str(place)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"may not mount here: {done.stderr.strip()}")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 512 KiB; `fill` takes what is left of it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "tiny"
    mounted("tiny", place, "-t", "tmpfs", "-o", "size=512k")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave not a byte free; remove the file that is returned to have room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder and what is in it cannot be written, not even by root, while the block runs."""
    if sys.platform != "linux":
        pytest.skip("read-only mounts are Linux's")
    if os.geteuid() != 0:
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)
        return
    mounted(str(folder), folder, "--bind")
    subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def die_with_parent() -> None:
    """For a child process: end when the tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, 9)
