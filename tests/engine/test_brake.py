"""The safety brake before step 2: far fewer records than last time stop the run until a person says that it goes on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import NeedKind, RunOutcome
from app.domain.problems import ProblemId
from app.domain.profile import MatchSettings
from app.domain.tabs import Tab
from app.engine.faces import Looked, Wanted
from app.storage import census
from app.storage import folders as where
from app.training.faults import Fault, FaultKind
from tests.end_to_end.company import NAME, Told, carry_out, goes_on
from tests.engine.script import Make
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))


def folder() -> Path:
    return where.locate().of_profile_ready(NAME)


def last_time(admin: Admin, **counts: int) -> None:
    """What hh2 listed at the last run."""
    census.save(folder(), census.Census(admin.served.hh2.address, datetime.now(UTC), counts))


def checks(told: Told) -> list[ev.BrakeChecked]:
    return [record.event for record in told.records if isinstance(record.event, ev.BrakeChecked)]


@pytest.mark.parametrize(
    ("match", "stops"),
    [(MatchSettings(), False), (MatchSettings(brake_percent=5), True)],
    ids=["usual", "5 %"],
)
async def test_how_much_is_too_much_is_the_companys(
    house: House, admin: Admin, match: MatchSettings, stops: bool
) -> None:
    last_time(admin, jobs=40)
    profile = await house.profile(NAME)
    assert await house.save(replace(profile, match=match)) == []
    state, told = await carry_out(house, VENDORS)
    assert [one.problem.id for one in state.problems] == ([ProblemId.SAFE] if stops else [])
    assert [one.felt is not None for one in checks(told)] == [stops]
    assert bool(admin.presses("tab.refresh")) is not stops


async def test_far_fewer_records_stop_before_step_two_until_a_person_looked(
    house: House, admin: Admin
) -> None:
    last_time(admin, jobs=60, vendors=300)
    state, told = await carry_out(house, VENDORS)
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.PERSON
    assert [one.problem.id for one in state.problems] == [ProblemId.SAFE]
    assert state.problems[0].problem.facts == {"what": "jobs", "before": 60, "now": 37}
    [need] = [record.event for record in told.records if isinstance(record.event, ev.NeedsPerson)]
    assert (need.need, need.problem) == (NeedKind.CONFIRM_STEP_ONE, state.problems[0].problem)
    assert admin.presses("tab.refresh") == []
    # What stands for last time is what stood there before: the next run would stop as well.
    kept = census.load(folder())
    assert kept is not None
    assert kept.counts["jobs"] == 60

    later, told = await goes_on(house, state.run_id, Looked("They were archived in Sage on Friday"))
    assert later.ended is not None
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]
    assert not later.braked
    kept = census.load(folder())
    assert kept is not None
    assert kept.counts["jobs"] == 37


async def test_as_many_records_as_last_time_are_no_reason_to_stop(house: House, admin: Admin) -> None:
    _, told = await carry_out(house, VENDORS)
    [check] = checks(told)
    assert (check.before, check.felt, check.now["jobs"]) == (None, None, 37)
    second, told = await carry_out(house, VENDORS)
    [check] = checks(told)
    assert check.before == check.now
    assert second.ended is not None
    assert second.ended.outcome is RunOutcome.OK


async def test_counts_of_another_site_tell_nothing(house: House, admin: Admin) -> None:
    census.save(folder(), census.Census("https://other.hh2.com", datetime.now(UTC), {"jobs": 900}))
    _, told = await carry_out(house, VENDORS)
    assert [(one.before, one.felt) for one in checks(told)] == [(None, None)]


async def test_lists_that_cannot_be_read_are_said_and_the_run_goes_on(house: House, admin: Admin) -> None:
    last_time(admin, vendors=3000)
    admin.fault(Fault(FaultKind.STATUS, path="*/Vendor.svc/vendors*", status=500, nth=0))
    state, told = await carry_out(house, VENDORS)
    assert [one.why for one in checks(told)] == ["unreadable"]
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.OK


async def test_without_services_it_says_that_nothing_was_checked(stage: Make) -> None:
    on = stage()
    conductor = await on.conductor()
    await conductor.run(VENDORS)
    assert [one.why for one in checks(on.told)] == ["no-service"]
