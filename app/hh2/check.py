"""Who am I, and what may I read: what hh2's services tell of a connection. Reads alone, and no list is fetched whole.

hh2 tells neither rights nor the company's name; the site's address stands for it. [C] hh2-wire.md"""

from app.domain.problems import NotReadable
from app.hh2.reads import CATEGORIES, COST_CODES, FAILURES, JOBS, VENDORS
from app.hh2.session import ApiKey, Hh2Session, UserSecret

# Versions above this are hardly in use [I]: the answer is short, and tells all the same whether the list may be read.
_BEYOND = "2147483646"
LISTS = {
    "jobs": JOBS,
    "cost-codes": COST_CODES,
    "cost-types": CATEGORIES,
    "vendors": VENDORS,
    "failures": FAILURES,
}


async def look(session: Hh2Session, user: UserSecret, api: ApiKey | None) -> tuple[str, dict[str, bool]]:
    """Sign in once, then try each list. Returns who we are, and which lists may be read.

    Raises what `Hh2Session.sign_in` raises, SessionLost and SlowDown."""
    who = await session.sign_in(user, api)
    return who, {name: await _may_read(session, path) for name, path in LISTS.items()}


async def _may_read(session: Hh2Session, path: str) -> bool:
    """An answer of the service itself that is no list: no. One that did not come is raised, it says nothing."""
    try:
        await session.get(path, {"version": _BEYOND})
    except NotReadable as unread:
        status = str(unread.problem.facts.get("what", ""))
        if status.startswith("status 4"):
            return False
        raise
    return True
