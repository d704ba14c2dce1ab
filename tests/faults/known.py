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
KNOWN_LIMITS: dict[str, str] = {
    "page procore.page × session-lost (*": "the session is gone before the first page after the sign-in came: the form "
    "stands there again without a word, which may also mean that the password was refused, so it is not sent again",
}

# Cells that are not made at all; told with the counts. What a name stands for is held by tests.
NOT_MADE: dict[str, str] = {
    "portals and runs × proxy": "the training driver speaks to this computer alone, where no proxy is asked; the "
    "services' own calls are held to both, and the browser's way to its proxy is the browser's",
    "always × clock, stopped": "a clock is set once, and a process that is stopped at every request is a slow one",
}
_BROWSERS_OWN = (
    "the browser makes the connection, and tells what went wrong with it as one failure without an answer, as it does "
    "for reset-before"
)
_LATE = (
    "half a minute and more for each cell; delay stands for what comes late, reset-middle for what never ends"
)
_AS_500 = "told by its status alone, as 500 is"
_AS_429 = "how long is read as for the services; 429 has the header, 429-no-header has none"
_UNTRIED = "not tried on pages"
# The faults of requests that no page is met with.
NOT_ON_PAGES: dict[str, str] = {
    **dict.fromkeys(("refused", "name-not-found", "proxy-refusal", "proxy-407"), _BROWSERS_OWN),
    **dict.fromkeys(("tls-untrusted", "tls-other-name", "tls-expired", "tls-broken"), _BROWSERS_OWN),
    **dict.fromkeys(("timeout", "slow-drip"), _LATE),
    **dict.fromkeys(("503", "504"), _AS_500),
    **dict.fromkeys(("429-date", "429-zero", "429-nonsense", "429-rate-headers"), _AS_429),
    "redirect-elsewhere": "tests/portals/test_origin.py leads pages to another host",
    "wrong-content-type": "a page's script reads what it asked for whatever its type; html is a page in its place",
    **dict.fromkeys(("50-mb", "clock-forward", "clock-back", "stopped-and-continued"), _UNTRIED),
}


def not_made() -> dict[str, str]:
    """All that is not made, with the reasons."""
    return {**NOT_MADE, **{f"pages × {fault}": why for fault, why in NOT_ON_PAGES.items()}}


def limit_of(cell: Named) -> str:
    """Why this cell is known not to hold; "" where it should."""
    name = cell.name.replace("[", "(").replace("]", ")")
    return next((why for pattern, why in KNOWN_LIMITS.items() if fnmatchcase(name, pattern)), "")
