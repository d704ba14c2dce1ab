"""How this program starts itself once more: from source, from a wheel and frozen alike."""

import sys
from pathlib import Path

# What is asked of a start that prints a report and shows nothing.
PRINT_REPORT = "print-report"


def command() -> list[str]:
    """How this program starts itself: the frozen executable, or the interpreter with `-m app`.

    On Windows it is the console twin, whose streams are always there."""
    if getattr(sys, "frozen", False):
        twin = Path(sys.executable).with_name("ondemand-sync-cli.exe")
        return [str(twin) if twin.is_file() else sys.executable]
    return [sys.executable, "-m", "app"]
