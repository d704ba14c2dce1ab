"""The pages of every skin do by themselves what a person with a mouse expects, and the servers see each press once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import anyio
import pytest

from app.domain.tabs import Tab
from app.portals.browser import DrivenBrowser
from app.portals.folding import fold
from app.training.pages.skins import Skin, skin, skins
from app.training.pages.wording import tab_title
from tests.training.admin import Admin

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PACE = 0.1
SKINS = [(name, ("en", "fr")[number % 2]) for number, name in enumerate(skins())]


@pytest.fixture(scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DrivenBrowser]:
    opened = DrivenBrowser(tmp_path_factory.mktemp("browser"), headless=True)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


class Person:
    """Somebody at the mouse. `page` is the tab of the browser that they look at."""

    def __init__(self, page: Any, look: Skin) -> None:
        self.page, self.look = page, look
        self.asked: list[str] = []
        page.on("dialog", self._answer)

    async def _answer(self, dialog: Any) -> None:
        self.asked.append(dialog.message)
        await dialog.accept()

    async def go(self, address: str) -> None:
        await self.page.goto(address)
        closes = self.page.locator("[data-closes]")
        if self.look.notice != "none" and await closes.count():
            await closes.click()
            assert await self.page.locator("#notice").count() == 0

    async def content(self) -> Any:
        """The frame with the content, once it stands there."""
        deep = {"none": 1, "inner": 2, "nested": 3}[self.look.frame]
        await until(lambda: self._holds(deep))
        return self.page.frames[deep - 1]

    async def _holds(self, deep: int) -> bool:
        frames = self.page.frames
        return len(frames) == deep and await frames[-1].locator("[data-content]").count() == 1

    async def unfold(self) -> None:
        opener = self.page.locator("[data-toggle=navigation]")
        if self.look.narrow:
            assert not await self.page.locator("#navigation").is_visible()
            await opener.click()

    async def press(self, place: Any, menu: str) -> None:
        """Press a button, in the menu of its row where it is there."""
        if self.look.row_menu:
            assert not await place.is_visible()
            await (await self.content()).locator(f"[data-toggle={menu}]").click()
        await place.click()

    async def choose(self, id_: str, value: str) -> None:
        frame = await self.content()
        if self.look.choice == "select":
            await frame.locator(f"#{id_}").select_option(value)
        elif self.look.choice == "radio":
            await frame.locator(f"#{id_} input[value='{value}']").click()
        else:
            await frame.locator(f"#{id_}").click()
            await frame.locator(f"#{id_}-list [data-value='{value}']").click()

    async def newest(self, tabs: int) -> None:
        """Where a press opened another tab of the browser, look there; else stay."""
        context = self.page.context
        if self.look.new_tab:
            await until(lambda: so(len(context.pages) == tabs + 1))
            assert "erp" in context.pages[-1].url or "#" in context.pages[-1].url
            await context.pages[-1].close()
        assert len(context.pages) == 1


async def so(value: bool) -> bool:
    return value


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(15):
        while True:
            if await holds():
                return
            await anyio.sleep(0.02)


@pytest.mark.parametrize(("name", "language"), SKINS)
async def test_a_person_carries_a_sync_through_on_this_skin(
    name: str, language: str, browser: DrivenBrowser, admin: Admin
) -> None:
    admin.play("ok", pace=PACE, skin=name, language=language)
    person = Person(await browser.new_page(), skin(name, language))
    try:
        await at_hh2(person, admin)
        await at_procore(person, admin)
    finally:
        await person.page.context.close()
    pressed = [(one["what"], one["tab"], bool(one["job"])) for one in admin.log()["presses"]]
    assert pressed == [
        ("filters.apply", "", False),
        ("sync.start", "", False),
        ("tab.refresh", "vendors", False),
        ("tab.refresh", "job-costs", True),
    ]
    assert len(person.asked) == (3 if person.look.asks else 0)


async def at_hh2(person: Person, admin: Admin) -> None:
    """Sign in, set the filters, start, and see in the company itself that the sync ended."""
    await person.go(admin.served.hh2.address)
    frame = await person.content()
    await frame.locator("#user").fill(admin.hh2.user)
    await frame.locator("#password").fill(admin.hh2.reveal())
    await frame.locator("#log-in").click()
    await frame.locator("[data-view=home]").wait_for()
    await person.unfold()
    await person.page.locator("nav a[href='#accounting-sync']").click()
    await frame.locator("a[href$='#settings']").click()
    await frame.locator("#filters").wait_for()
    await person.choose("date-range", "past-month")
    await person.choose("depth", "deep")
    await frame.locator("#apply").click()
    await frame.locator("#applied").wait_for()
    await person.press(frame.locator("#start"), "start-menu")
    await until(lambda: so(len(admin.presses("sync.start")) == 1))
    await person.newest(1)


async def at_procore(person: Person, admin: Admin) -> None:
    """Sign in, go to the tool, refresh the vendors, and the costs of one job."""
    await person.go(admin.served.procore.address)
    await person.page.locator("#user").fill(admin.procore.user)
    await person.page.locator("#password").fill(admin.procore.reveal())
    await person.page.locator("form [data-press]").click()
    await person.page.wait_for_url("**/company/home")
    await person.unfold()
    await person.page.locator("nav[aria-labelledby=tools] a").nth(2).click()
    for tab in (Tab.VENDORS, Tab.JOB_COSTS):
        frame = await person.content()
        await frame.locator(f".tabs a[href*='{tab.value.replace('-c', '_c')}']").click()
        await until(partial(reads, person, tab))
        frame = await person.content()
        if tab is Tab.JOB_COSTS:
            await person.choose("active_synced_projects", await first_job(frame))
        button = frame.locator("form.tools [data-press]:not([data-never])")
        await person.press(button, "tab-menu")
        await until(partial(refreshed, admin, tab))
        await person.newest(1)


async def refreshed(admin: Admin, tab: Tab) -> bool:
    """Was this tab's button pressed?"""
    return tab.value in [one["tab"] for one in admin.presses("tab.refresh")]


async def reads(person: Person, tab: Tab) -> bool:
    """Does the tab's heading stand there?"""
    frame = await person.content()
    found = frame.locator("#tab-title")
    return await found.count() == 1 and fold(await found.text_content() or "") == fold(
        tab_title(tab, person.look)
    )


async def first_job(frame: Any) -> str:
    """The value of the first job that the drop-down offers, whatever it is made of."""
    offered = frame.locator(
        "#active_synced_projects option, #active_synced_projects input, #active_synced_projects-list [data-value]"
    )
    values = await offered.evaluate_all("all => all.map((one) => one.value || one.dataset.value || '')")
    return next(str(value) for value in values if str(value).isdecimal() and str(value) != "0")
