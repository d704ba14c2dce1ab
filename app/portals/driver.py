"""The drivers `browser` and `assisted`: both sites on their own pages, in this computer's own browser."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from app.domain.events import Site
from app.domain.filters import Filters
from app.domain.page_check import Element, SiteCheck
from app.domain.problem_pages import HH2_PAGE, key
from app.domain.problems import ProblemId, trouble
from app.domain.profile import Profile, is_training
from app.domain.tabs import Tab
from app.domain.taught import Pointed
from app.portals.browser import DrivenBrowser, has_display
from app.portals.by_hand import Hand
from app.portals.hh2_pages import Hh2Pages
from app.portals.installed import Installed, installed
from app.portals.origin import origins
from app.portals.page_check import check_door, check_site
from app.portals.procore_pages import ProcorePages
from app.portals.sign_in_state import SignIns
from app.portals.teaching import point, towards

# A page that does not change by itself is asked for anew after so many polls: to a real site each is many requests.
_AFRESH_POLLS = 5


class BrowserDriver:
    """Fulfils the engine's `Driver`. `folder` keeps the note of our processes alone; `headless` None: as fits;
    `browsers` finds those of this computer.

    `assisted`: the person makes every press, and this driver opens the pages, points, and watches. A `browser` that is
    open already is used as it is; whoever opened it closes it. `sign_ins`: where they are kept; None: nowhere.
    `outlines` is given, at the end, what was last drawn of each site's page on which something was not found, and
    `places` at which address each page was seen (keys as in `domain.problem_pages`)."""

    def __init__(
        self,
        profile: Profile,
        *,
        headless: bool | None = None,
        folder: Path | None = None,
        browsers: Callable[[], tuple[Installed, ...]] = installed,
        browser: DrivenBrowser | None = None,
        assisted: bool = False,
        sign_ins: SignIns | None = None,
        outlines: Callable[[Mapping[Site, str]], Awaitable[None]] | None = None,
        places: Callable[[Mapping[str, str]], Awaitable[None]] | None = None,
    ) -> None:
        hh2, procore = profile.hh2.address, profile.procore
        if not hh2:
            raise trouble(ProblemId.SECRET_MISSING, site=Site.HH2.value, why="no-address")
        self.job_pause = profile.run.job_pause
        self.assisted = assisted
        self.name = "assisted" if assisted else "browser"
        self._nobody_could_press = assisted and browser is None and headless is None and not has_display()
        self._outlines = outlines
        self._places = places
        self._owns = browser is None
        if browser is None:
            if folder is None:
                raise ValueError("a browser of our own needs a folder for its note")
            browser = DrivenBrowser(folder, headless=headless, shown=assisted, browsers=browsers)
        self.browser = browser
        self.hh2 = Hh2Pages(hh2, origins([hh2]), self.browser, profile.labels, sign_ins)
        self.procore = ProcorePages(
            procore.web,
            procore.company_id,
            origins([procore.web, procore.login]),
            self.browser,
            afresh=profile.run.poll * (1 if is_training(profile) else _AFRESH_POLLS),
            taught=profile.labels,
            sign_ins=sign_ins,
        )

    async def open(self, hand: Hand | None = None) -> None:
        """Start the browser. Raises Trouble(BROWSER)."""
        if self._nobody_could_press:
            raise trouble(ProblemId.BROWSER, why="no-display")
        for page in (self.hh2.page, self.procore.page):
            page.hand, page.assisted = hand, self.assisted
        if self._owns:
            await self.browser.open()

    async def to_front(self, site: Site) -> None:
        """Show the person the window in which they are needed."""
        page = self.hh2.page if site is Site.HH2 else self.procore.page
        await page.to_front()

    @property
    def browser_name(self) -> str:
        """The browser that is driven; "" before it is open."""
        return self.browser.name

    async def check_door(self, site: Site) -> tuple[Element, ...]:
        """The site's sign-in form, as Check the pages tells it. See `app.portals.page_check`."""
        return await check_door(self.hh2.page if site is Site.HH2 else self.procore.page)

    async def check_site(self, look: SiteCheck, filters: Filters, tabs: Sequence[Tab]) -> SiteCheck:
        """Walk a site that was signed in to, and tell what was found where. Presses the way alone."""
        return await check_site(self, look, filters, tabs)

    async def point(self, site: Site, action: str, seconds: float) -> Pointed:
        """Walk to where an element should stand, and wait for a person to point at it. See `app.portals.teaching`."""
        await towards(self, site, action)
        await self.to_front(site)
        return await point(self.hh2.page if site is Site.HH2 else self.procore.page, action, seconds)

    async def close(self) -> None:
        """End the browser that was opened here; never raises."""
        drawn = {
            page.site: page.last_outline for page in (self.hh2.page, self.procore.page) if page.last_outline
        }
        if drawn and self._outlines is not None:
            await self._outlines(drawn)
        seen = {key(Site.PROCORE, tab): address for tab, address in self.procore.way.seen_at.items()}
        if self.hh2.seen_at:
            seen[HH2_PAGE] = self.hh2.seen_at
        if seen and self._places is not None:
            await self._places(seen)
        if self._owns:
            await self.browser.close()
