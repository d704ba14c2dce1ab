"""The version, which stands in one place, and the moment that a build bears, which is that of its sources."""

import os
import re
import subprocess
from pathlib import Path

_LINE = re.compile(r'^__version__ = "([0-9]+\.[0-9]+\.[0-9]+)"$', re.MULTILINE)
# Where no history is at hand, such as in an unpacked archive, every build bears the same moment all the same
NO_HISTORY = 1767225600


def read(tree: Path) -> str:
    """The version of a tree, from app/__init__.py. Raises ValueError where it is not three numbers."""
    found = _LINE.search((tree / "app" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("app/__init__.py names no version of three numbers")
    return found[1]


def write(tree: Path, version: str) -> None:
    """Give a copied tree another version, to try an upgrade with."""
    place = tree / "app" / "__init__.py"
    text = place.read_text(encoding="utf-8")
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version):
        raise ValueError(f"{version} is not a version of three numbers")
    place.write_text(_LINE.sub(f'__version__ = "{version}"', text), encoding="utf-8", newline="\n")


def moment(tree: Path) -> int:
    """Seconds since 1970 of the newest commit; SOURCE_DATE_EPOCH, where it is set, wins."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = subprocess.run(
        ["git", "-C", str(tree), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    return int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else NO_HISTORY
