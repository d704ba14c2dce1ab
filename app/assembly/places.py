"""Where the pages of a company's sites lie, as its runs last saw them; never guessed, and of its own origins alone."""

import logging
from collections.abc import Awaitable, Callable, Mapping

import anyio
import anyio.to_thread

from app.assembly.company import Company
from app.domain.events import Site
from app.domain.problem_pages import harmless, key
from app.domain.problems import Trouble
from app.domain.profile import Profile
from app.domain.tabs import Tab
from app.storage import places

_log = logging.getLogger(__name__)


class KeptPlaces:
    """Those of one company. A disk that takes none costs the places, never a run."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def keep(self, seen: Mapping[str, str]) -> None:
        """Where a driver was, by the key of each page."""
        profile, folder = self._company.profile, self._company.folder
        good = {name: harmless(address, _own(profile, name)) for name, address in seen.items()}

        def work() -> None:
            before = places.load(folder)
            after = {**before, **{name: address for name, address in good.items() if address}}
            if after != before:
                places.save(folder, after)

        with anyio.CancelScope(shield=True):  # a run that is stopped ends its driver too
            try:
                await anyio.to_thread.run_sync(work)
            except Trouble as lost:
                _log.warning("where pages were seen is not kept: %s", lost.problem.id.value)


class Places:
    """Fulfils `engine.faces.Places`. `company` reads a profile anew."""

    def __init__(self, company: Callable[[str], Awaitable[Company]]) -> None:
        self._company = company

    async def address(self, name: str, site: Site, tab: Tab | None = None) -> str:
        """Where that page was last seen; the site's home where it never was, or lay at another origin."""
        company = await self._company(name)
        kept = await anyio.to_thread.run_sync(places.load, company.folder)
        own = _own(company.profile, site.value)
        found = kept.get(key(site, tab), "")
        if not found and site is Site.PROCORE:  # any tab leads to the tool
            found = next((kept[one] for one in sorted(kept) if one.startswith(f"{site.value}:")), "")
        return harmless(found, own) or own


def _own(profile: Profile, name: str) -> str:
    return profile.hh2.address if name.partition(":")[0] == Site.HH2.value else profile.procore.web
