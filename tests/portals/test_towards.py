"""To teach a label the program walks to the page on which it should stand, and presses nothing but the way."""

from collections.abc import AsyncIterator

import pytest

from app.domain.events import Site
from app.domain.problems import SessionLost
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from app.portals.site import SitePage
from app.portals.teaching import towards
from tests.portals.conftest import close_windows
from tests.portals.shown import Answer, Shown, page
from tests.portals.test_driver import profile_at
from tests.portals.test_hh2_pages import DOOR, OUT, filters, settings, sync
from tests.portals.test_origin import form
from tests.portals.test_procore_pages import FORM, section, tool

pytestmark = pytest.mark.anyio


@pytest.fixture
async def driver(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[BrowserDriver]:
    """The driver of a company whose sites are both ours."""
    made = BrowserDriver(profile_at(shown.address, shown.address), browser=browser)
    yield made
    await close_windows(made.hh2.page, made.procore.page)


async def shows(site: SitePage, text: str) -> bool:
    return text in " ".join(name for seen, _ in (await site.read()).controls() for name in seen.names)


def inside(*body: str, start: str = "Start Sync") -> Answer:
    return Answer(
        sync(*body, start=f"<button onclick=\"fetch('/start', {{method: 'POST'}})\">{start}</button>")
    )


async def test_apply_settings_stands_behind_settings(driver: BrowserDriver, shown: Shown) -> None:
    shown.answers["/"] = inside(settings(filters()))
    await towards(driver, Site.HH2, "start-sync")
    assert not await shows(driver.hh2.page, "Apply Settings")
    await towards(driver, Site.HH2, "apply")
    assert await shows(driver.hh2.page, "Apply Settings")
    assert shown.of("/start") == []


@pytest.mark.slow  # the page is searched for as long as in a run
async def test_apply_settings_is_come_to_though_start_sync_is_not_found(
    driver: BrowserDriver, shown: Shown
) -> None:
    shown.show("/", *DOOR)
    shown.answers["/sync"] = inside(settings(filters()), start="Go")
    await towards(driver, Site.HH2, "apply")
    assert await shows(driver.hh2.page, "Apply Settings")
    assert shown.of("/start") == []


async def test_to_the_fields_of_the_sign_in_nothing_is_walked(driver: BrowserDriver, shown: Shown) -> None:
    for site, action in ((Site.HH2, "user"), (Site.PROCORE, "log-in")):
        await towards(driver, site, action)
    assert shown.asked == []


async def test_to_a_button_of_procore_it_is_the_tabs_page_and_no_press_of_it(
    driver: BrowserDriver, shown: Shown
) -> None:
    shown.answers["/"] = Answer(tool(on=""))
    shown.answers["/vendors"] = Answer(tool(section(FORM)))
    await towards(driver, Site.PROCORE, "refresh-vendors")
    assert await shows(driver.procore.page, "Refresh Vendor List")
    assert {one.method for one in shown.asked} == {"GET"}


async def test_of_labels_that_are_several_the_person_sees_where_it_stopped(
    driver: BrowserDriver, shown: Shown
) -> None:
    link = "<a href=/vendors>Vendors</a>"
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", link, link)
    await towards(driver, Site.PROCORE, "tab-vendors")
    assert driver.procore.page.url == f"{shown.address}/"


async def test_a_session_that_was_lost_on_the_way_is_told(driver: BrowserDriver, shown: Shown) -> None:
    shown.answers["/"] = Answer(page(form()))
    with pytest.raises(SessionLost):
        await towards(driver, Site.HH2, "start-sync")
