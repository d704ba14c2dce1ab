"""The training driver: a plain HTTP client of the training company's own routes. It refuses any other host."""

from collections.abc import Sequence
from typing import NoReturn, Protocol, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from app.domain.addresses import is_loopback
from app.domain.events import Site
from app.domain.filters import Filters
from app.domain.gate import Permit
from app.domain.looks import EvidenceKind, SyncLook, TabLook
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotReadable,
    Problem,
    ProblemId,
    SessionLost,
    Trouble,
    trouble,
)
from app.domain.tabs import Job, Tab
from app.http import Answer, Client, decode, open_client, raise_if_down, read, send, unreadable

T = TypeVar("T")

REQUEST_SECONDS = 30.0
VALIDATED = 5


class Credentials(Protocol):
    """A user name and a secret that is read at the moment of sending."""

    @property
    def user(self) -> str: ...
    def reveal(self) -> str: ...


class _User(msgspec.Struct):
    Username: str


class _Verdict(msgspec.Struct):
    Result: int
    AuthenticatedUser: _User | None = None


class _Who(msgspec.Struct):
    user: str


class _Filters(msgspec.Struct):
    filters: Filters
    about_depth: str


class _Began(msgspec.Struct):
    started: bool
    text: str
    why: str = ""


class _Rights(msgspec.Struct):
    lacking: dict[Tab, str]


class _Jobs(msgspec.Struct):
    jobs: tuple[Job, ...]


class _Portal:
    """What both training portals share: one client, one session, and what an answer means."""

    evidence = EvidenceKind.TRAINING

    def __init__(self, site: Site, address: str) -> None:
        if not is_loopback(urlsplit(address).hostname or ""):
            raise ValueError("the training driver speaks to this computer alone")
        self._site = site.value
        self._client: Client = open_client(address, timeout=REQUEST_SECONDS)

    async def close(self) -> None:
        await self._client.aclose()

    async def is_signed_in(self) -> bool:
        """A read that tells whether the session lives; sends no secret."""
        try:
            await self._look("/training/who", _Who)
        except SessionLost:
            return False
        return True

    async def _look(self, path: str, wanted: type[T], query: dict[str, str] | None = None) -> T:
        answer = await read(self._client, self._site, path, query=query)
        self._check_session(answer)
        return decode(answer, wanted, self._site)

    async def _press(self, path: str, body: object, wanted: type[T]) -> T:
        """Send a press. An answer that cannot be understood is an answer lost."""
        answer = await send(self._client, self._site, path, content=msgspec.json.encode(body))
        self._check_session(answer)
        if answer.status in (403, 409):
            self._declined(answer)
        try:
            return decode(answer, wanted, self._site)
        except NotReadable as unclear:
            raise AnswerLost(f"the answer was {unclear.problem.facts.get('what')}") from None

    def _declined(self, answer: Answer) -> NoReturn:
        try:
            said = msgspec.json.decode(answer.body, type=_Began)
            problem = Problem(ProblemId(said.why), {"text": said.text})
        except (msgspec.DecodeError, ValueError):
            raise AnswerLost(f"status {answer.status}") from None
        if said.started:
            raise AnswerLost(f"status {answer.status}")
        raise Declined(problem)

    def _check_session(self, answer: Answer) -> None:
        if answer.status == 401 or 300 <= answer.status < 400:
            raise SessionLost(self._site)

    async def _submit(self, credentials: Credentials | None) -> tuple[_Verdict, str]:
        """Send user name and password once: the verdict, and who we are there."""
        if credentials is None:
            raise trouble(ProblemId.SECRET_MISSING, site=self._site)
        self._client.cookies.clear()
        body = msgspec.json.encode({"user": credentials.user, "password": credentials.reveal()})
        answer = await send(self._client, self._site, "/training/sign-in", content=body)
        raise_if_down(answer, self._site)
        if 300 <= answer.status < 400:
            raise unreadable(self._site, f"status {answer.status}")
        verdict = decode(answer, _Verdict, self._site)
        if verdict.Result == VALIDATED and verdict.AuthenticatedUser is None:
            raise unreadable(self._site, "unexpected JSON")
        who = verdict.AuthenticatedUser.Username if verdict.AuthenticatedUser else credentials.user
        return verdict, who


