"""A company whose access to Procore is in a person's name, its grant kept in the keyring; and who refreshes it.

As a program (`python -m tests.procore.desk ADDRESS CLIENT-ID`) it asks for access once, as another process of ours
would; the app's secret comes on standard input."""

import sys
import time
from urllib.parse import urlsplit

import anyio
import msgspec

from app.assembly.tokens import CompanyTokens
from app.domain.problems import Trouble
from app.domain.profile import ProcoreSettings, Profile
from app.http import open_client
from app.procore import authorize, kept
from app.procore.kept import Kept, PersonAccess
from app.storage import folders as where
from app.storage.keyring_thread import KeyringThread
from app.storage.profile_secrets import ProfileSecrets
from tests.procore.test_oauth import code_for, person
from tests.procore.test_rest import App
from tests.training.admin import Admin


class Desk:
    """One program's view of the company "Acme"."""

    def __init__(self, address: str, client_id: str, secret: str) -> None:
        settings = ProcoreSettings(1, login=address, api=address, web=address, client_id=client_id)
        self.profile = Profile("Acme", procore=settings)
        self.app = App(client_id, secret)
        folders = where.locate()
        folders.ready()
        self.keyring = KeyringThread()
        self.secrets = ProfileSecrets(self.profile, folders.of_profile_ready("Acme"), self.keyring)
        self.store = CompanyTokens(self.profile, self.secrets, folders, remember=True)
        self.used: list[PersonAccess] = []

    def access(self, login: str = "", timeout: float = 60.0) -> PersonAccess:
        """Another part of this program that asks Procore."""
        login = login or self.profile.procore.login
        made = PersonAccess(login, self.app, self.store, time.time, timeout=timeout)
        self.used.append(made)
        return made

    async def connect(self, admin: Admin) -> None:
        """The person allows it, and what comes is kept."""
        attempt = authorize.begin(self.profile.procore.login, self.app.client_id)
        async with person(admin) as client:
            sent = await code_for(client, admin, attempt.redirect, state=attempt.state)
        code = authorize.code_from(attempt, sent.headers["location"])
        client = open_client(self.profile.procore.login)
        tokens = await authorize.exchange(client, self.app, attempt, code)
        await client.aclose()
        await kept.connect(self.store, self.app, tokens, time.time)

    async def stored(self) -> Kept | None:
        """What another program would find."""
        text = await self.store.load()
        return None if text is None else msgspec.json.decode(text, type=Kept)

    async def let_it_end(self) -> None:
        """The time of the access token is over."""
        now = await self.stored()
        assert now is not None
        await self.store.save(msgspec.json.encode(msgspec.structs.replace(now, until=0.0)).decode())

    async def close(self) -> None:
        for access in self.used:
            await access.close()
        self.keyring.close()


def opened(admin: Admin) -> Desk:
    """The desk at this start of the training company."""
    procore = admin.served.procore
    return Desk(procore.address, procore.client_id, procore.client_secret)


async def _ask_once(address: str, client_id: str, secret: str) -> int:
    assert urlsplit(address).hostname
    desk = Desk(address, client_id, secret)
    try:
        await desk.access().bearer()
    except Trouble as met:
        print(met.problem.id.value, met.problem.facts.get("why"))
        return 1
    finally:
        await desk.close()
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(anyio.run(_ask_once, sys.argv[1], sys.argv[2], sys.stdin.readline().strip()))
