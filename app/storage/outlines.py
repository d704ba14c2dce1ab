"""The outlines of the pages on which something was last not found, for support: no cell, no value, a few of them."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.support import PageOutline
from app.storage.folders import make

NAME = "outlines.json"
_KEPT = 6  # the newest; a changed page is told by one or two


def load(folder: Path) -> list[PageOutline]:
    """Those that are kept, the newest first; none where they cannot be read. Raises Trouble(DISK)."""
    data = disk.read(folder / NAME)
    try:
        return [] if data is None else msgspec.json.decode(data, type=list[PageOutline])
    except BROKEN:
        return []


def add(folder: Path, outlines: Sequence[PageOutline]) -> None:
    """Keep these too, in place of older ones of the same page. Raises Trouble(DISK)."""
    new = {(one.site, one.text): one for one in outlines if one.text}
    if not new:
        return
    old = [one for one in load(folder) if (one.site, one.text) not in new]
    kept = sorted([*new.values(), *old], key=lambda one: one.at, reverse=True)[:_KEPT]
    make(folder)
    disk.write(folder / NAME, msgspec.json.encode(kept))
