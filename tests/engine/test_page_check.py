"""Check the pages and Teach, without pages: whose turn it is, who is waited for, whose trouble it is."""

from collections.abc import Sequence
from datetime import UTC, datetime

import anyio
import pytest
from msgspec import structs

from app.domain.events import Site
from app.domain.filters import DateRange, Filters
from app.domain.page_check import CheckStage, Element, PageCheck, Sight, SiteCheck
from app.domain.problems import NotReadable, Problem, ProblemId, SessionLost, SlowDown, Trouble, trouble
from app.domain.profile import Hh2Settings, ProcoreSettings, Profile, RunSettings
from app.domain.tabs import Tab
from app.domain.taught import Pointed
from app.engine import page_check
from app.engine.page_check import check_pages, point_at
from tests.engine.script import (
    NoSecrets,
    OnePassword,
    Script,
    ScriptedDriver,
    ScriptedHh2,
    ScriptedProcore,
)

pytestmark = pytest.mark.anyio
FORM = (Element("log-in", sight=Sight.FOUND),)
MFA = trouble(ProblemId.MFA, site="hh2")
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
Told = list[tuple[Site, CheckStage]]


class Pages(ScriptedDriver):
    """Both sites' pages, as far as a check sees them. `doors` answers at the sign-in form, of either site."""

    browser_name = "Chromium"

    def __init__(
        self,
        hh2: ScriptedHh2 | None = None,
        *,
        opens: Script | None = None,
        doors: Script | None = None,
        points: Script | None = None,
    ) -> None:
        super().__init__(hh2 or ScriptedHh2(), ScriptedProcore(), opens or Script(None))
        self._doors, self._points = doors or Script(FORM), points or Script(Pointed(Site.HH2, "log-in"))
        self.walked: list[tuple[SiteCheck, Filters, tuple[Tab, ...]]] = []

    async def check_door(self, _site: Site) -> tuple[Element, ...]:
        said: tuple[Element, ...] = self._doors.next()  # type: ignore[assignment]
        return said

    async def check_site(self, look: SiteCheck, filters: Filters, tabs: Sequence[Tab]) -> SiteCheck:
        self.walked.append((look, filters, tuple(tabs)))
        return structs.replace(look, about_depth="walked")

    async def point(self, _site: Site, _action: str, _seconds: float) -> Pointed:
        said: Pointed = self._points.next()  # type: ignore[assignment]
        return said


def _company() -> Profile:
    run = RunSettings(date_range=DateRange.PAST_MONTH, tabs=(Tab.VENDORS,))
    return Profile("Acme", hh2=Hh2Settings("acme"), procore=ProcoreSettings(1), run=run)


async def _check(
    pages: Pages, *, person: float = 0.0, secrets: NoSecrets | None = None
) -> tuple[PageCheck, Told]:
    told: Told = []
    with anyio.fail_after(10):
        check = await check_pages(
            lambda: pages,
            secrets or NoSecrets(),
            _company(),
            at=AT,
            version="1",
            person=person,
            tell=lambda site, stage: told.append((site, stage)),
        )
    return check, told


async def test_both_sites_are_walked_one_after_the_other_with_what_a_run_would_press() -> None:
    pages = Pages()
    check, told = await _check(pages)
    assert told == [(site, stage) for site in Site for stage in (CheckStage.SIGNING_IN, CheckStage.WALKING)]
    assert [(one.site, one.reached, one.signed_in, one.elements) for one in check.sites] == [
        (site, True, True, FORM) for site in Site
    ]
    assert [walk[1:] for walk in pages.walked] == [(Filters(DateRange.PAST_MONTH), (Tab.VENDORS,))] * 2
    assert check.browser == "Chromium"
    assert pages.closed == 1


async def test_a_browser_that_does_not_start_is_the_whole_report() -> None:
    check, told = await _check(Pages(opens=Script(trouble(ProblemId.BROWSER, why="none-found"))))
    assert check.problem == Problem(ProblemId.BROWSER, {"why": "none-found"})
    assert (check.sites, told) == ((), [])


