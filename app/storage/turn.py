"""One at a time, in all processes of this user, for what may be done once only: a lock that is waited for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from filelock import FileLock, Timeout

from app import disk
from app.domain.problems import ProblemId, trouble
from app.domain.profile import name_key
from app.storage.folders import Folders, make

# Longer than anybody keeps it: a request has its own deadline, and so has the keyring.
WITHIN = 150.0
_LOOK_AGAIN = 0.05


@asynccontextmanager
async def turn(folders: Folders, name: str, within: float = WITHIN) -> AsyncIterator[None]:
    """Our turn with `name`, however a company's name in it is spelt. The system lets it go when a process dies.

    Raises Trouble(IN_USE) where it is not ours within so many seconds, and Trouble(DISK)."""
    path = folders.locks / f"{name_key(name)}.lock"
    lock = FileLock(path, mode=0o600, thread_local=False, blocking=False, preserve_lock_file=True)

    def take() -> bool:
        make(path.parent)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            raise disk.disk_trouble(error, path) from None
        return True

    ends = anyio.current_time() + within
    while not await anyio.to_thread.run_sync(take):
        if anyio.current_time() >= ends:
            raise trouble(ProblemId.IN_USE, who="", since="", face="", host="", pid=0)
        await anyio.sleep(_LOOK_AGAIN)
    try:
        yield
    finally:
        lock.release()
