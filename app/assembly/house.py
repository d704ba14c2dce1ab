"""The workplace of the faces: profiles, secrets, errands, history, and a conductor for each profile."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread
import msgspec

from app import __version__
from app.assembly.account import who
from app.assembly.company import Company
from app.assembly.match_reports import MatchReports
from app.assembly.matching import Matching
from app.assembly.pages import Pages
from app.assembly.parts import Parts
from app.assembly.practice import PRACTICE_NAME, is_practice, practice_secrets
from app.assembly.training_company import TrainingCompany
from app.domain.audit import Verified
from app.domain.connections import Connection, Disconnected
from app.domain.events import Record, Site
from app.domain.history import RunSummary
from app.domain.page_check import PageCheck
from app.domain.problems import Fact, Problem, ProblemId, Trouble
from app.domain.profile import (
    DriverName,
    FieldFault,
    Profile,
    Secret,
    SecretState,
    faults,
    is_training,
    name_key,
)
from app.domain.taught import Pointed, Taught, Unfit, with_label, without_label
from app.engine.clock import SystemClock
from app.engine.conductor import RunConductor, Setting
from app.engine.faces import CheckListener, Conductor, JobChoice, Listener, Practice, Preferences, Tested
from app.engine.ports import Driver
from app.engine.trial import read_jobs, read_moved, try_sign_in
from app.storage import folders as storage_folders
from app.storage import job_list, profiles, settings
from app.storage.folders import Folders
from app.storage.keyring_calls import KeyringThread
from app.storage.ledger import Ledger
from app.storage.lock import Face, Lock, lock_profile
from app.storage.log import ProgramLog
from app.storage.log import start as start_log
from app.storage.secrets import ProfileSecrets

if TYPE_CHECKING:
    from app.assembly.connect import Services
    from app.portals.browser import DrivenBrowser

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
TEN_MINUTES = 600.0  # a code lives no longer [C] procore-wire.md


class House:
    """Fulfils `engine.faces.Workplace`. One object per program; its coroutines run in the engine's loop.

    `face` is told to whoever finds a profile locked; `person` says how long a person is waited for, in seconds
    (0: nobody is there to answer), `presses` how long in an assisted run, where that is another time."""

    def __init__(
        self, face: Face, *, person: float, presses: float | None = None, folders: Folders | None = None
    ) -> None:
        self._face: Face = face
        self._person = person
        self._folders = folders or storage_folders.locate()
        self._log: ProgramLog | None = None
        with suppress(Trouble):  # a log that cannot be written must not keep anyone from being told why
            self._log = start_log(self._folders.log)
        self._keyring = KeyringThread()
        self._companies: dict[str, Company] = {}  # by `name_key`: a company is one however its name is typed
        self._training = TrainingCompany()
        self.asking: DrivenBrowser | None = None  # the browser in which a person is asked now
        self._remembering = anyio.Lock()
        self._opening = anyio.Lock()
        self._pages = Pages(self._folders, face)
        self._parts = Parts(self._folders, self._pages, self._training, person=person, presses=presses)
        self.matching = Matching(self._folders, face, self, self._company, self._services)
        self.match_reports = MatchReports(self._folder_of, self.matching.is_current)
        self.matching.release = self.match_reports.release

    # ---------------------------------------------------------------- profiles

    async def profiles(self) -> list[str]:
        """The names, sorted; the training company first while it is served."""
        names = await _in_thread(profiles.names, self._folders)
        return [PRACTICE_NAME, *names] if self._training.profile else names

    async def spelt(self, name: str) -> str | None:
        """The company's name as its file spells it, however it was typed; None where there is none."""
        if is_practice(name):
            return PRACTICE_NAME
        return await _in_thread(profiles.spelt, self._folders, name)

    async def profile(self, name: str) -> Profile:
        """Raises Trouble(FILE_BROKEN, …) for one that cannot be read or is not there."""
        if is_practice(name) and self._training.profile is not None:
            return self._training.profile
        try:
            return await _in_thread(profiles.read, self._folders, name)
        except LookupError:
            raise Trouble(Problem(ProblemId.FILE_BROKEN, {"file": name, "missing": True})) from None

    async def save(self, profile: Profile, replaces: str = "") -> list[FieldFault]:
        """Write it, unless there are faults. The training company's profile is kept in memory only."""
        if self._training.profile is not None and is_practice(replaces or profile.name):
            self._training.keep(profile)
            return []
        if is_practice(profile.name):
            return [FieldFault("name", profile.name, "profile-name-taken")]
        replaces = (await self.spelt(replaces) or replaces) if replaces else ""
        old = self._companies.get(name_key(replaces or profile.name))
        if replaces and replaces != profile.name:
            there = await self.spelt(profile.name)
            if there is not None and name_key(there) != name_key(replaces):
                return [FieldFault("name", profile.name, "profile-name-taken")]
            if wrong := faults(profile):
                return wrong
            await self.release(replaces)  # a folder with an open file cannot be moved on Windows
        wrong = await _in_thread(profiles.save, self._folders, profile, replaces)
        if not wrong and old is not None:
            await self._has_changed(old, replaces or profile.name, await self.profile(profile.name))
        return wrong

    async def _has_changed(self, company: Company, old: str, profile: Profile) -> None:
        company.profile = profile
        if profile.name != old:
            company.folder = self._folders.of_profile(profile.name)
            await company.secrets.renamed(profile, company.folder)
            self._companies[name_key(profile.name)] = self._companies.pop(name_key(old))
        company.secrets.use(profile)
        if company.services is not None:
            company.services.use(profile)

    async def delete(self, name: str) -> None:
        """The profile, its secrets, its folder. The training company stays; its history goes."""
        company = await self._company(name)
        if company.conductor is not None and company.conductor.busy:
            raise Trouble(Problem(ProblemId.IN_USE, {"who": who(), "face": self._face}))
        name = company.profile.name
        await self.release(name)
        lock: Lock = await _in_thread(lock_profile, self._folders, name, self._face)
        try:
            await company.secrets.forget_all()
            await _in_thread(profiles.delete, self._folders, name)
        finally:
            lock.release()
        self._companies.pop(name_key(name), None)

    # ---------------------------------------------------------------- what is remembered

    async def preferences(self) -> Preferences:
        """What was remembered; the defaults, with `problem`, where it cannot be read."""
        try:
            loaded = await _in_thread(settings.load, self._folders)
        except Trouble as unreadable:
            return Preferences(problem=unreadable.problem)
        kept = loaded.settings
        return Preferences(kept.last_profile, kept.geometry, kept.said, loaded.problem)

    async def remember(self, preferences: Preferences) -> None:
        """Keep it for the next time; what else stands in the file stays. Raises Trouble(DISK)."""
        async with self._remembering:
            kept = (await _in_thread(settings.load, self._folders)).settings
            changed = msgspec.structs.replace(
                kept,
                last_profile=preferences.last_profile,
                geometry=preferences.geometry,
                said=preferences.said,
            )
            if changed != kept:
                await _in_thread(settings.save, self._folders, changed)

    # ---------------------------------------------------------------- secrets

    async def keep_secret(self, name: str, secret: Secret, text: str, remember: bool) -> SecretState:
        """Into the keyring, or for this run only. Clears a refused mark. Raises Trouble(KEYRING), and
        Trouble(SECRET_MISSING) where the profile has no address that it could be bound to."""
        company = await self._company(name)
        try:
            return await company.secrets.keep(secret, text, remember and not is_practice(name))
        except ValueError:
            raise Trouble(
                Problem(ProblemId.SECRET_MISSING, {"secret": secret.value, "why": "no-address"})
            ) from None

    async def forget_secret(self, name: str, secret: Secret) -> None:
        await (await self._company(name)).secrets.forget(secret)

    async def secret_state(self, name: str, secret: Secret) -> SecretState:
        return await (await self._company(name)).secrets.state(secret)

    # ---------------------------------------------------------------- errands

    async def test(self, name: str, site: Site) -> Tested:
        """Sign in once and say who we are; a refused password is marked and not tried again."""
        company = await self._company(name)
        return await try_sign_in(self._drivers(company), company.secrets, site)

    async def check_pages(self, name: str, person: float, tell: CheckListener) -> PageCheck | None:
        """Walk both sites' pages in the browser, whatever the profile's own driver; None where it was stopped."""
        company = await self._company(name)
        return await self._pages.check(company.profile, company.secrets, company.holds(), person, tell)

    async def point_at(
        self, name: str, site: Site, action: str, person: float, tell: CheckListener
    ) -> Pointed | None:
        """Let a person point at a control in the browser; None where it was stopped."""
        company = await self._company(name)
        return await self._pages.point_at(
            company.profile, company.secrets, company.holds(), site, action, person, tell
        )

    async def teach(self, name: str, label: Taught) -> Unfit | None:
        """Keep a label that a person taught; why not, where it may not be."""
        profile = await self.profile(name)
        others = without_label(profile.labels, label.key)
        unfit = await self._pages.unfit(label, others)
        if unfit is not None:
            return unfit
        if await self.save(msgspec.structs.replace(profile, labels=with_label(others, label))):
            return Unfit.NO_NAME
        _LOG.info("taught in %s by %s: %s is the %s %r", name, who(), label.key, label.role, label.name)
        return None

    async def forget_taught(self, name: str, key: str) -> bool:
        """Take a taught label out of the profile again."""
        profile = await self.profile(name)
        left = without_label(profile.labels, key)
        if left == profile.labels:
            return False
        await self.save(msgspec.structs.replace(profile, labels=left))
        _LOG.info("taken out of what was taught in %s by %s: %s", name, who(), key)
        return True

    async def may_teach(self) -> bool:
        """Reads the policy anew."""
        return await self._pages.may_teach()

    async def stop_check(self) -> None:
        """End the check that is under way; returns when its browser is closed."""
        await self._pages.stop()

    async def job_choices(self, name: str, fresh: bool) -> list[JobChoice]:
        """From the last reading, or (`fresh`) read now, which signs in to Procore."""
        company = await self._company(name)
        moved = None
        if fresh:
            jobs = list(await read_jobs(self._drivers(company), company.secrets))
            moved = await read_moved(self._parts.sources(company, self._services))
            await _in_thread(job_list.save, company.folder, jobs)
        else:
            jobs = await _in_thread(job_list.load, company.folder)
        last = set(company.profile.run.jobs or await (await self._reading(company)).last_jobs())
        return [
            JobChoice(job, None if moved is None else job.code in moved, job.code in last) for job in jobs
        ]

    async def start_training(self, practice: Practice) -> str:
        """Start the training company as a process of its own, and return the name of its profile."""
        served = await self._training.start(practice)
        company = await self._company(PRACTICE_NAME)
        for secret, text in practice_secrets(served).items():
            await company.secrets.keep(secret, text, remember=False)
        return PRACTICE_NAME

    # ---------------------------------------------------------------- web services

    async def connections(self, name: str) -> list[Connection]:
        """The documented web services of a company, tested now: Procore's, then hh2's."""
        services = self._services(await self._company(name))
        return [await services.procore(), await services.hh2()]

    async def ask_for_code(self, name: str) -> str:
        """The address where a person allows this program and is shown a code to copy."""
        return (await self._services(await self._company(name)).begin(out_of_band=True)).address

    async def give_code(self, name: str, text: str) -> SecretState:
        """The code that the person copied."""
        return await self._services(await self._company(name)).answer(text)

    async def sign_in_to_services(self, name: str) -> SecretState:
        """The person signs in to Procore in the driven browser and allows this program; the answer is read there."""
        from app.portals.authorize import allowed
        from app.portals.browser import DrivenBrowser
        from app.procore.authorize import is_redirect

        services = self._services(await self._company(name))
        attempt = await services.begin(out_of_band=False)
        browser = DrivenBrowser(self._folders.runtime, headless=None)
        if browser.headless:
            raise Trouble(Problem(ProblemId.BROWSER, {"why": "no-display"}))
        self.asking = browser
        try:
            await browser.open()
            within = min(self._person or TEN_MINUTES, TEN_MINUTES)
            answer = await allowed(browser, attempt.address, is_redirect, within)
        finally:
            self.asking = None
            await browser.close()
        return await services.answer(answer)

    async def disconnect(self, name: str) -> Disconnected:
        """A person's grant is revoked at Procore and forgotten; of a service account its secret is forgotten."""
        return await self._services(await self._company(name)).disconnect()

    # ---------------------------------------------------------------- history

    async def history(self, name: str | None, limit: int = 200) -> list[RunSummary]:
        """The latest runs of one profile or of all, newest first."""
        names = [name] if name is not None else [*await self.profiles()]
        if name is None and PRACTICE_NAME not in names:
            names.append(PRACTICE_NAME)
        runs: list[RunSummary] = []
        for one in names:
            ledger = await self._ledger_to_read(one)
            runs += await ledger.runs(limit)
        return sorted(runs, key=lambda run: run.started_at, reverse=True)[:limit]

    async def records(self, name: str, run_id: str) -> list[Record]:
        return await (await self._ledger_to_read(name)).records(run_id)

    async def verify(self, name: str) -> Verified:
        company = await self._company(name)
        ledger = await Ledger.open_to_read(company.folder, await self._ledger_key(company))
        return await ledger.verify()

    async def begin_history_anew(self, name: str) -> str:
        """Put a ledger that cannot be used aside; "" where it can be, and nothing is done."""
        company = await self._company(name)
        async with self._opening:
            lock: Lock | None = None
            if company.lock is None:
                lock = await _in_thread(lock_profile, self._folders, company.profile.name, self._face)
            try:
                kept = await Ledger.begin_anew(company.folder)
            finally:
                if lock is not None:
                    lock.release()
        if kept is None:
            return ""
        _LOG.info("a new history of %s was begun by %s; the old one is %s", company.profile.name, who(), kept)
        return kept.name

    async def interrupted(self, name: str) -> RunSummary | None:
        """The run that was cut off, if the last one was and nobody carries it out."""
        company = await self._company(name)
        if company.conductor is not None and company.conductor.busy:
            return None
        return await (await self._reading(company)).interrupted()

    async def usual_seconds(self, name: str, kinds: Sequence[str]) -> dict[str, float]:
        """Medians of this company's own history, for the kinds it has any for."""
        from statistics import median

        ledger = await self._ledger_to_read(name)
        found = {kind: await ledger.durations(kind) for kind in kinds}
        return {kind: median(seconds) for kind, seconds in found.items() if seconds}

    async def last_good(self, name: str) -> datetime | None:
        return await (await self._ledger_to_read(name)).last_good()

    # ---------------------------------------------------------------- runs

    async def conductor(self, name: str, listener: Listener, driver: DriverName | None = None) -> Conductor:
        """The conductor of a profile, by its own driver or another one. Takes the profile's lock."""
        async with self._opening:  # asked for twice at once, the second finds what the first opened
            return await self._opened(name, listener, driver)

    async def _opened(self, name: str, listener: Listener, driver: DriverName | None) -> Conductor:
        company = await self._company(name)
        name = company.profile.name
        if driver is DriverName.TRAINING and not is_training(company.profile):
            facts: dict[str, Fact] = {"file": name, "what": "driver", "value": driver.value}
            raise Trouble(Problem(ProblemId.FILE_BROKEN, {**facts, "expected": "driver-real"}))
        if company.lock is None:
            folder = await _in_thread(self._folders.of_profile_ready, name)
            await _in_thread(storage_folders.check_writable, folder)
            company.lock = await _in_thread(lock_profile, self._folders, name, self._face)
        if company.ledger is not None:
            before, company.ledger, company.conductor = company.ledger, None, None
            await before.close()
        company.ledger = await Ledger.open(company.folder, await self._ledger_key(company))
        profile = company.profile
        setting = Setting(
            profile=name,
            driver_name=(driver or profile.driver).value,
            training=is_training(profile),
            who=who(),
            version=__version__,
            proof_minutes=profile.run.proof_minutes,
            brake=profile.match.brake,
            taught=lambda: tuple(
                f"{one.key}: {one.role} {one.name}" for one in self._pages.allowed(company.profile).labels
            ),
        )
        company.conductor = RunConductor(
            setting,
            drivers=self._drivers(company, driver),
            sources=self._parts.sources(company, self._services),
            secrets=company.secrets,
            ledger=company.ledger,
            clock=SystemClock(),
            policy=self._parts.policy(profile, driver or profile.driver),
            listener=listener,
            matcher=self.matching.of_run(name),
        )
        return company.conductor

    async def release(self, name: str) -> None:
        """Let go of the profile's lock and ledger."""
        async with self._opening:
            await self._let_go(name)

    async def _let_go(self, name: str) -> None:
        company = self._companies.get(name_key(name))
        if company is None:
            return
        company.conductor = None
        await self.match_reports.release(company.folder)
        if company.ledger is not None:
            await company.ledger.close()
            company.ledger = None
        if company.lock is not None:
            lock, company.lock = company.lock, None
            await _in_thread(lock.release)

    async def close(self) -> None:
        """Let go of everything; the training company ends."""
        await self.stop_check()
        if self.asking is not None:
            await self.asking.close()
        for name in list(self._companies):
            await self.release(name)
        await self._training.end()
        self._keyring.close()
        if self._log is not None:
            await _in_thread(self._log.close)

    # ---------------------------------------------------------------- companies in use

    def _drivers(self, company: Company, driver: DriverName | None = None) -> Callable[[], Driver]:
        return self._parts.drivers(company, driver)

    async def _ledger_key(self, company: Company) -> bytes | None:
        # Nothing of the training company is put into the person's keyring.
        return None if is_training(company.profile) else await company.secrets.ledger_key()

    async def _company(self, name: str) -> Company:
        """A profile in use; reads it anew, so that a hand-edited file counts from the next run on."""
        await self.may_teach()
        profile = await self.profile(name)
        company = self._companies.get(name_key(name))
        if company is None:
            folder = self._folders.of_profile(profile.name)
            company = Company(profile, folder, ProfileSecrets(profile, folder, self._keyring))
            self._companies[name_key(name)] = company
        company.profile = profile
        company.secrets.use(profile)
        if company.services is not None:
            company.services.use(profile)
        return company

    async def _folder_of(self, name: str) -> Path:
        return (await self._company(name)).folder

    def _services(self, company: Company) -> "Services":
        """The company's web services; their rooms are imported when they are first asked for."""
        if company.services is None:
            from app.assembly.connect import Services

            company.services = Services(company.profile, company.secrets, self._folders)
        return company.services

    async def _reading(self, company: Company) -> Ledger:
        return company.ledger or await Ledger.open_to_read(company.folder)

    async def _ledger_to_read(self, name: str) -> Ledger:
        company = self._companies.get(name_key(name))
        if company is not None:
            return await self._reading(company)
        return await Ledger.open_to_read(self._folders.of_profile(await self.spelt(name) or name))


async def _in_thread(work: Callable[..., T], *arguments: object) -> T:
    return await anyio.to_thread.run_sync(work, *arguments)
