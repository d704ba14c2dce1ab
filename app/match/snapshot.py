"""Snapshots of both sides: read block by block into a place beside, and laid in their own only when a list is whole."""

from datetime import UTC, datetime, timedelta

import msgspec

from app.domain.blocks import checked
from app.domain.brake import BRAKE, Brake, lost_too_many, safe_problem
from app.domain.lists import RECORDS, Aside, Block, Kind, Side
from app.domain.problems import Trouble
from app.match import basis
from app.match.snapshot_columns import as_columns, insertion, table
from app.match.store import Store

# Lines of cost come and go by the thousand; the brake watches the records they hang on.
UNBRAKED = frozenset({Kind.COSTS, Kind.JOB_TO_DATE})
HALF_READ_KEPT = timedelta(days=1)


class List(msgspec.Struct, frozen=True):
    """One list of one side; `scope` is the id of a job (project) for the lists read job by job, else ""."""

    side: Side
    kind: Kind
    scope: str = ""


class Taken(msgspec.Struct, frozen=True):
    """What became of a block: rows that went on, rows kept aside."""

    rows: int
    aside: tuple[Aside, ...]


class Reading(msgspec.Struct, frozen=True):
    """What is known of a list: where the next reading begins, how old it is, how many records."""

    cursor: str
    as_of: datetime
    records: int
    source: str
    is_file: bool


class Standing:
    """How far every list was read, asked of the store once: a company may have tens of thousands of them."""

    def __init__(self, store: Store, now: datetime | None = None) -> None:
        self._store = store
        self._now = now or datetime.now(UTC)
        self._readings = {
            List(Side(side), Kind(kind), scope): Reading(
                cursor, as_of.replace(tzinfo=UTC), records, source, is_file
            )
            for side, kind, scope, cursor, as_of, records, source, is_file in store.execute(
                "SELECT side, kind, scope, cursor, as_of, records, source, is_file FROM reading"
            )
        }
        self._half_read = {
            List(Side(side), Kind(kind), scope): (source, str(cursor), as_of.replace(tzinfo=UTC))
            for side, kind, scope, source, cursor, as_of in store.execute(
                "SELECT side, kind, scope, source, cursor, as_of FROM under_way"
            )
        }

    def reading(self, one: List) -> Reading | None:
        """What is known of a list; None where it was never read to its end."""
        return self._readings.get(one)

    def where_to_go_on(self, one: List, source: str, *, incremental: bool) -> str:
        """The cursor of the next block: after the last complete block of an interrupted reading, else (for a list that
        tells what changed) after the last reading, else "" for the beginning.

        What another source left half read is thrown away, and what was left so long ago that its blocks no longer
        belong together."""
        half = self._half_read.get(one)
        if half is not None:
            by, cursor, as_of = half
            if by == source and self._now - as_of < HALF_READ_KEPT:
                return cursor
            drop_half_read(self._store, one)
        known = self._readings.get(one)
        return known.cursor if known and known.source == source and incremental else ""


def where_to_go_on(store: Store, one: List, source: str, *, incremental: bool) -> str:
    """As `Standing.where_to_go_on`, of one list."""
    return Standing(store).where_to_go_on(one, source, incremental=incremental)


def drop_half_read(store: Store, one: List) -> None:
    """Forget the blocks of a list that were read and not yet laid in place."""
    values = [one.side.value, one.kind.value, one.scope]
    with store.together():
        store.execute("DELETE FROM under_way WHERE side = $1 AND kind = $2 AND scope = $3", values)
        store.execute(f"DELETE FROM new_{table(one.side, one.kind)} WHERE scope = $1", [one.scope])


def put(store: Store, one: List, source: str, block: Block) -> Taken:
    """Lay one block beside the snapshot, with the cursor of the next: durable together, or not at all."""
    record = RECORDS[one.side, one.kind]
    values = [one.side.value, one.kind.value, one.scope]
    rows = store.execute(
        "SELECT version, blocks, as_of FROM under_way WHERE side = $1 AND kind = $2 AND scope = $3", values
    )
    version, blocks, as_of = rows[0] if rows else (0, 0, _naive(block.as_of))
    found = checked(block.rows, record, after=version, typed=block.typed)
    aside = (*block.aside, *found.aside)
    highest = max([version, *(getattr(row, "version", 0) for row in found.rows)])
    with store.together():
        if found.rows:
            into = f"new_{table(one.side, one.kind)}"
            store.execute(insertion(record, into), {"scope": one.scope, **as_columns(record, found.rows)})
        if not blocks:
            # What was kept aside at the last reading is judged anew where the list is read anew.
            if block.full:
                store.execute("DELETE FROM aside WHERE side = $1 AND kind = $2 AND scope = $3", values)
            store.execute(
                "INSERT INTO under_way VALUES ($1, $2, $3, $4, '', $5, 0, $6, 0, 0, FALSE)",
                [*values, source, block.full, as_of],
            )
        # The oldest block tells how old the list is.
        store.execute(
            """UPDATE under_way SET cursor = $4, version = $5, blocks = blocks + 1, records = records + $6,
                      complete = $7, as_of = least(as_of, $8)
               WHERE side = $1 AND kind = $2 AND scope = $3""",
            [*values, block.cursor, highest, len(found.rows), block.last, _naive(block.as_of)],
        )
        for row in aside:
            store.execute(
                "INSERT INTO aside VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                [*values, blocks + 1, row.row, row.id, row.fault.value, row.detail],
            )
    return Taken(len(found.rows), aside)


