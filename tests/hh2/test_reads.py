"""hh2's lists by version: blocks of a thousand, exact decimals, and what a sync and its failures leave there."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import anyio
import httpx
import msgspec
import pytest

from app.domain.problems import NotReadable, ProblemId, Trouble
from app.hh2 import reads
from app.hh2.session import Hh2Session
from app.training.client import TrainingDriver
from app.training.faults import Fault, FaultKind
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.fixture
async def session(admin: Admin) -> AsyncIterator[Hh2Session]:
    session = Hh2Session(admin.served.hh2.address)
    await session.sign_in(admin.hh2, None)
    yield session
    await session.close()


async def sync(admin: Admin) -> None:
    """A sync from press to end."""
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.hh2.sign_in(admin.hh2)
    before = await driver.hh2.look()
    await driver.hh2.start()
    with anyio.fail_after(10):
        while True:
            look = await driver.hh2.look()
            if look.mark != before.mark and look.phase in ("done", "failed"):
                break
            await anyio.sleep(0.01)
    await driver.close()


async def every(session: Hh2Session, path: str, wanted: type[Any]) -> list[Any]:
    return [one async for block in reads.blocks(session, path, wanted) for one in block]


async def test_amounts_keep_every_digit(session: Hh2Session, admin: Admin) -> None:
    jobs = await reads.jobs(session)
    amounts = [job.job_to_date_cost_amount for job in jobs]
    assert all(isinstance(amount, Decimal) and amount.as_tuple().exponent == -2 for amount in amounts)


@pytest.mark.parametrize(
    ("path", "kind", "count"),
    [
        (reads.JOBS, reads.Job, 40),
        (reads.VENDORS, reads.Vendor, 300),
        (reads.COST_CODES, reads.CostCode, 400),
        (reads.CATEGORIES, reads.Category, 7),
    ],
)
async def test_every_list_is_read_whole_and_typed(
    session: Hh2Session, admin: Admin, path: str, kind: type[Any], count: int
) -> None:
    records = await every(session, path, kind)
    assert len(records) == count
    assert len({record.id for record in records}) == count


async def test_versions_rise_and_the_awkward_names_come_through(session: Hh2Session, admin: Admin) -> None:
    vendors = await every(session, reads.VENDORS, reads.Vendor)
    versions = [vendor.version for vendor in vendors]
    assert versions == sorted(versions)
    shown = {vendor.name for vendor in vendors}
    assert {"=SUM(A1:A9) Supplies", "Nom\u00a0avec\u00a0espaces\u00a0insécables", "Trailing space "} <= shown


async def test_after_a_sync_only_what_changed_is_read(session: Hh2Session, admin: Admin) -> None:
    before = max(job.version for job in await reads.jobs(session))
    cursor = max(vendor.version for vendor in await every(session, reads.VENDORS, reads.Vendor))
    await sync(admin)
    changed = [
        one async for block in reads.blocks(session, reads.VENDORS, reads.Vendor, cursor) for one in block
    ]
    assert len(changed) == 5
    moved = [one async for block in reads.blocks(session, reads.JOBS, reads.Job, before) for one in block]
    assert len(moved) >= 12


async def test_a_list_longer_than_a_block_is_read_in_blocks_of_a_thousand(
    session: Hh2Session, admin: Admin
) -> None:
    blocks = [len(block) async for block in reads.blocks(session, f"{reads.JOBS}/costcodes", reads.CostCode)]
    assert len(blocks) > 1
    assert blocks[:-1] == [1000] * (len(blocks) - 1)
    assert blocks[-1] < 1000


async def test_versions_that_do_not_rise_end_the_reading(session: Hh2Session, admin: Admin) -> None:
    block = [{"Id": str(n), "Version": 1, "Code": "", "Name": ""} for n in range(1000)]
    body = msgspec.json.encode(block).decode()
    admin.fault(Fault(FaultKind.STATUS, call="hh2.rest.read", nth=0, status=200, body=body))
    with pytest.raises(Trouble) as endless:
        await every(session, reads.VENDORS, reads.Vendor)
    assert endless.value.problem.id is ProblemId.HH2_ANSWER


async def test_a_refused_read_is_not_readable(session: Hh2Session, admin: Admin) -> None:
    with pytest.raises(NotReadable) as refused:
        await session.get(reads.VENDORS, {"version": "new"})
    assert refused.value.problem.facts == {"what": "status 400"}


async def test_the_failures_of_a_sync_are_told(session: Hh2Session, admin: Admin) -> None:
    assert await reads.failures(session) == []
    admin.play("sync-failed")
    await session.sign_in(admin.hh2, None)
    await sync(admin)
    failures = await reads.failures(session)
    assert len(failures) == 2
    assert "exclusive" in failures[0].error_message
    assert await reads.failures(session, failures[0].version) == failures[1:]


async def test_the_other_documented_lists_are_there(session: Hh2Session, admin: Admin) -> None:
    job = (await reads.jobs(session))[0]
    for path, query in (
        ("/JobCosting/Api/V1/JobTransaction.svc/job/transactions", {"job": job.id, "version": "0"}),
        ("/JobCosting/Api/V1/JobCost.svc/jobs/categories", {"page": "0"}),
        ("/JobCosting/Api/V1/JobCost.svc/jobs", {"page": "0"}),
        ("/JobCosting/Api/V1/Commitment.svc/commitments", {}),
        ("/JobCosting/Api/V1/Commitment.svc/commitments/items", {}),
        ("/AccountsPayable/Api/V1/Vendor.svc/vendors/types", {}),
        ("/GeneralLedger/Api/V1/Account.svc/accounts", {}),
    ):
        records = msgspec.json.decode((await session.get(path, query)).body)
        assert records, path
        assert all(record["Id"] and record["Version"] for record in records), path
    assert (await session.get(reads.JOBS, {"page": "1"})).body == b"[]"


async def test_a_job_s_transactions_tie_to_its_job_to_date_cost(session: Hh2Session, admin: Admin) -> None:
    job = (await reads.jobs(session))[0]
    path, total, after = "/JobCosting/Api/V1/JobTransaction.svc/job/transactions", Decimal(0), 0
    while body := (await session.get(path, {"job": job.id, "version": str(after)})).body:
        block = msgspec.json.decode(body, type=list[Transaction])
        total += sum(one.Amount for one in block)
        after = max(one.Version for one in block)
    assert total == job.job_to_date_cost_amount


class Transaction(msgspec.Struct):
    Version: int
    Amount: Decimal


async def test_the_status_of_an_operation_follows_the_sync(admin: Admin) -> None:
    every_field = {"Id", "CreatedOn", "TransmittedOn", "ReceivedOn", "DisabledOn", "CompletedOn"}
    for scenario, empty in (
        ("ok", {"DisabledOn"}),
        ("client-offline", every_field - {"Id", "CreatedOn"}),
    ):
        admin.play(scenario)
        address = admin.served.hh2.address
        async with httpx.AsyncClient(base_url=address, trust_env=False, verify=False) as client:
            body = {"user": admin.hh2.user, "password": admin.hh2.reveal()}
            (await client.post("/training/sign-in", json=body)).raise_for_status()
            operation = (await client.post("/training/sync/start", json={})).json()["operation"]
            path = f"/Synchronization/RequestService.svc/status/{operation}"
            with anyio.fail_after(10):
                while True:
                    answer = (await client.post(path, headers={"Accept": "application/json"})).json()
                    assert set(answer) == every_field
                    if {name for name, value in answer.items() if value is None} == empty:
                        break
                    await anyio.sleep(0.01)
            assert msgspec.convert(answer, reads.Operation).completed_on == answer["CompletedOn"]
