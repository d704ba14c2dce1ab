"""Sign in / Test, and reading the list of jobs: short errands at the sites outside a run. They press nothing."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from app.domain.events import Site
from app.domain.looks import SyncLook, TabLook
from app.domain.problems import AT_SITE, Problem, ProblemId, Trouble, problem_of
from app.domain.tabs import Job, Tab
from app.engine.faces import Tested
from app.engine.ports import Driver, ProcorePortal, Secrets, Sources
from app.engine.work import REFUSALS

T = TypeVar("T")

_DEADLINE = 60.0  # seconds for a sign-in, and for a read


async def try_sign_in(
    drivers: Callable[[], Driver], secrets: Secrets, site: Site
) -> tuple[Tested, SyncLook | None]:
    """Sign in once and say who we are there. A refused password is marked, and not tried again by anyone.

    At hh2 its page is looked at too, where it can be read: what it shows of the latest sync."""
    try:
        driver = drivers()
        try:
            await driver.open()
            tested = Tested(site, await sign_in_to(driver, secrets, site))
            return tested, await _latest_sync(driver) if site is Site.HH2 else None
        finally:
            await driver.close()
    except Trouble as trouble:
        return Tested(site, problem=trouble.problem), None


async def _latest_sync(driver: Driver) -> SyncLook | None:
    """None where the page cannot be read: the sign-in was good all the same."""
    try:
        with anyio.fail_after(_DEADLINE):
            return await driver.hh2.look()
    except (*AT_SITE, TimeoutError):
        return None


async def read_jobs(drivers: Callable[[], Driver], secrets: Secrets) -> tuple[Job, ...]:
    """Sign in to Procore and read the jobs that Job Costs offers. Raises Trouble."""
    return await _in_procore(drivers, secrets, lambda procore: procore.jobs())


async def read_moved(open_sources: Callable[[], Awaitable[Sources]]) -> frozenset[str] | None:
    """Codes of the jobs whose costs moved since theirs were last refreshed, for a person who chooses; None where hh2's
    services are not set up or do not tell. A refused secret is marked by its service."""
    try:
        sources = await open_sources()
        try:
            if sources.movement is None:
                return None
            with anyio.fail_after(_DEADLINE):
                for service in sources.services:
                    if service.site is Site.HH2:
                        await service.sign_in()
                return await sources.movement.since_settled()
        finally:
            for service in sources.services:
                await service.close()
    except (*AT_SITE, TimeoutError):
        return None


async def look_at(drivers: Callable[[], Driver], secrets: Secrets, tab: Tab, job: Job | None) -> TabLook:
    """Sign in to Procore and look at a tab, before a person asks for a retry. Raises Trouble."""
    return await _in_procore(drivers, secrets, lambda procore: procore.look(tab, job))


async def _in_procore(
    drivers: Callable[[], Driver], secrets: Secrets, read: Callable[[ProcorePortal], Awaitable[T]]
) -> T:
    driver = drivers()
    try:
        await driver.open()
        await sign_in_to(driver, secrets, Site.PROCORE)
        with anyio.fail_after(_DEADLINE):
            return await read(driver.procore)
    except TimeoutError:
        raise Trouble(Problem(ProblemId.NET, {"site": Site.PROCORE.value, "why": "timeout"})) from None
    except AT_SITE as failed:
        raise Trouble(problem_of(failed, Site.PROCORE.value)) from None
    finally:
        await driver.close()


async def sign_in_to(driver: Driver, secrets: Secrets, site: Site) -> str:
    """Sign in once with what is kept; a refused password is marked. Raises Trouble alone."""
    credentials = await secrets.credentials(site)
    portal = driver.hh2 if site is Site.HH2 else driver.procore
    try:
        with anyio.fail_after(_DEADLINE):
            return await portal.sign_in(credentials)
    except TimeoutError:
        raise Trouble(Problem(ProblemId.NET, {"site": site.value, "why": "timeout"})) from None
    except Trouble as refused:
        if credentials is not None and refused.problem.id in REFUSALS:
            await secrets.mark_refused(site, credentials.fingerprint)
        raise
    except AT_SITE as failed:
        raise Trouble(problem_of(failed, site.value)) from None
