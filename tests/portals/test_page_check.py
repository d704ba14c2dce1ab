"""Check the pages: every element is told with where it stands, and nothing is started, applied or refreshed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import anyio
import msgspec
import pytest

from app.assembly.house import House
from app.domain.events import Site
from app.domain.filters import Filters
from app.domain.page_check import CheckStage, Element, PageCheck, Sight, SiteCheck, as_json, exit_code
from app.domain.problems import ProblemId, trouble
from app.domain.tabs import Tab
from app.engine.page_check import check_pages
from app.portals import page_check as walking
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from app.portals.outline import outline
from app.portals.site import SitePage
from app.training.pages.wording import HH2
from app.words import page_check as words
from tests.end_to_end.company import NAME, profile_for
from tests.portals.conftest import close_windows
from tests.portals.shown import Answer, Shown, page
from tests.portals.test_origin import form
from tests.portals.test_sign_in import CODE
from tests.training.admin import Admin, Given

pytestmark = pytest.mark.anyio


class Kept:
    """The made-up passwords of the training company, as the keyring would give them."""

    def __init__(self, admin: Admin) -> None:
        self._given = {Site.HH2: admin.hh2, Site.PROCORE: admin.procore}
        self.refused: list[Site] = []

    async def credentials(self, site: Site) -> Given:
        return self._given[site]

    async def mark_refused(self, site: Site, _fingerprint: str) -> None:
        self.refused.append(site)


async def checked(driver: BrowserDriver, admin: Admin, person: float = 0.0) -> PageCheck:
    return await check_pages(
        lambda: driver,
        Kept(admin),
        profile_for(admin.served),
        at=datetime.now(UTC),
        version="1",
        person=person,
        tell=lambda *_: None,
    )


def elements(check: PageCheck, site: Site) -> dict[str, Element]:
    return {one.action: one for part in check.sites if part.site is site for one in part.elements}


def wanting(check: PageCheck) -> set[str]:
    return {one.action for part in check.sites for one in part.elements if one.is_wanting}


def nothing_was_started(admin: Admin) -> None:
    assert admin.log()["presses"] == []
    for call in ("hh2.sync.start", "hh2.filters.apply", "procore.tab.press"):
        assert admin.calls(call) == []


def without(site: SitePage, *actions: str) -> None:
    """The labels of these are not in the table: the page calls them what nobody told us."""
    controls = dict(site.table.controls)
    for action in actions:
        controls[action] = msgspec.structs.replace(
            controls[action], names=frozenset({"renamed"}), ids=frozenset()
        )
    site.table = msgspec.structs.replace(site.table, controls=controls, told={})


async def test_all_that_a_run_needs_is_found_and_nothing_is_started(house: House, admin: Admin) -> None:
    told: list[tuple[Site, CheckStage]] = []
    check = await house.check_pages(NAME, 0.0, lambda site, stage: told.append((site, stage)))
    assert check is not None
    assert exit_code(check) == 0
    assert wanting(check) == set()
    nothing_was_started(admin)
    assert len(admin.calls("hh2.sign-in")) == len(admin.calls("procore.sign-in")) == 1
    hh2, procore = elements(check, Site.HH2), elements(check, Site.PROCORE)
    start = hh2["start-sync"]
    assert (start.sight, start.name, start.mark, start.role, start.presses) == (
        Sight.FOUND, "Start Sync", "C", "button", True)  # fmt: skip
    assert start.within[0] == "Accounting Sync"
    assert {
        "user",
        "password",
        "log-in",
        "accounting-sync",
        "settings",
        "date-range",
        "depth",
        "apply",
    } <= hh2.keys()
    assert [key for key in hh2 if key.startswith("date-range:")] == [
        f"date-range:{key}" for key in ("today", "past-week", "past-month", "past-year", "all")
    ]
    for tab in Tab:
        assert procore[f"tab-{tab.value}"].within[0] == "ERP Integrations"
        button = procore[f"refresh-{tab.value}"]
        assert (button.sight, button.mark, button.section) == (Sight.FOUND, "C", tab.value)
        assert procore[f"ready-to-import:{tab.value}"].sight is Sight.FOUND
    assert procore["refresh-sub-jobs"].within[0] == "Sub Jobs"
    assert procore["job"].name == "Select a Job"
    assert check.sites[0].about_depth == HH2["en"]["about"]
    assert told == [(site, stage) for site in Site for stage in (CheckStage.SIGNING_IN, CheckStage.WALKING)]


async def test_what_is_not_found_is_told_with_an_outline_and_the_rest_is_looked_for_all_the_same(
    driver: BrowserDriver, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_APPEAR", 1.0)
    admin.play("staged")
    jobs = await _jobs(driver, admin)
    without(driver.hh2.page, "apply")
    without(driver.procore.page, "tab-vendors", "job")
    check = await checked(driver, admin)
    assert exit_code(check) == 10
    hh2, procore = elements(check, Site.HH2), elements(check, Site.PROCORE)
    assert wanting(check) == {
        "apply", "tab-vendors", "refresh-vendors", "ready-to-import:vendors", "failed-to-export:vendors", "job"
    }  # fmt: skip
    assert hh2["apply"].sight is procore["tab-vendors"].sight is procore["job"].sight is Sight.MISSING
    assert procore["refresh-vendors"].sight is Sight.NOT_LOOKED
    assert procore["refresh-job-costs"].sight is Sight.FOUND
    outlines = {one.action: one.text for part in check.sites for one in part.outlines}
    assert "button: Apply Settings in Sync Filters" in outlines["apply"]
    assert "link: Vendors in ERP Integrations" in outlines["tab-vendors"]
    # No record of a page, no user and no password stands in it.
    said = "\n".join([str(as_json(check)), *words.lines(check)])
    assert len(jobs) > 5
    secrets = (admin.served.hh2.user, admin.served.procore.user, admin.hh2.reveal(), admin.procore.reveal())
    assert not [one for one in (*jobs, *secrets) if one in said]
    nothing_was_started(admin)
    assert len(admin.calls("hh2.sign-in")) == 1


async def _jobs(driver: BrowserDriver, admin: Admin) -> list[str]:
    """What stands in the drop-down of the jobs."""
    await driver.procore.sign_in(admin.procore)
    await driver.procore.show(Tab.JOB_COSTS)
    read = await driver.procore.page.read()
    return [one.text for seen, _ in read.controls() for one in seen.options if one.value]


async def test_a_refused_password_is_sent_once_and_marked_for_whoever_comes_next(
    house: House, admin: Admin
) -> None:
    admin.play("wrong-password")
    check = await house.check_pages(NAME, 0.0, lambda *_: None)
    assert check is not None
    assert exit_code(check) == 30
    problem = check.sites[0].problem
    assert problem is not None
    assert problem.id is ProblemId.HH2_LOGIN
    assert (check.sites[0].reached, check.sites[0].signed_in) == (True, False)
    assert check.sites[1].signed_in
    again = await house.test(NAME, Site.HH2)
    assert again.problem is not None
    assert again.problem.facts["refused_before"] is True
    assert len(admin.calls("hh2.sign-in")) == 1
    nothing_was_started(admin)


@pytest.mark.slow
async def test_a_site_that_is_not_reached_does_not_keep_the_other_away(
    driver: BrowserDriver, admin: Admin
) -> None:
    admin.play("hh2-down")
    check = await checked(driver, admin)
    assert exit_code(check) == 20
    assert (check.sites[0].reached, check.sites[0].elements) == (False, ())
    assert elements(check, Site.PROCORE)["refresh-vendors"].sight is Sight.FOUND
    assert admin.calls("hh2.sign-in") == []
    nothing_was_started(admin)


async def test_a_check_that_is_stopped_ends_at_once_and_leaves_no_browser(house: House, admin: Admin) -> None:
    came: list[PageCheck | None] = []
    began = anyio.Event()

    async def check() -> None:
        came.append(await house.check_pages(NAME, 0.0, lambda *_: began.set()))

    async with anyio.create_task_group() as group:
        group.start_soon(check)
        await began.wait()
        with anyio.fail_after(10):
            await house.stop_check()
    assert came == [None]
    assert not house._pages.busy
    nothing_was_started(admin)


async def test_an_outline_names_no_job_whatever_its_choice_is_made_of(
    procore: SitePage, shown: Shown
) -> None:
    tower = "24-003 - Elm Park Tower"
    radios = (
        f"<fieldset><legend>Select a Job</legend><label><input type=radio name=j>{tower}</label></fieldset>"
    )
    native = f"<select><option>{tower}</option></select>"
    opener = f"<button role=combobox aria-haspopup=listbox>{tower}</button><ul role=listbox><li role=option>{tower}"
    rows = f"<table><tr><td>{tower}</td><td><button>Edit</button></td></tr></table>"
    shown.show("/", "<section><h2>Job Costs</h2>", radios, native, opener, "</ul>", rows, "</section>")
    await procore.goto(procore.home)
    drawn = outline(await procore.read())
    assert "Elm Park" not in drawn
    assert "button: Edit in " in drawn
    assert "radio: not named here, in Select a Job" in drawn


async def test_an_option_that_no_label_knows_is_told_by_its_name(
    driver: BrowserDriver, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_APPEAR", 1.0)
    control = driver.hh2.page.table.controls["date-range"]
    options = {**control.options, "today": frozenset({"the day"})}
    controls = {
        **driver.hh2.page.table.controls,
        "date-range": msgspec.structs.replace(control, options=options),
    }
    driver.hh2.page.table = msgspec.structs.replace(driver.hh2.page.table, controls=controls)
    await driver.hh2.sign_in(admin.hh2)
    look = SiteCheck(Site.HH2, "hh2", True, True)
    check = await driver.check_site(look, Filters(), tuple(Tab))
    found = {one.action: one for one in check.elements}
    assert found["date-range"].unknown == ("Today",)
    assert found["date-range:today"].sight is Sight.NOT_NEEDED
    assert "it also offers Today" in words.found_by(found["date-range"])


@pytest.mark.slow
async def test_a_right_that_is_missing_is_told_tab_by_tab(driver: BrowserDriver, admin: Admin) -> None:
    admin.play("no-permission")
    check = await checked(driver, admin)
    assert exit_code(check) == 10
    assert {f"refresh-{tab.value}" for tab in Tab} <= wanting(check)
    assert elements(check, Site.PROCORE)["tab-vendors"].sight is Sight.FOUND


@pytest.mark.slow
async def test_the_pages_in_french_are_found_too(driver: BrowserDriver, admin: Admin) -> None:
    from app.training import process
    from tests.training.servers import ALONE, environ

    started = process.start("ok", pace=0.02, language="fr", program=ALONE, environ=environ())
    try:
        french = Admin(started.served)
        made = BrowserDriver(profile_for(started.served), browser=driver.browser)
        check = await checked(made, french)
        assert (exit_code(check), wanting(check)) == (0, set())
        assert check.sites[0].about_depth == HH2["fr"]["about"]
        nothing_was_started(french)
        await close_windows(made.hh2.page, made.procore.page)
        french.close()
    finally:
        started.end()


@pytest.mark.slow
async def test_a_code_is_waited_for_at_the_browser_and_the_password_is_not_sent_again(
    browser: DrivenBrowser, admin: Admin, shown: Shown
) -> None:
    inside = page("<nav><h2>Tools</h2><a href=/out>Log Out</a><a href=/tool>ERP Integrations</a></nav>")
    shown.show("/", form())
    shown.answers["/in"] = Answer(CODE)
    shown.answers["/code"] = Answer(inside)
    profile = profile_for(admin.served)
    ours = {"web": shown.address, "login": shown.address, "api": shown.address}
    profile = msgspec.structs.replace(profile, procore=msgspec.structs.replace(profile.procore, **ours))
    driver = BrowserDriver(profile, browser=browser)
    stages: list[CheckStage] = []
    needed = anyio.Event()

    def tell(site: Site, stage: CheckStage) -> None:
        if site is Site.PROCORE:
            stages.append(stage)
            if stage is CheckStage.PERSON:
                needed.set()

    async def person() -> None:
        await needed.wait()
        at = await driver.procore.page.page()
        await at.fill("input", "123456")
        await at.click("button")

    async with anyio.create_task_group() as group:
        group.start_soon(person)
        check = await check_pages(lambda: driver, Kept(admin), profile, at=datetime.now(UTC), version="1",
                                  person=30.0, tell=tell)  # fmt: skip
    await close_windows(driver.hh2.page, driver.procore.page)
    assert stages == [CheckStage.SIGNING_IN, CheckStage.PERSON, CheckStage.WALKING]
    assert check.sites[1].signed_in
    assert len(shown.of("/in")) == len(shown.of("/code")) == 1


# ------------------------------------------------------------------ the report itself


def report(*sites: SiteCheck, **more: Any) -> PageCheck:
    return PageCheck("Acme", True, datetime(2026, 11, 24, tzinfo=UTC), "1", sites=sites, **more)


def site(*of: Element, problem: ProblemId | None = None) -> SiteCheck:
    return SiteCheck(Site.HH2, "acme", True, True, trouble(problem).problem if problem else None, of)


@pytest.mark.parametrize(
    ("sites", "code"),
    [
        ([site(Element("apply", sight=Sight.FOUND))], 0),
        ([site(Element("menu", sight=Sight.NOT_NEEDED, needed=False))], 0),
        ([site(Element("apply", sight=Sight.MISSING, needed=False))], 0),
        ([site(Element("apply"))], 10),
        ([site(Element("apply", sight=Sight.SEVERAL, count=2))], 10),
        ([site(Element("apply", sight=Sight.NOT_LOOKED))], 10),
        ([site(problem=ProblemId.HH2_LABEL)], 10),
        ([site(problem=ProblemId.HH2_DOWN)], 20),
        ([site(problem=ProblemId.LIMIT)], 20),
        ([site(problem=ProblemId.MFA), site(problem=ProblemId.NET)], 30),
        ([site(problem=ProblemId.NET), site(Element("apply"))], 20),
    ],
)
def test_the_exit_code_is_that_of_the_worst(sites: Sequence[SiteCheck], code: int) -> None:
    assert exit_code(report(*sites)) == code


def test_without_a_browser_a_person_is_needed() -> None:
    check = report(problem=trouble(ProblemId.BROWSER, why="none-found").problem)
    assert exit_code(check) == 30
    assert "[BROWSER]" in "\n".join(words.lines(check))


@pytest.mark.slow
@pytest.mark.parametrize("skin", ["mixed-03", "mixed-10", "mixed-12", "mixed-19"])
async def test_on_pages_made_otherwise_all_is_found_too_and_nothing_is_started(
    skin: str, driver: BrowserDriver, admin: Admin
) -> None:
    admin.play("ok", skin=skin, language="fr")
    check = await checked(driver, admin)
    assert [part.problem for part in check.sites] == [None, None]
    assert wanting(check) == set()
    nothing_was_started(admin)
