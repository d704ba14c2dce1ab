"""Teach: what a person points at is told and does nothing; only what may be pressed is kept, and used last."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import pytest

from app.domain.events import Site
from app.domain.page_check import CheckStage
from app.domain.taught import Pointed, Taught, Unfit, with_label, without_label
from app.engine.page_check import point_at
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from app.portals.labels import labels, unfit_label, with_taught
from app.portals.site import SitePage
from app.portals.teaching import point
from tests.portals.conftest import close_windows
from tests.portals.shown import Shown
from tests.portals.test_find import BUTTON, press, refused, section
from tests.portals.test_page_check import Kept, without
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio
RENEW = "<form method=post action=/pressed><button>Renew suppliers</button></form>"
RENEWED = Taught(Site.PROCORE, "refresh-vendors", "button", "Renew suppliers")
# A page that would send at the first sign of a press, from as early as a page can listen.
EAGER = """<script>n = 0;
const types = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'keydown', 'keyup'];
for (const type of types) window.addEventListener(type, () => { n++; fetch('/heard?' + type) }, true);
</script>"""


async def pointed(
    site: SitePage, press_it: Callable[[], Awaitable[None]], action: str = "refresh-vendors"
) -> Pointed:
    """What comes of pointing, while a person presses."""
    told: list[Pointed] = []

    async def wait() -> None:
        told.append(await point(site, action, 10.0))

    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        at = await site.page()
        await at.wait_for_function("window[Symbol.for('ondemand-sync.teach')].isOn()")
        await press_it()
    return told[0]


async def at_the_page(site: SitePage, shown: Shown, *body: str) -> None:
    shown.show("/", *body)
    await site.goto(site.home)


@asynccontextmanager
async def taught_site(browser: DrivenBrowser, shown: Shown, *taught: Taught) -> AsyncIterator[SitePage]:
    made = SitePage(Site.PROCORE, f"{shown.address}/", frozenset({shown.address}), browser, taught)
    yield made
    await close_windows(made)


CONTROLS = {
    "form": RENEW,
    "link": "<a href=/pressed role=button>Renew suppliers</a>",
    "script": "<button onclick=\"fetch('/pressed')\" onmousedown=\"location='/pressed'\">Renew suppliers</button>",
    "inside": "<button onclick=\"fetch('/pressed')\"><b><i>Renew</i> suppliers</b></button>",
    "shadow": "<div id=host></div><script>document.getElementById('host').attachShadow({mode: 'open'}).innerHTML = "
    "`<form method=post action=/pressed><button>Renew suppliers</button></form>`</script>",
}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)
async def test_a_click_is_told_and_does_nothing(procore: SitePage, shown: Shown, control: str) -> None:
    await at_the_page(procore, shown, EAGER, section("Vendors", control))
    at, asked = await procore.page(), len(shown.asked)
    told = await pointed(procore, at.get_by_text("suppliers").first.click)
    assert (told.role, told.name, told.within, told.unfit) == (
        "button",
        "Renew suppliers",
        ("Vendors",),
        None,
    )
    assert told.label == RENEWED
    assert len(shown.asked) == asked, "something was sent"


async def test_the_keyboard_points_too_and_does_nothing(procore: SitePage, shown: Shown) -> None:
    await at_the_page(procore, shown, EAGER, section("Vendors", RENEW))
    at, asked = await procore.page(), len(shown.asked)

    async def by_keys() -> None:
        await at.get_by_role("button").focus()
        await at.keyboard.press("Enter")

    told = await pointed(procore, by_keys)
    assert (told.name, told.unfit) == ("Renew suppliers", None)
    assert [one.path for one in shown.asked[asked:]] == []


async def test_a_control_in_a_frame_of_ours_is_told_and_one_of_somebody_else_is_not(
    procore: SitePage, shown: Shown, foreign: Shown
) -> None:
    shown.show("/frame", EAGER, section("Vendors", RENEW))
    foreign.show("/frame", EAGER, section("Vendors", "<button>Renew suppliers</button>"))
    await at_the_page(
        procore, shown, f"<iframe src={foreign.address}/frame></iframe><iframe src=/frame></iframe>"
    )
    at = await procore.page()
    theirs, ours = at.frames[1].get_by_role("button"), at.frames[2].get_by_role("button")
    await theirs.wait_for()
    await ours.wait_for()
    asked = len(shown.asked), len(foreign.asked)

    async def both() -> None:
        await theirs.click()
        await ours.click()

    told = await pointed(procore, both)
    assert (told.name, told.unfit) == ("Renew suppliers", None)
    assert (len(shown.asked), len(foreign.asked)) == asked


async def test_what_a_page_sends_by_itself_meanwhile_does_not_leave_it(
    procore: SitePage, shown: Shown
) -> None:
    sends = "<script>n = 0; setInterval(() => { n++; fetch('/pressed', {method: 'POST'}) }, 20)</script>"
    await at_the_page(procore, shown, sends, section("Vendors", "<button>Renew suppliers</button>"))
    at = await procore.page()
    sent: list[int] = []

    async def click() -> None:
        sent.append(len(shown.of("/pressed")))
        await at.wait_for_function("was => n > was + 5", arg=await at.evaluate("n"))
        sent.append(len(shown.of("/pressed")))
        await at.get_by_role("button").click()

    await pointed(procore, click)
    assert sent[1] <= sent[0] + 1, "one that was under way, and no more"


@pytest.mark.parametrize(
    ("body", "unfit"),
    [
        ("<button id=it>Import</button>", Unfit.FORBIDDEN),
        ("<button id=it title=Delete>Renew suppliers</button>", Unfit.FORBIDDEN),
        ("<button id=it>Start Sync</button>", None),  # no name of this site's table
        ("<button id=it>Refresh Job List</button>", Unfit.ANOTHER),
        ("<button id=it>Refresh Vendor List</button>", Unfit.KNOWN),
        ("<button id=it>Renew</button><button>Renew</button>", Unfit.SEVERAL),
        ("<button id=it style='width:40px;height:40px'></button>", Unfit.NO_NAME),
        ("<input id=it aria-label=Renew>", Unfit.ROLE),
        ("<p id=it>Renew suppliers</p>", Unfit.NO_CONTROL),
    ],
    ids=str,
)
async def test_what_may_not_be_pressed_is_not_taken(
    procore: SitePage, shown: Shown, body: str, unfit: Unfit | None
) -> None:
    await at_the_page(procore, shown, section("Vendors", body, "<button>Other</button>"))
    at = await procore.page()
    assert (await pointed(procore, lambda: at.click("#it"))).unfit is unfit


async def test_what_stands_elsewhere_is_not_taken(procore: SitePage, shown: Shown) -> None:
    await at_the_page(
        procore, shown, section("Jobs", "<button id=it>Renew suppliers</button>"), section("Vendors", BUTTON)
    )
    at = await procore.page()
    assert (await pointed(procore, lambda: at.click("#it"))).unfit is Unfit.SECTION


async def test_nobody_points_and_the_page_is_as_before(procore: SitePage, shown: Shown) -> None:
    await at_the_page(procore, shown, section("Vendors", BUTTON))
    assert (await point(procore, "refresh-vendors", 0.1)).unfit is Unfit.NOBODY
    async with (await procore.page()).expect_response("**/pressed"):
        await procore.press("refresh-vendors")


# ------------------------------------------------------------------ what was taught is used


async def test_a_taught_label_is_pressed_once_where_the_tables_own_is_not_there(
    browser: DrivenBrowser, shown: Shown
) -> None:
    async with taught_site(browser, shown, RENEWED) as site:
        await press(site, shown, section("Vendors", RENEW))
        assert [one.method for one in shown.of("/pressed")] == ["POST"]
        assert site.table.phase_of("Renew suppliers") is None


async def test_the_tables_own_label_comes_first(browser: DrivenBrowser, shown: Shown) -> None:
    other = "<form method=post action=/other><button>Renew suppliers</button></form>"
    async with taught_site(browser, shown, RENEWED) as site:
        await press(site, shown, section("Vendors", other, BUTTON))
        assert shown.of("/other") == []


@pytest.mark.parametrize(
    "body",
    [
        section("Jobs", RENEW),
        section("Vendors", RENEW, RENEW),
        section("Vendors", "<form method=post action=/pressed><div role=link>Renew suppliers</div></form>"),
    ],
    ids=["another section", "two", "another role"],
)
async def test_a_taught_label_is_held_to_its_section_and_role_and_is_one(
    browser: DrivenBrowser, shown: Shown, body: str
) -> None:
    async with taught_site(browser, shown, RENEWED) as site:
        await refused(site, shown, body)


async def test_a_taught_label_that_becomes_forbidden_at_the_press_is_not_pressed(
    browser: DrivenBrowser, shown: Shown
) -> None:
    sly = RENEW.replace("<button>", "<button onmouseover=\"this.textContent='Import'\">")
    async with taught_site(browser, shown, RENEWED) as site:
        assert (await refused(site, shown, section("Vendors", sly)))["why"] == "forbidden"


@pytest.mark.parametrize("name", ["Import", "IMPORT (3)", "Refresh Job List", "Vendors", "  ", "x" * 121])
def test_a_label_written_into_the_file_by_hand_that_may_not_be_taught_is_left_out(name: str) -> None:
    table = labels(Site.PROCORE)
    wrong = Taught(Site.PROCORE, "refresh-vendors", "button", name)
    assert unfit_label(table, wrong) is not None
    assert with_taught(table, [wrong]) is table


def test_only_what_is_pressed_may_be_taught_and_only_of_a_buttons_kind() -> None:
    table = labels(Site.PROCORE)
    for action, role in (("ready-to-import", "link"), ("password", "textbox"), ("nonsense", "button"),
                         ("refresh-vendors", "textbox")):  # fmt: skip
        assert unfit_label(table, Taught(Site.PROCORE, action, role, "Renew")) is not None
    assert with_taught(table, [Taught(Site.HH2, "start-sync", "button", "Renew")]) is table


def test_one_name_stands_for_two_elements_only_in_two_sections() -> None:
    table = with_taught(labels(Site.PROCORE), [Taught(Site.PROCORE, "refresh-jobs", "button", "Renew")])
    assert unfit_label(table, Taught(Site.PROCORE, "refresh-sub-jobs", "button", "Renew")) is None
    assert unfit_label(table, Taught(Site.PROCORE, "tool", "button", "Renew (2)")) is Unfit.ANOTHER
    hh2 = with_taught(labels(Site.HH2), [Taught(Site.HH2, "settings", "button", "Go")])
    assert unfit_label(hh2, Taught(Site.HH2, "start-sync", "button", "Go")) is Unfit.ANOTHER


def test_a_new_label_takes_the_place_of_the_old_one_of_its_element() -> None:
    other = Taught(Site.HH2, "start-sync", "button", "Run")
    newer = Taught(Site.PROCORE, "refresh-vendors", "link", "Renew")
    assert with_label((RENEWED, other), newer) == (other, newer)
    assert without_label((RENEWED, other), "procore:refresh-vendors") == (other,)
    assert without_label((RENEWED,), "procore:tool") == (RENEWED,)


async def test_a_page_cannot_point_by_itself(procore: SitePage, shown: Shown) -> None:
    await at_the_page(
        procore, shown,
        section("Vendors", "<button id=sly>Renew suppliers</button>", "<button id=it>Refresh suppliers</button>"),
        "<script>n = 0; setInterval(() => { n++; document.getElementById('sly').click() }, 20)</script>",
    )  # fmt: skip
    at = await procore.page()

    async def click() -> None:
        await at.wait_for_function("was => n > was + 5", arg=await at.evaluate("n"))
        await at.click("#it")

    assert (await pointed(procore, click)).name == "Refresh suppliers"


async def test_at_the_training_company_a_click_on_a_start_starts_nothing(
    driver: BrowserDriver, admin: Admin
) -> None:
    """The servers' log: one sign-in, no press; and what was pointed at is what the table lacked."""
    for site, action, name in (
        (Site.PROCORE, "refresh-vendors", "Refresh Vendor List"),
        (Site.HH2, "start-sync", "Start Sync"),
    ):
        ours = driver.hh2.page if site is Site.HH2 else driver.procore.page
        without(ours, action)
        asks = anyio.Event()
        told: list[Pointed] = []

        def tell(_site: Site, stage: CheckStage, asks: anyio.Event = asks) -> None:
            if stage is CheckStage.POINT:
                asks.set()

        async def person(ours: SitePage = ours, name: str = name, asks: anyio.Event = asks) -> None:
            await asks.wait()
            at = await ours.page()
            await at.wait_for_function("window[Symbol.for('ondemand-sync.teach')]?.isOn()")
            await at.get_by_text(name, exact=True).click()

        async with anyio.create_task_group() as group:
            group.start_soon(person)
            told.append(await point_at(lambda: driver, Kept(admin), site, action, person=30.0, tell=tell))
        assert told[0] == Pointed(site, action, "button", name, told[0].within)
        assert told[0].unfit is None
    assert admin.log()["presses"] == []
    assert admin.calls("hh2.sync.start") == admin.calls("procore.tab.press") == []
    assert len(admin.calls("hh2.sign-in")) == len(admin.calls("procore.sign-in")) == 1
