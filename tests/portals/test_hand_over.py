"""A button that is not found is handed over: the person presses it, in either driver, and the run goes on."""

from pathlib import Path

import pytest

from app.domain.events import ByHand, Site
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.problems import ProblemId
from app.domain.tabs import Tab
from app.engine.faces import Stop, Wanted
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from tests.end_to_end.company import profile_for
from tests.portals.conftest import close_windows
from tests.portals.stand_in import StandIn
from tests.training.admin import Admin

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
TABS = (Tab.VENDORS,)


async def presses_the_other_start(person: StandIn, asked: ByHand) -> None:
    assert not asked.pointed
    page = await person.page(Site.HH2)
    await page.get_by_role("button", name="Run Now", exact=True).click()


async def presses_the_other_button(person: StandIn, asked: ByHand) -> None:
    assert not asked.pointed
    page = await person.page(Site.PROCORE)
    await page.get_by_role("button", name="Refresh Vendor Directory", exact=True).click()


async def test_by_the_browser_driver_hh2s_start_is_handed_over_and_the_rest_is_not(
    driver: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    admin.play("ok", trouble="hh2-label-gone")
    person = StandIn(driver, tmp_path, admin, does={"start-sync": presses_the_other_start})
    state = await person.run(Wanted(tabs=TABS))
    assert [one.action for one in person.asked] == ["start-sync"]
    assert state.step_one.outcome is StepOneOutcome.DONE, state.problems
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert len(admin.presses("sync.start")) == 1


async def test_what_nobody_pressed_ends_with_the_label_that_was_not_found(
    driver: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    async def stops(_person: StandIn, _asked: ByHand) -> Stop:
        return Stop()

    admin.play("ok", trouble="hh2-label-gone")
    person = StandIn(driver, tmp_path, admin, does={"start-sync": stops})
    state = await person.run(Wanted(tabs=TABS))
    assert admin.presses("sync.start") == admin.presses("tab.refresh") == []
    assert state.step_one.outcome is not StepOneOutcome.DONE
    assert "start-sync" in {one.action for one in person.asked}


async def test_in_assisted_mode_a_button_of_another_name_is_not_outlined_and_counts_by_what_the_page_shows(
    browser: DrivenBrowser, admin: Admin, tmp_path: Path
) -> None:
    admin.play("ok", trouble="procore-label-gone")
    made = BrowserDriver(profile_for(admin.served), browser=browser, assisted=True)
    person = StandIn(made, tmp_path, admin, does={"refresh-vendors": presses_the_other_button})
    state = await person.run(Wanted(tabs=TABS))
    await close_windows(made.hh2.page, made.procore.page)
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE, state.problems
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]


async def test_by_the_browser_driver_a_tab_of_another_name_ends_before_step_one(
    driver: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    admin.play("ok", trouble="procore-label-gone")
    person = StandIn(driver, tmp_path, admin)
    state = await person.run(Wanted(tabs=TABS))
    assert ProblemId.PRO_LABEL in {met.problem.id for met in state.problems}
    assert admin.presses() == []
