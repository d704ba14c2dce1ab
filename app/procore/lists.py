"""What Procore holds, as a source of the comparison: its documented lists, paged, at the pace of the rate headers. [C]

procore-wire.md, "Reading". What is staged is not visible here. A list whose `updated_at` can be asked for, and which
takes more than one page, is read by what changed; once a week as a whole, because a record that was deleted tells of no
change."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import anyio
import msgspec
import stamina

from app.domain.lists import PER_JOB, Block, Kind, LedgerRecord, Offer, Side
from app.domain.problems import NotReadable, Problem, ProblemId, Trouble
from app.http import Answer, Rows, decode, decode_rows, unreadable
from app.procore import list_rows
from app.procore.oauth import SITE
from app.procore.pace import AT_ONCE, Pace, server_time
from app.procore.rest import MOST_PAGES, PAGE, Rest

TRIES = 4
JOB_COSTS = "ERP Job Costs"  # the source of the column that holds job-to-date cost
WHOLE_EVERY = timedelta(days=7)
OVERLAP = timedelta(minutes=5)  # what was changed while the last reading ended is read again
BY_CHANGE = frozenset({Kind.VENDORS, Kind.JOBS})
WITHOUT_VIEW = 3  # so many projects without such a column, and none with: the rest is not asked

_PATHS: Mapping[Kind, str] = {
    Kind.JOBS: "/rest/v1.1/projects",
    Kind.COST_CODES: "/rest/v1.0/standard_cost_codes",
    Kind.COST_TYPES: "/rest/v1.0/line_item_types",
    Kind.VENDORS: "/rest/v1.0/vendors",
    Kind.SUB_JOBS: "/rest/v1.0/sub_jobs",
    Kind.JOB_COST_CODES: "/rest/v1.0/cost_codes",
    Kind.PRIME_CONTRACTS: "/rest/v1.0/prime_contracts",
}
_ROWS: Mapping[Kind, Any] = {
    Kind.JOBS: list_rows.Project,
    Kind.COST_CODES: list_rows.CostCode,
    Kind.COST_TYPES: list_rows.CostType,
    Kind.VENDORS: list_rows.Vendor,
    Kind.SUB_JOBS: list_rows.SubJob,
    Kind.JOB_COST_CODES: list_rows.ProjectCostCode,
    Kind.PRIME_CONTRACTS: list_rows.PrimeContract,
}
_QUERIES: Mapping[Kind, Mapping[str, str]] = {
    Kind.JOBS: {"filters[synced]": "true"},
    Kind.COST_CODES: {"view": "extended"},
    Kind.VENDORS: {"view": "extended"},
}


class _Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where to go on. While a reading is under way: the next `page`, when it `began`, and `since` when changes are
    asked for ("" all). After it: since when they will be (`seen`). `whole` is when the list was last read as a
    whole, `rows` how many there were then. Time stamps in UTC."""

    page: int = 1
    began: str = ""
    since: str = ""
    seen: str = ""
    whole: str = ""
    rows: int = 0


class _List(msgspec.Struct, frozen=True):
    id: int
    is_erp_list: bool | None = None


class _View(msgspec.Struct, frozen=True):
    id: int


class _Column(msgspec.Struct, frozen=True):
    id: str
    name: str | None = None


