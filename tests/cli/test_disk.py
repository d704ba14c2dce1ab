"""A disk that is full, or a folder that may only be read: said with its card, and nothing is sent."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage import folders
from tests.cli.commands import lines, run
from tests.end_to_end.company import NAME
from tests.training.admin import Admin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks are made as Linux makes them")


def _mount(place: Path, options: str) -> None:
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root can make a disk of its own for this test")


@pytest.fixture
def small_disk(own_home: Path) -> Iterator[Path]:
    """The program's data on a disk of two megabytes."""
    place = own_home / "data"
    place.mkdir(parents=True, mode=0o700)
    _mount(place, "size=2m,mode=700")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def sealed(own_home: Path, acme: str) -> Iterator[Path]:
    """The data folder of a company, which may only be read: also by root, as a disk that is mounted so."""
    place = folders.locate().of_profile(acme)
    place.mkdir(parents=True, exist_ok=True)
    _mount(place, "size=32m,mode=700,ro")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _not_begun(admin: Admin, file: Path, cause: str) -> None:
    ended = run("sync", "--profile", NAME, "--json")
    assert ended.returncode == 20, ended.stderr
    (result,) = lines(ended.stdout)
    assert (result["type"], result["run_id"], result["outcome"]) == ("result", None, "failed")
    (problem,) = result["problems"]
    assert problem["id"] == "DISK"
    assert problem["facts"]["why"] == cause
    assert problem["facts"]["file"].startswith(str(file))
    assert "could not be written" in ended.stderr
    assert "[DISK]" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert admin.presses() == []


def test_on_a_full_disk_no_run_is_begun(small_disk: Path, acme: str, admin: Admin) -> None:
    _not_begun(admin, small_disk, "full")


def test_in_a_folder_that_may_only_be_read_no_run_is_begun(sealed: Path, admin: Admin) -> None:
    _not_begun(admin, sealed, "read-only")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_named(own_home: Path, acme: str, admin: Admin) -> None:
    place = folders.locate().of_profile(acme)
    place.mkdir(parents=True, exist_ok=True)
    os.chown(place, 12345, 12345)
    _not_begun(admin, place, "not-ours")


def test_a_profile_that_cannot_be_written_is_said_and_not_half_written(own_home: Path) -> None:
    place = own_home / "config" / "profiles"
    place.mkdir(parents=True, mode=0o700)
    _mount(place, "size=1m,mode=700,ro")
    try:
        ended = run("profile", "create", "Nordic Steel", "--hh2", "nordic")
        assert ended.returncode == 20
        assert "[DISK]" in ended.stderr
        assert list(place.iterdir()) == []
    finally:
        subprocess.run(["umount", str(place)], check=True)
