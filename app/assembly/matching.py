"""Do they match? The sources of a company opened, read and compared, and the report written where it is wanted."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
from anyio import to_thread

from app import __version__
from app.assembly import match_choice
from app.assembly.account import who
from app.assembly.forgetting import delete_readings
from app.assembly.match_files import files_given, keep_columns, look_at_file
from app.assembly.pages import Held
from app.assembly.practice import is_practice
from app.domain.events import Record, ReportSaved
from app.domain.history import RunSummary
from app.domain.lists import Kind, Side, Source
from app.domain.looks import SUCCESSES
from app.domain.match_progress import Compared, Estimate, Progress, Summary
from app.domain.match_question import Asked, FileLook, Options, RunFacts
from app.domain.problems import AT_SITE, ProblemId, Trouble, problem_of, trouble
from app.domain.profile import Profile
from app.domain.queues import looks
from app.domain.run import RunState, fold
from app.domain.tabs import Tab
from app.engine.faces import MatchListener
from app.engine.ports import Service
from app.storage.folders import Folders
from app.storage.lock import Face, Lock, lock_profile
from app.storage.profile_secrets import ProfileSecrets

if TYPE_CHECKING:
    from app.procore.kept import TokenStore

_LOG = logging.getLogger(__name__)
_LOOKED_BACK = 200  # runs; "since at least" is true of any of them


class Company(Protocol):
    """A profile in use, as far as a comparison needs it."""

    profile: Profile
    folder: Path
    secrets: ProfileSecrets
    lock: Lock | None

    def holds(self) -> Held: ...


class Services(Protocol):
    """The web services of a company, as far as a comparison needs them."""

    def tokens(self) -> "TokenStore": ...


C = TypeVar("C", bound=Company)


class Ledgers(Protocol):
    """The runs of the companies."""

    async def history(self, name: str | None, limit: int = 200) -> list[RunSummary]: ...
    async def records(self, name: str, run_id: str) -> list[Record]: ...


class Matching(Generic[C]):
    """Fulfils `engine.faces.Matching`. `company` and `services` are the house's own; `note` writes into the ledger of a
    company that is locked, where it can; `release` closes the reports that lie open of a company's folder, where any
    may."""

    def __init__(
        self,
        folders: Folders,
        face: Face,
        ledgers: Ledgers,
        company: Callable[[str], Awaitable[C]],
        services: Callable[[C], Services],
        note: Callable[[str, ReportSaved], Awaitable[bool]],
    ) -> None:
        self._folders = folders
        self._face: Face = face
        self._ledgers = ledgers
        self._company = company
        self._tokens = services
        self._note = note
        self._busy: set[str] = set()
        self.release: Callable[[Path], Awaitable[None]] | None = None
        self._practised = ""  # the address of the training company that the store of practice is of
        self._chosen_in_practice: dict[str, Asked] = {}  # by that address

    async def match(self, name: str, asked: Asked, tell: MatchListener) -> Compared:
        """Read both sides and compare them, in the words of the last run; what is written is noted in the ledger."""
        company = await self._company(name)
        async with self._locked(company):
            found = await self._match(company, asked, tell, await self._last_run(company.profile.name))
            if not found.files:
                return found
            saved = ReportSaved(found.report.id, who(), found.files)
            return msgspec.structs.replace(found, noted=await self._note(company.profile.name, saved))

    async def forget(self, name: str) -> int:
        """Delete what was read of the company and what comparisons made of it; the ledger, the settings and the secrets
        stay. Returns how many files there were. Raises Trouble(IN_USE, DISK)."""
        company = await self._company(name)
        if company.holds().busy:
            raise trouble(ProblemId.IN_USE, who=who(), face=self._face)
        async with self._locked(company):
            if self.release is not None:
                await self.release(company.folder)
            gone = await to_thread.run_sync(delete_readings, company.folder)
        _LOG.info("what was read of %s was deleted by %s: %d files", company.profile.name, who(), gone)
        return gone

    async def look_at_file(self, name: str, side: Side, kind: Kind, path: str) -> FileLook:
        """How a file would be read in place of a list. Raises Trouble(FILE_BROKEN)."""
        return await to_thread.run_sync(look_at_file, await self._read_folder(name), side, kind, Path(path))

    async def keep_columns(self, look: FileLook, name: str) -> None:
        """A person confirmed how files with these headings are read. Raises Trouble(DISK)."""
        await to_thread.run_sync(keep_columns, await self._read_folder(name), look)

    async def chosen(self, name: str) -> Asked:
        """What was chosen at the training company stands for this start of it alone."""
        profile = (await self._company(name)).profile
        if is_practice(profile.name):
            return self._chosen_in_practice.get(profile.hh2.address, Asked())
        return await to_thread.run_sync(match_choice.load, await self._read_folder(name))

    async def keep_chosen(self, name: str, asked: Asked) -> None:
        """Keep what a person chose to compare, for the next time. Raises Trouble(DISK)."""
        profile = (await self._company(name)).profile
        if is_practice(profile.name):
            self._chosen_in_practice = {profile.hh2.address: asked}
        else:
            await to_thread.run_sync(match_choice.save, await self._read_folder(name), asked)

    async def _read_folder(self, name: str) -> Path:
        from app.match.store import FOLDER

        return (await self._company(name)).folder / FOLDER

    def of_run(self, name: str) -> "OfRun[C]":
        """The comparison at the end of a run."""
        return OfRun(self, name)

    async def match_run(self, name: str, run: RunState, tell: MatchListener) -> Summary:
        """As `match`, for a run that has the company locked; its report goes to the company's own folder."""
        from app.match.store import FOLDER, REPORTS

        company = await self._company(name)
        asked = Asked(out=str(company.folder / FOLDER / REPORTS))
        return (await self._match(company, asked, tell, run)).summary()

    async def _match(self, company: C, asked: Asked, tell: MatchListener, run: RunState | None) -> Compared:
        from app.assembly.paper import print_pdf
        from app.match.exports import Export, remove_older, write
        from app.match.report import Pages
        from app.match.run import match
        from app.match.store import FOLDER, REPORTS, open_store

        profile = company.profile
        options = Options(
            tolerance=asked.tolerance,
            jobs=asked.jobs,
            as_of=asked.as_of,
            brake=None if asked.against_brake else profile.match.brake,
            fresh=asked.fresh,
            retention_days=profile.match.keep_days,
            run=await self._facts(profile.name, run),
            who=who(),
            company=profile.procore.company_name or profile.name,
            version=__version__,
        )
        async with AsyncExitStack() as stack:
            await self._forget_the_last_practice(company)
            files, columns = await to_thread.run_sync(files_given, asked, company.folder / FOLDER)
            services = await self._services(company, stack, tell)
            store = await to_thread.run_sync(open_store, company.folder)
            stack.callback(store.close)
            report = await match([*files, *services], store, options, tell, foresee=tell)
            reports = company.folder / FOLDER / REPORTS
            await to_thread.run_sync(remove_older, reports, profile.match.keep_days, report.at)
            written = []
            if asked.out:
                tell(Progress("writing"))
                written = await to_thread.run_sync(
                    write, report, Pages(store), Path(asked.out), tuple(Export), print_pdf
                )
            return Compared(report, tuple(written), tuple(columns))

    async def _services(self, company: C, stack: AsyncExitStack, tell: MatchListener) -> list[Source]:
        """The web services that are set up, signed in to. Raises Trouble for one that refused or gave no answer."""
        from app.assembly.sources import open_hh2, open_procore
        from app.hh2.lists import Hh2Ledgers
        from app.procore.lists import ProcoreLedgers
        from app.procore.pace import Pace

        profile, found = company.profile, list[Source]()
        hh2 = await open_hh2(profile, company.secrets)
        if hh2 is not None:
            session, service = hh2
            stack.push_async_callback(service.close)
            await _sign_in(service)
            name = f"hh2 ({profile.hh2.site or urlsplit(profile.hh2.address).hostname})"
            found.append(Hh2Ledgers(session, service.sign_in, name))
        pace = Pace(lambda seconds: tell(Progress("waiting", Side.PROCORE, seconds=seconds)))
        procore = await open_procore(profile, company.secrets, self._tokens(company).tokens(), pace)
        if procore is not None:
            rest, service = procore
            stack.push_async_callback(service.close)
            await _sign_in(service)
            number = profile.procore.company_id
            found.append(ProcoreLedgers(rest, number, pace, f"Procore ({number})"))
        return found

    async def _last_run(self, name: str) -> RunState | None:
        runs = await self._ledgers.history(name, 1)
        return fold(await self._ledgers.records(name, runs[0].run_id)) if runs else None

    async def _facts(self, name: str, run: RunState | None) -> RunFacts:
        """What the last run tells, and of what waits the runs before it too: as far back as records were there."""
        if run is None:
            return RunFacts()
        seen = looks(run)
        for line in await self._ledgers.history(name, _LOOKED_BACK) if seen.open else ():
            if line.run_id == run.run_id or not any(line.tabs.values()):
                continue
            earlier = fold(await self._ledgers.records(name, line.run_id))
            seen = seen.before(earlier) if earlier is not None else seen
            if not seen.open:
                break
        return msgspec.structs.replace(facts(run), waiting_since=seen.by_tab())

    async def is_current(self, name: str) -> bool:
        """False for what was read of an earlier start of the training company: each is a company of its own."""
        profile = (await self._company(name)).profile
        return not is_practice(profile.name) or profile.hh2.address == self._practised

    async def _forget_the_last_practice(self, company: Company) -> None:
        from app.match.store import delete_all

        if not await self.is_current(company.profile.name):
            if self.release is not None:
                await self.release(company.folder)
            await to_thread.run_sync(delete_all, company.folder)
            self._practised = company.profile.hh2.address

    @asynccontextmanager
    async def _locked(self, company: Company) -> AsyncIterator[None]:
        """While inside, no other program and no other comparison works with the company. Raises Trouble(IN_USE)."""
        name = company.profile.name
        if name in self._busy:
            raise trouble(ProblemId.IN_USE, who=who(), face=self._face)
        self._busy.add(name)
        lock: Lock | None = None
        try:
            await to_thread.run_sync(self._folders.of_profile_ready, name)
            if company.lock is None:
                lock = await to_thread.run_sync(lock_profile, self._folders, name, self._face)
            yield
        finally:
            self._busy.discard(name)
            if lock is not None:
                lock.release()


