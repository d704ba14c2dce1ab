"""Our browser's processes end with ours: noted while they run, and swept up at the next start if we were cut off."""

import contextlib
import errno
import os
import secrets
import shutil
from pathlib import Path

import msgspec
import psutil

from app.domain.decoding import BROKEN
from app.domain.problems import ProblemId, trouble

_SWITCH = "--ondemand-sync-run="
# The browser keeps settings of its own, nothing of our pages, in a folder that the driver makes for it and takes away.
_FOLDER_SWITCH, _FOLDER_NAME = "--user-data-dir=", "playwright_chromiumdev_profile-"
# Start times are read from the system in steps; two readings of the same one never differ by more.
_SAME = 1.0
_WHY = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read-only", errno.EACCES: "not-allowed"}


class Process(msgspec.Struct, frozen=True):
    """A process that cannot be confused with a later one of the same number."""

    pid: int
    started: float


class Noted(msgspec.Struct, frozen=True):
    """What one run of the program started: itself, the driver, the browser, and the marker on the browser's line."""

    owner: Process
    marker: str
    children: tuple[Process, ...] = ()
    folder: str = ""  # the browser's own, in the system's folder for what passes


def new_marker() -> str:
    """A word that only our own browser bears."""
    return secrets.token_hex(8)


def marker_switch(marker: str) -> str:
    """The switch that the browser is started with, to tell it from a person's own; it has no other effect."""
    return _SWITCH + marker


def note(folder: Path, marker: str) -> Path:
    """Write down the processes that bear the marker, and what stands between them and us. Returns the file.

    Raises Trouble(DISK): a browser that could not be swept up after a crash is not driven."""
    me = psutil.Process()
    between = [child for child in me.children(recursive=True) if _is_between(child, marker)]
    own = next((found for child in between if (found := _folder_of(child))), "")
    noted = Noted(_process(me), marker, tuple(_process(child) for child in between), own)
    path = folder / f"browser-{me.pid}-{marker}.json"
    aside = path.with_suffix(".new")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(msgspec.json.encode(noted))
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
    except OSError as error:
        why = _WHY.get(error.errno or 0, "other")
        raise trouble(ProblemId.DISK, file=str(path), why=why, text=error.strerror or "") from None
    return path


def noted_in(path: Path) -> tuple[int, ...]:
    """The numbers of the processes that were just noted there."""
    return tuple(child.pid for child in msgspec.json.decode(path.read_bytes(), type=Noted).children)


def sweep(folder: Path) -> int:
    """End browsers that an earlier run of ours left behind, and only those. Returns how many processes were ended."""
    ended = 0
    for path in folder.glob("browser-*.json") if folder.is_dir() else ():
        try:
            noted = msgspec.json.decode(path.read_bytes(), type=Noted)
        except (OSError, *BROKEN):
            noted = None
        if noted is not None and _living(noted.owner) is not None:
            continue  # that run is still at work
        if noted is not None:
            ended += sum(end(child, noted.marker) for child in noted.children)
            _take_away(noted.folder)
        with contextlib.suppress(OSError):
            path.unlink()
    return ended


def end(process: Process, marker: str) -> bool:
    """End one noted process, if it still is the one that was noted and bears our marker, or drove one that does."""
    living = _living(process)
    if living is None:
        return False
    with contextlib.suppress(psutil.Error):
        if not _is_between(living, marker) and not _is_driver(living):
            return False
        family = living.children(recursive=True)
        for one in (living, *family):
            with contextlib.suppress(psutil.Error):
                one.kill()
        return True
    return False


def _is_between(process: psutil.Process, marker: str) -> bool:
    """The browser's own process, or an ancestor of it that is no ancestor of ours."""
    with contextlib.suppress(psutil.Error):
        if _bears(process, marker):
            return True
        return any(_bears(child, marker) for child in process.children(recursive=True))
    return False


def _bears(process: psutil.Process, marker: str) -> bool:
    with contextlib.suppress(psutil.Error):
        # A sandboxed child may rewrite its line into one text; so each part is looked into.
        return any(_SWITCH + marker in part for part in process.cmdline())
    return False


def _folder_of(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        for part in process.cmdline():
            if part.startswith(_FOLDER_SWITCH):
                return part.removeprefix(_FOLDER_SWITCH)
    return ""


def _take_away(folder: str) -> None:
    """Remove the folder that the driver made for a browser that has ended, and no other."""
    path = Path(folder)
    if path.name.startswith(_FOLDER_NAME) and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)


def _is_driver(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        line = process.cmdline()
        return "run-driver" in line and any("playwright" in part for part in line)
    return False


def _process(process: psutil.Process) -> Process:
    return Process(process.pid, process.create_time())


def _living(noted: Process) -> psutil.Process | None:
    try:
        process = psutil.Process(noted.pid)
        same = abs(process.create_time() - noted.started) <= _SAME
    except psutil.Error:
        return None
    return process if same and process.status() != psutil.STATUS_ZOMBIE else None


def end_noted(path: Path) -> int:
    """After the browser was asked to close: end what is still there; forget the note. Returns how many ended."""
    ended = 0
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        noted = msgspec.json.decode(path.read_bytes(), type=Noted)
        ended = sum(end(child, noted.marker) for child in noted.children)
        _take_away(noted.folder)
    with contextlib.suppress(OSError):
        path.unlink()
    return ended


def is_root() -> bool:
    """True where the browser's own sandbox cannot be set up, because we are root on Linux."""
    geteuid = getattr(os, "geteuid", None)
    return geteuid is not None and geteuid() == 0
