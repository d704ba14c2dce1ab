"""Where a company's grant of Procore is kept: in its secrets, one at a time in all processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.domain.profile import Profile, Secret, SecretState
from app.storage.folders import Folders
from app.storage.profile_secrets import ProfileSecrets
from app.storage.turn import turn


class CompanyTokens:
    """Fulfils `app.procore.kept.TokenStore` for one company.

    `remember` False: only for as long as the program runs, as for a company of practice, or where no keyring can be
    used. What is kept so stays so."""

    def __init__(
        self, profile: Profile, secrets: ProfileSecrets, folders: Folders, *, remember: bool
    ) -> None:
        self._profile = profile
        self._secrets = secrets
        self._folders = folders
        self._remember = remember

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One at a time, in all processes of this user."""
        async with turn(self._folders, f"tokens-{self._profile.name}"):
            yield

    async def load(self) -> str | None:
        """What is kept. Raises Trouble(KEYRING)."""
        kept = await self._secrets.text(Secret.PROCORE_TOKENS)
        return None if kept is None else kept.reveal()

    async def save(self, text: str) -> None:
        """Durable when it returns, unless it is for this run only. Raises Trouble(KEYRING) and Trouble(DISK)."""
        now = await self._secrets.state(Secret.PROCORE_TOKENS)
        remember = self._remember and now is not SecretState.THIS_RUN
        await self._secrets.keep(Secret.PROCORE_TOKENS, text, remember)

    async def forget(self) -> None:
        """Nothing is kept any more. Raises Trouble(KEYRING) and Trouble(DISK)."""
        await self._secrets.forget(Secret.PROCORE_TOKENS)
