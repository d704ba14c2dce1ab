"""What one command takes: seconds, and the memory of its processes at their largest."""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PAUSE = 0.1  # seconds between two looks at the memory; a peak shorter than that may be missed


@dataclass(frozen=True)
class Taken:
    """One run. `ours` and `others` are peaks in bytes of memory that is not shared (USS): of the program itself, and of
    what it started (a browser and its driver). They are taken at the same look, where both together are largest."""

    seconds: float
    ours: int
    others: int
    output: bytes


def take(words: Sequence[str], env: Mapping[str, str], cwd: Path) -> Taken:
    """Run the command to its end. Raises CalledProcessError where it does not end with 0."""
    began = time.perf_counter()
    with subprocess.Popen(
        words, env=dict(env), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        peak = [(0, 0)]
        ended = threading.Event()
        looker = threading.Thread(target=_look, args=(process.pid, peak, ended))
        looker.start()
        output, said = process.communicate()
        seconds = time.perf_counter() - began
        ended.set()
        looker.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words, output, said)
    return Taken(seconds, *peak[0], output)


def _look(pid: int, peak: list[tuple[int, int]], ended: threading.Event) -> None:
    with suppress(psutil.NoSuchProcess):
        program = psutil.Process(pid)
        while not ended.wait(PAUSE):
            ours = _own(program)
            others = sum(_own(child) for child in program.children(recursive=True))
            peak[0] = max(peak[0], (ours, others), key=sum)


def _own(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_full_info().uss)
    return 0
