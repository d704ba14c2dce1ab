"""The ledger of one profile: every event of every run, durable before anything acts on it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import anyio
import anyio.to_thread
import msgspec

from app.domain.audit import Verified
from app.domain.decoding import BROKEN
from app.domain.events import Record, RunOutcome
from app.domain.history import RunSummary
from app.domain.problems import ProblemId, Trouble
from app.storage import chain, ledger_file
from app.storage.chain import Sealed
from app.storage.disk_thread import DiskThread
from app.storage.folders import check_writable
from app.storage.ledger_writer import OF_RUN, Writer, head_of, stamp

T = TypeVar("T")

_DURATIONS = 100  # the latest ones; what a company was like years ago tells nothing
_ALL = "SELECT id, run_id, seq, at, payload, prev, mac, key FROM events ORDER BY id"
_summaries: msgspec.json.Decoder[RunSummary] = msgspec.json.Decoder(RunSummary)


class Ledger:
    """Fulfils the engine's `Ledger`, and gives the history. Made by `open`, which writes, or `open_to_read`.

    Writing is done on one thread, in the order of the calls. Every question has a connection of its own that cannot
    write, in a worker thread: a look into the history never holds up a run, and a ledger that is only read needs no
    `close`. All methods raise Trouble(DISK) or Trouble(FILE_BROKEN)."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.path = path
        self._key = key
        self._writer = DiskThread("ledger-write")
        self._write: Writer | None = None

    @classmethod
    async def open(cls, folder: Path, key: bytes | None) -> Self:
        """The ledger in a profile's folder, to write and read; the caller holds the profile's lock. `key` None: the
        chain is kept without a key, and says so."""
        ledger = cls(folder / ledger_file.NAME, key)
        try:
            ledger._write = await ledger._writer.run(lambda: Writer(ledger.path, key))
        except BaseException:
            await ledger.close()
            raise
        return ledger

    @classmethod
    async def open_to_read(cls, folder: Path, key: bytes | None = None) -> Self:
        """The ledger in a profile's folder, to read only, also while another process runs."""
        return cls(folder / ledger_file.NAME, key)

    @classmethod
    async def begin_anew(cls, folder: Path) -> Path | None:
        """Put a ledger that cannot be used aside; the next `open` begins a new one. Returns its new place; None, and
        nothing is done, where it can be used. The caller holds the profile's lock. Raises Trouble(DISK)."""
        ledger = cls(folder / ledger_file.NAME, None)

        def read_all(connection: sqlite3.Connection) -> None:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise ledger_file.unreadable(ledger.path)
            for row in chain.rows_of(connection.execute(_ALL)):
                chain.record_of(row)
            for (line,) in connection.execute("SELECT summary FROM runs"):
                _summaries.decode(line)

        try:
            await ledger._ask(read_all, None)
        except Trouble as met:
            if met.problem.id is not ProblemId.FILE_BROKEN:
                raise
            return await anyio.to_thread.run_sync(ledger_file.begin_anew, ledger.path)
        return None

    async def append(self, record: Record) -> None:
        """Durable when it returns, and whole: a cancelled caller gets its answer first.

        Passing events are kept once every few seconds. Raises Trouble(DISK) when it could not be written; the ledger is
        then as it was, and a later append may succeed."""
        if self._write is None:
            raise RuntimeError("this ledger was opened to read")
        writer = self._write
        with anyio.CancelScope(shield=True):
            await self._writer.run(lambda: writer.append(record))

    async def ready(self) -> None:
        """Asked before a run: its folder can be written, and has room for one. Raises Trouble(DISK)."""
        await anyio.to_thread.run_sync(check_writable, self.path.parent)

    async def records(self, run_id: str) -> list[Record]:
        """The kept events of a run, in order; empty for a run that is not there."""

        def read(connection: sqlite3.Connection) -> list[Record]:
            rows = connection.execute(OF_RUN, (run_id,))
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
        query = f"SELECT summary FROM runs {where} ORDER BY started_at DESC LIMIT ?"  # the parts are ours

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
            " AND run_id = (SELECT run_id FROM events WHERE run_id IN (SELECT run_id FROM runs)"
            " ORDER BY id DESC LIMIT 1)"
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
        """Check the chain, its head, the seals, and every line of the history against its events. Reads everything:
        seconds for a large ledger; a run under way goes on meanwhile."""

        def read(connection: sqlite3.Connection) -> Verified:
            connection.execute("BEGIN")  # one view of the file, whatever is written meanwhile
            try:
                events = connection.execute(_ALL)
                runs = connection.execute("SELECT run_id, summary, last_seq, seal, key FROM runs")
                return chain.verify(
                    chain.rows_of(events), map(Sealed._make, runs), head_of(connection), self._key
                )
            finally:
                connection.execute("COMMIT")

        return await self._ask(read, Verified(0, 0, 0, 0, ()))

    async def close(self) -> None:
        """Let go of the file; what was appended is there. A second time does nothing."""
        writer, self._write = self._write, None
        with anyio.CancelScope(shield=True):
            await self._writer.close(writer.close if writer is not None else _nothing)

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
            connection = ledger_file.open_to_read(self.path)
            if connection is None:
                return nothing
            with closing(connection):
                try:
                    return read(connection)
                except sqlite3.Error as error:
                    raise ledger_file.said(error, self.path) from None
                except (*BROKEN, ValueError):
                    raise ledger_file.unreadable(self.path) from None

        return await anyio.to_thread.run_sync(work)


def _nothing() -> None:
    pass
