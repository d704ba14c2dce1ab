"""What a report may take over from the one before: only what is proven to be what computing it anew would give.

A comparison leaves the cells of every job in the store, and what they stood on. The next one computes those jobs anew
of which anything moved (`sql_moved`), and everything that is not by job. Where it is not certain which those are, where
much moved, or where what was taken over does not tie with what was read, everything is computed anew."""

import hashlib
from collections.abc import Callable

from app.domain.lists import Kind
from app.domain.match_question import Options
from app.match import sql_keys, sql_money, sql_moved, sql_population, sql_reasons, sql_scope
from app.match.store import Store

# Above this share of the lines there is little to win, and the moved lines would lie in memory.
MOST_MOVED = 0.2

_WHOLE = (
    ("scope", sql_scope.TOLD + ";" + sql_scope.LEVELS),
    ("money", sql_money.CELLS),
    ("money", sql_money.OFFSETS),
    ("money", sql_money.FLAGS),
    ("money", sql_money.NODES),
    ("ties", sql_money.TIES),
)
_MOVED = (
    ("money", sql_money.MOVED_CELLS),
    ("money", sql_money.MOVED_OFFSETS),
    ("money", sql_money.MOVED_FLAGS),
    ("money", sql_money.MOVED_NODES),
    ("ties", sql_money.TIES),
)
_POPULATION = sql_population.MEMBERS + ";" + sql_population.POPULATION
_REASONS = (("reasons", sql_reasons.CANDIDATES), ("reasons", sql_reasons.DIFFERENCES))

_KEYS_RECIPE = hashlib.sha256(f"{sql_keys.MACROS}\n{sql_keys.KEYS}".encode()).hexdigest()
# Every word that what is taken over was computed by: after a change of any of them nothing is.
_RECIPE = hashlib.sha256(
    "\n".join(
        (
            _KEYS_RECIPE,
            sql_keys.LINES,
            sql_keys.MOVED_LINES,
            sql_scope.SCOPE,
            _POPULATION,
            *(sql for _, sql in (*_WHOLE, *_MOVED)),
            *(
                one
                for name, one in sorted(vars(sql_moved).items())
                if name.isupper() and isinstance(one, str)
            ),
        )
    ).encode()
).hexdigest()


def touch(store: Store, kind: Kind) -> None:
    """Within the step that changes a list's rows: whatever was made of them stands no longer."""
    if kind not in (Kind.COSTS, Kind.JOB_TO_DATE):
        store.execute("DELETE FROM about WHERE name = 'keys'")


def forget(store: Store) -> None:
    """The next report computes everything anew."""
    store.execute("DELETE FROM basis; DELETE FROM about WHERE name = 'keys'")


def keys(store: Store) -> tuple[str, str]:
    """Make the tables of keys, unless they are made of these very lists. To be called within one step; returns what
    the lists are known by, and the column store's own version: another may fold or round otherwise."""
    lists, version = store.execute(sql_moved.LISTS)[0]
    made = f"{version} {_KEYS_RECIPE} {lists}"
    if store.one("SELECT value FROM about WHERE name = 'keys'") != made:
        store.execute("DELETE FROM about WHERE name = 'keys'")
        store.execute(sql_keys.KEYS)
        store.execute("INSERT INTO about VALUES ('keys', $1)", [made])
    return str(lists), str(version)


def carry_out(
    store: Store, options: Options, report: str, previous: str, tell: Callable[[str], None]
) -> bool:
    """Everything from the keys to the reasons. To be called within one step, with the question laid in the store.

    Returns whether the jobs that did not move were taken over from the report before."""
    tell("keys")
    lists, version = keys(store)
    recipe = f"{version} {_RECIPE}"
    asked = f"{options.tolerance}|{options.as_of}|{list(options.jobs)}"
    rows = store.execute(
        """SELECT lists, (SELECT count(*) FROM touched WHERE kind NOT IN ('costs', 'job-to-date'))
           FROM basis WHERE report = $1 AND recipe = $2 AND asked = $3""",
        [previous, recipe, asked],
    )
    stands = bool(previous) and len(rows) == 1
    same_lists = stands and rows[0] == (lists, 0)
    tell("lines")
    store.execute(sql_keys.LINES)
    store.execute(sql_moved.PARTS)
    store.execute(sql_moved.KEYS_NOW)
    if stands:
        store.execute(sql_moved.WAS)
    tell("scope")
    store.execute(sql_scope.SCOPE)
    tell("population")
    if not (same_lists and _compared_as_before(store)):
        store.execute(_POPULATION)
    taken_over = stands and _only_what_moved(store, tell, same_lists=same_lists)
    if not taken_over:
        _all(store, tell, _WHOLE)
    if stands:
        store.execute(sql_moved.LET_GO)
    _all(store, tell, _REASONS)
    store.execute(sql_moved.STOOD_ON)
    if not (taken_over and same_lists):
        store.execute(sql_moved.SOME_KEYS if taken_over else sql_moved.ALL_KEYS)
    store.execute(
        "CREATE OR REPLACE TABLE basis AS SELECT $1 AS report, $2 AS recipe, $3 AS asked, $4 AS lists",
        [report, recipe, asked, lists],
    )
    return taken_over


def _compared_as_before(store: Store) -> bool:
    return not store.one(
        """WITH now AS (SELECT entity, '' AS job FROM compared_entity
                        UNION ALL SELECT entity, job FROM compared_job)
           SELECT (SELECT count(*) FROM (FROM now EXCEPT FROM was_compared))
                + (SELECT count(*) FROM (FROM was_compared EXCEPT FROM now))"""
    )


def _only_what_moved(store: Store, tell: Callable[[str], None], *, same_lists: bool) -> bool:
    """Compute the moved jobs anew. False where that is not enough, or not certain: then all are to be."""
    store.execute(sql_moved.NO_KEYS_CHANGED if same_lists else sql_moved.CHANGED_KEYS)
    store.execute(sql_moved.MOVED)
    lines, moved, nameless = store.execute(sql_moved.SHARE)[0]
    if nameless or moved > MOST_MOVED * lines:
        return False
    store.execute(sql_moved.ROWS)
    store.execute(sql_keys.MOVED_LINES)
    before = store.execute("FROM level")
    tell("scope")
    store.execute(sql_scope.MOVED_TOLD)
    store.execute(sql_scope.LEVELS)
    if store.execute("FROM level") != before:
        return False
    _all(store, tell, _MOVED)
    return not store.one(sql_moved.DOUBT)


def _all(store: Store, tell: Callable[[str], None], steps: tuple[tuple[str, str], ...]) -> None:
    for step, sql in steps:
        tell(step)
        store.execute(sql)
