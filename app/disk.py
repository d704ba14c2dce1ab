"""Files written so that a power cut leaves the old one or the new one, never half of one; and what disks answer."""

import errno
import hashlib
import os
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from app.domain.problems import ProblemId, Trouble, trouble

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REASONS: dict[int, str] = {
    errno.EROFS: "read-only",
    errno.EACCES: "not-allowed",
    errno.EPERM: "not-allowed",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ENAMETOOLONG: "too-long",
    errno.EBUSY: "in-use",
}
_WINDOWS_FULL = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
_WINDOWS_IN_USE = {32, 33}  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_PART = ".part"
_LEFT_BEHIND = 24 * 3600.0  # seconds after which an aside file of a writer that died is swept away


def disk_trouble(error: OSError, path: Path) -> Trouble:
    """Trouble(DISK, file, why, text) for what the disk answered.

    `why` is full, read-only, not-allowed, missing, too-long, in-use or other; `text` the system's own words."""
    windows = getattr(error, "winerror", None)
    if error.errno in _FULL or windows in _WINDOWS_FULL:
        reason = "full"
    elif windows in _WINDOWS_IN_USE:  # only on Windows
        reason = "in-use"
    else:
        reason = _REASONS.get(error.errno or 0, "other")
    return trouble(ProblemId.DISK, file=str(path), why=reason, text=error.strerror or type(error).__name__)


def write(path: Path, data: bytes) -> None:
    """Replace the file by `data`: durable when it returns, mode 0600. Raises Trouble(DISK): the old one stands."""
    aside = path.with_name(f".{path.name}.{uuid4().hex}{_PART}")
    try:
        _sweep(path)
        try:
            _write_new(aside, data)
            _replace(aside, path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error, path) from None


def read(path: Path) -> bytes | None:
    """The bytes of the file, None where there is none. Raises Trouble(DISK)."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_trouble(error, path) from None


def remove(path: Path) -> None:
    """The file is gone, and stays gone after a power cut. Raises Trouble(DISK)."""
    try:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error, path) from None


def rename(old: Path, new: Path) -> None:
    """Give a file or folder another name, durably. Raises Trouble(DISK)."""
    try:
        old.rename(new)
        sync_folder(new.parent)
    except OSError as error:
        raise disk_trouble(error, new) from None


def keep_aside(path: Path) -> Path:
    """A copy of the file beside it, named `name.kept-<UTC stamp>`; the copy made earlier where its content is the same.

    For files that cannot be used (broken, or of a newer version) before anything is written over them. A companion
    of the same name with `-wal` (an SQLite database has one) is copied with it. Raises Trouble(DISK)."""
    try:
        print_now = _content(path)
        for kept in sorted(path.parent.glob(f"{_literal(path.name)}.kept-*")):
            if not kept.name.endswith("-wal") and _content(kept) == print_now:
                return kept
        kept = _free_name(path)
        _copy(path, kept)
        companion = path.with_name(path.name + "-wal")
        if companion.exists():
            _copy(companion, kept.with_name(kept.name + "-wal"))
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error, path) from None
    return kept


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable. Windows does so by itself and has no such call."""
    if sys.platform == "win32":  # only on Windows
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(aside: Path, path: Path) -> None:
    if sys.platform == "win32":  # only on Windows
        # A virus scanner or an indexer may hold the old file open for a moment.
        for pause in (0.02, 0.05, 0.1, 0.2, 0.4):
            try:
                aside.replace(path)
                return
            except PermissionError:
                time.sleep(pause)
    aside.replace(path)


def _sweep(path: Path) -> None:
    """Aside files of writers that were killed; those of writers at work are younger."""
    for left in path.parent.glob(f".{_literal(path.name)}.*{_PART}"):
        try:
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()
        except OSError:  # another process was quicker, or it stays
            continue


def _literal(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _free_name(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.name}.kept-{stamp}")
    count = 1
    while kept.exists():
        count += 1
        kept = path.with_name(f"{path.name}.kept-{stamp}-{count}")
    return kept


def _copy(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
