"""A power cut: what was written and not synced is gone, in files and in the names of folders alike.

`unsynced.c`, compiled when it is wanted and loaded before the C library, copies what is synced; `after_the_cut` lays a
folder anew from these copies alone. Copying blocks that a disk would write in part is beyond it: a file is as it was
at its last sync."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("unsynced.c")
FIRST = "first"


def shim(place: Path) -> Path:
    """The compiled shim, made where there is none."""
    if sys.platform != "linux" or shutil.which("gcc") is None:
        pytest.skip("needs Linux and gcc, to compile the shim that knows what was synced")
    made = place / "unsynced.so"
    if not made.exists():
        words = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", str(SOURCE), "-o", str(made), "-ldl"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return made


class Disk:
    """A folder on a disk that loses its power. `environment` is for the program that writes there."""

    def __init__(self, of: Path, beside: Path) -> None:
        self._of = of
        self._kept = beside / "kept"
        self._kept.mkdir()
        self._shim = shim(beside)
        self._first = beside / FIRST
        of.mkdir(parents=True, exist_ok=True)
        self._copies: dict[str, bytes] = {}
        self._lists: dict[str, str] = {}
        self._remember(of)  # what stood there before is durable

    @property
    def environment(self) -> dict[str, str]:
        """What loads the shim."""
        return {"LD_PRELOAD": str(self._shim), "KEPT_OF": str(self._of), "KEPT_IN": str(self._kept)}

    def after_the_cut(self) -> int:
        """Lay the folder anew from what was synced. Returns how many files differ from what was written."""
        lost = self._of.with_name(self._of.name + ".lost")
        top = _known(self._of)
        self._of.rename(lost)
        self._lay(top, self._of)
        return sum(
            1
            for path in lost.rglob("*")
            if path.is_file() and _read(self._of / path.relative_to(lost)) != path.read_bytes()
        )

    def _remember(self, folder: Path) -> None:
        lines = []
        for path in sorted(folder.iterdir()):
            lines.append(f"{'d' if path.is_dir() else 'f'} {_known(path)} {path.name}\n")
            if path.is_dir():
                self._remember(path)
            else:
                self._copies[_known(path)] = path.read_bytes()
        self._lists[_known(folder)] = "".join(lines)

    def _lay(self, known: str, place: Path) -> None:
        place.mkdir(mode=0o700)
        listed = _read(self._kept / known)
        text = self._lists.get(known, "") if listed is None else listed.decode()
        for line in text.splitlines():
            kind, inner, name = line.split(" ", 2)
            if kind == "d":
                self._lay(inner, place / name)
                continue
            synced = _read(self._kept / inner)
            made = place / name
            made.write_bytes(self._copies.get(inner, b"") if synced is None else synced)
            made.chmod(0o600)


def _known(path: Path) -> str:
    """By what the shim knows a file: inode and birth."""
    said = subprocess.run(
        ["stat", "--printf=%i %W %w", str(path)], capture_output=True, text=True, check=True
    ).stdout
    inode, seconds, rest = said.split(" ", 2)
    fraction = rest.split(".")[1][:9] if "." in rest else "0"
    return f"{inode}-{seconds}.{int(fraction)}"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def home() -> Path:
    """Where the program keeps its files in this test."""
    return Path(os.environ["ONDEMAND_SYNC_HOME"])
