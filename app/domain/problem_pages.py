"""Which page of which site a problem is looked at on, and where that page was last seen."""

from urllib.parse import urlsplit, urlunsplit

from app.domain.addresses import origin
from app.domain.events import Site
from app.domain.problem_kinds import KINDS, At
from app.domain.problems import Problem
from app.domain.tabs import Tab

HH2_PAGE = "hh2"


def page_of(problem: Problem) -> tuple[Site, Tab | None] | None:
    """The site, and in Procore the tab, where one looks at this problem; None where no page tells anything of it."""
    at = KINDS[problem.id].at
    named = problem.facts.get("site") if at is At.ITS_SITE else at.value
    if named == Site.PROCORE.value:
        return Site.PROCORE, _tab(problem)
    return (Site.HH2, None) if named == Site.HH2.value else None


def key(site: Site, tab: Tab | None) -> str:
    """Under what a page's address is kept: "hh2", "procore:vendors"."""
    return HH2_PAGE if site is Site.HH2 else f"{Site.PROCORE.value}:{tab.value if tab is not None else ''}"


def harmless(address: str, own: str) -> str:
    """The address of a page as it may be kept: of the profile's own origin, without user, query, or anything that is
    given in its fragment; "" for another one."""
    try:
        if not own or origin(address) != origin(own):
            return ""
        parts = urlsplit(address)
    except ValueError:
        return ""
    fragment = "" if "=" in parts.fragment else parts.fragment
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", fragment))


def _tab(problem: Problem) -> Tab | None:
    told = str(problem.facts.get("tab") or "")
    action = str(problem.facts.get("action") or "")
    for name in (told, action.removeprefix("refresh-"), action.removeprefix("tab-")):
        if name in {tab.value for tab in Tab}:
            return Tab(name)
    return None
