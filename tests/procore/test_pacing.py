"""Procore's two windows are kept to: with small ones, no answer is a refusal that we brought upon ourselves."""

import time

import anyio
import pytest

from app.assembly.house import House
from app.domain.lists import Kind
from app.domain.problems import SlowDown
from app.domain.result import result
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.procore.lists import ProcoreLedgers
from app.procore.oauth import Access, ClientCredentials
from app.procore.pace import Pace
from app.procore.rest import Rest
from app.procore.service import Me
from tests.end_to_end.company import carry_out, set_up
from tests.procore.test_rest import App
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio

LISTS = (Kind.VENDORS, Kind.JOBS, Kind.COST_CODES, Kind.COST_TYPES)
# At most so many requests, in windows of so many seconds: the long one, and the short one (a 360th of it).
SMALL_BURST = {"hour": 100_000, "burst": 3, "length": 360.0}
SMALL_HOUR = {"hour": 4, "burst": 100_000, "length": 1.0}


def rest_of(admin: Admin, pace: Pace | None) -> Rest:
    procore = admin.served.procore
    app = App(procore.client_id, procore.client_secret)
    access = Access(procore.address, ClientCredentials(app), time.time)
    return Rest(procore.address, access, procore.company_id, pace=pace)


def refused(admin: Admin) -> int:
    """How many requests were answered with 429."""
    return sum(seen["status"] == 429 for seen in admin.log()["requests"])


@pytest.mark.parametrize("window", [SMALL_BURST, SMALL_HOUR], ids=["burst", "hour"])
async def test_lists_that_are_read_at_once_stay_within_a_small_window(
    window: dict[str, float], admin: Admin
) -> None:
    admin.settings(**window)
    pace = Pace()
    rest = rest_of(admin, pace)
    source = ProcoreLedgers(rest, admin.served.procore.company_id, pace)

    async def read(kind: Kind) -> None:
        assert [block.last async for block in source.read(kind, "", "")][-1]

    with anyio.fail_after(40):
        for _ in range(2):
            async with anyio.create_task_group() as group:
                for kind in LISTS:
                    group.start_soon(read, kind)
    await rest.close()
    asked = [seen for seen in admin.log()["requests"] if seen["call"].startswith("procore.rest")]
    assert len(asked) == 10  # cost codes take two
    assert refused(admin) == 0


def test_an_answer_that_was_overtaken_leaves_no_more_than_the_one_before_it() -> None:
    def told(left: int, reset: int) -> dict[str, str]:
        return {
            "x-rate-limit-limit": "25",
            "x-rate-limit-remaining": str(left),
            "x-rate-limit-reset": str(reset),
        }

    end = int(time.time()) + 10
    pace = Pace()
    pace.heard(told(0, end))
    pace.heard(told(1, end))  # of a request that Procore counted before the other
    assert pace.closed_for() > 0
    pace.heard(told(3, end + 1))  # the window went on
    assert pace.closed_for() == 0


async def test_who_waits_by_himself_is_told_how_long_before_a_request_is_wasted(admin: Admin) -> None:
    admin.settings(hour=100_000, burst=2, length=3600.0)
    rest = rest_of(admin, None)
    for _ in range(2):
        await rest.get("/rest/v1.0/me", Me)
    with pytest.raises(SlowDown) as slow:
        await rest.get("/rest/v1.0/me", Me)
    assert 0 < slow.value.seconds <= 12
    assert len(admin.calls("procore.rest.read")) == 2
    await rest.close()


async def test_a_run_stays_within_a_small_window(admin: Admin) -> None:
    house = House("command line", person=0.0)
    await set_up(house, admin.served)
    admin.settings(hour=100_000, burst=2, length=180.0)
    with anyio.fail_after(60):
        state, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    await house.close()
    assert result(state)["exit"] == 0
    assert refused(admin) == 0
