"""Who am I, which company, which rights: what Procore's services tell of a connection. Reads alone. [C]

procore-wire.md, "Reading" and "Finding the page"; `app.procore.permissions` says what a level suffices for."""

import msgspec

from app.domain.problems import ProblemId, Trouble
from app.procore.permissions import base_url, erp_level
from app.procore.rest import Rest
from app.procore.service import Me

COMPANIES = "/rest/v1.0/companies"
_MOST_COMPANIES = 20


class Company(msgspec.Struct, frozen=True):
    """A company that this account sees."""

    id: int
    name: str | None = None
    is_active: bool | None = None


class Seen(msgspec.Struct, frozen=True):
    """What was read. `level` None: the manifest does not name the tool; "" where it was not read.

    `refused`: Procore does not tell this account its rights (403: a right is missing, or the app is not connected
    to the company). `pages`: where Procore says that the company's pages lie; "" where it does not."""

    who: str
    companies: tuple[Company, ...]
    level: str | None = ""
    refused: str | None = None
    pages: str = ""


async def look(rest: Rest, company_id: int) -> Seen:
    """Signs in by the first read. Raises what reads raise."""
    me = await rest.get("/rest/v1.0/me", Me)
    who = me.name or me.login or str(me.id)
    companies = tuple(await rest.get(COMPANIES, list[Company]))
    if company_id not in {company.id for company in companies}:
        return Seen(who, companies[:_MOST_COMPANIES])
    mine = tuple(company for company in companies if company.id == company_id)
    pages = await _pages(rest)
    try:
        return Seen(who, mine, await erp_level(rest, company_id), pages=pages)
    except Trouble as refused:
        if refused.problem.id is not ProblemId.PRO_PERM:
            raise
        return Seen(who, mine, refused=str(refused.problem.facts.get("text") or ""), pages=pages)


async def _pages(rest: Rest) -> str:
    try:
        return await base_url(rest)
    except Trouble:  # what is not told is no fault of the connection
        return ""
