"""What Sage gave hh2, as a source of the comparison: every list by version, and wrong rows kept aside."""

from collections.abc import AsyncIterator
from datetime import UTC
from decimal import Decimal

import pytest

from app.domain.blocks import checked
from app.domain.lists import RECORDS, Block, Fault, Kind, SageCost, SageJob, Side
from app.hh2.lists import Hh2Ledgers
from app.hh2.session import Hh2Session
from app.training import faults
from app.training.faults import FaultKind
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.fixture
async def source(admin: Admin) -> AsyncIterator[Hh2Ledgers]:
    session = Hh2Session(admin.served.hh2.address)

    async def sign_in() -> None:
        await session.sign_in(admin.hh2, None)

    await sign_in()
    yield Hh2Ledgers(session, sign_in)
    await session.close()


async def blocks(source: Hh2Ledgers, kind: Kind, scope: str = "", cursor: str = "") -> list[Block]:
    return [block async for block in source.read(kind, scope, cursor)]


async def largest_job(source: Hh2Ledgers) -> SageJob:
    rows = [
        one for block in await blocks(source, Kind.JOBS) for one in block.rows if isinstance(one, SageJob)
    ]
    return max(rows, key=lambda job: job.job_to_date or Decimal(0))


@pytest.mark.parametrize("kind", sorted(Hh2Ledgers.kinds - {Kind.COSTS}))
async def test_every_documented_list_gives_its_records(source: Hh2Ledgers, kind: Kind) -> None:
    found = await blocks(source, kind)
    assert [block.last for block in found] == [False] * (len(found) - 1) + [True]
    assert sum(len(block.rows) for block in found) > 0
    for block in found:
        # Looked through whole, although the block says of itself that its types are right: so they are.
        assert block.typed
        sorted_out = checked(block.rows, RECORDS[Side.SAGE, kind])
        assert sorted_out.aside == block.aside == ()
        assert block.full
        assert block.as_of.tzinfo is UTC


async def test_the_transactions_of_a_job_add_up_to_its_own_total(source: Hh2Ledgers) -> None:
    job = await largest_job(source)
    found = await blocks(source, Kind.COSTS, job.id)
    costs = [one for block in found for one in block.rows if isinstance(one, SageCost)]
    assert all(block.typed and not checked(block.rows, SageCost).aside for block in found)
    assert sum(cost.amount for cost in costs) == job.job_to_date
    assert all(cost.posted and cost.entered and cost.cost_code_id and cost.cost_type_id for cost in costs)
    assert {cost.sub_job_id is None for cost in costs} == {False}
    assert [len(block.rows) for block in found[:-1]] == [1000] * (len(found) - 1)


async def test_a_later_reading_asks_for_what_is_newer_alone(source: Hh2Ledgers, admin: Admin) -> None:
    whole = await blocks(source, Kind.COST_CODES)
    again = await blocks(source, Kind.COST_CODES, cursor=whole[-1].cursor)
    assert [(block.rows, block.last, block.full) for block in again] == [((), True, False)]
    assert again[0].cursor == whole[-1].cursor
    assert source.offer(Kind.COST_CODES, "", again[0].cursor).incremental


async def test_a_reading_goes_on_after_the_last_complete_block(source: Hh2Ledgers) -> None:
    whole = await blocks(source, Kind.JOB_COST_TYPES)
    assert len(whole) > 2
    rest = await blocks(source, Kind.JOB_COST_TYPES, cursor=whole[0].cursor)
    assert [block.rows for block in rest] == [block.rows for block in whole[1:]]


async def test_a_session_that_ends_on_the_way_is_opened_once_more(source: Hh2Ledgers, admin: Admin) -> None:
    admin.fault(faults.Fault(FaultKind.SESSION_LOST, path="*/vendors", nth=1))
    assert sum(len(block.rows) for block in await blocks(source, Kind.VENDORS)) == 300


async def test_a_gateway_that_stumbles_is_asked_again(source: Hh2Ledgers, admin: Admin) -> None:
    admin.fault(faults.Fault(FaultKind.STATUS, path="*/vendors", nth=1, status=502))
    assert sum(len(block.rows) for block in await blocks(source, Kind.VENDORS)) == 300


async def test_a_row_with_wrong_types_is_named_and_the_rest_goes_on(source: Hh2Ledgers, admin: Admin) -> None:
    body = """[{"Id": "a", "Version": 1, "Amount": 4.05, "TransactionDate": "2026-11-02T00:00:00"},
               {"Id": "b", "Version": 2, "Amount": "ten"},
               {"Id": "c", "Version": 3, "Amount": 1, "TransactionDate": "soon"},
               {"Id": "d", "Version": 4, "Amount": 5}]"""
    admin.fault(faults.Fault(FaultKind.STATUS, path="*/job/transactions", status=200, body=body))
    [block] = await blocks(source, Kind.COSTS, "job")
    costs = [row for row in block.rows if isinstance(row, SageCost)]
    assert [(row.id, row.amount) for row in costs] == [("a", Decimal("4.05")), ("d", Decimal(5))]
    assert [(one.row, one.id, one.fault) for one in block.aside] == [
        (2, "b", Fault.AMOUNT),
        (3, "c", Fault.TYPE),
    ]
    assert block.aside[1].detail == "TransactionDate: a date expected"
    # What is not there under its name is not told, rather than taken for none.
    assert costs[0].sub_job_id is None
