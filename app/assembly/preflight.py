"""Is all ready? Everything a run of a company needs, side by side: hosts, this computer, sign-ins, services."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from app import __version__
from app.assembly import this_computer
from app.assembly.company import Company
from app.assembly.practice import is_practice
from app.assembly.training_company import TrainingCompany
from app.domain import ready_network, ready_services
from app.domain.connections import Connection, Lack, Right, Standing, Way
from app.domain.events import Site
from app.domain.problems import AT_SITE, Fact, Problem, ProblemId
from app.domain.profile import DriverName, Profile, is_training
from app.domain.ready import Check, Level, Line, Readiness, worst
from app.domain.tabs import Tab
from app.engine.clock import SystemClock
from app.engine.preflight import Look, look_at_all
from app.storage import policy
from app.storage.folders import Folders

if TYPE_CHECKING:
    from app.assembly.connect import Services

_LOG = logging.getLogger(__name__)
_TIMEOUT = 6.0  # seconds for a request: the whole has to end within ten
_BEFORE_A_RUN = 2.0  # seconds that a run waits for what this computer tells: then it begins without


class Preflight:
    """Fulfils `engine.readiness.Ready`. `company` reads a profile anew, `services` gives its web services."""

    def __init__(
        self,
        folders: Folders,
        training: TrainingCompany,
        company: Callable[[str], Awaitable[Company]],
        services: "Callable[[Company], Services]",
    ) -> None:
        self._folders = folders
        self._training = training
        self._company = company
        self._web = services

    async def check(self, name: str) -> Readiness:
        """Look at everything at once. Raises Trouble(FILE_BROKEN)."""
        company = await self._company(name)
        clock = SystemClock()
        at, began = clock.now(), clock.ticks()
        lines = await look_at_all(self._looks(company))
        return Readiness(
            company.profile.name,
            is_training(company.profile),
            at,
            __version__,
            clock.ticks() - began,
            lines,
        )

    async def before_a_run(self, name: str) -> Line | None:
        """Only what the run would not meet by itself before its press: the services of this computer."""
        company = await self._company(name)
        with anyio.move_on_after(_BEFORE_A_RUN):
            try:
                return worst(await self._services(company.profile))
            except (*AT_SITE, OSError):
                _LOG.exception("the services of this computer could not be looked at")
        return None

    def _looks(self, company: Company) -> Mapping[Check, Look]:
        profile = company.profile
        practice = is_practice(profile.name)
        absent = practice and self._training.trouble == "browser-absent"
        by_pages = profile.driver in (DriverName.BROWSER, DriverName.ASSISTED)
        return {
            Check.NETWORK: lambda: _network(profile, by_pages=by_pages),
            Check.DISK: lambda: this_computer.disk(self._folders, profile.name),
            Check.KEYRING: lambda: this_computer.keyring_and_passwords(
                company.secrets, practice=practice, person=by_pages
            ),
            Check.BROWSER: lambda: this_computer.browser(
                profile.driver, absent, lambda: policy.load(self._folders).browser
            ),
            Check.RIGHTS: lambda: self._sign_ins(company),
            Check.SYNC_CLIENT: lambda: self._services(profile),
            Check.SESSION: this_computer.session,
        }

    async def _sign_ins(self, company: Company) -> Sequence[Line]:
        said = "password-only" if company.profile.hh2.services else "off"
        hh2 = Line(Check.SIGN_INS, Level.UNCHECKED, "hh2", said, {"site": "hh2"})
        found = await self._web(company).procore_now(_TIMEOUT)
        return (hh2, *procore_lines(found, company.profile.run.tabs))

    async def _services(self, profile: Profile) -> Sequence[Line]:
        from app.assembly.windows_services import services_here

        if is_practice(profile.name):
            return ready_services.judge(await self._training.services())
        if is_training(profile):
            return tuple(
                Line(check, Level.UNCHECKED, said="elsewhere")
                for check in (Check.SYNC_CLIENT, Check.DATABASE, Check.START_ORDER)
            )
        return ready_services.judge(await anyio.to_thread.run_sync(services_here, abandon_on_cancel=True))


async def _network(profile: Profile, *, by_pages: bool) -> Sequence[Line]:
    from urllib.request import getproxies, getproxies_environment

    from app.http import knock

    hosts: dict[str, str] = {}
    if profile.hh2.address:
        hosts[profile.hh2.address] = Site.HH2.value
    for address in (profile.procore.login, profile.procore.web):
        hosts.setdefault(address, Site.PROCORE.value)
    if profile.procore.client_id:
        hosts.setdefault(profile.procore.api, Site.PROCORE.value)
    found: dict[str, ready_network.Knock] = {}

    async def ask(address: str, site: str) -> None:
        found[address] = await knock(address, site, timeout=_TIMEOUT)

    async with anyio.create_task_group() as group:
        for address, site in hosts.items():
            group.start_soon(ask, address, site)
    system_only = by_pages and bool(getproxies()) and not getproxies_environment()
    return ready_network.judge([found[address] for address in hosts], system_only)


def procore_lines(found: Connection, tabs: Sequence[Tab]) -> list[Line]:
    """What Procore's services told of the sign-in, and of the right to each tab."""
    unchecked = Line(Check.RIGHTS, Level.UNCHECKED, said="not-told")
    about: dict[str, Fact] = {"site": Site.PROCORE.value}

    def signed_in(level: Level, said: str = "", problem: Problem | None = None) -> Line:
        return Line(Check.SIGN_INS, level, Site.PROCORE.value, said, {**about, "who": found.who}, problem)

    if found.standing is Standing.OFF:
        return [signed_in(Level.UNCHECKED, "off"), unchecked]
    problem = found.problem
    if problem is not None and problem.id is ProblemId.SESSION and found.way is Way.PERSON:
        return [signed_in(Level.UNCHECKED, "to-renew"), unchecked]
    if problem is not None and problem.id is not ProblemId.PRO_PERM:
        # A run works on the pages; the services stand beside it. Only a refusal stops it before step 1 (decision 8).
        refused = problem.id in (ProblemId.PRO_LOGIN, ProblemId.PRO_CONNECT)
        return [signed_in(Level.STOP if refused else Level.LOOK, problem=problem), unchecked]
    if Lack.CLIENT_SECRET in found.lacks:
        return [signed_in(Level.LOOK, "no-app-secret"), unchecked]
    lines = [signed_in(Level.READY, "signed-in")]
    if Lack.COMPANY in found.lacks:
        return [*lines, Line(Check.RIGHTS, Level.STOP, said="no-company")]
    if not found.rights or set(found.rights.values()) == {Right.UNKNOWN}:
        tool = Lack.TOOL in found.lacks
        return [*lines, Line(Check.RIGHTS, Level.LOOK, said="no-tool") if tool else unchecked]
    return [*lines, *(_right(found, tab) for tab in tabs)]


def _right(found: Connection, tab: Tab) -> Line:
    if found.rights.get(tab) is Right.MAY:
        return Line(Check.RIGHTS, Level.READY, tab.value, "may", {"tab": tab.value, "level": found.level})
    facts = {"tab": tab.value, "why": "level", "level": found.level}
    return Line(Check.RIGHTS, Level.STOP, tab.value, problem=Problem(ProblemId.PRO_PERM, dict(facts)))