# A later version of a record, or the one that was read last, stands for it.
_MERGE = """
DELETE FROM {into} WHERE scope IN (SELECT scope FROM replaced);
DELETE FROM {into} WHERE scope IN (SELECT scope FROM lists WHERE whole);
DELETE FROM {into} AS old USING {new} AS fresh
 WHERE old.scope = fresh.scope AND old.id = fresh.id AND fresh.scope IN (SELECT scope FROM lists);
INSERT INTO {into}
SELECT * FROM {new} WHERE scope IN (SELECT scope FROM lists)
QUALIFY row_number() OVER (PARTITION BY scope, id ORDER BY {later} DESC) = 1;
DELETE FROM {new} WHERE scope IN (SELECT scope FROM lists);
"""


def finish(
    store: Store,
    side: Side,
    kind: Kind,
    *,
    is_file: bool,
    brake: Brake | None = BRAKE,
    now: datetime | None = None,
) -> int:
    """Lay all lists of a kind that were read to their end in place, in one step. Returns how many lists.

    Raises Trouble(SAFE), and changes nothing, where the kind lost more than the brake allows; with `brake` None the
    person has said to go on."""
    name = table(side, kind)
    values = [side.value, kind.value]
    store.execute(
        """CREATE OR REPLACE TEMP TABLE lists AS
           SELECT * FROM under_way WHERE side = $1 AND kind = $2 AND complete""",
        values,
    )
    count = int(store.one("SELECT count(*) FROM lists"))
    if not count:
        return 0
    # What another source gave of this kind is replaced: a file and a service never add up.
    store.execute(
        """CREATE OR REPLACE TEMP TABLE replaced AS
           SELECT scope, kind FROM reading
           WHERE side = $1 AND kind = $2 AND source NOT IN (SELECT source FROM lists)""",
        values,
    )
    replaced = bool(store.one("SELECT count(*) FROM replaced"))
    later = "version" if side is Side.SAGE else "rowid"
    moment = _naive(now or datetime.now(UTC))
    with store.together():
        before = _living(store, name)
        basis.touch(store, kind)
        store.execute(
            """INSERT INTO touched SELECT side, kind, scope FROM lists
               UNION SELECT $1, kind, scope FROM replaced""",
            [side.value],
        )
        store.execute(_MERGE.format(into=name, new=f"new_{name}", later=later))
        after = _living(store, name)
        if (
            brake is not None
            and not replaced
            and kind not in UNBRAKED
            and lost_too_many(before, after, brake)
        ):
            raise Trouble(safe_problem(kind.value, before, after))
        store.execute(
            """DELETE FROM reading WHERE side = $1 AND kind = $2
               AND (scope IN (SELECT scope FROM lists) OR scope IN (SELECT scope FROM replaced))""",
            values,
        )
        store.execute(
            f"""INSERT INTO reading
                SELECT lists.side, lists.kind, lists.scope, lists.source, $1, lists.cursor, lists.as_of, $2,
                       coalesce(counted.records, 0)
                FROM lists LEFT JOIN (SELECT scope, count(*) AS records FROM {name} GROUP BY scope) AS counted
                  ON counted.scope = lists.scope""",
            [is_file, moment],
        )
        store.execute(
            "DELETE FROM under_way WHERE side = $1 AND kind = $2 AND scope IN (SELECT scope FROM lists)",
            values,
        )
    return count


def _living(store: Store, name: str) -> int:
    """Records that are not archived or closed: those whose loss would be felt."""
    columns = {row[0] for row in store.execute(f"SELECT column_name FROM (DESCRIBE {name})")}
    where = "WHERE active" if "active" in columns else ""
    return int(store.one(f"SELECT count(*) FROM {name} {where}"))


def reading(store: Store, one: List) -> Reading | None:
    """As `Standing.reading`, of one list."""
    return Standing(store).reading(one)


def forget_older(store: Store, days: int, now: datetime) -> int:
    """Retention: forget reports made, lists last read, and lists left half read, more than `days` ago; 0: none.

    Returns how many lists."""
    if not days:
        return 0
    limit = _naive(now - timedelta(days=days))
    gone = 0
    # A company may have tens of thousands of lists: those of a kind go together.
    for standing, when, beside in (("reading", "finished", ""), ("under_way", "as_of", "new_")):
        for side, kind, count in store.execute(
            f"SELECT side, kind, count(*) FROM {standing} WHERE {when} < $1 GROUP BY side, kind", [limit]
        ):
            old = f"FROM {standing} WHERE side = $1 AND kind = $2 AND {when} < $3"
            values = [side, kind, limit]
            with store.together():
                rows = f"{beside}{table(Side(side), Kind(kind))}"
                if not beside:
                    basis.touch(store, Kind(kind))
                    store.execute(f"INSERT INTO touched SELECT side, kind, scope {old}", values)
                store.execute(f"DELETE FROM {rows} WHERE scope IN (SELECT scope {old})", values)
                store.execute(f"DELETE {old}", values)
            gone += count
    with store.together():
        for name in ("past_difference", "seen"):
            store.execute(
                f"DELETE FROM {name} WHERE report IN (SELECT id FROM report WHERE made < $1)",
                [limit],
            )
        store.execute("DELETE FROM report WHERE made < $1", [limit])
        store.execute("DELETE FROM accepted WHERE expires < $1", [limit.date()])
    store.compact()
    return gone


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
