"""Procore's pages pressed and looked at: a right that is missing is told before step 1, an answer is what it says."""

from collections.abc import AsyncIterator

import pytest

from app.domain.looks import Phase, Waiting
from app.domain.problems import AnswerLost, Declined, ProblemId, SessionLost, SlowDown, Trouble
from app.domain.tabs import Job, Tab
from app.portals.browser import DrivenBrowser
from app.portals.procore_pages import ProcorePages
from tests.portals.conftest import close_windows
from tests.portals.shown import Answer, Shown, page
from tests.portals.test_origin import form
from tests.training.test_driver import permit

pytestmark = pytest.mark.anyio
OUT = "<a href=/out>Log Out</a>"
FORM = "<form method=post action=/pressed><button>Refresh Vendor List</button></form>"
OLD = "Vendors: last refresh completed at 04:20"


@pytest.fixture
async def pages(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[ProcorePages]:
    made = ProcorePages(f"{shown.address}/", 4711, frozenset({shown.address}), browser, afresh=0.0)
    yield made
    await close_windows(made.page)


def tool(*inside: str, on: str = "vendors") -> str:
    tabs = "".join(
        f"<li><a role=tab href=/{name} aria-selected={str(name == on).lower()}>{title}</a></li>"
        for name, title in (("vendors", "Vendors"), ("jobs", "Jobs"))
    )
    return page(OUT, "<h1>ERP Integrations</h1>", f"<nav aria-label='ERP Integrations'>{tabs}</nav>", *inside)


def section(*inside: str, title: str = "Vendors") -> str:
    return f"<section><h2>{title}</h2>{''.join(inside)}</section>"


def stands(shown: Shown, *inside: str, button: str = FORM) -> None:
    shown.answers["/"] = Answer(tool(on=""))
    shown.answers["/vendors"] = Answer(tool(section(button, *inside)))


# ---------------------------------------------------------------- before step 1


async def test_a_tab_without_its_button_is_a_right_that_is_missing_and_the_others_are_not(
    pages: ProcorePages, shown: Shown
) -> None:
    stands(shown)
    shown.answers["/jobs"] = Answer(tool(section("<p>24-001 Elm Park</p>", title="Jobs"), on="jobs"))
    assert await pages.missing_rights((Tab.VENDORS, Tab.JOBS)) == {Tab.JOBS: "button"}
    assert {one.method for one in shown.asked} == {"GET"}


async def test_a_button_of_another_name_is_a_changed_label_and_no_missing_right(
    pages: ProcorePages, shown: Shown
) -> None:
    stands(shown, button=FORM.replace("Vendor List", "the Whole Directory"))
    with pytest.raises(Trouble) as met:
        await pages.missing_rights((Tab.VENDORS,))
    assert met.value.problem.id is ProblemId.PRO_LABEL
    assert met.value.problem.facts["action"] == "refresh-vendors"
    assert "Whole Directory" in pages.page.last_outline


async def test_a_button_inside_a_rows_menu_is_no_missing_right(pages: ProcorePages, shown: Shown) -> None:
    menu = f"""<button aria-haspopup=menu aria-expanded=false aria-controls=m onclick="
        document.getElementById('m').hidden = false; this.setAttribute('aria-expanded', 'true')">Actions</button>
        <ul role=menu id=m hidden><li role=none>{FORM.replace("<button", "<button role=menuitem")}</ul>"""
    stands(shown, button=menu)
    assert await pages.missing_rights((Tab.VENDORS,)) == {}
    assert shown.of("/pressed") == []


# ---------------------------------------------------------------- what a tab says


@pytest.mark.parametrize(
    ("inside", "phase", "waiting"),
    [
        ("", Phase.NONE, Waiting(None, None)),
        (f"<output>{OLD}</output><button>Ready to Import (3)</button>", Phase.DONE, Waiting(3, None)),
        (
            "<output>Refresh failed</output><button>Failed to Export (2)</button>",
            Phase.FAILED,
            Waiting(None, 2),
        ),
    ],
    ids=["nothing", "done", "failed"],
)
async def test_a_look_tells_the_phase_and_what_waits_there(
    pages: ProcorePages, shown: Shown, inside: str, phase: Phase, waiting: Waiting
) -> None:
    stands(shown, inside)
    look = await pages.look(Tab.VENDORS, None)
    assert (look.phase, look.waiting, look.can_press) == (phase, waiting, True)


async def test_what_stands_in_the_section_of_another_tab_is_not_said_of_this_one(
    pages: ProcorePages, shown: Shown
) -> None:
    jobs = section("<output>Refresh failed</output>", title="Jobs")
    shown.answers["/"] = Answer(tool(on=""))
    shown.answers["/vendors"] = Answer(tool(section(FORM, f"<output>{OLD}</output>"), jobs))
    look = await pages.look(Tab.VENDORS, None)
    assert (look.phase, look.text) == (Phase.DONE, OLD)


async def test_a_button_that_is_off_can_not_be_pressed(pages: ProcorePages, shown: Shown) -> None:
    stands(shown, button="<button disabled>Refresh Vendor List</button>")
    look = await pages.look(Tab.VENDORS, None)
    assert (look.phase, look.can_press) == (Phase.RUNNING, False)


async def test_a_page_that_asks_for_a_sign_in_is_a_lost_session(pages: ProcorePages, shown: Shown) -> None:
    stands(shown)
    await pages.look(Tab.VENDORS, None)
    shown.answers["/vendors"] = Answer(page(form()))
    with pytest.raises(SessionLost):
        await pages.look(Tab.VENDORS, None)


# ---------------------------------------------------------------- a press and its answer


async def press(pages: ProcorePages, shown: Shown, answer: Answer) -> str:
    stands(shown, f"<output>{OLD}</output>")
    shown.answers["/pressed"] = answer
    await pages.look(Tab.VENDORS, None)
    return await pages.press(permit(Tab.VENDORS))


async def test_a_press_is_answered_in_the_pages_words_and_is_queued_though_the_page_says_no_more(
    pages: ProcorePages, shown: Shown
) -> None:
    told = "Vendors will begin refreshing"
    assert await press(pages, shown, Answer(tool(section(FORM, f"<output>{told}</output>")))) == told
    assert len(shown.of("/pressed")) == 1
    stands(shown)
    look = await pages.look(Tab.VENDORS, None)
    assert (look.phase, look.text, look.shows_end) == (Phase.QUEUED, told, False)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(page(form())), "session"),
        (Answer(tool(section(FORM, "<output>A refresh is already running</output>"))), "busy"),
        (Answer("<p>Bad gateway</p>", 502), "no-answer"),
    ],
    ids=["signed out", "already running", "an error"],
)
async def test_a_press_whose_answer_does_not_say_so_may_have_arrived(
    pages: ProcorePages, shown: Shown, answer: Answer, why: str
) -> None:
    with pytest.raises(AnswerLost, match=why):
        await press(pages, shown, answer)
    assert len(shown.of("/pressed")) == 1


