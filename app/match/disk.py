"""What this room lays on a disk by itself: whole or not at all, and there after a power cut."""

import errno
import os
import sys
from pathlib import Path

from app.domain.problems import ProblemId, Trouble, trouble

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS: "read-only", errno.EACCES: "not-allowed", errno.EPERM: "not-allowed"}


def disk_trouble(error: OSError, place: Path) -> Trouble:
    """Trouble(DISK, file, why, text); `why` is full, read-only, not-allowed or failed."""
    why = "full" if error.errno in _FULL else _READ_ONLY.get(error.errno or 0, "failed")
    return trouble(ProblemId.DISK, file=str(place), why=why, text=error.strerror or type(error).__name__)


def lay(path: Path, data: bytes) -> None:
    """Replace a small file, for this user only. Raises Trouble(DISK): the old one stands."""
    aside = path.with_suffix(".new")
    try:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(aside, flags, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error, path) from None


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows does so by itself and has no such call."""
    if sys.platform == "win32":  # only on Windows
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
