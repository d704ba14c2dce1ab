"""Assisted: the program opens the pages, points and watches; what is pressed the person pressed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.events import ByHand, NeedKind, RefreshDeclined, RunOutcome, Site
from app.domain.filters import DateRange, Filters
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.problems import ProblemId
from app.domain.run import Press
from app.domain.tabs import Tab
from app.engine.faces import LeaveOut, Message, Ready, Stop, Wanted
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from app.training.client import TrainingDriver
from app.training.pages.skins import PLAIN, skin
from app.training.pages.wording import tab_button
from tests.end_to_end.company import profile_for
from tests.portals.conftest import close_windows
from tests.portals.stand_in import StandIn
from tests.training.admin import Admin

START, VENDORS = "Start Sync", "Refresh Vendor List"

pytestmark = pytest.mark.anyio


@pytest.fixture
async def assisted(browser: DrivenBrowser, admin: Admin) -> AsyncIterator[BrowserDriver]:
    """The assisted driver on the training company's pages."""
    made = BrowserDriver(profile_for(admin.served), browser=browser, assisted=True)
    yield made
    await close_windows(made.hh2.page, made.procore.page)


def _pressed(admin: Admin) -> list[tuple[str, str]]:
    return [(press["tab"], press["job"]) for press in admin.presses("tab.refresh")]


