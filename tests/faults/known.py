"""The known limits of the matrix: cells that do not hold, or cannot be made, each with its reason."""

from fnmatch import fnmatchcase
from typing import Protocol

# An end that passes is seen only by who looks in time. Nothing is claimed where it was not seen: the run ends unsure.
FADES = (
    "the page shows its end for a moment alone, and a loaded machine did not look in time: "
    "told as unsure, never as good"
)
UNSURE = frozenset({"HH2-UNSURE", "PRO-STALE"})


class Named(Protocol):
    """A cell, of a request or of a page."""

    @property
    def name(self) -> str: ...


# Pattern of the cell's name → why.
KNOWN_LIMITS: dict[str, str] = {}

# Cells that are not made at all.
NOT_MADE: dict[str, str] = {
    "portals and runs × proxy": "the training driver speaks to this computer alone, where no proxy is asked; the "
    "services' own calls are held to both, and the browser's way to its proxy is the browser's",
    "always × clock, stopped": "a clock is set once, and a process that is stopped at every request is a slow one",
}


def limit_of(cell: Named) -> str:
    """Why this cell is known not to hold; "" where it should."""
    name = cell.name.replace("[", "(").replace("]", ")")
    return next((why for pattern, why in KNOWN_LIMITS.items() if fnmatchcase(name, pattern)), "")
