"""What Procore holds, as a source of the comparison: every list, paged, by what changed, at the pace of the headers."""

import time
from collections.abc import AsyncIterator
from decimal import Decimal

import anyio
import msgspec
import pytest

from app.domain.blocks import checked
from app.domain.lists import (
    PER_JOB,
    RECORDS,
    Block,
    Kind,
    Offer,
    ProcoreCost,
    ProcoreJobToDate,
    ProcoreProject,
    Side,
)
from app.domain.problems import NotReadable, ProblemId
from app.procore import lists
from app.procore.lists import ProcoreLedgers
from app.procore.oauth import Access, ClientCredentials
from app.procore.pace import Pace
from app.procore.rest import Rest
from app.training.faults import Fault, FaultKind
from tests.procore.test_rest import App
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.fixture
async def source(admin: Admin) -> AsyncIterator[ProcoreLedgers]:
    procore = admin.served.procore
    pace = Pace()
    access = Access(
        procore.address, ClientCredentials(App(procore.client_id, procore.client_secret)), time.time
    )
    rest = Rest(procore.address, access, procore.company_id, pace=pace)
    yield ProcoreLedgers(rest, procore.company_id, pace)
    await rest.close()


async def blocks(source: ProcoreLedgers, kind: Kind, scope: str = "", cursor: str = "") -> list[Block]:
    return [block async for block in source.read(kind, scope, cursor)]


async def project(source: ProcoreLedgers, place: int = 3) -> ProcoreProject:
    rows = [one for block in await blocks(source, Kind.JOBS) for one in block.rows]
    return [one for one in rows if isinstance(one, ProcoreProject)][place]


@pytest.mark.parametrize("kind", sorted(ProcoreLedgers.kinds))
async def test_every_documented_list_gives_its_records(source: ProcoreLedgers, kind: Kind) -> None:
    scope = (await project(source)).id if kind in PER_JOB[Side.PROCORE] else ""
    found = await blocks(source, kind, scope)
    assert [block.last for block in found] == [False] * (len(found) - 1) + [True]
    assert sum(len(block.rows) for block in found) > 0
    for block in found:
        # Looked through whole, although the block says of itself that its types are right: so they are.
        assert block.typed
        sorted_out = checked(block.rows, RECORDS[Side.PROCORE, kind])
        assert sorted_out.aside == block.aside == ()
        assert block.full


async def test_lines_and_the_budget_views_column_tell_the_same_cost(source: ProcoreLedgers) -> None:
    scope = (await project(source)).id
    lines = [one for block in await blocks(source, Kind.COSTS, scope) for one in block.rows]
    rows = [one for block in await blocks(source, Kind.JOB_TO_DATE, scope) for one in block.rows]
    costs = [one for one in lines if isinstance(one, ProcoreCost)]
    total = sum(one.amount for one in rows if isinstance(one, ProcoreJobToDate))
    assert sum(one.amount for one in costs) == total != 0
    assert all(one.posted and one.cost_code_origin_id and one.cost_type for one in costs)
    assert any(one.vendor_id for one in costs)
    assert {one.sub_job_id != "" for one in rows if isinstance(one, ProcoreJobToDate)} == {True, False}


async def test_the_view_that_serves_one_project_is_asked_for_once(
    source: ProcoreLedgers, admin: Admin
) -> None:
    scopes = [(await project(source, place)).id for place in range(3)]
    foreseen = [source.offer(Kind.JOB_TO_DATE, scope, "") for scope in scopes]
    asked = source.asked
    async with anyio.create_task_group() as tasks:  # as a comparison reads them: several at once
        for scope in scopes:
            tasks.start_soon(blocks, source, Kind.JOB_TO_DATE, scope)
    paths = [seen["path"].partition("?")[0] for seen in admin.log()["requests"]]
    assert sum(path.endswith("/budget_views") for path in paths) == 1
    assert sum(path.endswith("/detail_rows") for path in paths) == 3
    # Foreseen as it is: one for each project, and the view once for all of them.
    assert source.asked - asked == sum(one.requests for one in foreseen) + foreseen[0].once
    assert source.offer(Kind.JOB_TO_DATE, scopes[0], "") == Offer(1)


