"""hh2's web services as a service that a run signs in to before step 1."""

from collections.abc import Sequence

from app.domain.events import Site
from app.domain.tabs import Tab
from app.hh2.session import ApiKey, Hh2Session, UserSecret


class Hh2Service:
    """Sign-in for reads: one session that movement and matching share. hh2 tells no rights."""

    site = Site.HH2

    def __init__(self, session: Hh2Session, user: UserSecret, api: ApiKey | None) -> None:
        self._session = session
        self._user = user
        self._api = api

    async def sign_in(self) -> str:
        """As `Hh2Session.sign_in`."""
        return await self._session.sign_in(self._user, self._api)

    async def check_rights(self, tabs: Sequence[Tab]) -> None:
        """No documented service of hh2 tells rights."""

    async def tool_page(self) -> str:
        """hh2 knows nothing of Procore's pages."""
        return ""

    async def close(self) -> None:
        """Ends the session's connections."""
        await self._session.close()