@pytest.mark.parametrize(
    ("said", "problem", "reached"),
    [
        (NotReadable(Problem(ProblemId.HH2_DOWN)), ProblemId.HH2_DOWN, False),
        (SlowDown("hh2", 30), ProblemId.LIMIT, False),
        (trouble(ProblemId.NET, site="hh2"), ProblemId.NET, False),
    ],
    ids=["down", "limit", "net"],
)
async def test_a_site_that_is_not_reached_keeps_the_other_one_from_nothing(
    said: Exception, problem: ProblemId, reached: bool
) -> None:
    pages = Pages(doors=Script(said, FORM))
    check, _ = await _check(pages)
    hh2, procore = check.sites
    assert hh2.problem is not None
    assert (hh2.problem.id, hh2.reached, hh2.signed_in) == (problem, reached, False)
    assert procore.signed_in
    assert [walk[0].site for walk in pages.walked] == [Site.PROCORE]


async def test_a_refused_password_is_sent_once_and_marked_and_the_form_that_was_found_is_kept() -> None:
    pages, secrets = Pages(ScriptedHh2(sign_in=Script(trouble(ProblemId.HH2_LOGIN)))), OnePassword()
    check, told = await _check(pages, person=5.0, secrets=secrets)
    hh2 = check.sites[0]
    assert hh2.problem == Problem(ProblemId.HH2_LOGIN)
    assert (hh2.reached, hh2.elements) == (True, FORM)
    assert pages.hh2.calls["sign_in"].calls == 1
    assert secrets.refused == ["f1"]
    assert (Site.HH2, CheckStage.PERSON) not in told


async def test_a_code_is_waited_for_at_the_browser_where_somebody_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_check, "_LOOK_AGAIN", 0.01)  # seconds between two looks
    pages = Pages(ScriptedHh2(sign_in=Script(MFA), is_signed_in=Script(False, False, True)))
    check, told = await _check(pages, person=5.0)
    assert told[:3] == [
        (Site.HH2, CheckStage.SIGNING_IN),
        (Site.HH2, CheckStage.PERSON),
        (Site.HH2, CheckStage.WALKING),
    ]
    assert pages.fronts == [Site.HH2]
    assert check.sites[0].signed_in
    assert pages.hh2.calls["sign_in"].calls == 1, "the person signs in, not we again"


@pytest.mark.parametrize("person", [0.0, 0.05], ids=["nobody-there", "nobody-came"])
async def test_a_code_that_nobody_enters_is_that_sites_problem(
    person: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_check, "_LOOK_AGAIN", 0.01)  # seconds between two looks
    pages = Pages(ScriptedHh2(sign_in=Script(MFA)))
    check, _ = await _check(pages, person=person)
    assert check.sites[0].problem == MFA.problem
    assert pages.fronts == ([Site.HH2] if person else [])
    assert check.sites[1].signed_in


# ---------------------------------------------------------------- pointing


async def _point(pages: Pages, action: str) -> tuple[Pointed, Told]:
    told: Told = []
    with anyio.fail_after(10):
        pointed = await point_at(
            lambda: pages,
            NoSecrets(),
            Site.HH2,
            action,
            person=5.0,
            tell=lambda site, stage: told.append((site, stage)),
        )
    return pointed, told


@pytest.mark.parametrize(("action", "sign_ins"), [("log-in", 0), ("start-sync", 1)])
async def test_what_stands_at_the_door_is_pointed_at_before_a_sign_in_and_all_else_after_it(
    action: str, sign_ins: int
) -> None:
    here = Pointed(Site.HH2, action, "button", "Go")
    pages = Pages(points=Script(here))
    pointed, told = await _point(pages, action)
    assert pointed == here
    assert pages.hh2.calls["sign_in"].calls == sign_ins
    assert told == [(Site.HH2, CheckStage.SIGNING_IN), (Site.HH2, CheckStage.POINT)]
    assert pages.closed == 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (NotReadable(Problem(ProblemId.HH2_DOWN)), ProblemId.HH2_DOWN),
        (SlowDown("hh2", 30), ProblemId.LIMIT),
        (SessionLost("hh2"), ProblemId.SESSION),
    ],
    ids=["down", "limit", "session"],
)
async def test_a_walk_that_ends_on_the_way_is_said_as_a_problem_and_the_browser_is_closed(
    said: Exception, problem: ProblemId
) -> None:
    pages = Pages(points=Script(said))
    with pytest.raises(Trouble) as met:
        await _point(pages, "start-sync")
    assert met.value.problem.id is problem
    assert pages.closed == 1
