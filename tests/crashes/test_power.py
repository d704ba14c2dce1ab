"""A power cut at every kind of event and at every press: what was not synced is gone, and nothing is pressed twice."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.assembly.house import House
from tests.crashes.power import Disk, home
from tests.end_to_end.company import NAME
from tests.end_to_end.crash_checks import cut_off, taken_up
from tests.end_to_end.cut_off import Asked
from tests.end_to_end.test_cut_off import SENDS, WRITES, asked_for
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ

pytestmark = pytest.mark.anyio


def _cells() -> list[Any]:
    """After every kind of event, and on both sides of what presses something."""
    cells = [
        pytest.param(story, "after", f"write:{name}", often, id=f"after {name}")
        for name, (story, often) in WRITES.items()
        if story != "compared"  # its events are written as all others are; half a minute each
    ]
    for what, (story, often) in SENDS.items():
        if what.rpartition(".")[2] in ("start", "press", "apply", "sign-in", "soap"):
            cells += [
                pytest.param(story, when, what, often, id=f"{when} {what}") for when in ("before", "after")
            ]
    return cells


@pytest.mark.drawn(16)
@pytest.mark.parametrize(("story", "when", "what", "nth"), _cells())
async def test_after_a_power_cut_what_was_acknowledged_is_there_and_nothing_is_pressed_twice(
    story: str, when: str, what: str, nth: int, house: House, admin: Admin, tmp_path: Path
) -> None:
    asked: Asked = await asked_for(story, house, admin)
    disk = Disk(home(), tmp_path)
    cut_off(admin, asked, when, what, nth, disk.environment)
    disk.after_the_cut()
    await _acknowledged(when, what)
    await taken_up(admin, asked)


async def _acknowledged(when: str, what: str) -> None:
    """The event after which the power went is in the ledger."""
    kind, _, name = what.partition(":")
    if kind != "write" or name in ("SyncProgress", "RefreshProgress", "MatchProgress") or when != "after":
        return
    reading = House("command line", person=0.0)
    try:
        (run, *_) = await reading.history(NAME)
        written = [type(record.event).__name__ for record in await reading.records(NAME, run.run_id)]
    finally:
        await reading.close()
    assert name in written


WRITES_BOTH = """
import os, sys
place = sys.argv[1]
for name, sync in (("kept", True), ("lost", False)):
    handle = os.open(f"{place}/{name}", os.O_WRONLY | os.O_CREAT)
    os.write(handle, b"old"); os.fsync(handle)
    if sync:
        folder = os.open(place, os.O_RDONLY); os.fsync(folder); os.close(folder)
    os.write(handle, b"new")
os.kill(os.getpid(), 9)
"""


def test_the_shim_drops_what_was_not_synced(tmp_path: Path) -> None:
    place, beside = tmp_path / "place", tmp_path / "beside"
    beside.mkdir()
    disk = Disk(place, beside)
    words = [sys.executable, "-c", WRITES_BOTH, str(place)]
    ended = subprocess.run(words, env={**environ(), **disk.environment}, cwd=ROOT, check=False)
    assert ended.returncode == -9
    assert (place / "kept").read_bytes() == b"oldnew"
    assert disk.after_the_cut() == 2
    assert {path.name: path.read_bytes() for path in place.iterdir()} == {"kept": b"old"}
