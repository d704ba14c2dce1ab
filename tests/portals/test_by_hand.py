"""A person's own hand on the pages: led there by links, asked for what we must not or cannot press, and believed only
in what they did."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Dialog

from app.domain.events import ByHand
from app.domain.filters import DateRange, Depth, Filters
from app.domain.problems import NotPressed, ProblemId, Trouble, Unpressed
from app.domain.tabs import Job, Tab
from app.portals.browser import DrivenBrowser
from app.portals.hh2_pages import Hh2Pages
from app.portals.procore_pages import ProcorePages
from app.portals.site import SitePage
from tests.portals.conftest import close_windows
from tests.portals.hands import Person, Says
from tests.portals.shown import Answer, Shown
from tests.portals.test_hh2_pages import OUT, WEEK, filters, settings, sync
from tests.portals.test_procore_pages import section, tool
from tests.training.test_driver import permit

pytestmark = pytest.mark.anyio
STARTED = Answer(sync("<output>Sync requested at 05:10</output>"))
GO = "<form method=post action=/start><button>Go</button></form>"


@pytest.fixture
async def hh2_pages(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[Hh2Pages]:
    made = Hh2Pages(shown.address, frozenset({shown.address}), browser)
    yield made
    await close_windows(made.page)


@pytest.fixture
async def pages(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[ProcorePages]:
    made = ProcorePages(f"{shown.address}/", 4711, frozenset({shown.address}), browser, afresh=0.0)
    yield made
    await close_windows(made.page)


def led(site: SitePage, *, assisted: bool = True, says: Says = None, **presses: str) -> Person:
    """Somebody who clicks, at each action, what the page calls so; `says` is what they say of anything else."""

    async def does(asked: ByHand) -> Says:
        name = presses.get(asked.action.replace("-", "_").replace(":", "_"))
        if name is None:
            return says
        tab = await site.page()
        if ">" in name:
            label, _, option = name.partition(">")
            await tab.get_by_label(label).select_option(label=option)
        else:
            await tab.get_by_text(name, exact=True).first.click()
        return None

    person = Person(does)
    site.hand, site.assisted = person, assisted
    return person


# ---------------------------------------------------------------- hh2


async def test_assisted_the_person_sets_what_differs_and_applies_it(
    hh2_pages: Hh2Pages, shown: Shown
) -> None:
    shown.answers["/"] = Answer(sync(settings(filters())))
    person = led(
        hh2_pages.page,
        date_range="Settings",
        settings="Settings",
        date_range_past_week="Date Range>Past Week",
        apply="Apply Settings",
    )
    assert await hh2_pages.apply_filters(Filters(DateRange.PAST_WEEK, Depth.DEEP)) == Filters(
        DateRange.PAST_WEEK, Depth.DEEP
    )
    # Only what differed; each way there was shown to them, for nothing is pressed by us.
    assert [one.action for one in person.asked] == ["settings", "date-range:past-week", "apply", "settings"]
    assert all(one.pointed for one in person.asked)


async def test_assisted_a_start_is_the_persons_press_and_its_answer_the_pages(
    hh2_pages: Hh2Pages, shown: Shown
) -> None:
    shown.answers["/"] = Answer(sync())
    shown.answers["/start"] = STARTED
    person = led(hh2_pages.page, start_sync="Start Sync")
    assert await hh2_pages.start() == "Sync requested at 05:10"
    assert [one.action for one in person.asked] == ["start-sync"]
    assert len(shown.of("/start")) == 1


async def test_assisted_a_link_on_the_way_is_followed_without_a_press(
    hh2_pages: Hh2Pages, shown: Shown
) -> None:
    shown.show("/", OUT, "<nav aria-label='Quick Menu'><a href=/sync>Accounting Sync</a></nav>")
    shown.answers["/sync"] = Answer(sync("<output>Last sync completed</output>"))
    person = led(hh2_pages.page)
    assert (await hh2_pages.look()).text == "Last sync completed"
    assert person.asked == []


async def test_what_we_do_not_find_the_person_presses_and_the_page_must_show_it(
    hh2_pages: Hh2Pages, shown: Shown
) -> None:
    shown.answers["/"] = Answer(sync("<output>No syncs yet</output>", start=GO))
    shown.answers["/start"] = STARTED
    person = led(hh2_pages.page, assisted=False, start_sync="Go")
    assert await hh2_pages.start() == "Sync requested at 05:10"
    assert [(one.action, one.pointed) for one in person.asked] == [("start-sync", False)]


async def test_what_nobody_presses_is_the_label_that_was_not_found(hh2_pages: Hh2Pages, shown: Shown) -> None:
    shown.answers["/"] = Answer(sync("<output>No syncs yet</output>", start=GO))
    led(hh2_pages.page, assisted=False, says=Unpressed.LEFT_OUT)
    with pytest.raises(Trouble) as met:
        await hh2_pages.start()
    assert met.value.problem.id is ProblemId.HH2_LABEL
    assert shown.of("/start") == []


async def test_assisted_what_the_person_leaves_out_was_not_pressed(hh2_pages: Hh2Pages, shown: Shown) -> None:
    shown.answers["/"] = Answer(sync())
    led(hh2_pages.page, says=Unpressed.LEFT_OUT)
    with pytest.raises(NotPressed) as met:
        await hh2_pages.start()
    assert met.value.why is Unpressed.LEFT_OUT
    assert shown.of("/start") == []


async def test_an_option_that_the_table_does_not_know_is_chosen_by_the_person(
    hh2_pages: Hh2Pages, shown: Shown
) -> None:
    shown.answers["/"] = Answer(sync(filters().replace("<option>Past Week", "<option disabled>Past Week")))
    person = led(hh2_pages.page, assisted=False, says=Unpressed.LEFT_OUT)
    with pytest.raises(Trouble) as met:
        await hh2_pages.apply_filters(WEEK)
    assert met.value.problem.facts["why"] == "not-offered"
    assert [one.action for one in person.asked] == ["date-range:past-week"]


# ---------------------------------------------------------------- Procore

VENDORS = "<form method=post action=/pressed><button>Refresh Vendor List</button></form>"
ANSWER = Answer(tool(section(VENDORS, "<output>Vendors will begin refreshing</output>")))


async def test_assisted_the_way_to_a_tab_is_its_link_and_the_press_is_the_persons(
    pages: ProcorePages, shown: Shown
) -> None:
    shown.answers["/"] = Answer(tool(on=""))
    shown.answers["/vendors"] = Answer(tool(section(VENDORS)))
    shown.answers["/pressed"] = ANSWER
    person = led(pages.page, refresh_vendors="Refresh Vendor List")
    assert await pages.missing_rights((Tab.VENDORS,)) == {}
    assert person.asked == []
    given = permit(Tab.VENDORS)
    assert await pages.press(given) == "Vendors will begin refreshing"
    assert given.was_used()
    assert [one.action for one in person.asked] == ["refresh-vendors"]
    assert len(shown.of("/pressed")) == 1


async def test_assisted_a_tab_that_is_forbidden_is_a_right_that_is_missing(
    pages: ProcorePages, shown: Shown
) -> None:
    shown.answers["/"] = Answer(tool(on=""))
    shown.answers["/vendors"] = Answer(
        tool(section("<output>You do not have permission to see this</output>"))
    )
    person = led(pages.page)
    assert await pages.missing_rights((Tab.VENDORS,)) == {Tab.VENDORS: "button"}
    assert person.asked == []


async def test_assisted_a_tab_that_no_link_leads_to_is_opened_by_the_person(
    pages: ProcorePages, shown: Shown
) -> None:
    drawn = (
        "<nav aria-label='ERP Integrations'><button onclick=\"location = '/vendors'\">Vendors</button></nav>"
    )
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", drawn)
    shown.answers["/vendors"] = Answer(tool(section(VENDORS, "<output>Refresh completed at 04:20</output>")))
    person = led(pages.page, tab_vendors="Vendors")
    assert (await pages.look(Tab.VENDORS, None)).text == "Refresh completed at 04:20"
    assert [(one.action, one.pointed) for one in person.asked] == [("tab-vendors", True)]


async def test_assisted_the_person_chooses_the_job_that_the_press_is_announced_for(
    pages: ProcorePages, shown: Shown
) -> None:
    choice = (
        "<label>Select a Job <select><option value=''>Select a Job<option value=7>24-003 - Elm Park Clinic"
    )
    choice += "<option value=9>24-006 - Smith & Sons</select></label>"
    button = "<form method=post action=/pressed><button>Sync Job Costs</button></form>"
    links = f"{OUT}<nav aria-label='ERP Integrations'><a href=/costs>Job Costs</a></nav>"
    shown.show("/", links, "<h1>ERP Integrations</h1>")
    shown.show("/costs", links, section(choice, button, title="Job Costs"))
    shown.show(
        "/pressed",
        links,
        section(choice, button, "<output>Job costs will begin syncing</output>", title="Job Costs"),
    )
    person = led(
        pages.page,
        job="Select a Job>24-006 - Smith & Sons",
        refresh_job_costs="Sync Job Costs",
    )
    roofer = Job("9", "24-006", "Smith & Sons")
    assert await pages.press(permit(Tab.JOB_COSTS, roofer)) == "Job costs will begin syncing"
    assert [(one.action, one.what) for one in person.asked] == [
        ("job", "24-006 Smith & Sons"),
        ("refresh-job-costs", "24-006 Smith & Sons"),
    ]
    assert len(shown.of("/pressed")) == 1


async def test_assisted_what_the_page_asks_the_person_answers_and_nobody_for_them(
    pages: ProcorePages, shown: Shown
) -> None:
    asking = VENDORS.replace("<form", "<form onsubmit=\"return confirm('Continue with 12 records?')\"")
    shown.answers["/"] = Answer(tool(on=""))
    shown.answers["/vendors"] = Answer(tool(section(asking)))
    shown.answers["/pressed"] = ANSWER
    person = led(pages.page, refresh_vendors="Refresh Vendor List")
    await pages.show(Tab.VENDORS)
    asked: list[str] = []

    async def answers(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.accept()

    (await pages.page.page()).once("dialog", answers)
    assert await pages.press(permit(Tab.VENDORS)) == "Vendors will begin refreshing"
    assert asked == ["Continue with 12 records?"]
    assert [one.action for one in person.asked] == ["refresh-vendors"]
    assert len(shown.of("/pressed")) == 1


async def test_assisted_nothing_is_followed_that_leads_to_somebody_else(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    procore.assisted = True
    shown.show("/", f"<a href={foreign.address}/tool>ERP Integrations</a>")
    await procore.goto(procore.home)
    assert not await procore.follow("tool")
    shown.show("/", "<a href=#>ERP Integrations</a>")
    await procore.goto(procore.home)
    assert not await procore.follow("tool")
    shown.show("/", "<button>ERP Integrations</button>")
    await procore.goto(procore.home)
    assert not await procore.follow("tool")
    shown.show("/", "<p>Nothing</p>")
    await procore.goto(procore.home)
    assert not await procore.follow("tool")
    assert foreign.asked == []
    assert procore.url == f"{shown.address}/"
