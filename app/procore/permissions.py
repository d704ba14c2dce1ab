"""May this account refresh the chosen tabs, and where does the tool lie? From Procore's permission manifest. [C]

procore-wire.md, "Finding the page"; that both answers together give the page is inferred [I]."""

from collections.abc import Sequence
from urllib.parse import urljoin

import msgspec

from app.domain.problems import ProblemId, trouble
from app.domain.tabs import Tab
from app.procore.rest import Rest

PERMISSIONS = "/rest/v1.0/settings/permissions"
BASE_URL = "/rest/v1.0/company_base_url"


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


class Base(msgspec.Struct, frozen=True):
    """Where the company's pages lie."""

    web_base_url: str | None = None


async def erp_tool(rest: Rest, company_id: int) -> Tool | None:
    """ERP Integrations as the manifest has it; None where it does not name the tool."""
    manifest = await rest.get(PERMISSIONS, Manifest, {"company_id": str(company_id)})
    return next((tool for tool in manifest.tools if tool.is_erp), None)


async def erp_level(rest: Rest, company_id: int) -> str | None:
    """The account's level on ERP Integrations; None where the manifest does not name the tool."""
    tool = await erp_tool(rest, company_id)
    return None if tool is None else level_of(tool)


def level_of(tool: Tool) -> str:
    """The account's level on a tool."""
    return (tool.user_access_level or Level("None")).name or "None"


async def base_url(rest: Rest) -> str:
    """The address under which the company's pages lie; "" where Procore does not tell."""
    return (await rest.get(BASE_URL, Base)).web_base_url or ""


async def tool_page(rest: Rest, tool: Tool | None) -> str:
    """The tool's page [I]; "" where Procore does not tell."""
    if tool is None or not tool.url:
        return ""
    return urljoin(await base_url(rest), tool.url)


def lacking(level: str, tabs: Sequence[Tab]) -> tuple[Tab, ...]:
    """The tabs that this level does not suffice for. Standard or Admin refreshes; prime contracts need Admin. [C]"""
    known = level.strip().lower()
    suffices = {tab: ("admin",) if tab is Tab.PRIME_CONTRACTS else ("standard", "admin") for tab in tabs}
    return tuple(tab for tab in tabs if known not in suffices[tab])


async def check_rights(rest: Rest, company_id: int, tabs: Sequence[Tab]) -> Tool | None:
    """The tool, as the manifest has it; a manifest without the tool says nothing: None.

    Raises Trouble(PRO_PERM, tab=…, level=…) for the first chosen tab that the account may not refresh."""
    tool = await erp_tool(rest, company_id)
    if tool is not None:
        level = level_of(tool)
        for tab in lacking(level, tabs)[:1]:
            raise trouble(ProblemId.PRO_PERM, tab=tab.value, why="level", level=level)
    return tool