class OfRun(Generic[C]):
    """Fulfils `engine.ports.Matcher`."""

    def __init__(self, matching: Matching[C], name: str) -> None:
        self._matching = matching
        self._name = name

    async def match(self, run: RunState, tell: Callable[[Progress | Estimate], None]) -> Summary:
        return await self._matching.match_run(self._name, run, tell)


def facts(run: RunState) -> RunFacts:
    """What a run tells a comparison: its filters, when step 1 ended, when each job's costs were asked for, and what
    waits."""
    step, costs = run.step_one, run.tabs[Tab.JOB_COSTS]
    refreshed = {
        job.code: at
        for job in run.jobs
        if (one := costs.jobs.get(job.key)) is not None
        and one.outcome in SUCCESSES
        and (at := one.pressed_at) is not None
    }
    return RunFacts(
        run_id=run.run_id,
        filters=(step.filters_now or run.plan.filters) if run.plan.step_one else None,
        synced_at=step.finished_at if run.opened is not None and run.plan.step_one else None,
        refreshed=refreshed,
        waiting={tab: run.tabs[tab].waiting for tab in run.chosen},
    )


async def _sign_in(service: Service) -> None:
    try:
        await service.sign_in()
    except AT_SITE as failed:
        raise Trouble(problem_of(failed, service.site.value)) from None