class ProcoreLedgers:
    """Fulfils `app.domain.lists.Source` for one company."""

    side = Side.PROCORE
    is_file = False
    at_once = AT_ONCE
    kinds = frozenset({*_PATHS, Kind.COSTS, Kind.JOB_TO_DATE})

    def __init__(self, rest: Rest, company_id: int, pace: Pace, name: str = "Procore") -> None:
        self._rest = rest
        self._company = str(company_id)
        self._pace = pace
        self.name = name
        self._view: tuple[int, tuple[str, ...]] | None = None  # and the keys its column may have in a row
        self._looking = anyio.Lock()
        self._without_view = 0
        self.asked = 0

    def offer(self, kind: Kind, scope: str, cursor: str) -> Offer:  # noqa: ARG002 - as the port says
        """One request for each page, as many as there were last time."""
        mark = _decoded(cursor)
        pages = max(1, -(-mark.rows // PAGE) - (mark.page - 1))
        if kind in BY_CHANGE and mark.rows > PAGE and mark.whole and _age(mark.whole) < WHOLE_EVERY:
            return Offer(1, incremental=True)
        more = {Kind.COST_CODES: 1, Kind.COSTS: pages}
        # The budget view that one project shows, and its columns, serve the others too.
        once = 2 if kind is Kind.JOB_TO_DATE and self._view is None else 0
        return Offer(pages + more.get(kind, 0), once=once)

    def seconds(self, requests: int) -> float:
        """How long so many requests take at Procore's pace."""
        return self._pace.seconds(requests)

    async def read(self, kind: Kind, scope: str, cursor: str) -> AsyncIterator[Block]:
        """The blocks of a list, one for each page. Raises NotReadable, SessionLost, SlowDown, and
        Trouble(NO-MATCH-SOURCE) for a list of the company that this account may not read (of a project's: NotReadable).

        Budget views without a column of job costs give no block: that project does not tell them."""
        try:
            async for block in self._read(kind, scope, _decoded(cursor)):
                yield block
        except Trouble as refused:
            if refused.problem.id is not ProblemId.PRO_PERM:
                raise
            problem = Problem(ProblemId.NO_MATCH_SOURCE, {"site": SITE, "what": kind.value})
            if kind in PER_JOB[Side.PROCORE]:
                raise NotReadable(problem) from None
            raise Trouble(problem) from None

    def _read(self, kind: Kind, scope: str, mark: _Cursor) -> AsyncIterator[Block]:
        match kind:
            case Kind.COSTS:
                return self._costs(scope, mark)
            case Kind.JOB_TO_DATE:
                return self._job_to_date(scope, mark)
            case Kind.COST_CODES:
                return self._cost_codes(mark)
            case _:
                return self._list(kind, scope, mark)

    def _list(self, kind: Kind, scope: str, mark: _Cursor) -> AsyncIterator[Block]:
        path, row, query = _PATHS[kind], _ROWS[kind], dict(_QUERIES.get(kind, {}))
        if scope:
            query["project_id"] = scope
            return self._pages(path, query, mark, _records(row, lambda one: one.record(scope)))
        query["company_id"] = self._company
        if kind in BY_CHANGE and not mark.began:
            mark = msgspec.structs.replace(mark, since=mark.seen)
        return self._pages(path, query, mark, _records(row, lambda one: one.record()))

    async def _cost_codes(self, mark: _Cursor) -> AsyncIterator[Block]:
        lists = decode(
            await self._get("/rest/v1.0/standard_cost_code_lists", {"company_id": self._company}),
            list[_List],
            SITE,
        )
        erp = next((one for one in lists if one.is_erp_list), None)
        if erp is None:
            raise unreadable(SITE, "no list of cost codes from the accounting system")
        query = {
            **_QUERIES[Kind.COST_CODES],
            "company_id": self._company,
            "standard_cost_code_list_id": str(erp.id),
        }
        read = _records(list_rows.CostCode, lambda row: row.record())
        async for block in self._pages(_PATHS[Kind.COST_CODES], query, mark, read):
            yield block

    async def _costs(self, scope: str, mark: _Cursor) -> AsyncIterator[Block]:
        """A project's direct cost lines; date and vendor stand on the direct costs, which are read before."""
        heads: dict[int, list_rows.DirectCost] = {}
        kept = partial(heads_of, heads=heads)
        async for _ in self._answers(f"/rest/v1.1/projects/{scope}/direct_costs", {}, 1, kept):
            pass
        path = f"/rest/v1.0/projects/{scope}/direct_costs/line_items"
        async for block in self._pages(path, {}, mark, partial(lines_of, scope=scope, heads=heads)):
            yield block

    async def _job_to_date(self, scope: str, mark: _Cursor) -> AsyncIterator[Block]:
        """The rows of a budget view. One that is the company's serves every project: it is tried first."""
        missed = False
        while True:
            # One looks for a view; those that are read beside it wait for what it finds.
            async with self._looking:
                shared = self._view is not None and not missed
                view = self._view if shared else await self._view_of(scope)
                if view is None:
                    return
                self._view = view
            try:
                async for block in self._rows_of(view, scope, mark):
                    yield block
            except NotReadable as failed:
                if not shared or not _is_status(failed, "404"):
                    raise
                missed = True
            else:
                return

    def _rows_of(self, view: tuple[int, tuple[str, ...]], scope: str, mark: _Cursor) -> AsyncIterator[Block]:
        number, keys = view
        path = f"/rest/v1.0/budget_views/{number}/detail_rows"
        query = {"project_id": scope}
        read = _records(msgspec.Raw, lambda row: _budget_row(row, scope, keys))
        return self._pages(path, query, mark, read)

    async def _view_of(self, scope: str) -> tuple[int, tuple[str, ...]] | None:
        """The budget view of a project with a column of job costs; None where none has one."""
        if self._without_view >= WITHOUT_VIEW:
            return None
        query = {"project_id": scope}
        views = decode(await self._get("/rest/v1.0/budget_views", query), list[_View], SITE)
        for view in views:
            path = f"/rest/v1.0/budget_views/{view.id}/budget_detail_columns"
            for column in decode(await self._get(path, query), list[_Column], SITE):
                if (column.name or "").strip().casefold() == JOB_COSTS.casefold():
                    self._without_view = 0
                    return view.id, _keys(column)
        self._without_view += 1
        return None

    # ---------------------------------------------------------------- pages

    async def _pages(
        self,
        path: str,
        query: Mapping[str, str],
        mark: _Cursor,
        read: Callable[[Answer], Rows],
    ) -> AsyncIterator[Block]:
        asked = dict(query)
        if mark.since:
            asked["filters[updated_at]"] = f"{mark.since}...{_stamp(datetime.now(UTC) + timedelta(days=1))}"
        async for answer, found, more in self._answers(path, asked, mark.page, read):
            at = (server_time(answer.headers) or datetime.now(UTC)).astimezone(UTC)
            began = mark.began or _stamp(at - OVERLAP)
            rows = mark.rows if mark.since else (mark.rows if mark.page > 1 else 0) + found.count
            if more:
                mark = msgspec.structs.replace(mark, page=mark.page + 1, began=began, rows=rows)
            else:
                mark = _Cursor(seen=began, whole=mark.whole if mark.since else began, rows=rows)
            whole = "filters[updated_at]" not in asked
            yield Block(found.records, _encoded(mark), not more, whole, at, found.aside, typed=True)

    async def _answers(
        self, path: str, query: Mapping[str, str], page: int, read: Callable[[Answer], Rows]
    ) -> AsyncIterator[tuple[Answer, Rows, bool]]:
        """The pages from this one on, each with its rows and whether another follows."""
        for number in range(page, MOST_PAGES + 1):
            answer = await self._get(path, {**query, "page": str(number), "per_page": str(PAGE)})
            found = read(answer)
            more = bool(found.count) and 'rel="next"' in answer.headers.get("link", "")
            yield answer, found, more
            if not more:
                return
        raise unreadable(SITE, "pages without an end")

    async def _get(self, path: str, query: Mapping[str, str]) -> Answer:
        async for attempt in stamina.retry_context(
            on=_may_pass, attempts=TRIES, timeout=None, wait_initial=0.5
        ):
            with attempt:
                self.asked += 1
                return await self._rest.answer(path, query)
        raise AssertionError("retry_context returns or raises")  # pragma: no cover


def _may_pass(failed: Exception) -> bool:
    """A failure of the way there, or of Procore itself; what it says of our question it would say again."""
    if not isinstance(failed, NotReadable):
        return False
    return failed.problem.id in (ProblemId.NET, ProblemId.PRO_DOWN) or _is_status(failed, "5")


def _is_status(failed: NotReadable, status: str) -> bool:
    return str(failed.problem.facts.get("what", "")).startswith(f"status {status}")


def _records(row: Any, record: Callable[[Any], LedgerRecord | None]) -> Callable[[Answer], Rows]:
    return partial(decode_rows, wanted=row, make=record, site=SITE)


def heads_of(answer: Answer, heads: dict[int, list_rows.DirectCost]) -> Rows:
    """A page of direct costs, each kept in `heads` by its id; raises NotReadable where it is none."""
    return decode_rows(answer, list_rows.DirectCost, partial(_keep, heads), SITE)


def lines_of(answer: Answer, scope: str, heads: Mapping[int, list_rows.DirectCost]) -> Rows:
    """A page of the lines of a project's direct costs; raises NotReadable where it is none."""
    return decode_rows(answer, list_rows.Line, lambda one: one.record(scope, heads), SITE)


def _keep(heads: dict[int, list_rows.DirectCost], head: list_rows.DirectCost) -> None:
    heads[head.id] = head


def _keys(column: _Column) -> tuple[str, ...]:
    """The keys that a column may have in a row: which one it is, is not public [?]."""
    name = (column.name or "").strip()
    return (column.id, name, re.sub(r"\W+", "_", name).lower())


def _budget_row(row: msgspec.Raw, scope: str, keys: tuple[str, ...]) -> LedgerRecord | None:
    """None for a row without job costs. Raises ValueError where it has no such column."""
    columns = msgspec.json.decode(row, type=dict[str, msgspec.Raw])
    told = next((columns[key] for key in keys if key in columns), None)
    if told is None:
        raise ValueError(f"{JOB_COSTS}: no such column")
    try:
        amount = msgspec.json.decode(told, type=Decimal | None)
    except msgspec.ValidationError:
        raise ValueError(f"{JOB_COSTS}: an amount expected") from None
    return (
        None if amount is None else msgspec.json.decode(row, type=list_rows.BudgetRow).record(scope, amount)
    )


def _stamp(at: datetime) -> str:
    """A time stamp as Procore takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _age(stamp: str) -> timedelta:
    return datetime.now(UTC) - datetime.fromisoformat(stamp)


def _encoded(mark: _Cursor) -> str:
    return msgspec.json.encode(mark).decode()


def _decoded(cursor: str) -> _Cursor:
    return msgspec.json.decode(cursor, type=_Cursor) if cursor else _Cursor()
