"""The rows of a report on demand, so that a million of them can be scrolled; their shapes are the domain's."""

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal

from app.domain.lists import Side
from app.domain.match_reasons import ACTS, Reason
from app.domain.match_report import EVERY, Difference, Line, Narrowed, Node
from app.match.store import Row, Store

_DIFFERENCE = """key, area, entity, job, sub_job, cost_code, cost_type, code, name, sage, procore, amount, flag, fields,
    reason, since, amount_before, is_accepted, coalesce(note, ''), coalesce(who, ''), accepted_at, expires,
    first_seen"""
_CELLS_AT_ONCE = 50_000
_ORDER = "abs(amount) DESC NULLS LAST, entity, job, sub_job, cost_code, cost_type, key"


class Pages:
    """The rows of the last report, fetched when they are wanted. Texts are data, never markup."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def differences(self, narrowed: Narrowed, offset: int = 0, limit: int = 200) -> list[Difference]:
        """The differences, the largest first."""
        where, values = _where(narrowed)
        sql = f"SELECT {_DIFFERENCE} FROM standing WHERE {where} ORDER BY {_ORDER} LIMIT {limit:d} OFFSET {offset:d}"
        return [_difference(row) for row in self._store.read(sql, values)]

    def all_differences(self, narrowed: Narrowed) -> Iterator[list[Difference]]:
        """All of them, in blocks: for the exports."""
        where, values = _where(narrowed)
        sql = f"SELECT {_DIFFERENCE} FROM standing WHERE {where} ORDER BY {_ORDER}"
        for rows in self._store.blocks(sql, values):
            yield [_difference(row) for row in rows]

    def count(self, narrowed: Narrowed) -> int:
        """How many differences there are."""
        where, values = _where(narrowed)
        return int(self._store.read(f"SELECT count(*) FROM standing WHERE {where}", values)[0][0])

    def nodes(
        self,
        parent: Node | None,
        narrowed: Narrowed = EVERY,
        offset: int = 0,
        limit: int = 200,
        depth: int | None = None,
    ) -> list[Node]:
        """The children of a line of the tree, in the order of their codes; of None: the jobs. `depth` passes over
        levels that say nothing (`depths`)."""
        where, values = _below(parent, narrowed, depth)
        sql = f"""SELECT {_NODE} WHERE {where}
                  ORDER BY node.job, sub_job, cost_code, cost_type LIMIT {limit:d} OFFSET {offset:d}"""
        return [_node(row) for row in self._store.read(sql, values)]

    def node_count(self, parent: Node | None, narrowed: Narrowed = EVERY) -> int:
        """How many children a line has."""
        where, values = _below(parent, narrowed)
        return int(self._store.read(f"SELECT count(*) FROM node WHERE {where}", values)[0][0])

    def depths(self) -> tuple[int, ...]:
        """The depths at which the tree says something: a level that is told and empty everywhere is left out."""
        sql = """SELECT bool_or(sub_job <> ''), bool_or(cost_code <> ''), bool_or(cost_type <> '')
                 FROM node WHERE depth = 4"""
        found = self._store.read(sql)[0]
        return (1, *(depth for depth, told in enumerate(found, 2) if told))

    def all_nodes(self, depths: tuple[int, ...] = (1, 2, 3, 4)) -> Iterator[list[Node]]:
        """Every line of the tree in the order in which a person reads it: each subtotal before its parts."""
        wanted = ", ".join(str(int(depth)) for depth in depths)
        sql = f"""SELECT {_NODE} WHERE depth IN ({wanted}) AND node.job BETWEEN $first AND $last
                  ORDER BY node.job, sub_job NULLS FIRST, cost_code NULLS FIRST, cost_type NULLS FIRST"""
        for jobs in self._some_jobs():
            for rows in self._store.blocks(sql, jobs):
                yield [_node(row) for row in rows]

    def all_nodes_with_parts(self, depths: tuple[int, ...]) -> Iterator[list[tuple[Node, int]]]:
        """The same; each with how many lines follow that are its parts, and their parts."""
        wanted = ", ".join(str(int(depth)) for depth in depths)
        sql = f"""SELECT {_NODE_VALUES}, CASE depth
                         WHEN 1 THEN count(*) OVER (PARTITION BY node.job)
                         WHEN 2 THEN count(*) OVER (PARTITION BY node.job, sub_job)
                         WHEN 3 THEN count(*) OVER (PARTITION BY node.job, sub_job, cost_code)
                         ELSE 1 END - 1
                  {_NODE_TABLES} WHERE depth IN ({wanted}) AND node.job BETWEEN $first AND $last
                  ORDER BY node.job, sub_job NULLS FIRST, cost_code NULLS FIRST, cost_type NULLS FIRST"""
        for jobs in self._some_jobs():
            for rows in self._store.blocks(sql, jobs):
                yield [(_node(row[:-1]), int(row[-1])) for row in rows]

    def _some_jobs(self) -> Iterator[dict[str, object]]:
        """The jobs in their order, as many together as have so many cells that their lines are sorted in little memory:
        a million of them at once do not fit."""
        first, last, cells = "", "", 0
        for rows in self._store.blocks("SELECT job, cells FROM node WHERE depth = 1 ORDER BY job"):
            for job, more in rows:
                if cells and cells + more > _CELLS_AT_ONCE:
                    yield {"first": first, "last": last}
                    cells = 0
                first, last, cells = (first if cells else job), job, cells + max(more, 1)
        if cells:
            yield {"first": first, "last": last}

    def largest(self) -> Decimal:
        """The largest amount of any line of the tree, signs set aside."""
        sql = (
            "SELECT max(greatest(abs(coalesce(sage, 0)), abs(coalesce(procore, 0)), plus, -minus)) FROM node"
        )
        return self._store.read(sql)[0][0] or Decimal(0)

    def lines(self, node: Node, offset: int = 0, limit: int = 200) -> list[Line]:
        """The transactions of both sides under a line of the tree, from the snapshots of the report.

        None where one of them was read anew since: its lines would not add up to what the report says."""
        if self._store.read(_READ_SINCE, {"job": node.job})[0][0]:
            return []
        where, values = _line_where(node)
        sql = f"""
            WITH line AS (
                SELECT 'sage' AS side, * FROM sage_line WHERE {where}
                UNION ALL SELECT 'procore', * FROM procore_line WHERE {where}),
            numbered AS (
                SELECT side, id, posted, amount, vendor, text, job, sub_job, cost_code, cost_type,
                       row_number() OVER (PARTITION BY side, job, sub_job, cost_code, cost_type, amount
                                          ORDER BY posted, changed, id) AS n
                FROM line)
            SELECT side, numbered.id, posted, amount, coalesce(named.name, vendor), text,
                   n <= count(*) FILTER (side <> 'sage') OVER cell AND side = 'sage'
                   OR n <= count(*) FILTER (side = 'sage') OVER cell AND side <> 'sage' AS paired
            FROM numbered
            LEFT JOIN (SELECT 'sage' AS told_by, id, name FROM sage_vendors
                       UNION ALL SELECT 'procore', id, name FROM procore_vendors) AS named
              ON named.told_by = numbered.side AND named.id = numbered.vendor
            WINDOW cell AS (PARTITION BY job, sub_job, cost_code, cost_type, amount)
            ORDER BY paired, amount, posted, side DESC, numbered.id LIMIT {limit:d} OFFSET {offset:d}"""
        return [
            Line(Side(side), id_, posted, amount, vendor or "", text or "", bool(paired))
            for side, id_, posted, amount, vendor, text, paired in self._store.read(sql, values)
        ]

    def all_records(self) -> Iterator[list[Row]]:
        """Every record of every list with its keys, in blocks: list, key, job, code, both names, both amounts, fields,
        state, expected."""
        yield from self._store.blocks(
            """SELECT entity, key, job, code, coalesce(sage_name, ''), coalesce(procore_name, ''), sage, procore,
                      fields, state, expected
               FROM population ORDER BY entity, job, key"""
        )

    def cleared(self, offset: int = 0, limit: int = 200) -> list[tuple[str, str, Decimal | None]]:
        """What differed at the last report and does not any more: key, title, the amount then."""
        rows = self._store.read(
            f"SELECT key, title, amount FROM cleared ORDER BY key LIMIT {limit:d} OFFSET {offset:d}"
        )
        return [(key, title, amount) for key, title, amount in rows]

    def all_cleared(self) -> Iterator[list[Row]]:
        """All of them, in blocks."""
        yield from self._store.blocks("SELECT key, title, amount FROM cleared ORDER BY key")


# Costs of a job that were laid in place after the report was made: a reading whose comparison was cut off.
_READ_SINCE = """SELECT count(*) FROM reading WHERE kind = 'costs' AND finished > (SELECT max(made) FROM report)
    AND (scope = '' OR scope IN (SELECT id FROM sage_job_key WHERE key = $job
                                 UNION ALL SELECT id FROM procore_job_key WHERE key = $job))"""

_NODE_VALUES = """depth, node.job, sub_job, cost_code, cost_type, coalesce(named.name, ''), sage, procore, difference,
           plus, minus, cells, differing, flag"""
_NODE_TABLES = "FROM node LEFT JOIN job_name AS named ON node.depth = 1 AND named.job = node.job"
_NODE = f"{_NODE_VALUES} {_NODE_TABLES}"


def _node(row: Row) -> Node:
    depth, job, sub_job, cost_code, cost_type, *rest = row
    return Node(depth, job, sub_job or "", cost_code or "", cost_type or "", *rest)


def _difference(row: Row) -> Difference:
    reason = Reason(row[14])
    fields = tuple(row[13].split(",")) if row[13] else ()
    first_seen = row[-1].replace(tzinfo=UTC) if row[-1] else None
    values = [*row[:13], fields, reason, ACTS[reason], *row[15:-1], first_seen]
    return Difference(*values)


def _where(narrowed: Narrowed) -> tuple[str, dict[str, object]]:
    parts, values = ["TRUE"], dict[str, object]()
    if narrowed.job:
        parts.append("(job = $job OR (entity = 'jobs' AND key = 'population|jobs||' || $job))")
        values["job"] = narrowed.job
    if narrowed.over is not None:
        parts.append("abs(amount) > $over::DECIMAL(18,2)")
        values["over"] = str(narrowed.over)
    if narrowed.reason is not None:
        parts.append("reason = $reason")
        values["reason"] = narrowed.reason.value
    if narrowed.entity:
        parts.append("entity = $entity")
        values["entity"] = narrowed.entity
    if narrowed.accepted is not None:
        parts.append("is_accepted = $accepted")
        values["accepted"] = narrowed.accepted
    if narrowed.words:
        parts.append(
            "contains(spoken(concat_ws(' ', job, sub_job, cost_code, cost_type, code, name)), spoken($words))"
        )
        values["words"] = narrowed.words
    return " AND ".join(parts), values


def _below(
    parent: Node | None, narrowed: Narrowed, depth: int | None = None
) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {"depth": depth or (1 if parent is None else parent.depth + 1)}
    parts = ["depth = $depth"]
    if parent is not None:
        for name in ("job", "sub_job", "cost_code")[: parent.depth]:
            parts.append(f"node.{name} = ${name}")
            values[name] = getattr(parent, name)
    if narrowed.differences_only:
        parts.append("flag NOT IN ('equal', 'within')")
    if narrowed.job and parent is None:
        parts.append("node.job = $only")
        values["only"] = narrowed.job
    if narrowed.words and parent is None:
        named = "(SELECT name FROM job_name WHERE job_name.job = node.job)"
        parts.append(f"contains(spoken(concat_ws(' ', node.job, {named})), spoken($words))")
        values["words"] = narrowed.words
    if narrowed.over is not None:
        parts.append("greatest(plus, -minus) > $over::DECIMAL(18,2)")
        values["over"] = str(narrowed.over)
    if narrowed.reason is not None:
        below = " AND ".join(
            f"standing.{name} = node.{name}"
            for name in ("job", "sub_job", "cost_code", "cost_type")[: int(str(values["depth"]))]
        )
        parts.append(f"EXISTS (FROM standing WHERE area = 'money' AND reason = $reason AND {below})")
        values["reason"] = narrowed.reason.value
    return " AND ".join(parts), values


def _line_where(node: Node) -> tuple[str, dict[str, object]]:
    parts, values = ["job = $job"], {"job": node.job}
    for place, name in enumerate(("sub_job", "cost_code", "cost_type"), 2):
        if node.depth >= place:
            parts.append(f"(SELECT NOT by_{name} FROM level) OR coalesce({name}, '') = ${name}")
            values[name] = getattr(node, name)
    return " AND ".join(f"({part})" for part in parts), dict(values)
