"""A full disk and a folder that may only be read, at every kind of write: said with its card, the old one stands."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.domain.problems import ProblemId, Trouble
from app.storage import log
from tests.crashes.writings import WRITINGS, Writing, writing_modules
from tests.storage.conftest import fill, mounted, read_only
from tests.storage.test_log import OURS, empty_of, logging_to, written
from tests.support.waiting import wait_until

# Written by no cell here, and why.
ELSEWHERE = {"storage.log": "the two tests of the log below"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MiB of its own."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    mounted("small", place, "-t", "tmpfs", "-o", "size=48m,mode=700")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_every_kind_of_write_has_its_cells() -> None:
    found = writing_modules(Path(app.__file__).parent)
    assert len(found) > 15
    cells = {module for one in WRITINGS.values() for module in one.modules} | set(ELSEWHERE)
    assert found == cells, "a new kind of write wants an entry in tests/crashes/writings.py"


def _cells(*without: str) -> list[object]:
    return [pytest.param(one, id=name) for name, one in WRITINGS.items() if name not in without]


@pytest.mark.drawn(4)
@pytest.mark.parametrize("writing", _cells("turn"))  # an empty file needs no room
def test_on_a_full_disk_the_old_file_stands_and_the_new_one_comes_with_room(
    writing: Writing, disk: Path
) -> None:
    writing.write(disk, 1)
    before = writing.read(disk)
    ballast = fill(disk)
    with pytest.raises(Trouble) as caught:
        writing.write(disk, 2)
    assert caught.value.problem.id is ProblemId.DISK
    assert caught.value.problem.facts["why"] == "full"
    ballast.unlink()
    assert writing.read(disk) == before
    _no_halves(disk)
    writing.write(disk, 2)
    _is_new(writing, disk, before)


@pytest.mark.drawn(4)
@pytest.mark.parametrize("writing", _cells())
def test_in_a_folder_that_may_only_be_read_the_old_file_stands(writing: Writing, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o700)
    writing.write(place, 1)
    before = writing.read(place)
    with read_only(place):
        with pytest.raises(Trouble) as caught:
            writing.write(place, 2)
        assert caught.value.problem.id is ProblemId.DISK
        assert caught.value.problem.facts["why"] in ("read-only", "not-allowed", "failed")
    assert writing.read(place) == before
    _no_halves(place)
    writing.write(place, 2)
    _is_new(writing, place, before)


def _is_new(writing: Writing, disk: Path, before: object) -> None:
    now = writing.read(disk)
    assert (now == before) == (writing in _THE_SAME)


# What is written alike each time, or is gone when it was used.
_THE_SAME = [
    WRITINGS[name] for name in ("turn", "probe before a run", "note of a browser", "holder of a lock")
]


def _no_halves(disk: Path) -> None:
    """Nothing that was begun is left lying about."""
    left = [path for path in disk.rglob("*") if path.is_file() and path.suffix in (".part", ".new")]
    assert left == []


def test_a_log_that_cannot_be_written_costs_lines_and_nothing_else(disk: Path) -> None:
    place = disk / "log"
    with logging_to(place) as started:
        OURS.info("before")
        wait_until(lambda: "before" in written(place), "the first line")
        ballast = fill(disk)
        for number in range(2000):
            OURS.info(f"line {number}")  # as many messages as lines
        wait_until(empty_of(started), "what waited")
        ballast.unlink()
        OURS.info("room again")
    assert written(place).endswith("room again\n")


def test_a_log_in_a_folder_that_may_only_be_read_costs_lines_and_nothing_else(disk: Path) -> None:
    place = disk / "log"
    place.mkdir(mode=0o700)
    with read_only(place), logging_to(place) as started:
        OURS.info("nobody reads this")
        wait_until(empty_of(started), "what waited")
    assert list(place.iterdir()) == []
    with logging_to(place):
        OURS.info("may be written again")
    assert (place / log.NAME).read_text().endswith("may be written again\n")
