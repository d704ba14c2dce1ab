"""One program at a time on a profile: a lock that the system lets go when a process dies."""

import getpass
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

import msgspec
from filelock import FileLock, Timeout

from app import disk
from app.domain.decoding import BROKEN
from app.domain.problems import ProblemId, Trouble, trouble
from app.domain.profile import name_key
from app.storage.folders import Folders, make

Face = Literal["window", "command line"]


class Holder(msgspec.Struct, frozen=True):
    """Who holds a lock: `since` is UTC."""

    pid: int
    user: str
    host: str
    since: datetime
    face: Face


class Lock:
    """A lock that is held. The card beside it, with the holder's name, is for people; the lock is the system's."""

    def __init__(self, path: Path, held: FileLock, holder: Holder) -> None:
        self._path = path
        self._held = held
        self.holder = holder

    def release(self) -> None:
        """Let go; a second time does nothing."""
        if self._held.is_locked:
            _card(self._path).unlink(missing_ok=True)
            self._held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def lock_profile(folders: Folders, name: str, face: Face) -> Lock:
    """The lock of a profile, however its name is spelt. Never waits; taken over at once from a process that died.

    Raises Trouble(IN_USE, who, since, face, host, pid) while another has it (`who` "" where it is not known yet),
    and Trouble(DISK)."""
    return _take(_lock_path(folders, f"profile-{name_key(name)}"), face)


def _take(path: Path, face: Face) -> Lock:
    make(path.parent)
    # Not bound to a thread: it is taken in a worker and let go in another.
    lock = FileLock(path, mode=0o600, thread_local=False, blocking=False, preserve_lock_file=True)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise _in_use(path) from None
    except OSError as error:
        raise disk.disk_trouble(error, path) from None
    holder = Holder(os.getpid(), _user(), platform.node(), datetime.now(UTC), face)
    try:
        disk.write(_card(path), msgspec.json.encode(holder))
    except Trouble:
        lock.release()
        raise
    return Lock(path, lock, holder)


def _in_use(path: Path) -> Trouble:
    holder = _read_card(path)
    if holder is None:  # between the lock and the card, or the card cannot be read
        return trouble(ProblemId.IN_USE, who="", since="", face="", host="", pid=0)
    since = holder.since.isoformat(timespec="seconds").replace("+00:00", "Z")
    return trouble(
        ProblemId.IN_USE, who=holder.user, since=since, face=holder.face, host=holder.host, pid=holder.pid
    )


def _read_card(path: Path) -> Holder | None:
    try:
        return msgspec.json.decode(_card(path).read_bytes(), type=Holder)
    except (OSError, *BROKEN):
        return None


def _lock_path(folders: Folders, name: str) -> Path:
    return folders.locks / f"{name}.lock"


def _card(path: Path) -> Path:
    return path.with_suffix(".json")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return ""
