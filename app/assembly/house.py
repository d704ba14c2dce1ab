"""The workplace of the faces: profiles, secrets, errands, history, and a conductor for each profile."""

from contextlib import suppress
from functools import partial

import msgspec
from anyio import to_thread

from app import __version__
from app.assembly.account import who
from app.assembly.companies import Companies
from app.assembly.histories import Histories
from app.assembly.machine_policy import MachinePolicy
from app.assembly.match_reports import MatchReports
from app.assembly.matching import Matching
from app.assembly.noting import note_saved
from app.assembly.pages import Pages
from app.assembly.parts import Parts
from app.assembly.past import Past
from app.assembly.places import Places
from app.assembly.practice import PRACTICE_NAME, is_practice, practice_secrets
from app.assembly.preflight import Preflight
from app.assembly.remembered import Remembered
from app.assembly.support import SupportBundles
from app.assembly.teaching import Teaching
from app.assembly.telling import write_result
from app.assembly.training_company import TrainingCompany
from app.assembly.web_services import WebServices
from app.domain.events import Site
from app.domain.freshness import shown
from app.domain.page_check import PageCheck
from app.domain.problems import Fact, Problem, ProblemId, Trouble
from app.domain.profile import (
    DriverName,
    Secret,
    SecretState,
    is_training,
)
from app.domain.taught import Pointed
from app.engine.clock import SystemClock
from app.engine.conductor import RunConductor, Setting
from app.engine.faces import CheckListener, Conductor, JobChoice, Listener, Practice, Tested
from app.engine.trial import read_jobs, read_moved, try_sign_in
from app.storage import folders as storage_folders
from app.storage import job_list
from app.storage.folders import Folders
from app.storage.keyring_thread import KeyringThread
from app.storage.lock import Face
from app.storage.log import ProgramLog
from app.storage.log import start as start_log


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
        self._training = TrainingCompany()
        self._policy = MachinePolicy(self._folders)
        remembered = Remembered(self._folders)
        self._companies = companies = Companies(
            self._folders, face, self._keyring, self._training, self._policy, remembered
        )
        self._pages = Pages(self._folders, face, self._policy)
        self._parts = Parts(self._folders, self._policy, self._training, person=person, presses=presses)
        self.web = web = WebServices(self._folders, companies, self._policy, person)
        teaching, histories = Teaching(companies, self._pages), Histories(companies)
        note = partial(note_saved, companies.use, companies.ledger_key)
        self.matching = Matching(
            self._folders, face, histories, companies.use, companies.services, partial(note, locked=True)
        )
        self.match_reports = MatchReports(companies.folder_of, self.matching.is_current, note)
        self.matching.release = companies.released = self.match_reports.release
        self.ready = Preflight(self._folders, self._training, companies.use, companies.services)
        self.places = Places(companies.use)
        self.past = Past(companies.folder_of, self.matching.is_current, companies.ledger_to_read)
        self.support = SupportBundles(self._folders, companies.use, companies.reading, self.ready)

        # What other rooms of this floor fulfil, by the names that the faces know
        self.profiles, self.spelt, self.profile = companies.profiles, companies.spelt, companies.profile
        self.save, self.delete, self.release = companies.save, companies.delete, companies.release
        self.laid_down, self.policy_files = companies.laid_down, companies.policy_files
        self.preferences, self.remember = remembered.preferences, remembered.remember
        self.may_teach, self.teach = self._policy.may_teach, teaching.teach
        self.forget_taught, self.stop_check = teaching.forget_taught, self._pages.stop
        self.connections, self.disconnect = web.connections, web.disconnect
        self.ask_for_code, self.give_code = web.ask_for_code, web.give_code
        self.sign_in_to_services = web.sign_in_to_services
        self.history, self.records, self.verify = histories.history, histories.records, histories.verify
        self.begin_history_anew, self.interrupted = histories.begin_history_anew, histories.interrupted
        self.habits, self.last_good = histories.habits, histories.last_good

    # ---------------------------------------------------------------- secrets

    async def keep_secret(self, name: str, secret: Secret, text: str, remember: bool) -> SecretState:
        """Into the keyring, or for this run only. Clears a refused mark. Raises Trouble(KEYRING), and
        Trouble(SECRET_MISSING) where the profile has no address that it could be bound to."""
        company = await self._companies.use(name)
        try:
            return await company.secrets.keep(secret, text, remember and not is_practice(name))
        except ValueError:
            raise Trouble(
                Problem(ProblemId.SECRET_MISSING, {"secret": secret.value, "why": "no-address"})
            ) from None

    async def forget_secret(self, name: str, secret: Secret) -> None:
        await (await self._companies.use(name)).secrets.forget(secret)

    async def secret_state(self, name: str, secret: Secret) -> SecretState:
        return await (await self._companies.use(name)).secrets.state(secret)

    # ---------------------------------------------------------------- errands

    async def test(self, name: str, site: Site) -> Tested:
        """Sign in once and say who we are; a refused password is marked and not tried again."""
        company = await self._companies.use(name)
        tested, look = await try_sign_in(self._parts.drivers(company), company.secrets, site)
        if look is None:
            return tested
        known = await self.past.freshness(name)
        return msgspec.structs.replace(tested, shown=shown(look, known, SystemClock().now()))

    async def check_pages(self, name: str, person: float, tell: CheckListener) -> PageCheck | None:
        """Walk both sites' pages in the browser, whatever the profile's own driver; None where it was stopped."""
        company = await self._companies.use(name)
        return await self._pages.check(company.profile, company.secrets, company.holds(), person, tell)

    async def point_at(
        self, name: str, site: Site, action: str, person: float, tell: CheckListener
    ) -> Pointed | None:
        """Let a person point at a control in the browser; None where it was stopped."""
        company = await self._companies.use(name)
        return await self._pages.point_at(
            company.profile, company.secrets, company.holds(), site, action, person, tell
        )

    async def job_choices(self, name: str, fresh: bool) -> list[JobChoice]:
        """From the last reading, or (`fresh`) read now, which signs in to Procore."""
        company = await self._companies.use(name)
        moved = None
        if fresh:
            jobs = list(await read_jobs(self._parts.drivers(company), company.secrets))
            moved = await read_moved(self._parts.sources(company, self._companies.services))
            await to_thread.run_sync(job_list.save, company.folder, jobs)
        else:
            jobs = await to_thread.run_sync(job_list.load, company.folder)
        last = set(company.profile.run.jobs or await (await self._companies.reading(company)).last_jobs())
        return [
            JobChoice(job, None if moved is None else job.code in moved, job.code in last) for job in jobs
        ]

    async def start_training(self, practice: Practice) -> str:
        """Start the training company as a process of its own, and return the name of its profile."""
        served = await self._training.start(practice)
        company = await self._companies.use(PRACTICE_NAME)
        for secret, text in practice_secrets(served).items():
            await company.secrets.keep(secret, text, remember=False)
        return PRACTICE_NAME

    # ---------------------------------------------------------------- runs

    async def conductor(self, name: str, listener: Listener, driver: DriverName | None = None) -> Conductor:
        """The conductor of a profile, by its own driver or another one. Takes the profile's lock."""
        async with self._companies.opening:  # asked for twice at once, the second finds what the first opened
            return await self._opened(name, listener, driver)

    async def _opened(self, name: str, listener: Listener, driver: DriverName | None) -> Conductor:
        company = await self._companies.use(name)
        name = company.profile.name
        if driver is DriverName.TRAINING and not is_training(company.profile):
            facts: dict[str, Fact] = {"file": name, "what": "driver", "value": driver.value}
            raise Trouble(Problem(ProblemId.FILE_BROKEN, {**facts, "expected": "driver-real"}))
        ledger = await self._companies.take(company)
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
                f"{one.key}: {one.role} {one.name}" for one in self._policy.allowed(company.profile).labels
            ),
        )
        company.conductor = RunConductor(
            setting,
            drivers=self._parts.drivers(company, driver),
            sources=self._parts.sources(company, self._companies.services),
            secrets=company.secrets,
            ledger=ledger,
            clock=SystemClock(),
            patience=self._parts.patience(profile, driver or profile.driver),
            listener=listener,
            matcher=self.matching.of_run(name),
            written=partial(write_result, company.folder),
        )
        return company.conductor

    async def close(self) -> None:
        """Let go of everything; the training company ends."""
        await self.stop_check()
        await self.web.close()
        await self._companies.release_all()
        await self._training.end()
        self._keyring.close()
        if self._log is not None:
            await to_thread.run_sync(self._log.close)
