"""Another computer works with the same company: noticed, told, waited for; what each pressed is carried out once."""

import httpx
import pytest

from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import Record
from app.domain.problems import ProblemId
from app.domain.result import result
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from tests.end_to_end.company import Told, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))


class Other:
    """The plain client of somebody else, signed in from another computer."""

    def __init__(self, admin: Admin, site: str) -> None:
        served = admin.served.hh2 if site == "hh2" else admin.served.procore
        self._client = httpx.Client(base_url=served.address, trust_env=False, timeout=20)
        body = {"user": served.user, "password": served.password}
        self._client.post("/training/sign-in", json=body).raise_for_status()
        self._admin = admin

    def press(self, path: str) -> int:
        """What they start takes three seconds, so that it is still under way when we look."""
        self._admin.settings(pace=0.75 if path.endswith("/start") else 3.0)
        status = self._client.post(path, json={}).status_code
        self._admin.settings(pace=0.02)
        return status

    def close(self) -> None:
        self._client.close()


def noted(state: RunState) -> set[ProblemId]:
    return {met.problem.id for met in state.problems if met.noted}


async def test_a_sync_that_another_computer_started_is_waited_for_and_ours_comes_after_it(
    house: House, admin: Admin
) -> None:
    other = Other(admin, "hh2")
    assert other.press("/training/sync/start") == 200
    state, told = await carry_out(house, VENDORS)
    other.close()
    assert ProblemId.HH2_BUSY in noted(state)
    assert told.names.count("SyncRequested") == 1
    assert len(admin.presses("sync.start")) == 2
    assert result(state)["exit"] == 0


async def test_a_sync_that_another_computer_starts_in_the_last_moment_declines_ours_which_comes_after_it(
    house: House, admin: Admin
) -> None:
    other = Other(admin, "hh2")
    answers: list[int] = []

    def react(record: Record, _: RunState) -> None:
        if isinstance(record.event, ev.StepOneBaseline) and not answers:
            answers.append(other.press("/training/sync/start"))

    state, told = await carry_out(house, VENDORS, Told(react=react))
    other.close()
    assert answers == [200]
    assert (told.names.count("SyncRequested"), told.names.count("SyncDeclined")) == (2, 1)
    assert ProblemId.HH2_BUSY in noted(state)
    assert len(admin.presses("sync.start")) == 2  # theirs and ours
    assert result(state)["exit"] == 0


async def test_a_refresh_that_another_computer_presses_in_the_last_moment_declines_ours_which_comes_after_it(
    house: House, admin: Admin
) -> None:
    other = Other(admin, "procore")
    answers: list[int] = []

    def react(record: Record, _: RunState) -> None:
        if isinstance(record.event, ev.TabBaseline) and not answers:
            answers.append(other.press(f"/training/tabs/{Tab.VENDORS.value}/press"))

    state, told = await carry_out(house, VENDORS, Told(react=react))
    other.close()
    assert answers == [200]
    assert told.names.count("RefreshDeclined") == 1
    assert ProblemId.PRO_BUSY in noted(state)
    assert len(admin.presses("tab.refresh")) == 2
    assert result(state)["exit"] == 0


async def test_a_tab_that_another_computer_is_refreshing_is_waited_for(house: House, admin: Admin) -> None:
    other = Other(admin, "procore")

    def react(record: Record, _: RunState) -> None:
        if isinstance(record.event, ev.StepOneFinished):
            assert other.press(f"/training/tabs/{Tab.VENDORS.value}/press") == 200

    state, told = await carry_out(house, VENDORS, Told(react=react))
    other.close()
    assert ProblemId.PRO_BUSY in noted(state)
    assert told.names.count("RefreshRequested") == 1
    assert result(state)["exit"] == 0
