"""A preflight of a company at the training company's servers: what it shows, what it never sends, how long it takes."""

import time

import anyio
import msgspec
import pytest

from app.assembly.house import House
from app.domain.events import Site
from app.domain.profile import Secret
from app.domain.ready import Check, Level, Line, Readiness, exit_code
from app.domain.ready_services import judge
from app.engine.faces import Practice
from app.engine.preflight import look_at_all
from app.storage.folders import locate
from app.training.scenarios import SCENARIOS, Scenario
from app.training.server import ask
from app.words import ready
from tests.end_to_end.company import NAME
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


def told(found: Readiness, check: Check) -> set[tuple[Level, str, str]]:
    return {
        (one.level, one.about, one.problem.id.value if one.problem else one.said)
        for one in found.lines
        if one.check is check
    }


async def test_a_preflight_sends_no_password_and_presses_nothing(house: House, admin: Admin) -> None:
    found = await house.ready.check(NAME)
    assert exit_code(found) == 0, list(ready.lines(found))
    assert {one.check for one in found.lines} == set(Check)
    assert found.seconds < 10
    log = admin.log()
    assert log["presses"] == []
    calls = {request["call"] for request in log["requests"]}
    assert not any("sign-in" in call for call in calls), calls
    assert {request["method"] for request in log["requests"] if request["call"] != "procore.oauth.token"} == {
        "GET"
    }


@pytest.mark.parametrize(
    "story", [one for one in SCENARIOS.values() if one.preflight], ids=lambda one: one.name
)
async def test_each_scenario_shows_before_a_run_what_its_table_says(
    story: Scenario, house: House, admin: Admin
) -> None:
    admin.play(story.name)
    lines = [*(await house.ready.check(NAME)).lines, *judge(await ask(admin.served))]
    shown = {one.problem.id for one in lines if one.problem is not None}
    assert shown == set(story.preflight)


async def test_the_look_before_a_run_asks_no_site_and_ends_at_once(house: House, admin: Admin) -> None:
    assert await house.ready.before_a_run(NAME) is None
    assert admin.log()["requests"] == []
    name = await house.start_training(Practice())
    began = time.monotonic()
    assert await house.ready.before_a_run(name) is None
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("scenario", "level", "problem"),
    [
        ("client-offline", Level.STOP, "HH2-SVC"),
        ("database-stopped", Level.STOP, "ACTIAN"),
        ("database-restarted", Level.LOOK, "HH2-STALE"),
    ],
)
async def test_the_look_before_a_run_sees_what_the_run_would_meet_too_late(
    house: House, scenario: str, level: Level, problem: str
) -> None:
    found = await house.ready.before_a_run(await house.start_training(Practice(scenario=scenario)))
    assert found is not None
    assert found.problem is not None
    assert (found.level, found.problem.id.value) == (level, problem)


async def test_the_training_company_shows_its_own_sage_server(house: House) -> None:
    name = await house.start_training(Practice(scenario="database-restarted"))
    found = await house.ready.check(name)
    assert told(found, Check.START_ORDER) == {(Level.LOOK, "", "HH2-STALE")}
    assert told(found, Check.KEYRING) == {(Level.UNCHECKED, "", "practice")}
    assert exit_code(found) == 10


async def test_a_right_that_is_missing_stops_the_tab_it_is_for(house: House, admin: Admin) -> None:
    admin.play("no-permission")
    found = await house.ready.check(NAME)
    assert (Level.STOP, "vendors", "PRO-PERM") in told(found, Check.RIGHTS)
    assert exit_code(found) == 20


async def test_a_refused_password_stops_and_is_not_sent_again(house: House, admin: Admin) -> None:
    await house.keep_secret(NAME, Secret.HH2_PASSWORD, "not-it", False)
    assert (await house.test(NAME, Site.HH2)).problem is not None
    tries = len(admin.calls("hh2.sign-in"))
    found = await house.ready.check(NAME)
    assert (Level.STOP, "hh2", "HH2-LOGIN") in told(found, Check.PASSWORDS)
    assert len(admin.calls("hh2.sign-in")) == tries


async def test_a_host_that_nobody_serves_is_named_and_the_rest_is_told(house: House, admin: Admin) -> None:
    profile = await house.profile(NAME)
    nobody = msgspec.structs.replace(profile.procore, web="http://127.0.0.9:9")
    await house.save(msgspec.structs.replace(profile, procore=nobody))
    found = await house.ready.check(NAME)
    assert (Level.STOP, "127.0.0.9", "NET") in told(found, Check.NETWORK)
    assert told(found, Check.DISK) == {(Level.READY, "", "room")}


async def test_a_folder_that_cannot_be_written_stops(house: House, admin: Admin) -> None:
    folder = anyio.Path(locate().of_profile(NAME))
    await folder.parent.mkdir(parents=True, exist_ok=True)
    await folder.write_text("in the way")
    found = await house.ready.check(NAME)
    assert told(found, Check.DISK) == {(Level.STOP, "", "DISK")}


async def test_a_look_that_hangs_is_left_and_holds_up_nothing() -> None:
    async def hangs() -> list[Line]:
        await anyio.sleep_forever()
        return []

    async def answers() -> list[Line]:
        return [Line(Check.DISK, Level.READY, said="room")]

    began = time.monotonic()
    lines = await look_at_all({Check.KEYRING: hangs, Check.DISK: answers}, deadline=0.2)
    assert time.monotonic() - began < 5
    assert [(one.check, one.level, one.said) for one in lines] == [
        (Check.DISK, Level.READY, "room"),
        (Check.KEYRING, Level.LOOK, "late"),
    ]
