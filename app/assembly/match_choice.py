"""What a person chose to compare in one company, kept between runs of the program beside what was read of it."""

from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.match_question import Asked
from app.storage.folders import make

NAME = "asked.json"


def load(folder: Path) -> Asked:
    """What was chosen last, from the folder of what was read; the usual where nothing was, or it cannot be read.

    Raises Trouble(DISK)."""
    data = disk.read(folder / NAME)
    try:
        return Asked() if data is None else msgspec.json.decode(data, type=Asked)
    except BROKEN:
        return Asked()


def save(folder: Path, asked: Asked) -> None:
    """Keep the files, the jobs, the day and the tolerance. What was said for one time is not kept: to read everything
    anew, to go on with far fewer records, and where the report went. Raises Trouble(DISK)."""
    make(folder)
    kept = msgspec.structs.replace(asked, fresh=False, against_brake=False, out="")
    disk.write(folder / NAME, msgspec.json.encode(kept))
