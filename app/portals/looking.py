"""One site's page in the browser: going there, reading it, and waiting for what it shows. Nothing is pressed here."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import anyio

from app.domain.events import Site
from app.domain.problems import NotReadable, Problem, ProblemId, SlowDown
from app.portals.answers import Answers
from app.portals.origin import is_ours
from app.portals.reading import PageRead, reading
from app.portals.window import Window

if TYPE_CHECKING:
    from playwright.async_api import Frame, Page, Response

T = TypeVar("T")
DOWN = {Site.HH2: ProblemId.HH2_DOWN, Site.PROCORE: ProblemId.PRO_DOWN}
UNCLEAR = {Site.HH2: ProblemId.HH2_ANSWER, Site.PROCORE: ProblemId.PRO_ANSWER}
# Where the browser itself says that there was no page, or an error without one. Nobody's host.
_NO_PAGE = "chrome-error:"
_LOOK_AGAIN = 0.5  # an animation changes no element: look again after so long even if nothing rang
_APPEAR = 15.0
_STILL = 0.05
_SAYS_SO = 1.0
_A_READ = 0.25


class LookedAt:
    """The page of one site, as it is looked at."""

    def __init__(self, site: Site, home: str, allowed: frozenset[str], window: Window) -> None:
        self.site = site
        self.home = home
        self.allowed = allowed
        self.window = window
        self.loads = 0  # how often this page was asked for

    # ---------------------------------------------------------------- going there

    async def page(self) -> "Page":
        """The tab that is looked at; a new window when there is none or it was closed. Raises Trouble(BROWSER)."""
        return await self.window.page()

    @property
    def is_open(self) -> bool:
        """Has this site been gone to?"""
        return self.window.now is not None

    @property
    def answers(self) -> Answers:
        """What the network answered."""
        return self.window.answers

    async def goto(self, address: str, *, within: bool = False) -> None:
        """Go to an address of the profile, or one that this page was at or leads to. Raises NotReadable, SlowDown.

        `within`: another hash alone is another place of the page as it stands."""
        from playwright.async_api import Error

        page = await self.page()
        await self.window.leave_others()
        await self.window.once.end()
        self.answers.forget()
        before_hash = address.partition("#")[0]
        if not within and page.url.partition("#")[0] == before_hash:
            address = before_hash  # another hash alone would ask for nothing
        try:
            response = await self._gone_to(page, address)
        except Error as error:
            self.raise_for_lost()  # of an error without a page the browser makes a failure of its own
            raise NotReadable(self._unreachable(address, error.message)) from None
        self.raise_for_answers()
        if response is not None and response.status >= 500:
            raise NotReadable(Problem(DOWN[self.site], {"status": response.status}))

    async def _gone_to(self, page: "Page", address: str) -> "Response | None":
        from playwright.async_api import Error

        shown = anyio.Event()

        def navigated(frame: "Frame") -> None:
            if frame.url.startswith(_NO_PAGE):
                shown.set()

        self.loads += 1
        page.on("framenavigated", navigated)
        try:
            return await page.goto(address, wait_until="domcontentloaded", timeout=30_000)
        except Error:
            # The browser's own page comes after the error, and would break off where we go next.
            with anyio.move_on_after(_SAYS_SO):
                await shown.wait()
            raise
        finally:
            page.remove_listener("framenavigated", navigated)

    def raise_for_answers(self) -> None:
        """Raises SlowDown where the site asked for it, NotReadable where its server did not manage."""
        if self.answers.slow_down is not None:
            raise SlowDown(self.site.value, self.answers.slow_down)
        if self.answers.broken is not None:
            raise NotReadable(Problem(DOWN[self.site], {"status": self.answers.broken}))

    def raise_for_lost(self) -> None:
        """As `raise_for_answers`, and NotReadable where no answer came, or a refusal without a page."""
        self.raise_for_answers()
        if self.answers.lost and self.answers.refused is not None:
            raise NotReadable(Problem(UNCLEAR[self.site], {"what": f"status {self.answers.refused}"}))
        if self.answers.lost:
            raise NotReadable(self._unreachable(self.home, self.answers.lost))

    def _unreachable(self, address: str, message: str) -> Problem:
        found = next((part for part in message.replace(":", " ").split() if part.startswith("ERR_")), "")
        why = "timeout" if "Timeout" in message else found.removeprefix("ERR_").lower().replace("_", "-")
        return Problem(
            ProblemId.NET, {"site": self.site.value, "host": urlsplit(address).hostname, "why": why}
        )

    # ---------------------------------------------------------------- reading and waiting

    async def until(
        self,
        probe: Callable[[PageRead], Awaitable[T | None]],
        seconds: float = _APPEAR,
        *,
        once_more: Callable[[], bool] = lambda: True,
    ) -> T | None:
        """What `probe` makes of the page, as soon as it makes something; None after `seconds`.

        It is asked again at every change of the page, as long as `once_more` allows it. What reading takes beyond
        what is usual is this computer's slowness, not the page's: so much longer it has, up to three times."""
        await self.page()
        hearing = self.window.browser.hearing
        ends = anyio.current_time() + seconds
        latest = ends + 2 * seconds
        while True:
            bell, began = hearing.bell, anyio.current_time()
            result = await self._read(probe)
            if result is not None:
                return result
            ends = min(latest, ends + max(0.0, anyio.current_time() - began - _A_READ))
            left = ends - anyio.current_time()
            if left <= 0 or not once_more():
                return None
            await hearing.change(bell, min(left, _LOOK_AGAIN))

    async def until_whole(self, probe: Callable[[PageRead], Awaitable[T | None]], seconds: float) -> T | None:
        """As `until`; three times as long where parts of the page are still to come."""
        found = await self.until(probe, seconds)
        if found is None and not self.is_whole(await self.read()):
            found = await self.until(probe, 2 * seconds)
        return found

    async def _read(self, probe: Callable[[PageRead], Awaitable[T | None]]) -> T | None:
        from playwright.async_api import Error

        page = await self.window.must_be_open()
        try:
            async with reading(page, self.allowed) as read:
                return await probe(read)
        except Error as error:
            if "has been closed" in error.message:
                await self.window.must_be_open()
            return None  # the page went on while it was read: it is read again

    async def read(self) -> PageRead:
        """The page as it stands; its places are no longer good. Raises NotReadable where it never stands still."""

        async def whole(read: PageRead) -> PageRead | None:
            return read

        read = await self.until(whole)
        if read is None:
            raise NotReadable(Problem(DOWN[self.site], {"why": "page"}))
        return read

    def is_whole(self, read: PageRead) -> bool:
        """Is nothing of the page still to come, as far as it tells?"""
        if self.answers.pending:
            return False
        return not any(frame.placeholders or frame.ready == "loading" for frame in read.frames)

    async def stand_still(self, seconds: float = 3.0) -> None:
        """Wait until the page says the same twice and waits for no answer: what stands there then is a baseline."""
        last: list[str | None] = []

        async def still(read: PageRead) -> bool | None:
            if not self.is_whole(read):
                return None
            now: list[str | None] = [one.text for one in read.sayings]
            if now == last:
                return True
            last[:] = now
            await anyio.sleep(_STILL)
            return None

        await self.until(still, seconds)

    @property
    def at_home(self) -> bool:
        """Is the top of the page of one of our origins?"""
        now = self.window.now
        return now is not None and is_ours(now.main_frame, self.allowed)

    @property
    def host(self) -> str:
        """The host the page is at; "" where it is at none."""
        return "" if self.has_no_page else urlsplit(self.url).hostname or ""

    @property
    def has_no_page(self) -> bool:
        """Is there none yet, or the browser's own in place of one that did not come?"""
        return self.url in ("", "about:blank") or self.url.startswith(_NO_PAGE)

    @property
    def url(self) -> str:
        """The address the page is at."""
        now = self.window.now
        return now.url if now is not None else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the page and of every frame of our origin in it."""
        now = self.window.now
        frames = now.frames if now is not None else ()
        return tuple(frame.url for frame in frames if is_ours(frame, self.allowed))

    def heard(self) -> list[str]:
        """What came up in the window since the last press, in frames of our origin."""
        now = self.window.now
        if now is None:
            return []
        said = self.window.browser.hearing.since(now)
        return [text for frame, text in said if not frame.is_detached() and is_ours(frame, self.allowed)]

    def forget_heard(self) -> None:
        """From here on only what is new counts."""
        now = self.window.now
        if now is not None:
            self.window.browser.hearing.forget(now)

    async def to_front(self) -> None:
        """Show the window."""
        now = self.window.now
        if now is not None:
            await self.window.browser.to_front(now)
