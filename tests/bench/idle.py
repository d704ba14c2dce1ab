"""idle: a minute in the tray, no browser: CPU, wake-ups and memory, beside an empty window that is hidden as well."""

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench import homes
from tests.bench.environment import environ
from tests.bench.figures import Aim, Told, of, ratios
from tests.bench.screen import ROOT, subject
from tests.support.tray_host import TrayHost

SECONDS = 60.0
SETTLE = 15.0  # what a start leaves behind it: threads that end, a first look at the last report
PATIENCE = 60.0


def measure(rounds: int) -> Told:
    """Both at once, minute after minute: they share nothing but the display, the bus and the machine."""
    tray = TrayHost()
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        homes.with_companies(Path(folder, "home"))
        env = environ(Path(folder, "home"))
        started = {what: _start(what, env) for what in ("ours", "empty")}
        try:
            time.sleep(SETTLE)
            minutes: dict[str, list[dict[str, float]]] = {what: [] for what in started}
            for _ in range(rounds):
                before = {what: _look(process.pid) for what, process in started.items()}
                time.sleep(SECONDS)
                for what, process in started.items():
                    minutes[what].append(_since(before[what], _look(process.pid)))
            assert all(process.poll() is None for process in started.values())
        finally:
            for process in started.values():
                process.kill()
                process.wait(10)
            tray.stop()
    ours, empty = minutes["ours"], minutes["empty"]
    more = [one["wakes"] - other["wakes"] for one, other in zip(ours, empty, strict=True)]
    memory = {what: [one["rss"] for one in found] for what, found in minutes.items()}
    return Told(
        "idle",
        (
            Aim("wake-ups in a minute more than the empty window's", of(more, "")[0], 0.0, ""),
            Aim("memory: the empty window", ratios(memory["ours"], memory["empty"]), 1.6),
        ),
        {
            **{
                f"{what}, wake-ups": of([one["wakes"] for one in found], "")
                for what, found in minutes.items()
            },
            **{
                f"{what}, CPU": of([one["cpu"] for one in found], "ms", 1000)
                for what, found in minutes.items()
            },
            **{f"{what}, memory (RSS)": of(values, "MB", 1e-6) for what, values in memory.items()},
            **{
                f"{what}, memory (PSS)": of([one["pss"] for one in found], "MB", 1e-6)
                for what, found in minutes.items()
            },
        },
        rounds,
    )


def _start(what: str, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Started, answering a key, then hidden."""
    read, write = os.pipe()
    words = [str(write) if word == "FD" else word for word in subject(what, "tray")]
    process = subprocess.Popen(words, env=env, cwd=ROOT, pass_fds=[write], stdin=subprocess.DEVNULL)
    os.close(write)
    told = b""
    until = time.monotonic() + PATIENCE
    while b"cpu" not in told:
        part = os.read(read, 4096)
        if not part or time.monotonic() > until:
            raise RuntimeError(f"{what} did not answer")
        told += part
    os.close(read)
    return process


@dataclass(frozen=True)
class Look:
    """What a process has taken so far. `wakes`: how often each of its threads slept and woke again; memory in bytes."""

    wakes: dict[str, int]
    cpu: float
    rss: int
    pss: int


def _look(pid: int) -> Look:
    wakes: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                wakes[task.name] = int(line.split()[1])
    process = psutil.Process(pid)
    times, memory = process.cpu_times(), process.memory_full_info()
    return Look(wakes, times.user + times.system, memory.rss, memory.pss)


def _since(before: Look, now: Look) -> dict[str, float]:
    """What a minute brought; a thread that ended in it counts no more."""
    wakes = sum(count - before.wakes.get(thread, 0) for thread, count in now.wakes.items())
    return {"wakes": wakes, "cpu": now.cpu - before.cpu, "rss": now.rss, "pss": now.pss}
