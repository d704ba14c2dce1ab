"""What a process holds: memory, handles, threads; and those of a browser with all its parts."""

import contextlib
import gc
from collections.abc import Callable

import psutil

Figures = Callable[[str, object], None]


def held() -> tuple[int, int, int]:
    """Memory in bytes, handles, threads of this process."""
    gc.collect()
    me = psutil.Process()
    return me.memory_info().rss, me.num_fds(), me.num_threads()


def children() -> frozenset[int]:
    """The processes below this one."""
    return frozenset(one.pid for one in psutil.Process().children(recursive=True))


def memory_below(apart: frozenset[int]) -> int:
    """Memory in bytes of the processes below this one but for those `apart`; what they share is counted once."""
    memory = 0
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has just ended
            memory += 0 if one.pid in apart else one.memory_full_info().pss
    return memory
