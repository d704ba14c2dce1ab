"""What the program remembers for a person across companies: small, and never worth a failure."""

from collections.abc import Iterable
from typing import Any

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.filters import Filters
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Tab
from app.storage.folders import Folders, make

SETTINGS_VERSION = 1
NAME = "settings.json"


class Choices(msgspec.Struct, frozen=True):
    """What was chosen last in one profile; the next time starts from it."""

    filters: Filters = Filters()
    tabs: tuple[Tab, ...] = tuple(Tab)
    jobs: tuple[str, ...] | None = None
    go_on: bool = False
    remember: bool = True


class Settings(msgspec.Struct, frozen=True):
    """`language` "" is the system's; `geometry` holds Qt's own text per window; `said` what is said only once;
    `setup` what was typed in an assistant that was left, never a secret;
    `month_ends` the steps that were ticked, by "Company/2026-11"."""

    last_profile: str = ""
    language: str = ""
    geometry: dict[str, str] = {}
    said: tuple[str, ...] = ()
    choices: dict[str, Choices] = {}
    setup: dict[str, str] = {}
    month_ends: dict[str, tuple[str, ...]] = {}
    version: int = SETTINGS_VERSION


def of_companies(month_ends: dict[str, tuple[str, ...]], names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The ticked steps of these companies alone."""
    there = set(names)
    return {key: steps for key, steps in month_ends.items() if key.rpartition("/")[0] in there}


def renamed(month_ends: dict[str, tuple[str, ...]], old: str, new: str) -> dict[str, tuple[str, ...]]:
    """The ticked steps with a company's new name."""
    return {
        f"{new}/{key.rpartition('/')[2]}" if key.rpartition("/")[0] == old else key: steps
        for key, steps in month_ends.items()
    }


class Loaded(msgspec.Struct, frozen=True):
    """The settings, and what there is to say about their file: FILE_BROKEN(file, line, copy, newer) or None."""

    settings: Settings
    problem: Problem | None = None


def load(folders: Folders) -> Loaded:
    """The settings; the defaults where there are none or they cannot be read. A file that cannot be read is kept aside
    as a copy, and said. Raises Trouble(DISK)."""
    path = folders.config / NAME
    data = disk.read(path)
    if data is None:
        return Loaded(Settings())
    try:
        return Loaded(_decoded(data))
    except _Unusable as fault:
        kept = disk.keep_aside(path)
        facts: dict[str, Any] = {"file": str(path), "line": fault.line, "copy": kept.name, "expected": "json"}
        if fault.newer:
            facts |= {"newer": True, "expected": "version"}
        return Loaded(Settings(), Problem(ProblemId.FILE_BROKEN, facts))


def save(folders: Folders, settings: Settings) -> None:
    """Write them, durably. A broken file there is kept aside as a copy first; one of a newer version is left as it is,
    so that the newer version finds what it kept. Raises Trouble(DISK)."""
    make(folders.config)
    path = folders.config / NAME
    data = disk.read(path)
    if data is not None:
        try:
            _decoded(data)
        except _Unusable as fault:
            if fault.newer:
                return
            disk.keep_aside(path)
    disk.write(path, msgspec.json.format(msgspec.json.encode(settings), indent=1))


class _Unusable(Exception):
    def __init__(self, line: int, newer: bool = False) -> None:
        super().__init__(line)
        self.line = line
        self.newer = newer


class _Version(msgspec.Struct):
    version: int = SETTINGS_VERSION


def _decoded(data: bytes) -> Settings:
    try:
        newer = msgspec.json.decode(data, type=_Version).version > SETTINGS_VERSION
        if not newer:
            return msgspec.json.decode(data, type=Settings)
    except BROKEN as error:
        raise _Unusable(_line(data, str(error))) from None
    raise _Unusable(1, newer=True)


def _line(data: bytes, message: str) -> int:
    """The line of a fault, by what the decoder says of its place; 1 where it says nothing."""
    if "truncated" in message:
        return data.count(b"\n") + 1
    place = message.rpartition("(byte ")[2].rstrip(")")
    return data.count(b"\n", 0, int(place)) + 1 if place.isdigit() else 1
