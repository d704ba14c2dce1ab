"""The way to a tab: through a navigation that is folded away, into frames, and back where tabs share an address."""

from collections.abc import AsyncIterator, Callable

import pytest

from app.domain.problems import ProblemId, Trouble
from app.domain.tabs import Job, Tab
from app.portals.browser import DrivenBrowser
from app.portals.choice import find_choice, held
from app.portals.job_choice import JobChoice
from app.portals.pointing import Presses
from app.portals.procore_pages import ProcorePages
from app.portals.reading import PageRead
from tests.portals.conftest import close_windows
from tests.portals.shown import Answer, Shown

pytestmark = pytest.mark.anyio
COMPANY = 4711
OUT = "<a href=/out>Log Out</a>"


@pytest.fixture
async def pages(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[ProcorePages]:
    made = ProcorePages(f"{shown.address}/", COMPANY, frozenset({shown.address}), browser, afresh=0.0)
    yield made
    await close_windows(made.page)


def nav(*links: str) -> str:
    return (
        "<nav aria-label='ERP Integrations'><ul>" + "".join(f"<li>{link}" for link in links) + "</ul></nav>"
    )


def link(name: str, where: str, *, target: str = "") -> str:
    return f"<a href={where}{f' target={target}' if target else ''}>{name}</a>"


def tab(title: str, button: str) -> str:
    return f"<section><h2>{title}</h2><button>{button}</button></section>"


async def test_tabs_that_share_an_address_in_a_frame_are_walked_to_each_time(
    pages: ProcorePages, shown: Shown
) -> None:
    tabs = nav(link("Vendors", "/vendors", target="content"), link("Jobs", "/jobs", target="content"))
    shown.show("/", OUT, link("ERP Integrations", "/tool"))
    shown.show("/tool", OUT, "<h1>ERP Integrations</h1>", tabs, "<iframe name=content src=/vendors></iframe>")
    shown.show("/vendors", tab("Vendors", "Refresh Vendor List"))
    shown.show("/jobs", tab("Jobs", "Refresh Job List"))
    for wanted in (Tab.VENDORS, Tab.JOBS, Tab.VENDORS, Tab.JOBS, Tab.JOBS):
        await pages.way.show(wanted)
        read = await pages.page.read()
        assert pages.way.is_at(read, wanted)
        assert pages.way.button(read, wanted) is not None
    assert pages.way.address_of(Tab.JOBS) == pages.way.address_of(Tab.VENDORS) == ""


async def test_a_tab_with_an_address_of_its_own_is_gone_to_without_the_way(
    pages: ProcorePages, shown: Shown
) -> None:
    tabs = nav(link("Vendors", "/vendors"), link("Jobs", "/jobs"))
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", tabs)
    shown.show("/vendors", OUT, "<h1>ERP Integrations</h1>", tabs, tab("Vendors", "Refresh Vendor List"))
    shown.show("/jobs", OUT, "<h1>ERP Integrations</h1>", tabs, tab("Jobs", "Refresh Job List"))
    await pages.way.show(Tab.VENDORS)
    await pages.way.show(Tab.JOBS)
    asked = len(shown.of("/"))
    await pages.way.show(Tab.VENDORS)
    assert len(shown.of("/")) == asked
    assert pages.page.url.endswith("/vendors")


TOOL = "/4711/company/erp_integrations"


async def test_a_tool_whose_address_a_web_service_told_is_gone_to_without_the_home(
    pages: ProcorePages, shown: Shown
) -> None:
    tabs = nav(link("Vendors", "/vendors"), link("Jobs", "/jobs"))
    shown.show("/", OUT, "<h1>Home</h1>")
    shown.show(TOOL, OUT, "<h1>ERP Integrations</h1>", tabs)
    shown.show("/vendors", OUT, "<h1>ERP Integrations</h1>", tabs, tab("Vendors", "Refresh Vendor List"))
    pages.begin_at(shown.address + TOOL)
    await pages.way.show(Tab.VENDORS)
    assert pages.page.url.endswith("/vendors")
    assert shown.of("/") == []


async def test_an_address_that_leads_nowhere_is_left_for_the_navigation(
    pages: ProcorePages, shown: Shown
) -> None:
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", nav(link("Vendors", "/vendors")))
    shown.show("/vendors", OUT, "<h1>ERP Integrations</h1>", tab("Vendors", "Refresh Vendor List"))
    shown.answers[TOOL] = Answer("down", status=502)
    pages.begin_at(shown.address + TOOL)
    await pages.way.show(Tab.VENDORS)
    assert len(shown.of(TOOL)) == 1
    assert pages.page.url.endswith("/vendors")


async def test_an_address_of_another_origin_is_not_gone_to(pages: ProcorePages, shown: Shown) -> None:
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", nav(link("Vendors", "/vendors")))
    shown.show(TOOL, OUT, "<h1>ERP Integrations</h1>", nav(link("Vendors", "/vendors")))
    shown.show("/vendors", OUT, "<h1>ERP Integrations</h1>", tab("Vendors", "Refresh Vendor List"))
    pages.begin_at(shown.address.replace("127.0.0.", "127.0.1.") + TOOL)
    pages.begin_at(TOOL)
    await pages.way.show(Tab.VENDORS)
    assert len(shown.of("/")) == 1
    assert shown.of(TOOL) == []


async def test_a_navigation_that_is_folded_away_again_is_opened_again(
    pages: ProcorePages, shown: Shown
) -> None:
    fold = (
        "<button aria-expanded=false onclick=\"document.getElementById('n').hidden = false\">Menu</button>"
        "<div id=n hidden>{}</div>"
    )
    inside = fold.format(nav(link("Vendors", "/vendors")))
    shown.show("/", OUT, fold.format(link("ERP Integrations", "/tool")))
    shown.show("/tool", OUT, "<h1>ERP Integrations</h1>", inside)
    shown.show("/vendors", OUT, inside, tab("Vendors", "Refresh Vendor List"))
    await pages.way.show(Tab.VENDORS)
    assert pages.way.is_at(await pages.page.read(), Tab.VENDORS)


async def test_another_companys_page_in_a_frame_is_not_touched(pages: ProcorePages, shown: Shown) -> None:
    other = "/99999/company/erp"
    shown.show(
        "/",
        OUT,
        "<h1>ERP Integrations</h1>",
        nav(link("Vendors", other, target="content")),
        "<iframe name=content></iframe>",
    )
    shown.answers[other] = Answer(tab("Vendors", "Refresh Vendor List"))
    with pytest.raises(Trouble) as met:
        await pages.way.show(Tab.VENDORS)
    assert met.value.problem.id is ProblemId.PRO_LABEL
    assert met.value.problem.facts["action"] == "company"


# ---------------------------------------------------------------- the choice of a job

CLINIC, ROOFER = Job("7", "24-003", "Elm Park Clinic"), Job("9", "24-006", "Smith & Sons")
OFFERED = (("", "Select a Job"), ("7", "24-003 - Elm Park Clinic"), ("9", "24-006 - Smith & Sons"))


def _select() -> str:
    options = "".join(f"<option value='{key}'>{text}</option>" for key, text in OFFERED)
    return f"<label>Select a Job <select id=held>{options}</select></label>"


def _radios() -> str:
    return "<p><span>Select a Job</span></p><div>" + "".join(
        f"<div><input type=radio name=job value={key}> <span>{text}</span></div>" for key, text in OFFERED[1:]
    ) + "</div>"  # fmt: skip


def _listbox() -> str:
    options = "".join(f"<li role=option data-value={key}>{text}</li>" for key, text in OFFERED[1:])
    return f"""<p><span>Select a Job</span> <button role=combobox id=o aria-expanded=false aria-controls=l
        >Select a Job</button></p><ul role=listbox id=l hidden>{options}</ul><script>
        const o = document.getElementById('o'), l = document.getElementById('l');
        const open = on => {{ l.hidden = !on; o.setAttribute('aria-expanded', String(on)); }};
        o.onclick = () => open(l.hidden);
        l.onclick = event => {{ o.textContent = event.target.textContent; open(false); }};</script>"""


@pytest.mark.parametrize("drawn", [_select, _radios, _listbox])
async def test_the_jobs_are_read_and_chosen_however_they_are_drawn(
    pages: ProcorePages, shown: Shown, drawn: Callable[[], str]
) -> None:
    button = "<button>Sync Job Costs for Selected Job</button>"
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", nav(link("Job Costs", "/costs")))
    shown.show("/costs", OUT, f"<section><h2>Job Costs</h2>{drawn()}{button}</section>")
    assert await pages.jobs() == (CLINIC, ROOFER)
    choice = JobChoice(pages.page, pages.way)
    for job in (ROOFER, CLINIC):
        await choice.choose(job)
        now = held(find_choice(pages.page, await pages.page.read(), "job"))
        assert now is not None
        assert now.text.startswith(job.code)
    with pytest.raises(Trouble) as met:
        await choice.choose(Job("9", "24-007", "Another name by the same key"))
    assert met.value.problem.facts["why"] == "not-offered"


@pytest.mark.parametrize("drawn", [_select, _radios, _listbox])
async def test_a_persons_press_counts_only_with_the_announced_job_chosen(
    pages: ProcorePages, shown: Shown, drawn: Callable[[], str]
) -> None:
    button = "<button>Sync Job Costs for Selected Job</button>"
    shown.show("/", OUT, "<h1>ERP Integrations</h1>", nav(link("Job Costs", "/costs")))
    shown.show("/costs", OUT, f"<section><h2>Job Costs</h2>{drawn()}{button}</section>")
    site, choice = pages.page, JobChoice(pages.page, pages.way)
    for chosen in (CLINIC, ROOFER):
        await pages.way.show(Tab.JOB_COSTS)  # anew: a second press soon after the first is held back
        await choice.jobs()
        await choice.choose(chosen)
        token, presses = site.pointing.begin()

        async def point(read: PageRead, token: str = token) -> bool | None:
            await site.pointing.hear(await site.page(), token, site.allowed)
            found = site.find(read, "refresh-job-costs")
            return await site.pointing.at(found, token, *choice.holder(read, ROOFER)) or None

        assert await site.until(point, 5.0)
        await (await site.page()).get_by_role("button", name="Sync Job Costs for Selected Job").click()

        async def pressed(_: PageRead, presses: Presses = presses) -> bool | None:
            return True if presses.any else None

        assert await site.until(pressed, 5.0)
        assert (presses.it, presses.other) == (chosen is ROOFER, chosen is not ROOFER)
