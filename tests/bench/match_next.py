"""match-next: the second report, after one job in a hundred was read anew with other amounts; beside the first."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.match.store import open_store
from tests.bench import snapshots
from tests.bench.figures import Aim, Told, of, ratios

LINES = 1_000_000


def measure(rounds: int) -> Told:
    """Both in one process, one after the other, on a fresh copy each time; by CPU time."""
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        place, work = Path(folder, "store"), Path(folder, "work")
        place.mkdir()
        store = open_store(place)
        snapshots.fill(store, LINES)
        store.close()
        for _ in range(rounds):
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(place, work)
            words = [sys.executable, "-m", "tests.bench.match_work", "next", str(work)]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(done.stderr[-2000:])
            found.append(json.loads(done.stdout))
    first, second = [one["first"]["cpu"] for one in found], [one["cpu"] for one in found]
    return Told(
        "match-next",
        (Aim("the first report", ratios(second, first), 0.15),),
        {
            "first report, CPU": of(first, "s"),
            "second report, CPU": of(second, "s"),
            "first report, of the clock": of([one["first"]["seconds"] for one in found], "s"),
            "second report, of the clock": of([one["seconds"] for one in found], "s"),
        },
        rounds,
    )
