"""ledger: what it costs to append an event that is durable when it returns, beside SQLite's own insert."""

import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio

from app.domain.events import Record, RunPlanned, SignedIn, Site, encode
from app.domain.filters import Filters
from app.domain.tabs import Tab
from app.storage.ledger import Ledger
from app.storage.ledger_writer import stamp
from tests.bench.figures import Aim, Told, of, ratios

EVENTS = 300  # a round
KEY = bytes(range(32))
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
_INSERT = "INSERT INTO events (run_id, seq, at, payload, prev, mac, key) VALUES (?, ?, ?, ?, ?, ?, ?)"
_TABLE = """CREATE TABLE events (
    id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL,
    prev BLOB NOT NULL, mac BLOB NOT NULL, key TEXT NOT NULL, UNIQUE (run_id, seq))"""


def measure(rounds: int) -> Told:
    """Both write the same rows to the same disk, one after another; wall time, because waiting for the disk is it.

    The floor has the row ready: no event is encoded, no link of the chain is made, no thread is asked."""
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        ours, bare = anyio.run(_measure, Path(folder), rounds)
    return Told(
        "ledger",
        (Aim("SQLite's insert with the same pragmas", ratios(ours, bare), 1.3),),
        {"append": of(ours, "µs", 1e6), "bare insert": of(bare, "µs", 1e6)},
        rounds,
    )


async def _measure(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    ledger = await Ledger.open(folder / "ledger", KEY)
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None, check_same_thread=False)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute(_TABLE)
    run = "run"
    await ledger.append(Record(1, AT, run, _planned()))
    ours: list[float] = []
    floor: list[float] = []
    seq = 1
    for number in range(rounds + 1):  # the first is not counted
        records = [
            Record(seq + n, AT + timedelta(seconds=seq + n), run, SignedIn(Site.HH2, "someone"))
            for n in range(1, EVENTS + 1)
        ]
        rows = [
            (run, one.seq, stamp(one.at), encode(one.event).decode(), bytes(32), bytes(32), "00000000")
            for one in records
        ]
        seq += EVENTS
        spent_ours, spent_bare = 0.0, 0.0
        # One after another and in turns of ten: the disk's own moods meet both.
        for first in range(0, EVENTS, 10):
            began = time.perf_counter()
            for record in records[first : first + 10]:
                await ledger.append(record)
            between = time.perf_counter()
            for row in rows[first : first + 10]:
                bare.execute(_INSERT, row)
            spent_ours += between - began
            spent_bare += time.perf_counter() - between
        if number:
            ours.append(spent_ours / EVENTS)
            floor.append(spent_bare / EVENTS)
    await ledger.close()
    bare.close()
    return ours, floor


def _planned() -> RunPlanned:
    return RunPlanned("Acme", "training", True, "someone", "0", True, Filters(), tuple(Tab), None, True)
