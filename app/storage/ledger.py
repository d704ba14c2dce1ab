"""The ledger of one profile: every event of every run, durable before anything acts on it."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import anyio
import msgspec

from app.domain.events import PASSING, Record, RunOutcome, RunResumed, encode
from app.domain.history import RunSummary, durations, job_codes, summary
from app.domain.run import RunState, apply, fold, start
from app.storage import chain, ledger_file
from app.storage.chain import Sealed, Verified

T = TypeVar("T")

_PASSING_EVERY = 5.0  # seconds between two passing events of a run that are kept
_DURATIONS = 100  # the latest ones; what a company was like years ago tells nothing
_EVENT = "INSERT INTO events (run_id, seq, at, payload, prev, mac, key) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DURATION = "INSERT INTO durations (kind, seconds, run_id) VALUES (?, ?, ?)"
_COLUMNS = "id, run_id, seq, at, payload, prev, mac, key"
_OF_RUN = f"SELECT {_COLUMNS} FROM events WHERE run_id = ? ORDER BY seq"
_ALL = f"SELECT {_COLUMNS} FROM events ORDER BY id"
_summaries: msgspec.json.Decoder[RunSummary] = msgspec.json.Decoder(RunSummary)


class Ledger:
    """Fulfils the engine's `Ledger`, and gives the history. Made by `open`, which writes, or `open_to_read`.

    Writing is done on one thread, in the order of the calls; reading on another, over a connection that cannot write,
    so that a look into the history never holds up a run. All methods raise Trouble(DISK) or Trouble(FILE_BROKEN)."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.path = path
        self._key = key
        self._writer: ThreadPoolExecutor | None = None
        self._reader = ThreadPoolExecutor(1, "ledger-read")
        self._write: _Writer | None = None
        self._read: sqlite3.Connection | None = None

    @classmethod
    async def open(cls, folder: Path, key: bytes | None) -> Self:
        """The ledger in a profile's folder, to write and read; the caller holds the profile's lock. `key` None: the
        chain is kept without a key, and says so."""
        ledger = cls(folder / ledger_file.NAME, key)
        ledger._writer = ThreadPoolExecutor(1, "ledger-write")
        try:
            ledger._write = await _on(ledger._writer, lambda: _Writer(ledger.path, key))
        except BaseException:
            await ledger.close()
            raise
        return ledger

    @classmethod
    async def open_to_read(cls, folder: Path, key: bytes | None = None) -> Self:
        """The ledger in a profile's folder, to read only, also while another process runs."""
        return cls(folder / ledger_file.NAME, key)

    async def append(self, record: Record) -> None:
        """Durable when it returns, and whole: a cancelled caller gets its answer first.

        Passing events are kept once every few seconds. Raises Trouble(DISK) when it could not be written; the ledger is
        then as it was, and a later append may succeed."""
        if self._writer is None or self._write is None:
            raise RuntimeError("this ledger was opened to read")
        writer = self._write
        with anyio.CancelScope(shield=True):
            await _on(self._writer, lambda: writer.append(record))

    async def records(self, run_id: str) -> list[Record]:
        """The kept events of a run, in order; empty for a run that is not there."""

        def read(connection: sqlite3.Connection) -> list[Record]:
            rows = connection.execute(_OF_RUN, (run_id,))
            return [chain.record_of(row) for row in chain.rows_of(rows)]

        return await self._ask(read, [])

    async def runs(
        self,
        limit: int = 200,
        *,
        outcome: RunOutcome | None = None,
        training: bool | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
    ) -> list[RunSummary]:
        """The latest runs, newest first; those begun from `since` on and before `before`, where given (UTC)."""
        wanted: list[tuple[str, object]] = []
        if outcome is not None:
            wanted.append(("outcome = ?", outcome.value))
        if training is not None:
            wanted.append(("training = ?", int(training)))
        if since is not None:
            wanted.append(("started_at >= ?", stamp(since)))
        if before is not None:
            wanted.append(("started_at < ?", stamp(before)))
        where = f"WHERE {' AND '.join(part for part, _ in wanted)}" if wanted else ""
        values = [value for _, value in wanted]
        query = f"SELECT summary FROM runs {where} ORDER BY started_at DESC LIMIT ?"  # noqa: S608  # parts are ours

        def read(connection: sqlite3.Connection) -> list[RunSummary]:
            return [_summaries.decode(row[0]) for row in connection.execute(query, (*values, limit))]

        return await self._ask(read, [])

    async def run(self, run_id: str) -> RunSummary | None:
        """The line of one run, None where there is none."""
        return await self._line("SELECT summary FROM runs WHERE run_id = ?", run_id)

    async def interrupted(self) -> RunSummary | None:
        """The run of the last event, if it has no end: it is under way, or was cut off."""
        return await self._line(
            "SELECT summary FROM runs WHERE outcome IS NULL"
            " AND run_id = (SELECT run_id FROM events ORDER BY id DESC LIMIT 1)"
        )

    async def last_good(self) -> datetime | None:
        """When the last run that ended ok did so (UTC)."""
        value = await self._value("SELECT max(ended_at) FROM runs WHERE outcome = ?", RunOutcome.OK.value)
        return None if value is None else datetime.fromisoformat(value)

    async def last_jobs(self) -> tuple[str, ...]:
        """The job codes of the last run that chose any."""
        value = await self._value(
            "SELECT jobs FROM runs WHERE jobs IS NOT NULL ORDER BY started_at DESC LIMIT 1"
        )
        return () if value is None else msgspec.json.decode(value, type=tuple[str, ...])

    async def durations(self, kind: str) -> list[float]:
        """Seconds that `kind` took in the latest runs of this profile, oldest first; kinds as in `domain.history`."""

        def read(connection: sqlite3.Connection) -> list[float]:
            query = "SELECT seconds FROM durations WHERE kind = ? ORDER BY id DESC LIMIT ?"
            return [row[0] for row in connection.execute(query, (kind, _DURATIONS))][::-1]

        return await self._ask(read, [])

    async def verify(self) -> Verified:
        """Check the chain, the seals, and every line of the history against its events. Reads everything: seconds for
        a large ledger; a run under way goes on meanwhile."""

        def read(connection: sqlite3.Connection) -> Verified:
            connection.execute("BEGIN")  # one view of the file, whatever is written meanwhile
            try:
                events = connection.execute(_ALL)
                runs = connection.execute("SELECT run_id, summary, last_seq, seal, key FROM runs")
                begin = connection.execute("SELECT mac FROM checkpoint").fetchone()
                first = chain.FIRST if begin is None else bytes(begin[0])
                return chain.verify(chain.rows_of(events), map(Sealed._make, runs), self._key, first)
            finally:
                connection.execute("COMMIT")

        return await self._ask(read, Verified(0, 0, 0, 0, ()))

    async def close(self) -> None:
        """Let go of the file; what was appended is there. A second time does nothing."""
        with anyio.CancelScope(shield=True):
            if self._writer is not None:
                if self._write is not None:
                    await _on(self._writer, self._write.close)
                self._writer.shutdown(wait=False)
                self._writer = self._write = None
            with suppress(RuntimeError):  # closed before
                await _on(self._reader, self._close_reader)
            self._reader.shutdown(wait=False)

    async def _line(self, query: str, *values: object) -> RunSummary | None:
        value = await self._value(query, *values)
        return None if value is None else _summaries.decode(value)

    async def _value(self, query: str, *values: object) -> Any:
        def read(connection: sqlite3.Connection) -> Any:
            row = connection.execute(query, values).fetchone()
            return None if row is None else row[0]

        return await self._ask(read, None)

    async def _ask(self, read: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """What `read` finds, `nothing` where there is no ledger yet."""

        def work() -> T:
            if self._read is None:
                self._read = ledger_file.open_to_read(self.path)
            if self._read is None:
                return nothing
            try:
                return read(self._read)
            except sqlite3.Error as error:
                raise ledger_file.said(error, self.path) from None
            except (msgspec.DecodeError, ValueError):
                raise ledger_file.unreadable(self.path) from None

        return await _on(self._reader, work)

    def _close_reader(self) -> None:
        if self._read is not None:
            self._read.close()
            self._read = None


class _Writer:
    """What the writing thread holds: the connection, the head of the chain, and the state of the run at hand."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._path = path
        self._key = key
        self._key_id = chain.key_id(key)
        self._connection = ledger_file.open_to_write(path)
        try:
            row = self._connection.execute("SELECT mac FROM events ORDER BY id DESC LIMIT 1").fetchone()
            row = row or self._connection.execute("SELECT mac FROM checkpoint").fetchone()
        except sqlite3.Error as error:
            self._connection.close()
            raise ledger_file.said(error, path) from None
        self._head: bytes = chain.FIRST if row is None else bytes(row[0])
        self._state: RunState | None = None
        self._line: RunSummary | None = None
        self._since: datetime | None = None
        self._passed: datetime | None = None

    def append(self, record: Record) -> None:
        try:
            state = self._folded(record)
            passing = isinstance(record.event, PASSING)
            if not (passing and self._is_soon(record.at)):
                self._write(record, state)
                self._passed = record.at if passing else self._passed
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            if isinstance(
                error, sqlite3.IntegrityError
            ):  # written before: a fault of the program, not of the disk
                raise
            raise ledger_file.said(error, self._path) from None
        except (msgspec.DecodeError, ValueError):  # what was read back is not what was written
            raise ledger_file.unreadable(self._path) from None
        self._state = state

    def _is_soon(self, at: datetime) -> bool:
        return self._passed is not None and (at - self._passed).total_seconds() < _PASSING_EVERY

    def close(self) -> None:
        with suppress(sqlite3.Error):  # a full disk: the write-ahead log stays, and is read at the next start
            self._connection.close()

    def _write(self, record: Record, state: RunState) -> None:
        execute = self._connection.execute
        at, payload = stamp(record.at), encode(record.event).decode()
        mac = chain.link(self._key, self._head, record.run_id, record.seq, at, payload)
        event = (record.run_id, record.seq, at, payload, self._head, mac, self._key_id)
        line = summary(state)
        took = list(durations(state, record, self._since or state.planned_at))
        if line == self._line and not took and not chain.ends_run(record):
            execute(_EVENT, event)  # a transaction of its own
        else:
            execute("BEGIN IMMEDIATE")
            execute(_EVENT, event)
            self._write_line(record, state, line, mac)
            for kind, seconds in took:
                execute(_DURATION, (kind, seconds, record.run_id))
            execute("COMMIT")
        self._head, self._line = mac, line

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

    def _folded(self, record: Record) -> RunState:
        """The state of the record's run with it. A run that goes on is read back once."""
        state = self._state
        if state is None or state.run_id != record.run_id:
            self._line, self._since, self._passed = None, None, None
            rows = self._connection.execute(_OF_RUN, (record.run_id,))
            records = [chain.record_of(row) for row in chain.rows_of(rows)]
            state = fold(records)
            for earlier in records:
                if isinstance(earlier.event, RunResumed):
                    self._since = earlier.at
            self._state = state
        if isinstance(record.event, RunResumed):
            self._since = record.at
        return start(record) if state is None else apply(state, record)


def stamp(at: datetime) -> str:
    """A UTC time as the ledger keeps it: exact, and sorting as text does."""
    return at.isoformat(timespec="microseconds")


async def _on(thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.wrap_future(thread.submit(work))
