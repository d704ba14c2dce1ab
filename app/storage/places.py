"""Where the pages of a company's sites were last seen, so that a card can open the right one: `places.json`."""

from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.storage.folders import make

NAME = "places.json"


def load(folder: Path) -> dict[str, str]:
    """The addresses by their key; none where the file is not there or not to be understood: the site's home serves."""
    data = disk.read(folder / NAME)
    if data is None:
        return {}
    try:
        return msgspec.json.decode(data, type=dict[str, str])
    except BROKEN:
        return {}


def save(folder: Path, places: dict[str, str]) -> None:
    """Write them, for this user only. Raises Trouble(DISK)."""
    make(folder)
    disk.write(folder / NAME, msgspec.json.format(msgspec.json.encode(places), indent=2) + b"\n")
