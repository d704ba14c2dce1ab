"""The documented web services of a profile, as a run uses them: signed in before step 1, read for moved jobs.

They are made anew for each run, with the secrets as they are then; a refused secret is marked for every caller."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import anyio.to_thread

from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import Profile, Secret
from app.domain.tabs import Tab
from app.engine.ports import Census, Movement, Service, Sources
from app.hh2.census import living
from app.hh2.movement import JobMovement
from app.hh2.service import Hh2Service
from app.hh2.session import Hh2Session
from app.procore.kept import PersonAccess, TokenStore, is_connected
from app.procore.oauth import Access, Bearer, ClientCredentials
from app.procore.pace import Pace
from app.procore.rest import Rest
from app.procore.service import ProcoreService
from app.storage import census, movement
from app.storage.profile_secrets import KeptCredentials, ProfileSecrets


async def open_sources(
    profile: Profile, secrets: ProfileSecrets, folder: Path, tokens: TokenStore
) -> Sources:
    """What this profile has set up, and has the secrets for. Raises Trouble(KEYRING) and refused marks.

    `tokens` is where a person's grant of Procore is kept."""
    services: list[Service] = []
    moved: Movement | None = None
    counted: Census | None = None
    hh2 = await open_hh2(profile, secrets)
    if hh2 is not None:
        session, service = hh2
        services.append(service)
        moved = JobMovement(session, _KeptReading(folder, profile.hh2.address))
        counted = _Census(session, folder, profile.hh2.address)
    procore = await open_procore(profile, secrets, tokens)
    if procore is not None:
        services.append(procore[1])
    return Sources(tuple(services), moved, counted)


async def open_hh2(profile: Profile, secrets: ProfileSecrets) -> tuple[Hh2Session, Service] | None:
    """hh2's services, not signed in to yet; None where they are not set up. Raises as `open_sources`."""
    password = await secrets.credentials_for(Secret.HH2_PASSWORD) if profile.hh2.services else None
    if password is None:
        return None
    session = Hh2Session(profile.hh2.address)
    key = await secrets.credentials_for(Secret.HH2_API_KEY)
    key_secret = await secrets.credentials_for(Secret.HH2_API_SECRET)
    api = ApiKeyPair(key, key_secret) if key is not None and key_secret is not None else None
    sent = {ProblemId.HH2_LOGIN: password, ProblemId.HH2_LOCKED: password}
    if key_secret is not None:
        sent[ProblemId.HH2_CLIENT] = key_secret
    return session, _Marking(Hh2Service(session, password, api), secrets, sent)


async def open_procore(
    profile: Profile, secrets: ProfileSecrets, tokens: TokenStore, pace: Pace | None = None
) -> tuple[Rest, Service] | None:
    """Procore's services, not signed in to yet; None where they are not set up. Raises as `open_sources`."""
    client_secret = None
    if profile.procore.client_id and (profile.procore.service_account or await is_connected(tokens)):
        client_secret = await secrets.credentials_for(Secret.PROCORE_CLIENT_SECRET)
    if client_secret is None:
        return None
    app = App(profile.procore.client_id, client_secret)
    login = profile.procore.login
    access: Bearer = (
        Access(login, ClientCredentials(app), time.time)
        if profile.procore.service_account
        else PersonAccess(login, app, tokens, time.time)
    )
    rest = Rest(profile.procore.api, access, profile.procore.company_id, pace=pace)
    service = ProcoreService(rest, profile.procore.company_id)
    return rest, _Marking(service, secrets, {ProblemId.PRO_LOGIN: client_secret})


class _Marking:
    """A service whose refused secret is marked, so that no other way tries it again."""

    def __init__(
        self, service: Service, secrets: ProfileSecrets, sent: dict[ProblemId, KeptCredentials]
    ) -> None:
        self._service = service
        self._secrets = secrets
        self._sent = sent

    @property
    def site(self) -> Site:
        return self._service.site

    async def sign_in(self) -> str:
        try:
            return await self._service.sign_in()
        except Trouble as refused:
            sent = self._sent.get(refused.problem.id)
            if sent is not None:
                await self._secrets.mark_refused(self.site, sent.fingerprint)
            raise

    async def check_rights(self, tabs: Sequence[Tab]) -> None:
        await self._service.check_rights(tabs)

    async def tool_page(self) -> str:
        return await self._service.tool_page()

    async def close(self) -> None:
        await self._service.close()


class ApiKeyPair:
    """hh2's API key and its secret, read at the moment of sending."""

    def __init__(self, key: KeptCredentials, secret: KeptCredentials) -> None:
        self._key = key
        self._secret = secret

    def key(self) -> str:
        return self._key.reveal()

    def secret(self) -> str:
        return self._secret.reveal()


class App:
    """The company's own Procore app."""

    def __init__(self, client_id: str, secret: KeptCredentials) -> None:
        self.client_id = client_id
        self._secret = secret

    def reveal(self) -> str:
        return self._secret.reveal()


class _Census:
    """hh2's living records, and how many there were last time at the same source."""

    def __init__(self, session: Hh2Session, folder: Path, source: str) -> None:
        self._session = session
        self._folder = folder
        self._source = source

    async def count(self) -> dict[str, int]:
        return await living(self._session)

    async def last(self) -> dict[str, int] | None:
        kept = await anyio.to_thread.run_sync(census.load, self._folder)
        return dict(kept.counts) if kept is not None and kept.source == self._source else None

    async def keep(self, counts: dict[str, int]) -> None:
        kept = census.Census(self._source, datetime.now(UTC), counts)
        await anyio.to_thread.run_sync(census.save, self._folder, kept)


class _KeptReading:
    """The last settled job-to-date costs of a profile, for one source."""

    def __init__(self, folder: Path, source: str) -> None:
        self._folder = folder
        self._source = source

    async def load(self) -> dict[str, Decimal]:
        loaded = await anyio.to_thread.run_sync(movement.load, self._folder)
        reading = loaded.reading
        return dict(reading.jobs) if reading is not None and reading.source == self._source else {}

    async def save(self, amounts: dict[str, Decimal]) -> None:
        reading = movement.Reading(self._source, datetime.now(UTC), amounts)
        await anyio.to_thread.run_sync(movement.save, self._folder, reading)
