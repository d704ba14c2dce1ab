"""A company's pages, walked outside a run: checked, and pointed at by a person who teaches a label."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

import anyio
import anyio.to_thread

from app import __version__
from app.assembly.account import who
from app.assembly.machine_policy import MachinePolicy
from app.assembly.outlines import KeptOutlines
from app.domain.events import Site
from app.domain.page_check import PageCheck
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import Profile
from app.domain.taught import Pointed, Taught, Unfit
from app.engine.clock import SystemClock
from app.engine.faces import CheckListener
from app.engine.page_check import PageDriver, check_pages, point_at
from app.storage.folders import Folders
from app.storage.lock import Face, Lock, lock_profile
from app.storage.profile_secrets import ProfileSecrets

if TYPE_CHECKING:
    pass


class Held(NamedTuple):
    """Whether the company is locked by us already, and whether a run of it is under way."""

    locked: bool
    busy: bool


class Pages:
    """One walk at a time, in a browser of its own."""

    def __init__(self, folders: Folders, face: Face, policy: MachinePolicy) -> None:
        self._folders = folders
        self._face: Face = face
        self._policy = policy
        self._walk: tuple[anyio.CancelScope, anyio.Event] | None = None

    @property
    def busy(self) -> bool:
        """True while a walk is under way."""
        return self._walk is not None

    async def check(
        self, profile: Profile, secrets: ProfileSecrets, held: Held, person: float, tell: CheckListener
    ) -> PageCheck | None:
        """Walk both sites' pages; None where it was stopped. Raises Trouble(IN_USE)."""
        report: PageCheck | None = None
        async with self._at(profile, secrets, held) as drivers:
            report = await check_pages(
                drivers,
                secrets,
                profile,
                at=SystemClock().now(),
                version=__version__,
                person=person,
                tell=tell,
            )
        await KeptOutlines(self._folders.of_profile(profile.name)).keep_check(report)
        return report  # None where the check was stopped

    async def point_at(
        self,
        profile: Profile,
        secrets: ProfileSecrets,
        held: Held,
        site: Site,
        action: str,
        person: float,
        tell: CheckListener,
    ) -> Pointed | None:
        """Let a person point at a control; None where it was stopped. Raises Trouble(IN_USE)."""
        if not await self._policy.may_teach():
            return Pointed(site, action, unfit=Unfit.POLICY)
        pointed: Pointed | None = None
        async with self._at(profile, secrets, held) as drivers:
            pointed = await point_at(drivers, secrets, site, action, person=person, tell=tell)
        return pointed  # noqa: RET504  # None where it was stopped

    async def unfit(self, label: Taught, others: Sequence[Taught]) -> Unfit | None:
        """Why a label may not be taught beside those that are; None where it may."""
        from app.portals.labels import labels, unfit_label, with_taught
        from app.portals.taught_ends import unfit_end

        if not await self._policy.may_teach():
            return Unfit.POLICY
        if label.is_end:
            return unfit_end(labels(label.site), label)
        return unfit_label(with_taught(labels(label.site), others), label)

    async def stop(self) -> None:
        """End the walk that is under way; returns when its browser is closed."""
        if self._walk is not None:
            scope, ended = self._walk
            scope.cancel()
            await ended.wait()

    @asynccontextmanager
    async def _at(
        self, profile: Profile, secrets: ProfileSecrets, held: Held
    ) -> AsyncIterator[Callable[[], PageDriver]]:
        """While inside, the company is ours and its pages may be walked; `stop` ends it, silently."""
        if self.busy or held.busy:
            raise Trouble(Problem(ProblemId.IN_USE, {"who": who(), "face": self._face}))
        walked, ended = self._policy.allowed(profile), anyio.Event()
        lock: Lock | None = None

        def drivers() -> PageDriver:
            from app.assembly.sign_in_state import KeptSignIns
            from app.portals.driver import BrowserDriver

            kept = KeptSignIns(lambda: profile, secrets)
            return BrowserDriver(
                walked, folder=self._folders.runtime, browsers=self._policy.browsers, sign_ins=kept
            )

        with anyio.CancelScope() as scope:
            self._walk = (scope, ended)
            try:
                if not held.locked:
                    await anyio.to_thread.run_sync(self._folders.of_profile_ready, profile.name)
                    lock = await anyio.to_thread.run_sync(
                        lock_profile, self._folders, profile.name, self._face
                    )
                yield drivers
            finally:
                if lock is not None:
                    lock.release()
                self._walk = None
                ended.set()
