"""May this account refresh the chosen tabs? From Procore's permission manifest. [C] procore-wire.md"""

from collections.abc import Sequence

import msgspec

from app.domain.problems import ProblemId, trouble
from app.domain.tabs import Tab
from app.procore.rest import Rest

PERMISSIONS = "/rest/v1.0/settings/permissions"


class Level(msgspec.Struct, frozen=True):
    """An access level by its name: None, Read Only, Standard, Admin."""

    name: str | None = None


class Tool(msgspec.Struct, frozen=True):
    """One tool of the manifest, as far as we read it."""

    name: str | None = None
    friendly_name: str | None = None
    url: str | None = None
    user_access_level: Level | None = None

    @property
    def is_erp(self) -> bool:
        """The tool's exact name is not known [?]: it is recognised by `erp` in name, friendly name or address."""
        return any("erp" in (text or "").lower() for text in (self.name, self.friendly_name, self.url))


class Manifest(msgspec.Struct, frozen=True):
    """The answer of the permission manifest."""

    tools: list[Tool]


async def erp_level(rest: Rest, company_id: int) -> str | None:
    """The account's level on ERP Integrations; None where the manifest does not name the tool."""
    manifest = await rest.get(PERMISSIONS, Manifest, {"company_id": str(company_id)})
    tool = next((tool for tool in manifest.tools if tool.is_erp), None)
    if tool is None:
        return None
    return (tool.user_access_level or Level("None")).name or "None"


def lacking(level: str, tabs: Sequence[Tab]) -> tuple[Tab, ...]:
    """The tabs that this level does not suffice for. Standard or Admin refreshes; prime contracts need Admin. [C]"""
    known = level.strip().lower()
    suffices = {tab: ("admin",) if tab is Tab.PRIME_CONTRACTS else ("standard", "admin") for tab in tabs}
    return tuple(tab for tab in tabs if known not in suffices[tab])


async def check_rights(rest: Rest, company_id: int, tabs: Sequence[Tab]) -> None:
    """Raises Trouble(PRO_PERM, tab=…, level=…) for the first chosen tab that the account may not refresh.

    A manifest without the tool says nothing."""
    level = await erp_level(rest, company_id)
    if level is None:
        return
    for tab in lacking(level, tabs)[:1]:
        raise trouble(ProblemId.PRO_PERM, tab=tab.value, why="level", level=level)
