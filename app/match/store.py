"""One profile's store for matching: a column store in one file, shut off from other files, network and extensions."""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.lists import RECORDS
from app.domain.problems import ProblemId, trouble
from app.match import sql_moved
from app.match.snapshot_columns import schema, table

if TYPE_CHECKING:
    import duckdb

NAME = "match.duckdb"
FOLDER = "match"
REPORTS = "reports"  # beside the store: the files that runs wrote
STORE_VERSION = 3
MEMORY_MB = 256  # what the column store may take for itself
MORE_MEMORY_MB = 1024  # where a comparison of many cells does not find room in it
# Somebody may have the store open for a moment, to read the verdicts of the past: seconds until it is tried again.
_UNTIL_CLOSED = (0.05, 0.2, 1.0)
_BLOCK = 256 * 1024  # bytes

_TABLES = """
CREATE TABLE IF NOT EXISTS about (name VARCHAR, value VARCHAR);
-- One line for each list that was read to its end: how far, how old, how many, and what was kept aside.
CREATE TABLE IF NOT EXISTS reading (
    side VARCHAR, kind VARCHAR, scope VARCHAR, source VARCHAR, is_file BOOLEAN, cursor VARCHAR,
    as_of TIMESTAMP, finished TIMESTAMP, records BIGINT);
-- One line for each list that is being read: where the next block begins.
CREATE TABLE IF NOT EXISTS under_way (
    side VARCHAR, kind VARCHAR, scope VARCHAR, source VARCHAR, cursor VARCHAR, whole BOOLEAN,
    version BIGINT, as_of TIMESTAMP, blocks BIGINT, records BIGINT, complete BOOLEAN);
-- Rows that contradicted themselves: named, never their contents.
CREATE TABLE IF NOT EXISTS aside (
    side VARCHAR, kind VARCHAR, scope VARCHAR, block BIGINT, place BIGINT, id VARCHAR, fault VARCHAR, detail VARCHAR);
CREATE TABLE IF NOT EXISTS report (
    id VARCHAR, made TIMESTAMP, header VARCHAR);
CREATE TABLE IF NOT EXISTS past_difference (
    report VARCHAR, key VARCHAR, amount DECIMAL(38,2), title VARCHAR);
-- What an earlier version made stays readable; it knew less.
ALTER TABLE past_difference ADD COLUMN IF NOT EXISTS first_seen TIMESTAMP;
ALTER TABLE IF EXISTS standing ADD COLUMN IF NOT EXISTS first_seen TIMESTAMP;
CREATE TABLE IF NOT EXISTS seen (
    report VARCHAR, entity VARCHAR, key VARCHAR, name VARCHAR, amount DECIMAL(38,2));
CREATE TABLE IF NOT EXISTS accepted (
    key VARCHAR, amount DECIMAL(38,2), note VARCHAR, who VARCHAR, accepted_at TIMESTAMP, expires DATE);
"""

Row = tuple[Any, ...]


