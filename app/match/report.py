"""A report: its verdict and totals in one struct, and its rows on demand, so that a million of them can be scrolled."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from app.domain.filters import Filters
from app.domain.ledgers import Side
from app.domain.looks import Waiting
from app.domain.problems import Problem
from app.domain.tabs import Tab
from app.match.reasons import ACTS, Acts, Reason
from app.match.store import Row, Store
from app.match.verdict import Verdict


class Why(StrEnum):
    """Why something could not be compared."""

    READ_FAILED = "read-failed"
    NOT_READ = "not-read"  # a job whose cost one side was not read for
    TIE_BROKEN = "tie-broken"  # two totals of one side that should be the same are not
    KEPT_ASIDE = "kept-aside"  # rows that contradict themselves
    UNDOCUMENTED = "undocumented"  # no documented service offers it on that side
    NO_SOURCE = "no-source"  # nothing is set up for that side; a file can stand in
    NOT_TOLD = "not-told"  # the source does not tell this level


class Silence(msgspec.Struct, frozen=True):
    """One thing that was not compared: a list (`what` is its kind, or a level), or a job."""

    what: str
    why: Why
    side: Side | None = None
    job: str = ""
    count: int = 1
    problem: Problem | None = None


class Age(msgspec.Struct, frozen=True):
    """How old what one side told of a kind is: the oldest of its lists, in UTC."""

    side: Side
    kind: str
    source: str
    is_file: bool
    oldest: datetime
    records: int
    lists: int


class Population(msgspec.Struct, frozen=True):
    """How many records stand where. `expected` of them need not be on the other side (closed, a bidder)."""

    entity: str
    sage_only: int
    procore_only: int
    equal: int
    different: int
    expected: int


class Totals(msgspec.Struct, frozen=True):
    """The company's money over all jobs compared. `plus` and `minus` are the differences of the two signs."""

    sage: Decimal
    procore: Decimal
    difference: Decimal
    plus: Decimal
    minus: Decimal
    jobs: int
    cells: int
    sage_lines: int
    procore_lines: int


class Tie(msgspec.Struct, frozen=True):
    """Two totals that must be the same: how many were proven, and the first that were not (job, told, added)."""

    what: str
    proven: int
    broken: int
    first_broken: tuple[tuple[str, Decimal | None, Decimal | None], ...] = ()


class JobMovement(msgspec.Struct, frozen=True):
    """A job whose cost to date moved since the last report."""

    job: str
    name: str
    before: Decimal | None
    now: Decimal | None
    moved: Decimal


class Changes(msgspec.Struct, frozen=True):
    """What changed in Sage since the last report: counts by entity with the first names, and the largest movements."""

    since: datetime | None
    appeared: dict[str, int] = {}
    first_appeared: tuple[tuple[str, str, str], ...] = ()
    movements: tuple[JobMovement, ...] = ()


class ReasonCount(msgspec.Struct, frozen=True):
    """How many differences have one probable reason, and what they add up to, signs set aside."""

    reason: Reason
    acts: Acts
    count: int
    amount: Decimal


class Report(msgspec.Struct, frozen=True):
    """Everything of a report but its rows."""

    id: str
    at: datetime
    company: str
    version: str
    who: str
    run_id: str
    filters: Filters | None
    tolerance: Decimal
    jobs_asked: tuple[str, ...]
    as_of: date | None
    verdict: Verdict
    populations: tuple[Population, ...]
    totals: Totals
    levels: tuple[str, ...]
    ties: tuple[Tie, ...]
    ages: tuple[Age, ...]
    not_compared: tuple[Silence, ...]
    not_comparable: tuple[Silence, ...]
    waiting: dict[Tab, Waiting]
    reasons: tuple[ReasonCount, ...]
    since: dict[str, int]  # first, new, moved, known, cleared
    changes: Changes
    aside: int
    requests: int = 0
    seconds: float = 0.0


class Difference(msgspec.Struct, frozen=True):
    """One difference, in words of keys. `amount` None where it is not one of money."""

    key: str
    area: str
    entity: str
    job: str
    sub_job: str
    cost_code: str
    cost_type: str
    code: str
    name: str
    sage: Decimal | None
    procore: Decimal | None
    amount: Decimal | None
    flag: str
    fields: tuple[str, ...]
    reason: Reason
    acts: Acts
    since: str
    amount_before: Decimal | None
    accepted: bool
    note: str
    accepted_by: str
    accepted_at: datetime | None
    expires: date | None


class Node(msgspec.Struct, frozen=True):
    """A line of the tree of money: depth 1 is a job, 2 its sub job, 3 a cost code, 4 a cost type."""

    depth: int
    job: str
    sub_job: str
    cost_code: str
    cost_type: str
    name: str
    sage: Decimal | None
    procore: Decimal | None
    difference: Decimal
    plus: Decimal
    minus: Decimal
    cells: int
    differing: int
    flag: str

    @property
    def per_cent(self) -> Decimal | None:
        """The difference in per cent of Sage's amount, to one place; None where Sage has none."""
        if not self.sage:
            return None
        return (self.difference * 100 / abs(self.sage)).quantize(Decimal("0.1"))