async def test_a_press_that_is_forbidden_was_declined_in_these_words(
    pages: ProcorePages, shown: Shown
) -> None:
    told = "You do not have permission to refresh"
    with pytest.raises(Declined) as met:
        await press(pages, shown, Answer(tool(section(FORM, f"<output>{told}</output>"))))
    assert met.value.problem.id is ProblemId.PRO_PERM
    assert met.value.problem.facts == {"tab": "vendors", "text": told}


async def test_a_press_that_the_site_puts_off_was_not_made(pages: ProcorePages, shown: Shown) -> None:
    with pytest.raises(SlowDown) as met:
        await press(pages, shown, Answer("<p>Try later</p>", 429, {"Retry-After": "7"}))
    assert met.value.seconds == 7
    assert len(shown.of("/pressed")) == 1


async def test_a_look_that_the_site_puts_off_says_nothing_of_the_press_before_it(
    pages: ProcorePages, shown: Shown
) -> None:
    shown.answers["/later"] = Answer("<p>Try later</p>", 429, {"Retry-After": "7"})
    with pytest.raises(AnswerLost, match="no-answer"):
        await press(pages, shown, Answer("", 302, {"Location": "/later"}))
    assert len(shown.of("/pressed")) == len(shown.of("/later")) == 1


async def test_a_forbidden_name_on_the_button_is_seen_before_the_permit_is_used(
    pages: ProcorePages, shown: Shown
) -> None:
    stands(shown, button=FORM.replace("<button", "<button title='Import All'"))
    given = permit(Tab.VENDORS)
    with pytest.raises(Trouble) as met:
        await pages.press(given)
    assert met.value.problem.facts["why"] == "forbidden"
    assert not given.was_used()
    assert shown.of("/pressed") == []


# ---------------------------------------------------------------- job by job

CLINIC, ROOFER = Job("7", "24-003", "Elm Park Clinic"), Job("9", "24-006", "Smith & Sons")


async def test_of_job_costs_what_is_said_of_another_job_is_not_said_of_this_one(
    pages: ProcorePages, shown: Shown
) -> None:
    choice = (
        "<label>Select a Job <select><option value=''>Select a Job<option value=7>24-003 - Elm Park Clinic"
    )
    choice += "<option value=9>24-006 - Smith & Sons</select></label>"
    button = "<form method=post action=/pressed><button>Sync Job Costs for Selected Job</button></form>"
    links = "<nav aria-label='ERP Integrations'><a href=/costs>Job Costs</a></nav>"

    def costs(*said: str) -> str:
        told = "".join(f"<output>{one}</output>" for one in said)
        return page(OUT, links, section(choice, button, told, title="Job Costs"))

    shown.show("/", OUT, "<h1>ERP Integrations</h1>", links)
    shown.answers["/costs"] = Answer(costs("24-003: completed at 04:20"))
    shown.answers["/pressed"] = Answer(costs("24-006: job costs will begin syncing"))
    assert await pages.jobs() == (CLINIC, ROOFER)
    assert (await pages.look(Tab.JOB_COSTS, CLINIC)).phase is Phase.DONE
    assert (await pages.look(Tab.JOB_COSTS, ROOFER)).phase is Phase.NONE
    assert "24-006" in await pages.press(permit(Tab.JOB_COSTS, ROOFER))
    assert len(shown.of("/pressed")) == 1
