"""Has a report printed: this program started once more, with a word that only it knows, and no window."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from app.domain.problems import ProblemId, trouble
from app.self_start import PRINT_REPORT, command

SECONDS = 300.0
NOT_WRITTEN = 4  # how it ends where the disk did not take the file
_CRUMB = 128 * 1024  # bytes; a disk with less than this is full for our purposes


def qt_platform(system: str = sys.platform) -> str:
    """Which of Qt's platforms prints. The one without a screen looks for fonts in a folder of Qt's own on Windows, in
    which there are none; Windows' own shows nothing either as long as no window is opened."""
    return "windows" if system == "win32" else "offscreen"


def print_pdf(html: str, foot: str, path: Path) -> None:
    """Make a PDF of a page; blocks until it is written. Raises Trouble(DISK) where the file could not be written, and
    Trouble(INTERNAL) where it could not be printed."""
    asked = msgspec.json.encode({"html": html, "foot": foot, "path": str(path.absolute())})
    flags = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))  # only on Windows
    try:
        done = subprocess.run(
            [*command(), PRINT_REPORT],
            input=asked,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "QT_QPA_PLATFORM": qt_platform()},
            creationflags=flags,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise trouble(ProblemId.INTERNAL, what=f"printing: {type(error).__name__}") from None
    if done.returncode == NOT_WRITTEN:
        full = path.parent.is_dir() and shutil.disk_usage(path.parent).free < _CRUMB
        raise trouble(ProblemId.DISK, file=str(path), why="full" if full else "other")
    if done.returncode:
        raise trouble(ProblemId.INTERNAL, what="printing", exit=done.returncode)
