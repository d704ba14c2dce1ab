"""The jobs that Procore's Job Costs tab offered at the last reading, so that a person can choose before signing in."""

from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.tabs import Job
from app.storage.folders import make

NAME = "jobs.json"


def load(folder: Path) -> list[Job]:
    """The last reading in a profile's data folder; empty where there is none or it cannot be read: the next reading
    writes it anew. Raises Trouble(DISK)."""
    data = disk.read(folder / NAME)
    try:
        return [] if data is None else msgspec.json.decode(data, type=list[Job])
    except BROKEN:
        return []


def save(folder: Path, jobs: list[Job]) -> None:
    """Write the reading. Raises Trouble(DISK)."""
    make(folder)
    disk.write(folder / NAME, msgspec.json.encode(jobs))
