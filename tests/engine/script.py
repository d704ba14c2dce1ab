"""Two sites that follow a script, for what the training servers cannot be brought to say.

They stand in for hh2 and Procore, never for a part of ours: engine, ledger and clock are the real ones."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain import events as ev
from app.domain.events import Record, Site
from app.domain.filters import Filters
from app.domain.gate import Permit
from app.domain.looks import EvidenceKind, Phase, SyncLook, TabLook
from app.domain.tabs import Job, Tab
from app.engine.clock import SystemClock
from app.engine.conductor import RunConductor, Setting
from app.engine.patience import Patience
from app.engine.ports import Credentials, Hand, Matcher, Movement, Service, Sources
from app.storage.ledger import Ledger
from tests.end_to_end.company import Told

OLD = SyncLook(Phase.DONE, "1", "Completed yesterday")
NEW = SyncLook(Phase.DONE, "2", "Completed now")
RUNNING = SyncLook(Phase.RUNNING, "2", "Running", 0.5)
QUIET = TabLook(Phase.DONE, "1", "Refreshed yesterday")
FRESH = TabLook(Phase.DONE, "2", "Refreshed now")
BUSY = TabLook(Phase.RUNNING, "1", "Refreshing", can_press=False)
JOBS = (Job("1", "24-001", "Clinic"), Job("2", "24-002", "École"))
Said = object
QUICK = Patience(
    poll=0.005, request=0.5, appear=0.05, pick_up=0.05, step_one=0.6, tab=0.6, busy=0.5, person=0.0, blind=0.05,
    tries=2, first_retry=0.001, last_retry=0.002, still_tab=0.08,
)  # fmt: skip


class Script:
    """The answers of one call, in order; the last one stays. An exception is raised, a function is called."""

    def __init__(self, *says: Said) -> None:
        self._says = list(says)
        self.calls = 0

    def next(self) -> Said:
        self.calls += 1
        said = self._says.pop(0) if len(self._says) > 1 else self._says[0]
        if isinstance(said, BaseException):
            raise said
        return said() if callable(said) and not isinstance(said, type) else said


async def _said(script: Script) -> Said:
    """An answer that may take its time: a coroutine is awaited."""
    said = script.next()
    return await said if inspect.isawaitable(said) else said


class ScriptedHh2:
    """An hh2 that says what it is told to."""

    evidence = EvidenceKind.PAGE

    def __init__(self, **calls: Script) -> None:
        usual = {
            "sign_in": Script("dana"),
            "is_signed_in": Script(False),
            "read_filters": Script((Filters(), "")),
            "apply_filters": Script(Filters()),
            "look": Script(OLD, OLD, RUNNING, NEW),
            "start": Script("started"),
        }
        self.calls = {**usual, **calls}

    async def sign_in(self, _credentials: Credentials | None) -> str:
        return str(self.calls["sign_in"].next())

    async def is_signed_in(self) -> bool:
        return bool(self.calls["is_signed_in"].next())

    async def read_filters(self) -> tuple[Filters | None, str]:
        said: tuple[Filters | None, str] = self.calls["read_filters"].next()  # type: ignore[assignment]
        return said

    async def apply_filters(self, _filters: Filters) -> Filters:
        said: Filters = await _said(self.calls["apply_filters"])  # type: ignore[assignment]
        return said

    async def look(self) -> SyncLook:
        said: SyncLook = self.calls["look"].next()  # type: ignore[assignment]
        return said

    async def start(self) -> str:
        return str(await _said(self.calls["start"]))


class ScriptedProcore:
    """A Procore that says what it is told to."""

    evidence = EvidenceKind.PAGE
    at_once = 1

    def __init__(self, **calls: Script) -> None:
        usual = {
            "sign_in": Script("dana"),
            "is_signed_in": Script(False),
            "missing_rights": Script({}),
            "jobs": Script(JOBS),
            "look": Script(QUIET, FRESH),
            "press": Script("begun"),
        }
        self.calls = {**usual, **calls}
        self.pressed: list[tuple[Tab, str]] = []
        self.uses_permit_first = True
        self.begins_at: list[str] = []

    async def sign_in(self, _credentials: Credentials | None) -> str:
        return str(self.calls["sign_in"].next())

    async def is_signed_in(self) -> bool:
        return bool(self.calls["is_signed_in"].next())

    def begin_at(self, address: str) -> None:
        self.begins_at.append(address)

    async def missing_rights(self, _tabs: Sequence[Tab]) -> dict[Tab, str]:
        said: dict[Tab, str] = self.calls["missing_rights"].next()  # type: ignore[assignment]
        return said

    async def jobs(self) -> tuple[Job, ...]:
        said: tuple[Job, ...] = self.calls["jobs"].next()  # type: ignore[assignment]
        return said

    async def look(self, _tab: Tab, _job: Job | None) -> TabLook:
        said: TabLook = await _said(self.calls["look"])  # type: ignore[assignment]
        return said

    async def press(self, permit: Permit) -> str:
        if self.uses_permit_first:
            permit.use()
        self.pressed.append((permit.tab, permit.job.code if permit.job else ""))
        return str(await _said(self.calls["press"]))


class ScriptedDriver:
    """Both of them; `opens` is what opening says."""

    name = "scripted"

    def __init__(
        self, hh2: ScriptedHh2, procore: ScriptedProcore, opens: Script, job_pause: float = 0.0
    ) -> None:
        self.hh2, self.procore, self._opens, self.job_pause = hh2, procore, opens, job_pause
        self.fronts: list[Site] = []
        self.closed = 0

    async def open(self, hand: Hand | None = None) -> None:
        self.hand = hand
        self._opens.next()

    async def to_front(self, site: Site) -> None:
        self.fronts.append(site)

    async def close(self) -> None:
        self.closed += 1


class ScriptedService:
    """A web service that says what it is told to."""

    def __init__(
        self,
        sign_in: Script,
        rights: Script | None = None,
        *,
        site: Site = Site.PROCORE,
        tool: Script | None = None,
    ) -> None:
        self._sign_in, self._rights, self.site = sign_in, rights or Script(None), site
        self._tool = tool or Script("")
        self.closed = False

    async def sign_in(self) -> str:
        return str(self._sign_in.next())

    async def check_rights(self, _tabs: object) -> None:
        self._rights.next()

    async def tool_page(self) -> str:
        return str(self._tool.next())

    async def close(self) -> None:
        self.closed = True


class ScriptedMovement:
    """What moved, or why it cannot be told."""

    def __init__(
        self, before: Script | None = None, moved: Script | None = None, since: Script | None = None
    ) -> None:
        self._before, self._moved, self._since = (one or Script(None) for one in (before, moved, since))
        self.settled: list[str] = []

    async def before(self) -> None:
        self._before.next()

    async def moved(self) -> frozenset[str] | None:
        said: frozenset[str] | None = self._moved.next()  # type: ignore[assignment]
        return said

    async def since_settled(self) -> frozenset[str] | None:
        said: frozenset[str] | None = self._since.next()  # type: ignore[assignment]
        return said

    async def settle(self, job_code: str) -> None:
        self.settled.append(job_code)


class NoSecrets:
    """A company without kept secrets."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    async def credentials(self, _site: Site) -> Credentials | None:
        return None

    async def mark_refused(self, _site: Site, fingerprint: str) -> None:
        self.refused.append(fingerprint)


