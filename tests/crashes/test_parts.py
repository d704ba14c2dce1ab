"""A part of the whole is killed in the middle: the sites' servers, or the driven browser. The resume is right."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from app.assembly.house import House
from app.domain.events import Record, RunOutcome
from app.domain.filters import DateRange, Filters
from app.domain.looks import SUCCESSES, StepOneOutcome
from app.domain.problems import ProblemId
from app.domain.profile import DriverName
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Again, Looked, Wanted
from app.training import process
from app.training.process import TrainingCompany
from tests.end_to_end.company import NAME, Told, carry_out, goes_on, set_up
from tests.training.admin import Admin
from tests.training.servers import ALONE, environ

pytestmark = pytest.mark.anyio

VENDORS = Wanted(Filters(DateRange.PAST_MONTH), (Tab.VENDORS,))


@pytest.fixture
def other() -> Iterator[TrainingCompany]:
    """Servers of this test alone, which it may kill."""
    started = process.start("ok", pace=0.05, program=ALONE, environ=environ())
    yield started
    started.end()


@pytest.mark.parametrize("at", ["SyncAccepted", "StepOneFinished", "RefreshAccepted"])
async def test_a_run_whose_sites_died_goes_on_when_they_are_back_and_starts_nothing_again(
    at: str, other: TrainingCompany, admin: Admin
) -> None:
    def kill(record: Record, _state: RunState) -> None:
        if type(record.event).__name__ == at and other.running:
            os.kill(other.served.pid, signal.SIGKILL)

    house = House("command line", person=0.0)
    await set_up(house, other.served)
    state, told = await carry_out(house, VENDORS, Told(react=kill))
    await house.close()
    assert at in told.names
    assert state.ended is not None
    assert state.ended.outcome is not RunOutcome.OK
    # Back again they know nothing of us: what we see there is no proof of what we sent before.
    house = House("command line", person=0.0)
    await set_up(house, admin.served)
    try:
        await _goes_on(at, state.run_id, house, admin)
    finally:
        await house.close()


async def _goes_on(at: str, run_id: str, house: House, admin: Admin) -> None:
    state, _ = await goes_on(house, run_id)
    if at == "SyncAccepted":
        assert state.step_one.outcome is StepOneOutcome.UNSURE
        assert admin.presses("tab.refresh") == []
        state, _ = await goes_on(house, state.run_id, Looked("hh2 shows Completed, 8:04"))
    assert admin.presses("sync.start") == []
    if at == "RefreshAccepted":
        assert state.tabs[Tab.VENDORS].outcome not in SUCCESSES
        assert admin.presses("tab.refresh") == []
        state, _ = await goes_on(house, state.run_id, Again(Tab.VENDORS))
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]
    assert state.tabs[Tab.VENDORS].outcome in SUCCESSES
    assert state.left == ()


@pytest.mark.drawn(4)
@pytest.mark.parametrize("at", ["SyncRequested", "SyncAccepted", "RefreshRequested", "RefreshAccepted"])
async def test_a_run_whose_browser_was_killed_is_gone_on_with_and_presses_nothing_twice(
    at: str, house: House, admin: Admin
) -> None:
    admin.play("ok", pace=0.3)
    killed: list[int] = []

    def kill(record: Record, _state: RunState) -> None:
        if type(record.event).__name__ == at and not killed:
            killed.extend(_kill_the_browser())

    state, told = await carry_out(house, VENDORS, Told(react=kill), DriverName.BROWSER)
    assert killed, "there was a browser to kill"
    assert at in told.names
    assert state.ended is not None
    assert state.ended.outcome is not RunOutcome.OK
    assert ProblemId.INTERNAL not in {met.problem.id for met in state.problems}
    conductor = await house.conductor(NAME, Told(), DriverName.BROWSER)
    state = await conductor.go_on(state.run_id)
    if (
        state.step_one.outcome is StepOneOutcome.PERSON
    ):  # the start had certainly not left: a new run makes it
        assert admin.presses("sync.start") == []
        state = await conductor.run(VENDORS)
    if state.opened is None:
        assert state.step_one.outcome is StepOneOutcome.UNSURE
        state = await conductor.go_on(state.run_id, Looked("hh2 shows Completed, 8:04"))
    assert len(admin.presses("sync.start")) <= 1
    assert len(admin.presses("tab.refresh")) <= 1
    if state.tabs[Tab.VENDORS].outcome not in SUCCESSES:
        state = await conductor.go_on(state.run_id, Again(Tab.VENDORS))
        assert len(admin.presses("tab.refresh")) <= 2
    assert state.tabs[Tab.VENDORS].outcome in SUCCESSES
    assert state.left == ()


def _kill_the_browser() -> list[int]:
    """Kill the driven browser's processes, none of anybody else's. Their numbers."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if any(word.startswith("--ondemand-sync-run=") for word in child.cmdline()):
                child.kill()
                found.append(child.pid)
        except psutil.Error:
            continue
    return found
