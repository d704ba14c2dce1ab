"""Procore's REST as a service that a run signs in to before step 1."""

from collections.abc import Sequence

import msgspec

from app.domain.events import Site
from app.domain.tabs import Tab
from app.procore import permissions
from app.procore.rest import Rest


class Me(msgspec.Struct, frozen=True):
    """Who the token stands for."""

    id: int
    login: str | None = None
    name: str | None = None


class ProcoreService:
    """Sign-in and rights of one company's account."""

    site = Site.PROCORE

    def __init__(self, rest: Rest, company_id: int) -> None:
        self._rest = rest
        self._company_id = company_id
        self._tool: permissions.Tool | None = None  # as it stood in the manifest when the rights were checked

    async def sign_in(self) -> str:
        """Fetches a token and asks who we are. Raises Trouble(PRO-LOGIN) for a refusal, and what reads raise."""
        me = await self._rest.get("/rest/v1.0/me", Me)
        return me.name or me.login or str(me.id)

    async def check_rights(self, tabs: Sequence[Tab]) -> None:
        """Raises Trouble(PRO-PERM, tab=…, level=…)."""
        self._tool = await permissions.check_rights(self._rest, self._company_id, tabs)

    async def tool_page(self) -> str:
        """Where ERP Integrations lies [I], once the rights were checked; "" where Procore does not tell."""
        return await permissions.tool_page(self._rest, self._tool)

    async def close(self) -> None:
        """Ends the connections."""
        await self._rest.close()