async def test_an_assisted_run_ends_well_and_the_person_made_every_press(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    await assisted.open()
    await assisted.procore.sign_in(admin.procore)
    codes = tuple(job.code for job in (await assisted.procore.jobs())[:3])
    person = StandIn(assisted, tmp_path, admin)
    state = await person.run(Wanted(Filters(DateRange.PAST_MONTH), jobs=codes))
    assert state.ended is not None
    assert state.ended.outcome in (RunOutcome.OK, RunOutcome.LOOK), state.problems
    assert len(admin.presses("sync.start")) == len(admin.presses("filters.apply")) == 1
    tabs = [(tab.value, "") for tab in Tab if tab is not Tab.JOB_COSTS]
    assert sorted(_pressed(admin)) == sorted([*tabs, *(("job-costs", code) for code in codes)])
    assert all(one.pointed for one in person.asked)
    names = person.told.names
    for requested in ("SyncRequested", "RefreshRequested", "FiltersRequested"):
        assert names[names.index(requested) + 1] == "NeedsPerson"


async def _button(person: StandIn, by_hand: ByHand) -> Any:
    page = await person.page(by_hand.site)
    tab = Tab(by_hand.action.removeprefix("refresh-"))
    return page.get_by_role("button", name=tab_button(tab, skin(PLAIN)), exact=True)


async def test_a_button_pressed_twice_in_a_row_reaches_the_site_once(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    async def twice(person: StandIn, by_hand: ByHand) -> None:
        page = await person.page(by_hand.site)
        await page.get_by_role("button", name=START if by_hand.site is Site.HH2 else VENDORS).dblclick()

    person = StandIn(assisted, tmp_path, admin, does={"start-sync": twice, "refresh-vendors": twice})
    state = await person.run(Wanted(tabs=(Tab.VENDORS,)))
    assert len(admin.calls("hh2.sync.start")) == len(admin.calls("procore.tab.press")) == 1
    assert _pressed(admin) == [("vendors", "")]
    assert state.tabs[Tab.VENDORS].refresh.press is Press.ANSWERED
    assert state.tabs[Tab.VENDORS].outcome in (TabOutcome.DONE, TabOutcome.STAGED)


async def test_nobody_pressed_so_nothing_is_claimed_and_the_run_goes_on_when_somebody_does(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    away = StandIn(assisted, tmp_path, admin, person=1.0, rest=_nothing)
    state = await away.run(Wanted(tabs=(Tab.VENDORS,)))
    assert state.ended is not None
    assert (state.ended.outcome, state.ended.reason) == (RunOutcome.PERSON, ProblemId.NOT_PRESSED.value)
    assert state.step_one.press is Press.NONE
    assert state.step_one.outcome is None
    assert state.waits_for_start
    assert admin.presses() == []
    there = StandIn(assisted, tmp_path, admin)
    state = await there.run(None, goes_on=state.run_id)
    assert state.step_one.outcome is StepOneOutcome.DONE
    assert len(admin.presses("sync.start")) == 1
    assert _pressed(admin) == [("vendors", "")]


async def _nothing(_person: StandIn, _by_hand: ByHand) -> None:
    """Nobody is there."""


async def test_a_tab_whose_button_nobody_pressed_stays_to_be_pressed_and_is_not_looked_up_as_lost(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    away = StandIn(assisted, tmp_path, admin, person=3.0, does={"refresh-vendors": _nothing})
    state = await away.run(Wanted(tabs=(Tab.VENDORS,)))
    assert state.ended is not None
    assert state.ended.exit == 30
    assert state.left == (Tab.VENDORS,)
    assert state.tabs[Tab.VENDORS].refresh.press is Press.NONE
    assert _pressed(admin) == []


@pytest.mark.slow
async def test_another_tabs_button_counts_for_nothing_and_the_right_one_is_waited_for(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    between: list[list[str]] = []

    async def wrong_first(person: StandIn, by_hand: ByHand) -> None:
        page = await person.page(by_hand.site)
        await page.get_by_role("link", name="Jobs", exact=True).click()
        await page.get_by_role("button", name="Refresh Job List").click()
        await page.get_by_role("status").first.wait_for()
        for _ in range(5):  # the program, which looks at every change, has seen it too by then
            await assisted.procore.page.stand_still()
        between.append(list(person.told.names))
        await page.get_by_role("link", name="Vendors", exact=True).click()
        await (await _button(person, by_hand)).click()

    person = StandIn(assisted, tmp_path, admin, does={"refresh-vendors": wrong_first})
    state = await person.run(Wanted(tabs=(Tab.VENDORS,)))
    assert _pressed(admin) == [("jobs", ""), ("vendors", "")]
    assert "RefreshAccepted" not in between[0]
    assert between[0][-1] == "NeedsPerson"
    assert state.tabs[Tab.VENDORS].outcome in (TabOutcome.DONE, TabOutcome.STAGED)
    assert state.tabs[Tab.JOBS].refresh.press is Press.NONE


@pytest.mark.slow
async def test_job_costs_pressed_for_another_job_are_not_the_announced_ones_and_are_asked_for_again(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    await assisted.open()
    await assisted.procore.sign_in(admin.procore)
    wanted, other = (await assisted.procore.jobs())[:2]

    async def for_another(person: StandIn, by_hand: ByHand) -> None:
        page = await person.page(by_hand.site)
        await page.locator("#active_synced_projects").select_option(value=other.key)
        await (await _button(person, by_hand)).click()

    person = StandIn(assisted, tmp_path, admin, does={"refresh-job-costs": for_another})
    state = await person.run(Wanted(tabs=(Tab.JOB_COSTS,), jobs=(wanted.code,)))
    assert _pressed(admin) == [("job-costs", other.code), ("job-costs", wanted.code)]
    declined = [one.event for one in person.told.records if isinstance(one.event, RefreshDeclined)]
    assert [one.problem.facts["why"] for one in declined] == ["other"]
    assert [one.job for one in declined] == [wanted]
    assert state.refresh_of(Tab.JOB_COSTS, wanted).presses == 1
    assert state.refresh_of(Tab.JOB_COSTS, wanted).outcome in (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)


@pytest.mark.slow
async def test_a_sync_that_begins_without_a_press_of_theirs_is_somebody_elses(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    async def another_starts(_person: StandIn, _by_hand: ByHand) -> None:
        other = TrainingDriver(admin.served.hh2.address, admin.served.procore.address)
        await other.hh2.sign_in(admin.hh2)
        await other.hh2.start()
        await other.close()

    person = StandIn(assisted, tmp_path, admin, does={"start-sync": another_starts})
    state = await person.run(Wanted(tabs=()))
    names = person.told.names
    assert names.count("SyncRequested") == 2
    assert names.index("SyncDeclined") < names.index("SyncAccepted")
    assert len(admin.presses("sync.start")) == 2
    assert state.step_one.outcome is StepOneOutcome.DONE


@pytest.mark.slow
async def test_a_tab_may_be_left_out_and_the_others_are_refreshed(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    async def left_out(_person: StandIn, by_hand: ByHand) -> Message:
        assert by_hand.may_skip
        return LeaveOut()

    person = StandIn(assisted, tmp_path, admin, does={"refresh-vendors": left_out})
    state = await person.run(Wanted(tabs=(Tab.COST_CODES, Tab.VENDORS)))
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.SKIPPED
    assert _pressed(admin) == [("cost-codes", "")]
    assert state.ended is not None
    assert state.ended.exit == 10


@pytest.mark.slow
async def test_a_press_that_is_only_said_to_have_been_made_proves_nothing(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    async def says_so(_person: StandIn, _by_hand: ByHand) -> Message:
        return Ready()

    person = StandIn(assisted, tmp_path, admin, person=3.0, does={"start-sync": says_so})
    state = await person.run(Wanted(tabs=(Tab.VENDORS,)))
    assert state.step_one.press is Press.LOST
    assert state.step_one.outcome is StepOneOutcome.UNSURE
    assert admin.presses() == []
    assert state.opened is None


@pytest.mark.slow
async def test_without_kept_passwords_the_person_signs_in_to_both_sites(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    person = StandIn(assisted, tmp_path, admin, signs_in=True)
    state = await person.run(Wanted(tabs=(Tab.VENDORS,)))
    assert [(need.need, need.site) for need in person.needs[:2]] == [
        (NeedKind.SIGN_IN, Site.HH2),
        (NeedKind.SIGN_IN, Site.PROCORE),
    ]
    assert state.step_one.outcome is StepOneOutcome.DONE
    assert _pressed(admin) == [("vendors", "")]


@pytest.mark.slow
async def test_a_run_stopped_while_the_person_is_asked_was_not_pressed(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    async def stops(_person: StandIn, _by_hand: ByHand) -> Message:
        return Stop()

    person = StandIn(assisted, tmp_path, admin, does={"start-sync": stops})
    state = await person.run(Wanted(tabs=(Tab.VENDORS,)))
    assert state.ended is not None
    assert state.ended.exit == 130
    assert state.step_one.press is Press.NONE
    assert "SyncAnswerLost" not in person.told.names
    assert admin.presses() == []