class Line(msgspec.Struct, frozen=True):
    """One transaction of one side. `paired` says that the other side has a line of the same amount in the same cell."""

    side: Side
    id: str
    posted: date | None
    amount: Decimal
    vendor: str
    text: str
    paired: bool


class Narrowed(msgspec.Struct, frozen=True):
    """Which rows are wanted. Empty fields do not narrow. `over` is an absolute amount."""

    differences_only: bool = False
    job: str = ""
    over: Decimal | None = None
    reason: Reason | None = None
    entity: str = ""
    accepted: bool | None = None
    words: str = ""


EVERY = Narrowed()


_DIFFERENCE = """key, area, entity, job, sub_job, cost_code, cost_type, code, name, sage, procore, amount, flag, fields,
    reason, since, amount_before, is_accepted, coalesce(note, ''), coalesce(who, ''), accepted_at, expires"""
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
        self, parent: Node | None, narrowed: Narrowed = EVERY, offset: int = 0, limit: int = 200
    ) -> list[Node]:
        """The children of a line of the tree, in the order of their codes; of None: the jobs."""
        where, values = _below(parent, narrowed)
        sql = f"""SELECT {_NODE} WHERE {where}
                  ORDER BY node.job, sub_job, cost_code, cost_type LIMIT {limit:d} OFFSET {offset:d}"""
        return [_node(row) for row in self._store.read(sql, values)]

    def node_count(self, parent: Node | None, narrowed: Narrowed = EVERY) -> int:
        """How many children a line has."""
        where, values = _below(parent, narrowed)
        return int(self._store.read(f"SELECT count(*) FROM node WHERE {where}", values)[0][0])

    def all_nodes(self, depths: tuple[int, ...] = (1, 2, 3, 4)) -> Iterator[list[Node]]:
        """Every line of the tree in the order in which a person reads it: each subtotal before its parts."""
        wanted = ", ".join(str(int(depth)) for depth in depths)
        sql = f"""SELECT {_NODE} WHERE depth IN ({wanted})
                  ORDER BY node.job, sub_job NULLS FIRST, cost_code NULLS FIRST, cost_type NULLS FIRST"""
        for rows in self._store.blocks(sql):
            yield [_node(row) for row in rows]

    def lines(self, node: Node, offset: int = 0, limit: int = 200) -> list[Line]:
        """The transactions of both sides under a line of the tree."""
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
            SELECT side, id, posted, amount, vendor, text,
                   n <= count(*) FILTER (side <> 'sage') OVER cell AND side = 'sage'
                   OR n <= count(*) FILTER (side = 'sage') OVER cell AND side <> 'sage' AS paired
            FROM numbered
            WINDOW cell AS (PARTITION BY job, sub_job, cost_code, cost_type, amount)
            ORDER BY paired, amount, posted, side DESC, id LIMIT {limit:d} OFFSET {offset:d}"""
        return [
            Line(Side(side), id_, posted, amount, vendor or "", text or "", bool(paired))
            for side, id_, posted, amount, vendor, text, paired in self._store.read(sql, values)
        ]

    def population(self, entity: str, state: str = "", offset: int = 0, limit: int = 200) -> list[Row]:
        """The records of a list with their keys: key, job, code, both names, both amounts, fields, state, expected."""
        sql = f"""SELECT key, job, code, sage_name, procore_name, sage, procore, fields, state, expected FROM population
                  WHERE entity = $1 AND ($2 = '' OR state = $2)
                  ORDER BY job, key LIMIT {limit:d} OFFSET {offset:d}"""
        return self._store.read(sql, [entity, state])

    def cleared(self, offset: int = 0, limit: int = 200) -> list[tuple[str, str, Decimal | None]]:
        """What differed at the last report and does not any more: key, title, the amount then."""
        rows = self._store.read(
            f"SELECT key, title, amount FROM cleared ORDER BY key LIMIT {limit:d} OFFSET {offset:d}"
        )
        return [(key, title, amount) for key, title, amount in rows]


_NODE = """depth, node.job, sub_job, cost_code, cost_type, coalesce(named.name, ''), sage, procore, difference,
           plus, minus, cells, differing, flag
    FROM node LEFT JOIN job_name AS named ON node.depth = 1 AND named.job = node.job"""


def _node(row: Row) -> Node:
    depth, job, sub_job, cost_code, cost_type, *rest = row
    return Node(depth, job, sub_job or "", cost_code or "", cost_type or "", *rest)


def _difference(row: Row) -> Difference:
    reason = Reason(row[14])
    fields = tuple(row[13].split(",")) if row[13] else ()
    values = [*row[:13], fields, reason, ACTS[reason], *row[15:]]
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


def _below(parent: Node | None, narrowed: Narrowed) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {"depth": 1 if parent is None else parent.depth + 1}
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
