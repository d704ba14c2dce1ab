"""The way to a tab of Procore's ERP Integrations: by the company's navigation to the tool, and there to the tab."""

import re

import anyio

from app.domain.events import Site
from app.domain.problems import NotReadable, ProblemId, SessionLost, Trouble, trouble
from app.domain.tabs import Tab
from app.portals.by_hand import Step
from app.portals.find import Found, candidates
from app.portals.folding import fold, split_count
from app.portals.menus import is_there, stands_for
from app.portals.origin import origin_of
from app.portals.reading import PageRead
from app.portals.sign_in import Door, door
from app.portals.site import SitePage

_COMPANY = re.compile(r"/(\d{3,})/company/")  # [C3] procore-wire.md, "One page seen on the wire"


class WayToTabs:
    """Where the page is, and how it comes to another tab. `afresh` is how many seconds old a page may be.

    `at` is the tab that is shown, None where that is not known."""

    def __init__(self, page: SitePage, company_id: int, afresh: float) -> None:
        self.page = page
        self.at: Tab | None = None
        self._table = page.table
        self._company = company_id
        self._afresh = afresh
        self._addresses: dict[Tab, str] = {}
        self._shared: set[str] = set()  # addresses at which several tabs were found
        self._loaded = float("-inf")
        # The last way was not walked to its end: the page may be an error's, and is left.
        self._astray = False
        self._tool = ""  # where the tool lies, as Procore's web service has it

    def begin_at(self, address: str) -> None:
        """Go there, not to the company's home, for a tab. An address of another origin is not gone to: sign-in and
        presses are for the profile's own."""
        if origin_of(address) == origin_of(self.page.home):
            self._tool = address

    async def show(self, tab: Tab, *, afresh: bool = True, asking: bool = True) -> None:
        """Be on the tab's page, asked for anew when it is older than `afresh` seconds; no form is ever sent again.

        `asking` False: no person is asked to open it. Raises Trouble(PRO-PERM, PRO-LABEL)."""
        old = anyio.current_time() - self._loaded >= self._afresh
        if self.at is tab and self.page.at_home and not (afresh and old):
            return
        address = self._addresses.get(tab)
        if self.at is not None and (address or self.at is tab):
            await self.page.goto(address or self.page.url)
            # Where tabs share an address it may show another.
            if await self._is_here(tab, 5.0 if address else 1.0):
                self._arrived(tab)
                return
        await self._walk(tab, asking=asking)
        self._arrived(tab)
        self._keep_address(tab)

    def address_of(self, tab: Tab) -> str:
        """Where this tab was found; "" where it has no address of its own."""
        return self._addresses.get(tab, "")

    @property
    def seen_at(self) -> dict[Tab, str]:
        """Where each tab was found that has an address of its own."""
        return {tab: address for tab, address in self._addresses.items() if address}

    def _keep_address(self, tab: Tab) -> None:
        """Where tabs share an address (they lie in a frame, or are drawn by the page itself) none has it."""
        now = self.page.url
        fellows = [other for other, address in self._addresses.items() if address == now and other is not tab]
        if fellows or now == self.page.home:
            self._shared.add(now)
        for one in (tab, *fellows):
            self._addresses[one] = "" if now in self._shared else now

    def _arrived(self, tab: Tab) -> None:
        self.at, self._loaded = tab, anyio.current_time()

    async def _is_here(self, tab: Tab, seconds: float) -> bool:
        section = self._table.sections[tab.value]

        async def seen(read: PageRead) -> bool | None:
            self.must_be_inside(read)
            self._must_be_answered()
            chosen = any({fold(name), split_count(fold(name))[0]} & section for name in read.selected)
            button = stands_for(read, self._table, f"refresh-{tab.value}")
            return True if chosen or button is not None else None

        return await self.page.until_whole(seen, seconds) is not None

    async def _walk(self, tab: Tab, *, asking: bool) -> None:
        """By the company's navigation to the tool, and there to the tab."""
        self.at = None
        if not await self._go_to_the_tool() and (
            self._astray or not self.page.is_open or not self.page.at_home
        ):
            await self.page.goto(self.page.home)
        self._astray = True
        if self.page.assisted:
            await self._walk_without_a_press(tab, asking=asking)
        else:
            await self._step(f"tab-{tab.value}", "tool", "menu")
            if not await self._is_here(tab, 10.0):
                raise trouble(ProblemId.PRO_LABEL, action=f"tab-{tab.value}", found=0, why="not-shown")
        self._must_be_the_company()
        self._astray = False

    async def _go_to_the_tool(self) -> bool:
        """Are we at the tool's page, by its address? Gone to once: from there each tab is found on the page. An address
        that leads nowhere is forgotten, and the navigation is walked."""
        address, self._tool = self._tool, ""
        if not address:
            return False

        async def seen(read: PageRead) -> bool | None:
            self.must_be_inside(read)
            self._must_be_answered()
            tabs = (self._table.controls[f"tab-{tab.value}"] for tab in Tab)
            return True if any(candidates(read, tab) for tab in tabs) else None

        try:
            await self.page.goto(address)
            if await self.page.until_whole(seen, 8.0):
                return True
        except NotReadable:
            pass
        self._astray = True
        return False

    async def _walk_without_a_press(self, tab: Tab, *, asking: bool) -> None:
        """To the tab by the addresses of links; where there is none, the person opens it."""
        action = f"tab-{tab.value}"

        def ahead(read: PageRead) -> str | None:
            ways = (action, "tool", "menu")
            return next((one for one in ways if candidates(read, self._table.controls[one])), None)

        async def seen(read: PageRead) -> str | None:
            self.must_be_inside(read)
            self._must_be_answered()
            return ahead(read)

        for _ in range(2):
            step = await self.page.until(seen, 8.0)
            if step is None or not await self.page.follow(step):
                break
            if step == action and await self._is_here(tab, 10.0):
                return
        if not asking:
            raise trouble(ProblemId.PRO_LABEL, action=action, found=0, why="not-shown")

        async def shows(read: PageRead) -> bool:
            self.must_be_inside(read)
            return self.is_at(read, tab)

        await self.page.ask(Step(action, lambda read: self.page.find(read, ahead(read) or action), shows))

    async def _step(self, action: str, *before: str) -> None:
        """Press a control of the navigation; where it is not there yet, the one that leads to it."""
        tried: set[str] = set()
        while True:

            async def seen(read: PageRead) -> str | None:
                self.must_be_inside(read)
                self._must_be_answered()
                ways = [one for one in (action, *before) if one not in tried]
                return next((one for one in ways if candidates(read, self._table.controls[one])), None)

            step = await self.page.until_whole(seen, 8.0)
            if step is None:
                await self.page.keep_outline()
                raise trouble(ProblemId.PRO_PERM, why="tab" if "tool" in tried else "tool", action=action)
            tried.add(step)
            if step == "tool":
                tried.discard("menu")  # where the tool leads, the navigation may be folded away again
            await self.page.press(step)
            if step == action:
                return

    def is_at(self, read: PageRead, tab: Tab) -> bool:
        """Is this the tab's page? By its button; assisted by the tab that is chosen, for a person goes where they like
        and presses what we do not find."""
        if not self.page.assisted:
            return is_there(read, self._table, f"refresh-{tab.value}")
        names = {part for name in read.selected for part in (fold(name), split_count(fold(name))[0])}
        chosen = [other for other in Tab if names & self._table.sections[other.value]]
        if chosen:
            return tab in chosen
        if self.button(read, tab) is not None:
            return True
        return bool(self.page.url) and self.page.url == self.address_of(tab)

    def button(self, read: PageRead, tab: Tab) -> Found | None:
        """The tab's own button, or what stands for it; None for none, and where a person decides which of several."""
        try:
            return stands_for(read, self._table, f"refresh-{tab.value}")
        except Trouble:
            if self.page.may_ask:
                return None
            raise

    def _must_be_the_company(self) -> None:
        """Another company's page is never touched."""
        for address in self.page.addresses:
            found = _COMPANY.search(address)
            if self._company and found is not None and found[1] != str(self._company):
                raise trouble(ProblemId.PRO_LABEL, action="company", found=0, company=self._company)

    def _must_be_answered(self) -> None:
        """An error's page is not searched. Raises SlowDown or NotReadable, and the next way begins at the door."""
        self.page.raise_for_lost()

    def must_be_inside(self, read: PageRead) -> None:
        """Raises SessionLost where the page asks for a sign-in."""
        if door(self.page, read) in (Door.FORM, Door.CODE, Door.ELSEWHERE):
            self.at = None
            raise SessionLost(Site.PROCORE.value)
