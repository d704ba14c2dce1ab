"""The text of an end, taught by a person: whole sentences, of this time or another, and never against the table."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assembly.house import House
from app.domain.events import Site
from app.domain.looks import Phase, StepOneOutcome, TabOutcome
from app.domain.problems import ProblemId
from app.domain.profile import DriverName
from app.domain.tabs import Tab
from app.domain.taught import ENDS, Pointed, Taught, Unfit
from app.engine.faces import Wanted
from app.portals.driver import BrowserDriver
from app.portals.labels import labels
from app.portals.site import SitePage
from app.portals.taught_ends import unfit_end, with_taught_ends
from app.portals.teaching import point, towards
from tests.end_to_end.company import NAME, carry_out
from tests.portals.shown import Shown
from tests.portals.test_find import section
from tests.portals.test_teaching import EAGER, at_the_page, pointed
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio

WRAPPED = "Wrapped up and tidied away, 2026-11-24 14:05:01 UTC"


def end(text: str, action: str = "end-done", site: Site = Site.HH2) -> Taught:
    return Taught(site, action, "text", text)


@pytest.mark.parametrize(
    ("taught", "again"),
    [
        (WRAPPED, "Wrapped up and tidied away, 2027-01-02 03:04:05 UTC."),
        (WRAPPED, "WRAPPED UP and tidied away,  2027-01-02 03:04:05 UTC"),
        ("All wrapped up at 2:05 PM on 11/24/2026", "All wrapped up at 11:59 am on 1/2/27"),
        ("Wrapped up on Nov 24, 2026", "Wrapped up on December 3, 2026"),
        ("Tout est bouclé le 24 novembre à 14 h 05", "Tout est bouclé le 3 déc. à 9 h 30"),
    ],
)
def test_another_time_makes_no_difference(taught: str, again: str) -> None:
    for action, phase in (("end-done", Phase.DONE), ("end-failed", Phase.FAILED)):
        table = with_taught_ends(labels(Site.HH2), [end(taught, action)])
        assert table.phase_of(taught) is phase
        assert table.phase_of(again) is phase


@pytest.mark.parametrize(
    "other",
    [
        "Wrapped up and tidied away",
        "Not wrapped up and tidied away, 2026-11-24 14:05:01 UTC",
        "Wrapped up and tidied away, 2026-11-24 14:05:01 UTC, with 3 things left",
        "Will be wrapped up and tidied away, 2026-11-24 14:05:01 UTC",
        "Wrapped up and tidied away, soon",
    ],
)
def test_a_sentence_that_says_more_or_less_is_another(other: str) -> None:
    table = with_taught_ends(labels(Site.HH2), [end(WRAPPED)])
    assert table.phase_of(other) is None


def test_a_number_that_is_no_time_stands_for_itself() -> None:
    table = with_taught_ends(labels(Site.HH2), [end("Wrapped up with 0 leftovers")])
    assert table.phase_of("Wrapped up with 0 leftovers") is Phase.DONE
    assert table.phase_of("Wrapped up with 12 leftovers") is None


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (end("Sync completed"), Unfit.KNOWN),
        (end("Sync failed: no disk"), Unfit.OTHERWISE),
        (end("Sync completed", "end-failed"), Unfit.OTHERWISE),
        (end("Sync is running"), Unfit.OTHERWISE),
        (end("Done"), Unfit.VAGUE),
        (end("Wrapped 2026-11-24"), Unfit.VAGUE),
        (end("12 34 56 78 90"), Unfit.VAGUE),
        (end("x " * 150), Unfit.VAGUE),
        (end("Everything will be wrapped up"), Unfit.NOT_YET),
        (end("Your wrap up was requested"), Unfit.NOT_YET),
        (end("Rien n'est encore bouclé"), Unfit.NOT_YET),
        (end("Accounting Sync"), Unfit.ANOTHER),
        (end(WRAPPED, "end-done-vendors"), Unfit.NOT_TAUGHT),
        (end(WRAPPED, "start-sync"), Unfit.NOT_TAUGHT),
        (Taught(Site.HH2, "end-done", "button", WRAPPED), Unfit.NO_TEXT),
        (end(WRAPPED), None),
        (end("Everything will be left as it was", "end-failed"), None),
    ],
    ids=str,
)
def test_what_may_stand_for_an_end(label: Taught, why: Unfit | None) -> None:
    table = labels(Site.HH2)
    assert unfit_end(table, label) is why
    if why is not None:
        assert with_taught_ends(table, [label]) is table


def test_two_meanings_for_one_text_are_none() -> None:
    table = with_taught_ends(labels(Site.HH2), [end(WRAPPED), end(WRAPPED, "end-failed")])
    assert table.phase_of(WRAPPED) is None


@given(st.text(max_size=60), st.sampled_from(sorted(ENDS[Site.PROCORE])))
def test_no_text_teaches_the_table_to_read_another_otherwise(text: str, action: str) -> None:
    table = labels(Site.PROCORE)
    taught = with_taught_ends(table, [end(text, action, Site.PROCORE)])
    for said in ("Refresh completed", "Refresh failed", "Refresh will begin", "Import", "Vendors (3)", ""):
        assert taught.phase_of(said) is table.phase_of(said)


# ---------------------------------------------------------------- pointing at it


BODY = EAGER + section(
    "Accounting Sync",
    f"<p id=it>{WRAPPED}</p><table><tr><td>Wrapped up</td><td id=cell>24 things</td></tr></table>"
    "<button>Start Sync</button><div role=status id=live><b>All is wrapped up</b></div><h4 id=title>Wrap up now</h4>",
)


@pytest.mark.parametrize(
    ("what", "name"),
    [("#it", WRAPPED), ("#cell", "Wrapped up · 24 things"), ("#live b", "All is wrapped up")],
)
async def test_the_text_that_is_pointed_at_is_told_and_the_click_does_nothing(
    hh2: SitePage, shown: Shown, what: str, name: str
) -> None:
    await at_the_page(hh2, shown, BODY)
    at, asked = await hh2.page(), len(shown.asked)
    told = await pointed(hh2, at.locator(what).click, "end-done")
    assert (told.role, told.name, told.unfit) == ("text", name, None)
    assert "Accounting Sync" in told.within
    assert len(shown.asked) == asked


@pytest.mark.parametrize(("what", "why"), [("button", Unfit.NO_TEXT), ("#title", Unfit.NO_TEXT)])
async def test_what_is_no_sentence_is_not_taken(hh2: SitePage, shown: Shown, what: str, why: Unfit) -> None:
    await at_the_page(hh2, shown, BODY)
    at = await hh2.page()
    assert (await pointed(hh2, at.locator(what).click, "end-done")).unfit is why


# ---------------------------------------------------------------- a whole run


async def shown_by_a_person(driver: BrowserDriver, site: Site, action: str) -> Pointed:
    """What a person shows, on the page to which the program leads them."""
    await towards(driver, site, action)
    page = driver.hh2.page if site is Site.HH2 else driver.procore.page
    at = await page.page()
    return await pointed(page, at.get_by_text(re.compile("Wrapped up")).first.click, action)


@pytest.mark.slow
async def test_an_unsure_end_of_step_one_is_proof_once_its_text_was_taught(
    house: House, driver: BrowserDriver, admin: Admin
) -> None:
    admin.play("ok", pace=0.02, trouble="hh2-other-end")
    unsure, _ = await carry_out(house, Wanted(tabs=()), driver=DriverName.BROWSER)
    assert unsure.step_one.outcome is StepOneOutcome.UNSURE
    assert [met.problem.id for met in unsure.problems] == [ProblemId.HH2_UNSURE]
    await driver.hh2.sign_in(admin.hh2)
    told = await shown_by_a_person(driver, Site.HH2, "end-done")
    assert told.unfit is None
    assert await house.teach(NAME, told.label) is None
    done, _ = await carry_out(house, Wanted(tabs=()), driver=DriverName.BROWSER)
    assert done.step_one.outcome is StepOneOutcome.DONE
    assert done.step_one.evidence is not None
    assert done.step_one.evidence.text.startswith("Wrapped up and tidied away")
    assert done.step_one.evidence.text != told.name, "of this sync, not of the one before"
    assert done.plan.taught == (f"hh2:end-done: text {told.name}",)
    assert len([press for press in admin.log()["presses"] if press["what"] == "sync.start"]) == 2


@pytest.mark.slow
async def test_an_unsure_end_of_a_tab_is_proof_once_its_text_was_taught(
    house: House, driver: BrowserDriver, admin: Admin
) -> None:
    admin.play("ok", pace=0.02, trouble="procore-other-end")
    unsure, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)), driver=DriverName.BROWSER)
    assert unsure.tabs[Tab.VENDORS].outcome is TabOutcome.UNKNOWN
    await driver.procore.sign_in(admin.procore)
    told = await shown_by_a_person(driver, Site.PROCORE, "end-done-vendors")
    assert told.unfit is None
    assert await house.teach(NAME, told.label) is None
    done, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)), driver=DriverName.BROWSER)
    assert done.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_nobody_points(hh2: SitePage, shown: Shown) -> None:
    await at_the_page(hh2, shown, BODY)
    assert (await point(hh2, "end-failed", 0.2)).unfit is Unfit.NOBODY
