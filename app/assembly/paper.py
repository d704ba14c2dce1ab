"""Has a report printed: this program started once more, with a word that only it knows, and no window."""

import os
import subprocess
from pathlib import Path

import msgspec

from app.domain.problems import ProblemId, trouble

WORD = "print-report"
SECONDS = 300.0


def print_pdf(html: str, foot: str, path: Path) -> None:
    """Make a PDF of a page; blocks until it is written. Raises Trouble(INTERNAL) where it could not be."""
    from app.training.process import command

    asked = msgspec.json.encode({"html": html, "foot": foot, "path": str(path.absolute())})
    flags = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))  # only on Windows
    try:
        done = subprocess.run(
            [*command(), WORD],
            input=asked,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            creationflags=flags,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise trouble(ProblemId.INTERNAL, what=f"printing: {type(error).__name__}") from None
    if done.returncode:
        raise trouble(ProblemId.INTERNAL, what="printing", exit=done.returncode)
