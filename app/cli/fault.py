"""A fault of the program itself, told in one sentence; its details go to the log, and nowhere else."""

import logging
import sys
from collections.abc import Iterable

from app.domain.events import EXIT_INTERNAL
from app.words.language import _

log = logging.getLogger(__name__)


def told_fault(error: Exception) -> int:
    """Say it on stderr, and log it where the log is open; returns the exit code."""
    if logging.getLogger().hasHandlers():
        log.error("the command ended on a fault of the program", exc_info=error)
    said = _(
        "A fault of the program ended this command ({kind}). Nothing more was sent; the log holds the details."
    )
    sys.stderr.write(said.format(kind=type(error).__name__) + "\n")
    return EXIT_INTERNAL


def known(given: str, names: Iterable[str]) -> str:
    """What is said of a name that is none, after what was given: the names there are."""
    return _("{given}; known: {names}").format(given=given, names=", ".join(names))