@dataclass(frozen=True)
class Password:
    """A kept password that tells nobody what it is."""

    user: str = "dana"
    fingerprint: str = "f1"

    def reveal(self) -> str:
        return "made-up"


class OnePassword(NoSecrets):
    """A company whose password for both sites is kept."""

    async def credentials(self, _site: Site) -> Credentials | None:
        return Password()


class StageClock(SystemClock):
    """Deadlines pass by what is slept, and four times more slowly by what the machine takes that runs the tests. The
    time of day never goes on by less."""

    def __init__(self) -> None:
        self._began, self.slept = super().ticks(), 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.slept)

    def ticks(self) -> float:
        return self.slept + (super().ticks() - self._began) / 4

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.005))
        self.slept += seconds


class Stage:
    """A conductor over scripted sites, with a real ledger in `folder`."""

    def __init__(
        self,
        folder: Path,
        *,
        hh2: ScriptedHh2 | None = None,
        procore: ScriptedProcore | None = None,
        opens: Script | None = None,
        services: Iterable[Service] = (),
        movement: Movement | None = None,
        patience: Patience = QUICK,
        secrets: NoSecrets | None = None,
        clock: SystemClock | None = None,
        matcher: Matcher | None = None,
    ) -> None:
        self.hh2, self.procore = hh2 or ScriptedHh2(), procore or ScriptedProcore()
        self.driver = ScriptedDriver(self.hh2, self.procore, opens or Script(None))
        self._folder, self._patience = folder, patience
        self._sources = Sources(tuple(services), movement)
        self.passed = StageClock()  # its own clock, where it is given none
        self.secrets, self._clock, self._matcher = secrets or NoSecrets(), clock or self.passed, matcher
        self.told = Told()
        self.ledger: Ledger | None = None

    async def conductor(self, make_driver: Callable[[], ScriptedDriver] | None = None) -> RunConductor:
        """The conductor; close with `close`."""
        ledger = await self.open_ledger()

        async def sources() -> Sources:
            return self._sources

        return RunConductor(
            Setting("Acme", "browser", False, "dana", "0.1.0", proof_minutes=60),
            drivers=make_driver or (lambda: self.driver),
            sources=sources,
            secrets=self.secrets,
            ledger=ledger,
            clock=self._clock,
            matcher=self._matcher,
            patience=self._patience,
            listener=self.told,
        )

    async def open_ledger(self) -> Ledger:
        """The ledger, opened once."""
        if self.ledger is None:
            self.ledger = await Ledger.open(self._folder, None)
        return self.ledger

    async def written(self, *events: ev.AnyEvent, run_id: str = "cut-off", apart: float = 0.0) -> str:
        """A run in the ledger that goes as far as these events, `apart` seconds between them, the last one now."""
        ledger, now = await self.open_ledger(), datetime.now(UTC)
        for seq, event in enumerate(events, start=1):
            at = now - timedelta(seconds=apart * (len(events) - seq))
            await ledger.append(Record(seq, at, run_id, event))
        return run_id

    async def close(self) -> None:
        """Let go of the ledger."""
        if self.ledger is not None:
            await self.ledger.close()


Make = Callable[..., Stage]
