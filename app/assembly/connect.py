"""A company's documented web services: tested in values, and signed in to, or no longer, by a person."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import msgspec

from app.assembly.practice import is_practice
from app.assembly.sources import ApiKeyPair, App
from app.assembly.tokens import CompanyTokens
from app.domain.addresses import origin
from app.domain.connections import (
    Connection,
    Disconnected,
    Lack,
    Right,
    Standing,
    Way,
    standing,
)
from app.domain.events import Site
from app.domain.problems import (
    AnswerLost,
    NotReadable,
    NotSent,
    Problem,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
    trouble,
)
from app.domain.profile import ProcoreSettings, Profile, Secret, SecretState
from app.domain.tabs import Tab
from app.hh2 import check as hh2_check
from app.hh2.session import Hh2Session
from app.http import open_client
from app.procore import authorize, kept
from app.procore import check as procore_check
from app.procore.authorize import OUT_OF_BAND, REDIRECT, Attempt
from app.procore.oauth import Access, Bearer, ClientCredentials
from app.procore.permissions import lacking
from app.procore.rest import Rest
from app.storage.folders import Folders
from app.storage.profile_secrets import KeptCredentials, ProfileSecrets

T = TypeVar("T")
_TIMEOUT = 30.0  # seconds for each request: a person waits for the answer

# Which secret a refusal is about.
_ABOUT = {
    ProblemId.PRO_LOGIN: Secret.PROCORE_CLIENT_SECRET,
    ProblemId.HH2_LOGIN: Secret.HH2_PASSWORD,
    ProblemId.HH2_LOCKED: Secret.HH2_PASSWORD,
    ProblemId.HH2_CLIENT: Secret.HH2_API_SECRET,
}
# OAuth's own words for an app that is not accepted; any other refusal is not about its secret.
_APP_REFUSED = ("invalid_client", "unauthorized_client")


class Services:
    """The web services of one company. `profile` is as it stands now; the secrets may change between two calls."""

    def __init__(self, profile: Profile, secrets: ProfileSecrets, folders: Folders) -> None:
        self._profile = profile
        self._secrets = secrets
        self._folders = folders
        self._attempt: Attempt | None = None

    def use(self, profile: Profile) -> None:
        """The profile was changed: a question that was put for the old one is not answered any more."""
        if profile != self._profile:
            self._profile, self._attempt = profile, None

    def tokens(self, *, remember: bool = True) -> CompanyTokens:
        """Where the grant is kept; of the training company for this run only."""
        remember = remember and not is_practice(self._profile.name)
        return CompanyTokens(self._profile, self._secrets, self._folders, remember=remember)

    # ---------------------------------------------------------------- testing

    async def procore(self) -> Connection:
        """Procore's, tested now. What stands in the way is told in the answer."""
        settings = self._profile.procore
        if not settings.client_id:
            return Connection(Site.PROCORE, Standing.OFF, lacks=(Lack.CLIENT_ID,))
        way = Way.SERVICE_ACCOUNT if settings.service_account else Way.PERSON
        found = Connection(Site.PROCORE, Standing.GOOD, way)
        return await self._told(found, self._look_at_procore)

    async def procore_now(self, timeout: float) -> Connection:
        """Procore's, without a password and without renewing what is kept: a service account signs in as its app, a
        person's grant is used for as long as its token is good (else the problem is SESSION)."""
        settings = self._profile.procore
        if not settings.client_id:
            return Connection(Site.PROCORE, Standing.OFF, lacks=(Lack.CLIENT_ID,))
        way = Way.SERVICE_ACCOUNT if settings.service_account else Way.PERSON
        found = Connection(Site.PROCORE, Standing.GOOD, way)

        async def look(found: Connection) -> Connection:
            if way is Way.PERSON:
                access: Bearer = kept.StillGood(settings.client_id, self.tokens(), time.time)
                return await self._seen(found, access, [], timeout)
            secret = await self._secrets.credentials_for(Secret.PROCORE_CLIENT_SECRET)
            if secret is None:
                return msgspec.structs.replace(found, lacks=(Lack.CLIENT_SECRET,))
            return await self._seen(found, self._access(secret, timeout), [], timeout)

        return await self._told(found, look)

    async def _look_at_procore(self, found: Connection) -> Connection:
        settings = self._profile.procore
        lacks = [] if settings.company_id else [Lack.COMPANY_NUMBER]
        secret = await self._secrets.credentials_for(Secret.PROCORE_CLIENT_SECRET)
        grant = found.way is Way.PERSON and await kept.is_connected(self.tokens())
        found = msgspec.structs.replace(
            found, kept=grant or (found.way is not Way.PERSON and secret is not None)
        )
        if secret is None:
            lacks.append(Lack.CLIENT_SECRET)
        if found.way is Way.PERSON and not grant:
            lacks.append(Lack.SIGN_IN)
        if secret is None or Lack.SIGN_IN in lacks:
            return msgspec.structs.replace(found, lacks=tuple(lacks))
        return await self._seen(found, self._access(secret), lacks)

    async def _seen(
        self, found: Connection, access: Bearer, lacks: list[Lack], timeout: float = _TIMEOUT
    ) -> Connection:
        settings = self._profile.procore
        rest = Rest(settings.api, access, settings.company_id, timeout=timeout)
        try:
            seen = await procore_check.look(rest, settings.company_id)
        finally:
            await rest.close()
        return _procore(found, seen, lacks, settings)

    def _access(self, secret: KeptCredentials, timeout: float = _TIMEOUT) -> Bearer:
        settings = self._profile.procore
        app = App(settings.client_id, secret)
        if settings.service_account:
            return Access(settings.login, ClientCredentials(app), time.time, timeout=timeout)
        return kept.PersonAccess(settings.login, app, self.tokens(), time.time, timeout=timeout)

    async def hh2(self) -> Connection:
        """hh2's, tested now."""
        settings = self._profile.hh2
        if not settings.services:
            return Connection(Site.HH2, Standing.OFF)
        return await self._told(Connection(Site.HH2, Standing.GOOD, company=settings.site), self._look_at_hh2)

    async def _look_at_hh2(self, found: Connection) -> Connection:
        settings = self._profile.hh2
        wanted = {Lack.HH2_SITE: settings.address, Lack.HH2_USER: settings.user}
        lacks = [lack for lack, there in wanted.items() if not there]
        if lacks:
            return msgspec.structs.replace(found, lacks=tuple(lacks))
        password = await self._secrets.credentials_for(Secret.HH2_PASSWORD)
        key = await self._secrets.credentials_for(Secret.HH2_API_KEY)
        secret = await self._secrets.credentials_for(Secret.HH2_API_SECRET)
        if password is None:
            lacks.append(Lack.HH2_PASSWORD)
        if (key is None) is not (secret is None):
            lacks.append(Lack.API_SECRET)
        pair = ApiKeyPair(key, secret) if key is not None and secret is not None else None
        found = msgspec.structs.replace(found, way=Way.API_KEY if pair else Way.PASSWORD, lacks=tuple(lacks))
        if password is None or lacks:
            return found
        session = Hh2Session(settings.address, timeout=_TIMEOUT)
        try:
            who, lists = await hh2_check.look(session, password, pair)
        finally:
            await session.close()
        missing = () if all(lists.values()) else (Lack.LISTS,)
        return msgspec.structs.replace(found, who=who, lists=lists, lacks=missing)

    async def _told(
        self, found: Connection, look: Callable[[Connection], Awaitable[Connection]]
    ) -> Connection:
        """What the look found, or what stood in its way; a secret that was refused is marked for every caller."""
        problem: Problem | None = None
        try:
            found = await look(found)
        except Trouble as met:
            problem = met.problem
            await self._mark(problem)
        except (NotReadable, NotSent) as failed:
            problem = failed.problem
        except SlowDown as slow:
            problem = Problem(ProblemId.LIMIT, {"site": slow.site, "seconds": slow.seconds})
        except SessionLost as lost:
            problem = Problem(ProblemId.SESSION, {"site": lost.site})
        except AnswerLost as lost:
            problem = Problem(ProblemId.NET, {"site": found.site.value, "why": lost.cause})
        if problem is not None and found.site is Site.PROCORE and found.way is Way.PERSON:
            with suppress(Trouble):
                found = msgspec.structs.replace(found, kept=await kept.is_connected(self.tokens()))
        return msgspec.structs.replace(found, problem=problem, standing=standing(found.lacks, problem))

    async def _mark(self, problem: Problem) -> None:
        about = _ABOUT.get(problem.id)
        if about is None or problem.facts.get("refused_before"):
            return
        if problem.id is ProblemId.PRO_LOGIN and problem.facts.get("why") not in _APP_REFUSED:
            return
        with suppress(Trouble):
            sent = await self._secrets.credentials_for(about)
            if sent is not None:
                site = Site.PROCORE if about is Secret.PROCORE_CLIENT_SECRET else Site.HH2
                await self._secrets.mark_refused(site, sent.fingerprint)

    # ---------------------------------------------------------------- signing in to Procore

    async def begin(self, *, out_of_band: bool) -> Attempt:
        """A question to the person. Raises Trouble(SECRET_MISSING) where the company's own app is not set up, and
        what `credentials_for` raises."""
        await self._app()
        settings = self._profile.procore
        redirect = OUT_OF_BAND if out_of_band else REDIRECT
        self._attempt = authorize.begin(settings.login, settings.client_id, redirect)
        return self._attempt

    async def answer(self, text: str) -> SecretState:
        """What came back of the last question: an address, or the code that a person copied. It counts once.

        Returns whether the grant is kept, or for this run only (where no keyring can be used). Raises
        Trouble(PRO-CONNECT, why), Trouble(PRO-LOGIN) where the app is refused, and what the network met."""
        attempt, self._attempt = self._attempt, None
        if attempt is None:
            raise trouble(ProblemId.PRO_CONNECT, why="wrong-state")
        try:
            code = authorize.code_pasted(attempt, text)
        except Trouble as unusable:
            if unusable.problem.facts.get("why") == "no-code" and "://" not in text:
                self._attempt = attempt  # a slip of the hand: the question still stands
            raise
        return await self._in_words(lambda: self._exchange(attempt, code))

    async def _exchange(self, attempt: Attempt, code: str) -> SecretState:
        app = await self._app()
        client = open_client(self._profile.procore.login, timeout=_TIMEOUT)
        try:
            tokens = await authorize.exchange(client, app, attempt, code)
        finally:
            await client.aclose()
        try:
            await kept.connect(self.tokens(), app, tokens, time.time)
        except Trouble as unkept:
            if unkept.problem.id is not ProblemId.KEYRING:
                raise
            await kept.connect(self.tokens(remember=False), app, tokens, time.time)
        return await self._secrets.state(Secret.PROCORE_TOKENS)

    async def _in_words(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except Trouble as met:
            await self._mark(met.problem)
            raise
        except (NotReadable, NotSent) as failed:
            raise Trouble(failed.problem) from None
        except SlowDown as slow:
            raise Trouble(Problem(ProblemId.LIMIT, {"site": slow.site, "seconds": slow.seconds})) from None

    async def _app(self) -> App:
        secret = None
        if self._profile.procore.client_id:
            secret = await self._secrets.credentials_for(Secret.PROCORE_CLIENT_SECRET)
        if secret is None:
            facts = {"site": Site.PROCORE.value, "secret": Secret.PROCORE_CLIENT_SECRET.value}
            raise Trouble(Problem(ProblemId.SECRET_MISSING, dict(facts)))
        return App(self._profile.procore.client_id, secret)

    async def disconnect(self) -> Disconnected:
        """A person's grant is revoked and forgotten; of a service account its app's secret is forgotten.

        Raises Trouble(KEYRING) and Trouble(DISK)."""
        settings = self._profile.procore
        if settings.service_account:
            had = await self._secrets.state(Secret.PROCORE_CLIENT_SECRET) is not SecretState.MISSING
            await self._secrets.forget(Secret.PROCORE_CLIENT_SECRET)
            return Disconnected(had, confirmed=had)
        store = self.tokens()
        if not await kept.is_connected(store):
            return Disconnected(had=False, confirmed=False)
        app: App | None = None
        with suppress(Trouble):  # without the app's secret it cannot be revoked; it is forgotten all the same
            app = await self._app()
        return Disconnected(True, await kept.disconnect(store, settings.login, app, timeout=_TIMEOUT))


def _procore(
    found: Connection, seen: procore_check.Seen, lacks: list[Lack], settings: ProcoreSettings
) -> Connection:
    """What was read of Procore, with what is missing."""
    company_id = settings.company_id
    mine = next((one for one in seen.companies if one.id == company_id), None)
    if mine is None:
        if company_id:
            lacks.append(Lack.COMPANY)
        others = tuple((one.id, one.name or "") for one in seen.companies)
        return msgspec.structs.replace(found, who=seen.who, others=others, lacks=tuple(lacks))
    pages = _elsewhere(seen.pages, settings.web)
    if pages:
        lacks.append(Lack.ADDRESS)
    rights = dict.fromkeys(Tab, Right.UNKNOWN)
    if seen.refused is not None:
        lacks.append(Lack.PERMISSIONS)
    elif seen.level is None or not seen.level:
        lacks.append(Lack.TOOL)
    else:
        without = lacking(seen.level, tuple(Tab))
        rights = {tab: Right.MAY_NOT if tab in without else Right.MAY for tab in Tab}
        if without:
            lacks.append(Lack.LEVEL)
    return msgspec.structs.replace(
        found,
        who=seen.who,
        company=mine.name or "",
        number=mine.id,
        level=seen.level or "",
        pages=pages,
        rights=rights,
        lacks=tuple(lacks),
    )


def _elsewhere(told: str, web: str) -> str:
    """The origin that Procore names, where it is not the profile's; "" for none, or one we would not go to."""
    try:
        named = origin(told)
    except ValueError:
        return ""
    return "" if named == origin(web) else named
