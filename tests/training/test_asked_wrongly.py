"""Training servers that are asked for what there is not: they say so, and go on as they were."""

import datetime as dt
from collections.abc import AsyncIterator

import httpx
import pytest

from app.domain.problems import AT_SITE, ProblemId, Trouble
from app.domain.tabs import Tab
from app.training.admin import HEADER
from app.training.client import TrainingDriver
from app.training.faults import Fault, FaultKind
from app.training.records import CostCode
from app.training.shelves import Shelf, Versions
from app.training.troubles import NoSuchTrouble, page_trouble
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(admin: Admin) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        yield client


@pytest.mark.parametrize(
    "asked",
    [
        {"scenario": "ok", "trouble": "rain"},
        {"scenario": "ok", "skin": "velvet"},
        {"scenario": "rain"},
        {"scenario": "ok", "variant": "rain"},
    ],
    ids=str,
)
async def test_what_there_is_not_is_said_and_the_scenario_goes_on(
    asked: dict[str, str], admin: Admin, browser: httpx.AsyncClient
) -> None:
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.hh2.sign_in(admin.hh2)
    address = f"{admin.served.hh2.address}/training/admin/scenario"
    answer = await browser.post(address, headers={HEADER: admin.served.admin_token}, json=asked)
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("no such ")
    assert await driver.hh2.is_signed_in(), "nobody was signed out by it"
    await driver.close()


async def test_where_an_operation_stands_is_told_to_who_is_signed_in_alone(
    admin: Admin, browser: httpx.AsyncClient
) -> None:
    address = f"{admin.served.hh2.address}/Synchronization/RequestService.svc/status/nothing"
    outside = await browser.post(address)
    assert outside.status_code in (302, 401, 403)
    assert "not found" not in outside.text


async def test_a_sign_in_that_is_answered_with_another_page_is_not_understood_and_not_sent_again(
    admin: Admin,
) -> None:
    admin.fault(Fault(FaultKind.STATUS, "hh2.sign-in", status=302, headers={"Location": "/elsewhere"}))
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    with pytest.raises(AT_SITE):
        await driver.hh2.sign_in(admin.hh2)
    assert not await driver.hh2.is_signed_in()
    assert len(admin.calls("hh2.sign-in")) == 1
    await driver.close()


async def test_rights_are_not_told_to_who_may_not_read_them(admin: Admin) -> None:
    admin.play("no-permission")
    driver = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
    await driver.procore.sign_in(admin.procore)
    assert set(await driver.procore.missing_rights((Tab.VENDORS,))) == {Tab.VENDORS}
    with pytest.raises(Trouble) as met:
        await driver.hh2.sign_in(None)
    assert met.value.problem.id is ProblemId.SECRET_MISSING
    await driver.close()


def test_a_trouble_without_a_name_is_none_and_an_unknown_one_is_refused() -> None:
    assert not page_trouble("").faults
    with pytest.raises(NoSuchTrouble, match="rain"):
        page_trouble("rain")


def test_a_record_that_changed_twice_stands_once_in_a_block_with_its_last_version() -> None:
    day = dt.date(2026, 11, 24)
    shelf: Shelf[CostCode] = Shelf(Versions())
    for number in ("1", "2"):
        shelf.put(CostCode(id=number, code=number, name="A", created=day, changed=day))
    shelf.touch("1")
    assert [(version, one.id) for version, one in shelf.after(0)] == [(2, "2"), (3, "1")]
    assert [one.id for _, one in shelf.after(0, limit=1)] == ["2"]
