"""The ledger's file: opened, made, brought to the present form after a copy, and its failures said in plain words."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app import disk
from app.domain.problems import ProblemId, Trouble, trouble
from app.storage.folders import make

NAME = "ledger.sqlite"
SCHEMA = 1
APPLICATION = 0x4F445331  # "ODS1": tells our file from another program's
_BUSY = 5.0  # seconds; another process copies or checks the file
_CRUMB = 128 * 1024  # bytes; a disk with less than this is full for our purposes

# The last event, sealed: so that a cut at the end shows. A ledger that was begun without it gets it when it is opened.
_HEAD = """CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL, mac BLOB NOT NULL, seal BLOB NOT NULL,
    key TEXT NOT NULL
)"""
_TABLES = (
    """CREATE TABLE runs (
        run_id TEXT PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, outcome TEXT, training INTEGER NOT NULL,
        last_seq INTEGER NOT NULL, summary BLOB NOT NULL, jobs TEXT, seal BLOB, key TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID""",
    "CREATE INDEX runs_by_start ON runs (started_at)",
    "CREATE INDEX runs_by_outcome ON runs (outcome, ended_at)",
    "CREATE INDEX runs_with_jobs ON runs (started_at) WHERE jobs IS NOT NULL",
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL,
        prev BLOB NOT NULL, mac BLOB NOT NULL, key TEXT NOT NULL, UNIQUE (run_id, seq)
    )""",
    """CREATE TABLE durations (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, seconds REAL NOT NULL, run_id TEXT NOT NULL
    )""",
    "CREATE INDEX durations_by_kind ON durations (kind, id)",
    _HEAD,
)

# From the form of the key to the next one.
STEPS: Mapping[int, tuple[str, ...]] = {}


def open_to_write(
    path: Path, schema: int = SCHEMA, steps: Mapping[int, tuple[str, ...]] = STEPS
) -> sqlite3.Connection:
    """The one connection that writes. A new file is made for this user only; one of an older form is copied, then
    brought to the present one.

    Raises Trouble(DISK), and Trouble(FILE_BROKEN, file, kept, expected or newer) for what is no ledger, or one of a
    newer version: kept aside as a copy, and left as it is."""
    make(path.parent)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise disk.disk_trouble(error, path) from None
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        version = _version(connection, path, schema)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        if version == 0:
            _make_tables(connection, schema)
        elif version < schema:
            _migrate(connection, path, version, schema, steps)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise said(error, path) from None
    except Trouble:
        if connection is not None:
            connection.close()
        raise
    return connection


def make_head(connection: sqlite3.Connection) -> bool:
    """Make the table of the head where there is none. True where it was made."""
    if has_head(connection):
        return False
    connection.execute(_HEAD)
    return True


def has_head(connection: sqlite3.Connection) -> bool:
    """False for a ledger that was begun before there was one."""
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'head'").fetchone()[0]
    return bool(found)


def open_to_read(path: Path, schema: int = SCHEMA) -> sqlite3.Connection | None:
    """A connection that can only read, also while another process runs; None where there is no ledger yet.

    Raises as `open_to_write`."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    uri = path.absolute().as_uri()
    # Where nothing may be written, not even the index of the write-ahead log, the file itself can still be read.
    still = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(
            f"{uri}?mode=ro{'&immutable=1' if still else ''}",
            uri=True,
            timeout=_BUSY,
            isolation_level=None,
            check_same_thread=False,
        )
        version = _version(connection, path, schema)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise said(error, path) from None
    except Trouble:
        if connection is not None:
            connection.close()
        raise
    if version != schema:  # not made yet, or of an older form that the next run brings up to date
        connection.close()
        return None
    return connection


def begin_anew(path: Path) -> Path:
    """A ledger that cannot be used is put aside under another name, so that the next run begins a new one.

    For a person's decision only, and by who holds the profile's lock. Returns the new place. Raises Trouble(DISK)."""
    kept = disk.keep_aside(path)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        disk.remove(path.with_name(name))
    return kept


def said(error: sqlite3.Error, path: Path) -> Trouble:
    """What SQLite answered, as Trouble(DISK, path, reason) or Trouble(FILE_BROKEN, file, kept)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT):
        return _broken(path, expected="ledger")
    reasons = {
        sqlite3.SQLITE_FULL: "full",
        sqlite3.SQLITE_READONLY: "read-only",
        sqlite3.SQLITE_CANTOPEN: "not-allowed",
        sqlite3.SQLITE_PERM: "not-allowed",
        sqlite3.SQLITE_BUSY: "in-use",
        sqlite3.SQLITE_LOCKED: "in-use",
    }
    reason = reasons.get(code, "other")
    if reason in ("other", "not-allowed") and _is_full(path):
        reason = "full"
    return trouble(ProblemId.DISK, file=str(path), why=reason, text=str(error))


def _version(connection: sqlite3.Connection, path: Path, schema: int) -> int:
    """The form of the file; 0 for a new one. Raises Trouble(FILE_BROKEN) for what is not ours, or newer than we are."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    is_new = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if is_new and version == 0:
        return 0
    if application != APPLICATION:
        raise _broken(path, expected="ledger")
    if version > schema:
        raise _broken(path, newer=True, version=version, expected="version")
    return version


def _make_tables(connection: sqlite3.Connection, schema: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={schema}")
    connection.execute("COMMIT")


def _migrate(
    connection: sqlite3.Connection,
    path: Path,
    version: int,
    schema: int,
    steps: Mapping[int, tuple[str, ...]],
) -> None:
    """All steps or none; the copy beside stays."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = path.with_name(f"{path.name}.version-{version}-{stamp}")
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version, schema):
            for statement in steps[number]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={schema}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _broken(path: Path, **facts: str | int | bool) -> Trouble:
    kept = disk.keep_aside(path)
    return trouble(ProblemId.FILE_BROKEN, file=str(path), copy=kept.name, ledger=True, **facts)


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _CRUMB
    except OSError:
        return False


def unreadable(path: Path) -> Trouble:
    """Trouble(FILE_BROKEN) for rows that this program never wrote; the file is kept aside as a copy."""
    return _broken(path, expected="ledger")
