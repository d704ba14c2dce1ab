"""match: a million transactions a side, from snapshots on disk to verdict and tree; beside a bare join and peers."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.match.store import FOLDER, NAME, open_store
from tests.bench import snapshots
from tests.bench.figures import Aim, Figure, Told, of, ratios

MILLION = 1_000_000
LINES = MILLION
MORE = 4 * MILLION
SECONDS = 2.0
MEGABYTES = 400.0
# Memory is flat where four times the lines take no more than a tenth more.
FLAT = 1.1
PEERS = "ONDEMAND_SYNC_PEERS"  # the interpreter that has them
_FILES = (
    "sage_jobs", "procore_jobs", "sage_cost_codes", "procore_cost_codes", "sage_cost_types", "procore_cost_types",
    "sage_vendors", "procore_vendors", "procore_job_cost_codes",
)  # fmt: skip


def measure(rounds: int) -> Told:
    """Everything in turns, each in a process of its own; the store as a reading left it, so nothing is in memory."""
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        place = Path(folder)
        for name, lines in (("one", LINES), ("four", MORE)):
            (place / name).mkdir()
            store = open_store(place / name)
            snapshots.fill(store, lines)
            store.close()
        export(place / "one", place / "files")
        peers = [name for name in ("pandas", "polars") if os.environ.get(PEERS)]
        taken: dict[str, list[dict[str, Any]]] = {name: [] for name in ("ours", "join", *peers)}
        for _ in range(rounds):
            for name, found in taken.items():
                found.append(_run(name, place))
        four = [_ours(place / "four", place / "work") for _ in range(3)]
    for name in peers:
        assert taken[name][0]["cells"] == taken["ours"][0]["cells"], name
        assert taken[name][0]["differences"] == taken["ours"][0]["differences"], name
    seconds = {name: [one["seconds"] for one in found] for name, found in taken.items()}
    peaks = {name: [one["peak"] / 1e6 for one in found] for name, found in taken.items()}
    more = [one["peak"] / 1e6 for one in four]
    aims = [
        *(Aim(f"{name} doing the same", ratios(seconds["ours"], seconds[name]), 1.0) for name in peers),
        Aim("seconds, of the clock", Figure.of(seconds["ours"]), SECONDS, "s"),
        Aim("memory at its largest", Figure.of(peaks["ours"]), MEGABYTES, "MB"),
        Aim("memory of four million to that of one", ratios(more, peaks["ours"][:3]), FLAT),
    ]
    measured = {
        **{f"{name}, of the clock": of(values, "s") for name, values in seconds.items()},
        **{f"{name}, CPU": of([one["cpu"] for one in found], "s") for name, found in taken.items()},
        **{f"{name}, memory at its largest": of(values, "MB") for name, values in peaks.items()},
        "four million, of the clock": of([one["seconds"] for one in four], "s"),
        "four million, memory at its largest": of(more, "MB"),
    }
    return Told("match", tuple(aims), measured, rounds)


def export(folder: Path, files: Path) -> None:
    """The same snapshots as Parquet files for the peers; amounts as whole cents."""
    import duckdb

    files.mkdir()
    with duckdb.connect(str(folder / FOLDER / NAME), read_only=True) as connection:
        for name in _FILES:
            connection.execute(f"COPY {name} TO '{files / name}.parquet'")
        for side, changed, origin in (("sage", "entered", "id"), ("procore", "updated_at", "origin_id")):
            job = "job_id" if side == "sage" else "project_id"
            connection.execute(
                f"""COPY (SELECT id, {job}, sub_job_id, cost_code_id, cost_type_id, vendor_id, posted,
                          {changed} AS changed, (amount * 100)::BIGINT AS amount, text, {origin} AS origin
                          FROM {side}_costs) TO '{files / f"{side}_costs"}.parquet'"""
            )


def _run(name: str, place: Path) -> dict[str, Any]:
    if name in ("pandas", "polars"):
        script = Path(__file__).with_name("match_peers.py")
        return _told([os.environ[PEERS], str(script), name, str(place / "files")])
    if name == "join":
        return _told([sys.executable, "-m", "tests.bench.match_work", "join", str(place / "one")])
    return _ours(place / "one", place / "work")


def _ours(store: Path, work: Path) -> dict[str, Any]:
    """On a copy: a store that has a report already would compare itself with it."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(store, work)
    return _told([sys.executable, "-m", "tests.bench.match_work", "ours", str(work)])


def _told(words: list[str]) -> dict[str, Any]:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found