class Store:
    """A profile's store. Used from any thread, one statement at a time; `interrupt` breaks a long one off."""

    def __init__(self, folder: Path, connection: "duckdb.DuckDBPyConnection") -> None:
        self.folder = folder
        self._connection = connection
        self._lock = threading.RLock()
        self._has_more = False

    def execute(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> list[Row]:
        """Run statements and return the rows of the last."""
        with self._lock, _troubles(self.folder):
            done = self._connection.execute(sql, values) if values else self._connection.execute(sql)
            return done.fetchall() if done.description else []

    def one(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> Any:
        """The first value of the first row; None where there is no row."""
        rows = self.execute(sql, values)
        return rows[0][0] if rows else None

    def read(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> list[Row]:
        """The rows of a query, as they lay there before any statement that is under way elsewhere."""
        with contextlib.closing(self._connection.cursor()) as cursor, _troubles(self.folder):
            done = cursor.execute(sql, values) if values else cursor.execute(sql)
            return done.fetchall()

    def blocks(
        self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None, size: int = 1000
    ) -> Iterator[list[Row]]:
        """The rows of a query, `size` at a time, so that a million of them never lie in memory together."""
        with contextlib.closing(self._connection.cursor()) as cursor, _troubles(self.folder):
            done = cursor.execute(sql, values) if values else cursor.execute(sql)
            while rows := done.fetchmany(size):
                yield rows

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is done inside is done wholly or not at all."""
        with self._lock:
            self.execute("BEGIN TRANSACTION")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self.execute("COMMIT")

    def interrupt(self) -> None:
        """Break off the statement under way, from another thread."""
        self._connection.interrupt()

    def take_more_memory(self) -> bool:
        """MORE_MEMORY_MB, once; False where it was taken already, or somebody reads at this moment."""
        if self._has_more:
            return False
        self._has_more = True
        import duckdb

        with self._lock, _troubles(self.folder):
            # What it was opened with is locked: it is opened anew.
            self._connection.close()
            try:
                self._connection = _connect(self.folder / NAME, MORE_MEMORY_MB)
            except duckdb.ConnectionException:  # somebody is reading by the old one
                self._connection = _connect(self.folder / NAME, MEMORY_MB)
                return False
        return True

    def compact(self) -> None:
        """Write everything into the file and give its free blocks back."""
        self.execute("CHECKPOINT")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def _is_full(folder: Path) -> bool:
    """Asked where its own words do not say so; less than a block of the store is as good as nothing."""
    try:
        return shutil.disk_usage(folder).free < _BLOCK
    except OSError:
        return False


@contextlib.contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    import duckdb

    try:
        yield
    except (
        duckdb.IOException,
        duckdb.OutOfMemoryException,
        duckdb.FatalException,
        duckdb.TransactionException,  # a commit that could not be written
    ) as error:
        reason = "full" if "space" in str(error).lower() or _is_full(folder) else "failed"
        raise trouble(
            ProblemId.DISK, file=str(folder / NAME), why=reason, text=type(error).__name__
        ) from None


def _connect(path: Path, memory_mb: int, threads: int = 2) -> "duckdb.DuckDBPyConnection":
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_unsigned_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": f"{memory_mb}MB",
        "threads": threads,
        "preserve_insertion_order": False,
        "lock_configuration": True,
    }
    return duckdb.connect(str(path), config=config)


def open_store(folder: Path, memory_mb: int = MEMORY_MB, threads: int = 2) -> Store:
    """The store in a profile's data folder, created where there is none.

    Raises Trouble(DISK) where it cannot be opened and Trouble(FILE_BROKEN) where it is no store of ours or a newer
    version's; a broken one stays where it is."""
    import duckdb

    place = folder / FOLDER
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise trouble(ProblemId.DISK, file=str(place), why="failed", text=type(error).__name__) from None
    path = place / NAME
    with _troubles(place):
        try:
            try:
                connection = _connect(path, memory_mb, threads)
            except duckdb.ConnectionException:  # this program has it open, with more memory
                connection = _connect(path, MORE_MEMORY_MB, threads)
        except (duckdb.SerializationException, duckdb.InvalidInputException, duckdb.CatalogException):
            raise _broken(path) from None
        except duckdb.IOException as error:
            if "not a valid" in str(error) or "newer" in str(error):
                raise _broken(path) from None
            raise
        path.chmod(0o600)  # it is made as the session says; the folder lets nobody else in anyway
    store = Store(place, connection)
    try:
        _prepare(store, path)
    except BaseException:
        store.close()
        raise
    return store


def _prepare(store: Store, path: Path) -> None:
    store.execute(_TABLES)
    store.execute(sql_moved.TABLES)
    version = store.one("SELECT value FROM about WHERE name = 'version'")
    if version is None:
        store.execute("INSERT INTO about VALUES ('version', $1)", [str(STORE_VERSION)])
    elif int(version) > STORE_VERSION:
        raise _broken(path, newer=True)
    elif int(version) < STORE_VERSION:  # the next comparison takes nothing over, and makes the rest new
        store.execute("DELETE FROM basis; DELETE FROM about WHERE name = 'keys'")
        store.execute("UPDATE about SET value = $1 WHERE name = 'version'", [str(STORE_VERSION)])
    with store.together():
        for side, kind in RECORDS:
            for name in (table(side, kind), f"new_{table(side, kind)}"):
                store.execute(f"CREATE TABLE IF NOT EXISTS {name} ({schema(side, kind)})")


def _broken(path: Path, *, newer: bool = False) -> Exception:
    return trouble(ProblemId.FILE_BROKEN, file=str(path), copy=path.name, expected="match-store", newer=newer)


def delete_all(folder: Path) -> list[Path]:
    """Delete everything that matching keeps of a company: snapshots, reports, accepted differences, column mappings.

    `folder` is the profile's data folder; the store must be closed. Returns what was deleted. Reports that a person
    saved elsewhere are theirs. Raises Trouble(DISK)."""
    place = folder / FOLDER
    if not place.exists():
        return []
    found = sorted(place.rglob("*"))
    for seconds in _UNTIL_CLOSED:
        try:
            shutil.rmtree(place)
        except OSError:
            time.sleep(seconds)
        else:
            return found
    try:
        shutil.rmtree(place)
    except FileNotFoundError:
        return found  # what made it anew took it away again
    except OSError as error:
        raise trouble(ProblemId.DISK, file=str(place), why="failed", text=type(error).__name__) from None
    return found
