"""The last reading of every job's job-to-date cost, kept so that the next run knows which jobs moved."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.problems import Problem, ProblemId
from app.storage.folders import make

MOVEMENT_VERSION = 1
NAME = "movement.json"


class Reading(msgspec.Struct, frozen=True):
    """Job-to-date cost by job code, exact, in the company's currency; read from `source` (an origin) at `at` (UTC).

    A reading of another source tells nothing about this one."""

    source: str
    at: datetime
    jobs: dict[str, Decimal]
    version: int = MOVEMENT_VERSION


class LoadedReading(msgspec.Struct, frozen=True):
    """The reading, None where there is none that can be used; then `problem` may say why."""

    reading: Reading | None
    problem: Problem | None = None


def load(folder: Path) -> LoadedReading:
    """The reading in a profile's data folder. One that cannot be read is kept aside as a copy, and said.

    Raises Trouble(DISK)."""
    path = folder / NAME
    data = disk.read(path)
    if data is None:
        return LoadedReading(None)
    try:
        reading = msgspec.json.decode(data, type=Reading)
    except BROKEN:
        reading = None
    if reading is not None and reading.version <= MOVEMENT_VERSION:
        return LoadedReading(reading)
    kept = disk.keep_aside(path)
    problem = Problem(
        ProblemId.FILE_BROKEN,
        {"file": str(path), "copy": kept.name, "expected": "json", "newer": reading is not None},
    )
    return LoadedReading(None, problem)


def save(folder: Path, reading: Reading) -> None:
    """Write the reading, durably; amounts as texts, so that no digit is lost. Raises Trouble(DISK)."""
    make(folder)
    disk.write(folder / NAME, msgspec.json.encode(reading, order="sorted"))