class TrainingHh2(_Portal):
    """The training company's hh2, as an `Hh2Portal`."""

    def __init__(self, address: str) -> None:
        super().__init__(Site.HH2, address)

    async def sign_in(self, credentials: Credentials | None) -> str:
        """Submits the password once. Raises Trouble(HH2-LOGIN, HH2-CLIENT or HH2-LOCKED) for a refusal."""
        verdict, who = await self._submit(credentials)
        match verdict.Result:
            case 5:
                return who
            case 1:
                raise trouble(ProblemId.HH2_LOGIN, user=who)
            case 2 | 4:
                raise trouble(ProblemId.HH2_CLIENT)
            case 3:
                raise trouble(ProblemId.HH2_LOCKED, user=who)
            case other:
                raise unreadable(self._site, f"Result {other}")

    async def read_filters(self) -> tuple[Filters | None, str]:
        """The filters that stand there, and what the page says of the depths."""
        stands = await self._look("/training/filters", _Filters)
        return stands.filters, stands.about_depth

    async def apply_filters(self, filters: Filters) -> Filters:
        """Apply Settings; what then stands there."""
        return (await self._press("/training/filters", filters, _Filters)).filters

    async def look(self) -> SyncLook:
        """The Accounting Sync page as it stands now."""
        return await self._look("/training/sync", SyncLook)

    async def start(self) -> str:
        """Start Sync, once. Raises Declined(HH2-BUSY) while one is under way."""
        began = await self._press("/training/sync/start", {}, _Began)
        if not began.started:
            raise AnswerLost("the answer says neither yes nor no")
        return began.text


class TrainingProcore(_Portal):
    """The training company's Procore, as a `ProcorePortal`."""

    at_once = 3

    def __init__(self, address: str) -> None:
        super().__init__(Site.PROCORE, address)

    async def sign_in(self, credentials: Credentials | None) -> str:
        """Submits the password once. Raises Trouble(PRO-LOGIN) for a refusal."""
        verdict, who = await self._submit(credentials)
        if verdict.Result == 1:
            raise trouble(ProblemId.PRO_LOGIN, user=who)
        if verdict.Result != VALIDATED:
            raise unreadable(self._site, f"Result {verdict.Result}")
        return who

    def begin_at(self, address: str) -> None:
        """There are no pages to go to."""

    async def missing_rights(self, tabs: Sequence[Tab]) -> dict[Tab, str]:
        """The chosen tabs that this account's level does not suffice for, each with that level."""
        lacking = (await self._look("/training/rights", _Rights)).lacking
        return {tab: lacking[tab] for tab in tabs if lacking.get(tab)}

    async def jobs(self) -> tuple[Job, ...]:
        """The jobs that the Job Costs tab offers."""
        return (await self._look("/training/jobs", _Jobs)).jobs

    async def look(self, tab: Tab, job: Job | None) -> TabLook:
        """The tab, or one job of Job Costs, as it stands now."""
        query = {"job": job.key} if job is not None else None
        return await self._look(f"/training/tabs/{quote(tab.value)}", TabLook, query)

    async def press(self, permit: Permit) -> str:
        """The tab's own button, once. Raises Declined(PRO-BUSY or PRO-PERM)."""
        permit.use()
        body = {"job": permit.job.key} if permit.job is not None else {}
        began = await self._press(f"/training/tabs/{quote(permit.tab.value)}/press", body, _Began)
        if not began.started:
            raise AnswerLost("the answer says neither yes nor no")
        return began.text


class TrainingDriver:
    """Both training portals, as a `Driver`. Raises ValueError for an address that is not on this computer."""

    name = "training"
    job_pause = 0.0

    def __init__(self, hh2_address: str, procore_address: str) -> None:
        self.hh2 = TrainingHh2(hh2_address)
        self.procore = TrainingProcore(procore_address)

    async def open(self, hand: object = None) -> None:
        """Nothing needs to be started, and nobody is asked to press."""

    async def to_front(self, site: Site) -> None:
        """There is no window."""

    async def close(self) -> None:
        """Ends both clients; never raises."""
        for portal in (self.hh2, self.procore):
            try:
                await portal.close()
            except (OSError, RuntimeError, Trouble):
                continue