async def test_pages_go_on_after_the_last_complete_one(
    source: ProcoreLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 100)
    whole = await blocks(source, Kind.VENDORS)
    assert [len(block.rows) for block in whole] == [100, 100, 100]
    rest = await blocks(source, Kind.VENDORS, cursor=whole[0].cursor)
    assert [block.rows for block in rest] == [block.rows for block in whole[1:]]


async def test_a_long_list_is_read_by_what_changed_and_a_short_one_anew(
    source: ProcoreLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = (await blocks(source, Kind.VENDORS))[-1].cursor
    assert not source.offer(Kind.VENDORS, "", short).incremental
    monkeypatch.setattr(lists, "PAGE", 100)
    last = (await blocks(source, Kind.VENDORS))[-1].cursor
    assert source.offer(Kind.VENDORS, "", last) == Offer(1, incremental=True)
    [again] = await blocks(source, Kind.VENDORS, cursor=last)
    assert (again.rows, again.last, again.full) == ((), True, False)
    # The mark still knows how long the list is and when it was read as a whole.
    assert source.offer(Kind.VENDORS, "", again.cursor).incremental
    old = msgspec.json.decode(last)
    old["whole"] = "2026-01-01T00:00:00Z"
    assert not source.offer(Kind.VENDORS, "", msgspec.json.encode(old).decode()).incremental
    # Not by what changed: as many requests as it has pages.
    assert source.offer(Kind.VENDORS, "", msgspec.json.encode(old).decode()).requests == 3


async def test_a_project_that_may_not_be_read_is_one_project(source: ProcoreLedgers, admin: Admin) -> None:
    scope = (await project(source)).id
    admin.fault(Fault(FaultKind.STATUS, path="*/sub_jobs", status=403, body='{"message": "no"}', nth=1))
    with pytest.raises(NotReadable) as refused:
        await blocks(source, Kind.SUB_JOBS, scope)
    assert refused.value.problem.id is ProblemId.NO_MATCH_SOURCE
    assert refused.value.problem.facts == {"site": "procore", "what": "sub-jobs"}
    assert await blocks(source, Kind.SUB_JOBS, scope)


async def test_an_amount_that_is_no_number_is_kept_aside(source: ProcoreLedgers, admin: Admin) -> None:
    scope = (await project(source)).id
    body = '[{"id": 1, "amount": "4.05"}, {"id": 2, "amount": "ten"}, {"id": 3, "amount": 1.5}]'
    admin.fault(Fault(FaultKind.STATUS, path="*/direct_costs/line_items", status=200, body=body))
    [block] = await blocks(source, Kind.COSTS, scope)
    assert [row.amount for row in block.rows if isinstance(row, ProcoreCost)] == [Decimal("4.05")]
    assert [(one.row, one.id, one.detail) for one in block.aside] == [
        (2, "2", "amount: an amount expected"),
        (3, "3", "amount"),
    ]


async def test_requests_keep_to_the_headers_and_none_is_refused(source: ProcoreLedgers, admin: Admin) -> None:
    """Six requests are allowed in ten seconds; the seventh waits for the window to be reset."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        admin.settings(burst=1000)  # the window is over

    admin.settings(burst=6)
    source._pace._sleep = sleep
    for _ in range(8):
        await blocks(source, Kind.COST_TYPES)
    assert len(waited) == 1
    assert 0 < waited[0] <= 12
    assert {seen["status"] for seen in admin.log()["requests"]} == {200}


def test_the_estimate_counts_bursts_and_hours() -> None:
    pace = Pace()
    assert pace.seconds(10) < 10
    assert 60 < pace.seconds(212) < 120
    assert pace.seconds(1300) == 7200
    pace.heard(
        {"x-rate-limit-limit": "3600", "x-rate-limit-remaining": "3599", "x-rate-limit-reset": "9999999999"}
    )
    assert pace.seconds(1300) < 3600
