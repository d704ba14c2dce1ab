"""What a support bundle holds: its parts as texts, without secrets, as a person is shown them before it is written."""

from datetime import datetime
from enum import StrEnum

import msgspec

LAST_RUNS = 5


class PartName(StrEnum):
    """The parts, in the order in which they are told; the value is the name of the part's file."""

    VERSIONS = "versions"
    PREFLIGHT = "preflight"
    RUNS = "runs"
    OUTLINES = "outlines"
    LOG = "log"


class Part(msgspec.Struct, frozen=True):
    """One part. `lacking` says that it, or some of it, could not be had: the text then tells why."""

    name: PartName
    text: str
    lacking: bool = False

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.text.splitlines())


class Bundle(msgspec.Struct, frozen=True):
    """Everything of it. `profile` is "" where it tells of no company; `by_text` False where the keyring could not be
    asked, so that secrets were looked for by their shape alone, not by their text as well."""

    profile: str
    at: datetime
    parts: tuple[Part, ...]
    by_text: bool = True


class PageOutline(msgspec.Struct, frozen=True):
    """The page on which something was last not found: the roles and names of its controls, never a cell or a value."""

    site: str
    at: datetime
    text: str
    action: str = ""  # what was looked for; "" where that is not known
