"""What every step of a run works with, and the patient ways to ask a site: reads are
tried again, presses never."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

import anyio

from app.domain import events as ev
from app.domain.events import Site
from app.domain.looks import EvidenceKind
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotReadable,
    NotSent,
    Problem,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
)
from app.domain.tabs import Tab
from app.engine.hand import RUNNING
from app.engine.patience import Patience
from app.engine.person import Person
from app.engine.ports import Clock, Driver, Hh2Portal, Ledger, ProcorePortal, Secrets, Service, Sources
from app.engine.recorder import Recorder

T = TypeVar("T")

# What marks the secret that was just sent as refused, for every caller and route.
REFUSALS = frozenset({ProblemId.HH2_LOGIN, ProblemId.HH2_LOCKED, ProblemId.PRO_LOGIN})


@dataclass
class Work:
    """The parts of one run. `who` is the person at this computer, for the ledger."""

    recorder: Recorder
    driver: Driver
    sources: Sources
    secrets: Secrets
    ledger: Ledger
    person: Person
    patience: Patience
    clock: Clock
    who: str
    blind_to_movement: Problem | None = None
    _sign_in_turn: dict[Site, anyio.Lock] = field(
        default_factory=lambda: {site: anyio.Lock() for site in Site}
    )
    _sign_ins: dict[Site, int] = field(default_factory=dict)
    _press_waits: dict[Site, float] = field(default_factory=dict)

    async def met(self, problem: Problem, *, noted: bool = False) -> None:
        """Write down a problem; a noted one once per run, whatever its figures."""
        state = self.recorder.state
        if noted and any(old.noted and old.problem.id is problem.id for old in state.problems):
            return
        await self.recorder.add(ev.ProblemMet(problem, noted))

    async def deadline(self, send: Callable[[], Awaitable[T]], site: Site) -> T:
        """One call with the patience's deadline; when it passes, what came of it
        is not known: NotReadable(NET)."""
        try:
            with anyio.fail_after(self.patience.request) as scope:
                running = RUNNING.set(scope)
                try:
                    return await send()
                finally:
                    RUNNING.reset(running)
        except TimeoutError:
            raise NotReadable(Problem(ProblemId.NET, {"site": site.value, "why": "timeout"})) from None

    async def ask(self, site: Site, read: Callable[[], Awaitable[T]]) -> T:
        """A read, patiently: tried again when it fails in a way that may pass, after a pause when asked to
        slow down, after a new sign-in when the session was lost. Raises Trouble when that does not help."""
        since: float | None = None
        while True:
            seen = self.sign_ins(site)
            try:
                return await self._with_retries(site, read)
            except SlowDown as slow:
                since = await self.slow_down(slow, since)
            except SessionLost:
                await self.sign_in_again(site, seen)
            except NotReadable as failed:
                raise Trouble(failed.problem) from None

    async def _with_retries(self, site: Site, read: Callable[[], Awaitable[T]]) -> T:
        import stamina  # when a site is first asked: the window is there before

        patience = self.patience
        async for attempt in stamina.retry_context(
            on=NotReadable,
            attempts=patience.tries,
            timeout=None,
            wait_initial=patience.first_retry,
            wait_max=patience.last_retry,
            wait_jitter=patience.first_retry,
        ):
            with attempt:
                return await self.deadline(read, site)
        raise AssertionError("retry_context returns or raises")  # pragma: no cover

    async def sign_in_to_services(self) -> None:
        """Every web service that is set up; a refusal stops the run before anything is pressed."""
        for service in self.sources.services:
            await self._submit_to(service)

    async def _submit_to(self, service: Service, since: float | None = None) -> None:
        try:
            await self.deadline(service.sign_in, service.site)
        except SlowDown as slow:
            await self._submit_to(service, await self.slow_down(slow, since))
        except (NotReadable, NotSent, Declined) as failed:
            raise Trouble(failed.problem) from None
        except SessionLost:
            raise Trouble(Problem(ProblemId.SESSION, {"site": service.site.value})) from None
        except AnswerLost:
            raise Trouble(Problem(ProblemId.NET, {"site": service.site.value, "why": "no-answer"})) from None

    async def check_rights(self, tabs: Sequence[Tab]) -> None:
        """What the services say of the rights for these tabs, and of where the tabs lie. Raises Trouble(PRO_PERM)."""
        for service in self.sources.services:
            await self.ask_service(service.site, partial(service.check_rights, tabs))
            if self.driver.procore.evidence is EvidenceKind.PAGE:
                try:
                    address = await self.ask_service(service.site, service.tool_page)
                except Trouble:
                    continue  # the pages' own navigation leads there too
                if address:
                    self.driver.procore.begin_at(address)

    async def ask_service(self, site: Site, read: Callable[[], Awaitable[T]]) -> T:
        """A read of a web service, patiently; its own session is signed in to again once when it was lost."""
        lost = 0
        since: float | None = None
        while True:
            try:
                return await self._with_retries(site, read)
            except SlowDown as slow:
                since = await self.slow_down(slow, since)
            except NotReadable as failed:
                raise Trouble(failed.problem) from None
            except SessionLost:
                lost += 1
                if lost > 1:
                    raise Trouble(Problem(ProblemId.SESSION, {"site": site.value})) from None
                for service in self.sources.services:
                    if service.site is site:
                        await self._submit_to(service)

    async def read_movement(self) -> None:
        """Read where the jobs' costs stand before step 1. Where that fails the run goes on without it."""
        if self.sources.movement is not None:
            try:
                await self.ask_service(Site.HH2, self.sources.movement.before)
            except Trouble as unreadable:
                self.blind_to_movement = unreadable.problem

    async def moved_jobs(self) -> frozenset[str] | None:
        """Codes of the jobs whose costs moved; None where that could not be read."""
        if self.sources.movement is None or self.blind_to_movement is not None:
            return None
        try:
            return await self.ask_service(Site.HH2, self.sources.movement.moved)
        except Trouble as unreadable:
            self.blind_to_movement = unreadable.problem
            return None

    async def slow_down(self, slow: SlowDown, since: float | None = None) -> float:
        """Do as the site asks, and say until when. `since` is the tick at which it first asked for the same; it is
        returned, for the next time. Raises Trouble(LIMIT) where that is as long ago as what is busy is waited for."""
        until = self.clock.now() + timedelta(seconds=slow.seconds)
        limit = Problem(ProblemId.LIMIT, {"site": slow.site, "until": until.isoformat()})
        began = self.clock.ticks() if since is None else since
        if self.clock.ticks() - began >= self.patience.busy:
            raise Trouble(limit)
        await self.met(limit, noted=True)
        # A site that names no time at all is not asked in one go.
        await self.clock.sleep(max(slow.seconds, self.patience.poll))
        return began

    async def press_later(self, slow: SlowDown) -> None:
        """The same for a press: it is made again once the site takes it. Raises as `slow_down`."""
        site = Site(slow.site)
        self._press_waits[site] = await self.slow_down(slow, self._press_waits.get(site))

    def was_pressed(self, site: Site) -> None:
        """The site took a press, or said something else of it: the next is waited for anew."""
        self._press_waits.pop(site, None)

    async def sign_in_again(self, site: Site, seen: int) -> None:
        """After a lost session: sign in with the kept secret, once for all who noticed. `seen` is the count
        of sign-ins when the caller sent what failed: if somebody signed in since, there is nothing to do."""
        async with self._sign_in_turn[site]:
            if self._sign_ins.get(site, 0) > seen:
                return
            if self._sign_ins.get(site, 0) > self.patience.sign_ins:
                raise Trouble(Problem(ProblemId.SESSION, {"site": site.value, "again": True}))
            await self.recorder.add(ev.SessionEnded(site))
            await self.met(Problem(ProblemId.SESSION, {"site": site.value}), noted=True)
            await self._sign_in(site)

    def sign_ins(self, site: Site) -> int:
        """How often this run has signed in to a site; what `sign_in_again` is told."""
        return self._sign_ins.get(site, 0)

    async def sign_in(self, site: Site) -> None:
        """Sign in to a site, unless this run has."""
        async with self._sign_in_turn[site]:
            if site not in self.recorder.state.signed_in:
                await self._sign_in(site)

    async def _sign_in(self, site: Site) -> None:
        portal = self._portal(site)
        credentials = await self.secrets.credentials(site)
        fingerprint = credentials.fingerprint if credentials else ""
        await self.recorder.add(ev.SignInRequested(site, fingerprint))
        try:
            who = await self._submit(site, lambda: portal.sign_in(credentials))
        except Trouble as refused:
            await self.recorder.add(ev.SignInRefused(site, refused.problem))
            if fingerprint and refused.problem.id in REFUSALS:
                await self.secrets.mark_refused(site, fingerprint)
            if refused.problem.id is not ProblemId.MFA:
                raise
            who = await self._by_hand(site, refused.problem)
        self._sign_ins[site] = self._sign_ins.get(site, 0) + 1
        await self.recorder.add(ev.SignedIn(site, who))

    def _portal(self, site: Site) -> Hh2Portal | ProcorePortal:
        return self.driver.hh2 if site is Site.HH2 else self.driver.procore

    async def _submit(self, site: Site, send: Callable[[], Awaitable[str]]) -> str:
        """Send a sign-in once. When no answer came, look whether we are signed in; the secret
        is not sent again."""
        since: float | None = None
        while True:
            try:
                return await self.deadline(send, site)
            except SlowDown as slow:
                since = await self.slow_down(slow, since)
                continue
            except SessionLost:
                problem = Problem(ProblemId.SESSION, {"site": site.value})
            except (NotReadable, NotSent, Declined) as failed:
                problem = failed.problem
            except AnswerLost:
                problem = Problem(ProblemId.NET, {"site": site.value, "why": "no-answer"})
            if await self._is_signed_in(site):
                return ""
            raise Trouble(problem)

    async def _is_signed_in(self, site: Site) -> bool:
        try:
            return await self.deadline(self._portal(site).is_signed_in, site)
        except (NotReadable, SessionLost, SlowDown, Trouble):
            return False

    async def _by_hand(self, site: Site, problem: Problem) -> str:
        """The person signs in in the window that opened; looked at with every poll, so that no press
        in ours is needed."""
        await self.driver.to_front(site)
        until = self.clock.now() + timedelta(seconds=self.patience.person)
        await self.recorder.add(ev.NeedsPerson(ev.NeedKind.SIGN_IN, until, problem, site))
        ends = self.clock.ticks() + self.patience.person
        while self.clock.ticks() < ends:
            await self.clock.sleep(self.patience.poll)
            if await self._is_signed_in(site):
                await self.recorder.add(ev.PersonActed(ev.NeedKind.SIGN_IN))
                return ""
        await self.recorder.add(ev.PersonActed(ev.NeedKind.SIGN_IN, gave_up=True))
        raise Trouble(problem)
