"""The writing side of the ledger: what its thread holds, and how an event becomes durable."""

import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain import events as ev
from app.domain.decoding import BROKEN
from app.domain.events import PASSING, Record, RunResumed, encode
from app.domain.history import RunSummary, durations, job_codes, summary
from app.domain.run import RunState, apply, start
from app.storage import chain, ledger_file

_PASSING_EVERY = 5.0  # seconds between two passing events of a run that are kept
# Only these change a run's line in the history, or tell how long something took. The others are folded when one of
# these comes: folding costs a tenth of a synced write.
_TELLING = (
    ev.RunPlanned,
    ev.RunResumed,
    ev.StepOneFinished,
    ev.TabsChosen,
    ev.JobsFound,
    ev.RetryAsked,
    ev.JobFinished,
    ev.TabFinished,
    ev.ProblemMet,
    ev.RunEnded,
    ev.ReportSaved,  # sealed anew
)
_UNFOLDED = 200  # records
_EVENT = "INSERT INTO events (run_id, seq, at, payload, prev, mac, key) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DURATION = "INSERT INTO durations (kind, seconds, run_id) VALUES (?, ?, ?)"
_SEALED = (
    "INSERT INTO head (one, id, mac, seal, key) VALUES (1, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET"
    " id = excluded.id, mac = excluded.mac, seal = excluded.seal, key = excluded.key"
)
OF_RUN = "SELECT id, run_id, seq, at, payload, prev, mac, key FROM events WHERE run_id = ? ORDER BY seq"


class Writer:
    """What the writing thread holds: the connection, the head of the chain, and the run at hand."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._path = path
        self._key = key
        self._key_id = chain.key_id(key)
        self._connection = ledger_file.open_to_write(path)
        try:
            self._head = self._found_head()
        except sqlite3.Error as error:
            self._connection.close()
            raise ledger_file.said(error, path) from None
        self._run = _RunAtHand("")

    def _found_head(self) -> bytes:
        """What the next event holds to: the head as it was sealed, also where events before it were taken away, so that
        the gap stays."""
        newest = self._connection.execute(
            "SELECT id, mac, key FROM events ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if ledger_file.make_head(self._connection) and newest is not None and newest[2] == self._key_id:
            self._seal_head(newest[0], bytes(newest[1]))
        head = head_of(self._connection)
        if head is None:
            return chain.FIRST if newest is None else chain.BROKEN_OFF
        return head.mac if head.holds(chain.keys_of(self._key)) else chain.BROKEN_OFF

    def _seal_head(self, id: int, mac: bytes) -> None:  # noqa: A002  # the column's name
        sealed = chain.head_seal(self._key, mac, id)
        self._connection.execute(_SEALED, (id, mac, sealed, self._key_id))

    def append(self, record: Record) -> None:
        try:
            if self._run.run_id != record.run_id:
                self._run = self._taken_up(record.run_id)
            if not self._run.may_be_left_out(record):
                self._write(record)
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            if isinstance(
                error, sqlite3.IntegrityError
            ):  # written before: a fault of the program, not of the disk
                raise
            raise ledger_file.said(error, self._path) from None
        except (*BROKEN, ValueError):  # what was read back is not what was written
            raise ledger_file.unreadable(self._path) from None

    def close(self) -> None:
        with suppress(sqlite3.Error):  # a full disk: the write-ahead log stays, and is read at the next start
            self._connection.close()

    def _write(self, record: Record) -> None:
        execute = self._connection.execute
        at, payload = stamp(record.at), encode(record.event).decode()
        mac = chain.link(self._key, self._head, record.run_id, record.seq, at, payload)
        event = (record.run_id, record.seq, at, payload, self._head, mac, self._key_id)
        if not isinstance(record.event, _TELLING):
            execute("BEGIN IMMEDIATE")
            self._seal_head(_id(execute(_EVENT, event)), mac)
            execute("COMMIT")
            if chain.stands_alone(record):
                self._run = _RunAtHand("")
            else:
                self._run.add(record)
        else:
            state = self._run.with_record(record)
            execute("BEGIN IMMEDIATE")
            self._seal_head(_id(execute(_EVENT, event)), mac)
            self._write_line(record, state, summary(state), mac)
            for kind, seconds in durations(state, record, self._run.since or state.planned_at):
                execute(_DURATION, (kind, seconds, record.run_id))
            execute("COMMIT")
            self._run.stands(state)
        self._head = mac

    def _taken_up(self, run_id: str) -> "_RunAtHand":
        """A run that goes on is read back once."""
        run = _RunAtHand(run_id)
        for row in chain.rows_of(self._connection.execute(OF_RUN, (run_id,))):
            run.add(chain.record_of(row))
        return run

    def _write_line(self, record: Record, state: RunState, line: RunSummary, mac: bytes) -> None:
        jobs = job_codes(state)
        seal = chain.seal(self._key, mac, record.run_id, record.seq) if chain.ends_run(record) else None
        self._connection.execute(
            "INSERT INTO runs (run_id, started_at, ended_at, outcome, training, last_seq, summary, jobs, seal, key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET ended_at = excluded.ended_at,"
            " outcome = excluded.outcome, last_seq = excluded.last_seq, summary = excluded.summary,"
            " jobs = excluded.jobs, seal = excluded.seal, key = excluded.key",
            (
                record.run_id,
                stamp(line.started_at),
                None if line.ended_at is None else stamp(line.ended_at),
                None if line.outcome is None else line.outcome.value,
                int(line.training),
                record.seq,
                msgspec.json.encode(line),
                msgspec.json.encode(jobs).decode() if jobs else None,
                seal,
                self._key_id,
            ),
        )


class _RunAtHand:
    """The run that is being written, folded no more often than needed."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.since: datetime | None = None  # when it was last resumed
        self._state: RunState | None = None
        self._unfolded: list[Record] = []
        self._passed: datetime | None = None

    def may_be_left_out(self, record: Record) -> bool:
        """True for a passing event soon after the last one that was kept."""
        if not isinstance(record.event, PASSING):
            return False
        if self._passed is not None and (record.at - self._passed).total_seconds() < _PASSING_EVERY:
            return True
        self._passed = record.at
        return False

    def with_record(self, record: Record) -> RunState:
        """The state with this record, which is not written yet. Raises NotAllowed for a run that does not begin."""
        if isinstance(record.event, RunResumed):
            self.since = record.at
        state = self._folded()
        return start(record) if state is None else apply(state, record)

    def stands(self, state: RunState) -> None:
        """The record was written, and this is the state with it."""
        self._state = state

    def add(self, record: Record) -> None:
        """A record that was written, to be folded later."""
        if isinstance(record.event, RunResumed):
            self.since = record.at
        self._unfolded.append(record)
        if len(self._unfolded) > _UNFOLDED:
            self._folded()

    def _folded(self) -> RunState | None:
        for record in self._unfolded:
            self._state = start(record) if self._state is None else apply(self._state, record)
        self._unfolded.clear()
        return self._state


def stamp(at: datetime) -> str:
    """A UTC time as the ledger keeps it: exact, and sorting as text does."""
    return at.isoformat(timespec="microseconds")


def head_of(connection: sqlite3.Connection) -> chain.Head | None:
    """The head as it stands; None where there is none."""
    if not ledger_file.has_head(connection):
        return None
    row = connection.execute("SELECT id, mac, seal, key FROM head").fetchone()
    return None if row is None else chain.Head(row[0], bytes(row[1]), bytes(row[2]), row[3])


def _id(written: sqlite3.Cursor) -> int:
    return written.lastrowid or 0
