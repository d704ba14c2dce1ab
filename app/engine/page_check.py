"""Check the pages: signs in to both sites once, and has each walked; starts, applies and refreshes nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

import anyio
import msgspec

from app.domain.events import Site
from app.domain.filters import Filters
from app.domain.page_check import CheckStage, Element, PageCheck, SiteCheck
from app.domain.problems import NotReadable, Problem, ProblemId, SessionLost, SlowDown, Trouble
from app.domain.profile import Profile, is_training
from app.domain.tabs import Tab
from app.domain.taught import Pointed
from app.engine.ports import Driver, Secrets
from app.engine.trial import sign_in_to

_LOOK_AGAIN = 1.0
_AT_THE_DOOR = frozenset({"log-in"})
Tell = Callable[[Site, CheckStage], None]


class PageDriver(Driver, Protocol):
    """A driver whose pages can be checked."""

    async def check_door(self, site: Site) -> tuple[Element, ...]:
        """The sign-in form; empty where there is another door. Raises NotReadable, SlowDown, Trouble."""

    async def check_site(self, look: SiteCheck, filters: Filters, tabs: Sequence[Tab]) -> SiteCheck:
        """Walk a site that was signed in to; raises nothing of the sites."""

    async def point(self, site: Site, action: str, seconds: float) -> Pointed:
        """Walk to where an element should stand, and wait for a person to point at it; the click does nothing."""

    @property
    def browser_name(self) -> str:
        """The browser that is driven; "" before it is open."""


async def check_pages(
    drivers: Callable[[], PageDriver],
    secrets: Secrets,
    profile: Profile,
    *,
    at: datetime,
    version: str,
    person: float,
    tell: Tell,
) -> PageCheck:
    """Both sites, one after the other. A site that is not reached or not signed in to does not keep the other away.

    `person` is how many seconds somebody is waited for at the browser, where a site asks for what only they have; a
    password is sent once at the most, and a refused one is marked."""
    check = PageCheck(profile.name, is_training(profile), at, version)
    try:
        driver = drivers()
        await driver.open()
    except Trouble as met:
        return msgspec.structs.replace(check, problem=met.problem)
    try:
        sites = [await _one(driver, secrets, profile, site, person, tell) for site in Site]
        return msgspec.structs.replace(check, browser=driver.browser_name, sites=tuple(sites))
    finally:
        await driver.close()


async def point_at(
    drivers: Callable[[], PageDriver],
    secrets: Secrets,
    site: Site,
    action: str,
    *,
    person: float,
    tell: Tell,
) -> Pointed:
    """Sign in to a site, walk to where an element should stand, and wait `person` seconds for somebody to point at it.

    Nothing is kept here, and nothing of the click reaches the page. Raises Trouble."""
    driver = drivers()
    await driver.open()
    try:
        tell(site, CheckStage.SIGNING_IN)
        await driver.check_door(site)
        if action not in _AT_THE_DOOR:
            await _sign_in(driver, secrets, site, person, tell)
        tell(site, CheckStage.POINT)
        return await driver.point(site, action, person)
    except NotReadable as failed:
        raise Trouble(failed.problem) from None
    except SlowDown as slow:
        raise Trouble(Problem(ProblemId.LIMIT, {"site": slow.site, "seconds": slow.seconds})) from None
    except SessionLost as lost:
        raise Trouble(Problem(ProblemId.SESSION, {"site": lost.site})) from None
    finally:
        await driver.close()


async def _one(
    driver: PageDriver, secrets: Secrets, profile: Profile, site: Site, person: float, tell: Tell
) -> SiteCheck:
    address = profile.hh2.address if site is Site.HH2 else profile.procore.web
    look = SiteCheck(site, urlsplit(address).hostname or "")
    tell(site, CheckStage.SIGNING_IN)
    try:
        form = await driver.check_door(site)
        look = msgspec.structs.replace(look, reached=True, elements=form)
        await _sign_in(driver, secrets, site, person, tell)
    except (Trouble, NotReadable) as met:
        return msgspec.structs.replace(look, problem=met.problem)
    except SlowDown as slow:
        problem = Problem(ProblemId.LIMIT, {"site": slow.site, "seconds": slow.seconds})
        return msgspec.structs.replace(look, problem=problem)
    tell(site, CheckStage.WALKING)
    filters = Filters(profile.run.date_range, profile.run.depth)
    return await driver.check_site(msgspec.structs.replace(look, signed_in=True), filters, profile.run.tabs)


async def _sign_in(driver: PageDriver, secrets: Secrets, site: Site, person: float, tell: Tell) -> None:
    """Sign in once; where only a person can go on, look until they have, and send nothing more. Raises Trouble."""
    try:
        await sign_in_to(driver, secrets, site)
        return
    except Trouble as met:
        if met.problem.id is not ProblemId.MFA or not person:
            raise
        needed = met
    tell(site, CheckStage.PERSON)
    await driver.to_front(site)
    portal = driver.hh2 if site is Site.HH2 else driver.procore
    with anyio.move_on_after(person):
        while True:
            if await portal.is_signed_in():
                return
            await anyio.sleep(_LOOK_AGAIN)
    raise needed
