"""How many living records hh2 listed at the last run, kept for the safety brake of the next one."""

from datetime import datetime
from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.storage.folders import make

NAME = "census.json"


class Census(msgspec.Struct, frozen=True):
    """Counts by list ("jobs"), read from `source` (an origin) at `at` (UTC); of another source they tell nothing."""

    source: str
    at: datetime
    counts: dict[str, int]


def load(folder: Path) -> Census | None:
    """What was kept in a profile's data folder; None where there is none that can be used. Raises Trouble(DISK)."""
    data = disk.read(folder / NAME)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Census)
    except BROKEN:
        return None


def save(folder: Path, census: Census) -> None:
    """Write it, durably. Raises Trouble(DISK)."""
    make(folder)
    disk.write(folder / NAME, msgspec.json.encode(census))
