"""Every page trouble ends as its table says, and the servers saw no press that was not asked for."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import pytest
from _pytest.mark.structures import ParameterSet
from playwright.async_api import Page

from app.assembly.company import Company
from app.assembly.house import House
from app.assembly.parts import Parts
from app.domain.events import NeedsPerson, Record, Site
from app.domain.problems import ProblemId
from app.domain.profile import DriverName
from app.domain.result import result
from app.domain.run import RunState
from app.domain.support import PartName
from app.domain.tabs import Tab
from app.engine.faces import Practice, Wanted
from app.engine.ports import Driver
from app.portals.driver import BrowserDriver
from app.storage.lock import Face
from app.training.troubles import TROUBLES, PageTrait, PageTrouble
from tests.end_to_end.company import NAME, Told, carry_out, profile_for, set_up
from tests.training.admin import Admin

# Somebody else's work must last until a page has been looked at.
PACE = {"other-filters": 0.3, "old-end": 0.3}
TABS = (Tab.VENDORS, Tab.JOBS)
# One of each kind is run with every change, the rest with all tests.
QUICK = {"hh2-code", "procore-look-alike", "session-lost-at-press", "procore-label-gone"}
OF_THE_SERVERS = [
    pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow)
    for one in TROUBLES.values()
    if one.trait is not PageTrait.NO_BROWSER
]

pytestmark = pytest.mark.anyio


def problems(state: RunState, *, noted: bool) -> set[str]:
    return {met.problem.id.value for met in state.problems if met.noted is noted}


def ended_as_its_table_says(trouble: PageTrouble, state: RunState) -> None:
    ended = result(state)
    assert ended["outcome"] == trouble.outcome.value
    assert ended["exit"] == trouble.exit
    assert problems(state, noted=False) == {problem.value for problem in trouble.problems}
    assert problems(state, noted=True) == {problem.value for problem in trouble.noted}


def pressed_once_at_most(admin: Admin) -> None:
    """Every press that reached a server, carried out or not: none twice, none that was not asked for."""
    pressed = Counter((press["what"], press["tab"], press["job"]) for press in admin.log()["presses"])
    assert all(often == 1 for often in pressed.values()), pressed
    asked = {
        ("sync.start", "", ""),
        ("filters.apply", "", ""),
        *(("tab.refresh", tab.value, "") for tab in TABS),
    }
    assert set(pressed) <= asked


@pytest.mark.parametrize("trouble", OF_THE_SERVERS)
async def test_without_a_person_the_trouble_ends_as_its_table_says(
    trouble: PageTrouble, house: House, admin: Admin
) -> None:
    admin.play("ok", pace=PACE.get(trouble.name, 0.02), trouble=trouble.name)
    state, _ = await carry_out(house, Wanted(tabs=TABS), driver=DriverName.BROWSER)
    ended_as_its_table_says(trouble, state)
    pressed_once_at_most(admin)
    assert admin.calls("elsewhere.typed") == admin.calls("elsewhere.sent") == []


# ---------------------------------------------------------------- somebody is there


class _Watching(Parts):
    """The parts of a run, whose driver is kept."""

    made: BrowserDriver

    def drivers(self, company: Company, driver: DriverName | None = None) -> Callable[[], Driver]:
        make = super().drivers(company, driver)

        def keep() -> Driver:
            made = make()
            assert isinstance(made, BrowserDriver)
            self.made = made
            return made

        return keep


class Watched(House):
    """A house whose driver the test can reach, to act in its browser as the person would."""

    _parts: _Watching

    def __init__(self, face: Face, *, person: float) -> None:
        super().__init__(face, person=person)
        self._parts = _Watching(self._folders, self._policy, self._training, person=person, presses=None)

    @property
    def made(self) -> BrowserDriver:
        return self._parts.made


@pytest.fixture
async def attended(admin: Admin) -> AsyncIterator[Watched]:
    """The house with a person in front of it; its browser has a window where there is a display."""
    opened = Watched("window", person=60.0)
    await set_up(opened, admin.served)
    yield opened
    await opened.close()


async def window_of(page: Page) -> str:
    """ "minimized", "normal"…, as the browser tells it."""
    session = await page.context.new_cdp_session(page)
    window = await session.send("Browser.getWindowForTarget")
    await session.detach()
    return str(window["bounds"]["windowState"])


async def does_what_is_asked(page: Page, trouble: PageTrouble) -> None:
    match trouble.trait:
        case PageTrait.CODE:
            found = re.search(r"\d{6}", await page.inner_text("main"))
            assert found is not None
            await page.fill("input", found[0])
        case PageTrait.CAPTCHA:
            await page.check("input")
        case _:
            await page.fill("input[type=password]", "what only the person knows")
    await page.click("button")


def attended_troubles(quick: str) -> list[ParameterSet]:
    return [
        pytest.param(one, id=one.name, marks=() if one.name == quick else pytest.mark.slow)
        for one in TROUBLES.values()
        if one.with_person is not None
    ]


async def _goes_on_when_the_person_has_acted(
    trouble: PageTrouble, attended: Watched, admin: Admin, *, shown: bool
) -> None:
    admin.play("ok", trouble=trouble.name)
    needed = anyio.Event()
    windows: list[str] = []

    def react(record: Record, _: RunState) -> None:
        if isinstance(record.event, NeedsPerson):
            needed.set()

    async def person() -> None:
        await needed.wait()
        site = attended.made.hh2 if trouble.site == "hh2" else attended.made.procore
        page = await site.page.page()
        windows.append(await window_of(page))
        await does_what_is_asked(page, trouble)

    told = Told(react=react)
    async with anyio.create_task_group() as group:
        group.start_soon(person)
        state, _ = await carry_out(attended, Wanted(tabs=TABS), told, DriverName.BROWSER)
    ended = result(state)
    assert trouble.with_person is not None
    assert (ended["outcome"], problems(state, noted=False)) == (trouble.with_person.value, set())
    asked = [one.event.problem for one in told.records if isinstance(one.event, NeedsPerson)]
    assert [one.id for one in asked if one] == [ProblemId.MFA]
    if shown:
        assert windows == ["normal"]
    pressed_once_at_most(admin)
    assert len(admin.calls("hh2.sign-in")) + len(admin.calls("procore.sign-in")) <= 2


@pytest.mark.parametrize("trouble", attended_troubles("procore-single-sign-on"))
async def test_the_run_goes_on_by_itself_when_the_page_shows_that_the_person_signed_in(
    trouble: PageTrouble, headless: None, attended: Watched, admin: Admin
) -> None:
    await _goes_on_when_the_person_has_acted(trouble, attended, admin, shown=False)


async def test_a_window_begins_minimised_and_comes_to_the_front_when_the_person_is_needed(
    admin: Admin, tmp_path: Path
) -> None:
    driver = BrowserDriver(profile_for(admin.served), headless=False, folder=tmp_path)
    try:
        await driver.open()
        page = await driver.hh2.page.page()
        assert await window_of(page) == "minimized"
        await driver.to_front(Site.HH2)
        assert await window_of(page) == "normal"
    finally:
        await driver.close()


async def test_in_a_window_that_is_seen_the_run_goes_on_all_the_same(attended: Watched, admin: Admin) -> None:
    await _goes_on_when_the_person_has_acted(TROUBLES["hh2-code"], attended, admin, shown=True)


async def test_without_a_browser_nothing_is_begun_and_the_card_says_so(headless: None) -> None:
    trouble = TROUBLES["browser-absent"]
    house = House("command line", person=0.0)
    try:
        practice = Practice(driver=DriverName.BROWSER, pace=0.02, trouble=trouble.name)
        name = await house.start_training(practice)
        conductor = await house.conductor(name, Told())
        state = await conductor.run(Wanted(tabs=TABS))
    finally:
        await house.close()
    ended_as_its_table_says(trouble, state)
    assert [met.problem.facts["why"] for met in state.problems] == ["none-found"]


async def test_the_page_on_which_a_label_was_not_found_is_in_the_support_bundle(
    house: House, admin: Admin
) -> None:
    admin.play("ok", trouble="procore-label-gone")
    state, _ = await carry_out(house, Wanted(tabs=TABS), driver=DriverName.BROWSER)
    assert [met.problem.id for met in state.problems] == [ProblemId.PRO_LABEL]
    bundle = await house.support.gather(NAME)
    (text,) = [part.text for part in bundle.parts if part.name is PartName.OUTLINES]
    assert " procore\n" in text
    assert "  button: " in text
    report = await house.check_pages(NAME, 0.0, lambda *_: None)
    assert report is not None
    drawn = {one.text for site in report.sites for one in site.outlines}
    assert drawn
    bundle = await house.support.gather(NAME)
    (text,) = [part.text for part in bundle.parts if part.name is PartName.OUTLINES]
    assert all(one in text for one in drawn)
