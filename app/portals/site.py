"""One site's page in the browser: going there, reading, waiting for what it shows, and pressing what may be pressed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import anyio

from app.domain.events import Site
from app.domain.problems import (
    AnswerLost,
    NotPressed,
    NotReadable,
    Problem,
    ProblemId,
    SlowDown,
    Trouble,
    Unpressed,
    trouble,
)
from app.domain.taught import Taught
from app.portals.answers import Answers
from app.portals.by_hand import Hand, Step, by_hand
from app.portals.find import LABEL_PROBLEM, Found, find
from app.portals.forbidden import is_forbidden
from app.portals.labels import Table, labels, with_taught
from app.portals.once import Once
from app.portals.origin import OWN_ORIGIN, Elsewhere, is_ours, origin_of, require_ours
from app.portals.outline import outline
from app.portals.reading import PageRead, reading

if TYPE_CHECKING:
    from playwright.async_api import Dialog, ElementHandle, Page

    from app.portals.browser import DrivenBrowser
    from app.portals.pointing import Pointing

T = TypeVar("T")
DOWN = {Site.HH2: ProblemId.HH2_DOWN, Site.PROCORE: ProblemId.PRO_DOWN}
_LOOK_AGAIN = 0.5  # an animation changes no element: look again after so long even if nothing rang
_APPEAR = 15.0
_STILL = 0.05
_LEADS_TO = "element => { const link = element.closest('a[href]'); return link ? link.href : ''; }"
_NAMES_NOW = f"""element => [{OWN_ORIGIN}(element), ...[element.getAttribute('aria-label'), element.textContent,
    element.title, element.localName === 'input' ? element.value : ''].filter(Boolean)]"""


class SitePage:
    """The page of one site. It opens with the first address, and lives until the browser ends."""

    def __init__(
        self,
        site: Site,
        home: str,
        allowed: frozenset[str],
        browser: "DrivenBrowser",
        taught: Sequence[Taught] = (),
    ) -> None:
        self.site = site
        self.home = home
        self.allowed = allowed
        self.table: Table = with_taught(labels(site), taught)
        self._browser = browser
        self._page: Page | None = None
        self._answers: Answers | None = None
        self._once: Once | None = None
        self._expected: str = ""  # the action whose dialogs may be answered yes
        self._theirs = False  # the person presses: what the page asks is asked of them
        self.last_outline = ""
        # What each action was last found by: on the way to a page the controls before it are gone when it is there.
        self.met: dict[str, Found] = {}
        self.hand: Hand | None = None
        self.assisted = False  # the person makes every press; we open pages, and watch

    # ---------------------------------------------------------------- going there

    async def page(self) -> "Page":
        """The page; a new one when there is none or it was closed. Raises Trouble(BROWSER)."""
        if self._page is None or self._page.is_closed():
            self._page = await self._browser.new_page()
            self._page.on("dialog", self._dialog)
            self._browser.hearing.attach(self._page)
            self._answers = Answers(self._page, self.allowed, self._browser.hearing)
            self._once = Once(self._page, self.allowed)
        return self._page

    @property
    def is_open(self) -> bool:
        """Has this site been gone to?"""
        return self._page is not None and not self._page.is_closed()

    @property
    def answers(self) -> Answers:
        """What the network answered."""
        if self._answers is None:
            raise RuntimeError("the page was not opened")
        return self._answers

    async def goto(self, address: str, *, within: bool = False) -> None:
        """Go to an address of the profile, or one that this page was at or leads to. Raises NotReadable, SlowDown.

        `within`: another hash alone is another place of the page as it stands."""
        from playwright.async_api import Error

        page = await self.page()
        if self._once is not None:
            await self._once.end()
        self.answers.forget()
        before_hash = address.partition("#")[0]
        if not within and page.url.partition("#")[0] == before_hash:
            address = before_hash  # another hash alone would ask for nothing
        try:
            response = await page.goto(address, wait_until="domcontentloaded", timeout=30_000)
        except Error as error:
            raise NotReadable(self._unreachable(address, error.message)) from None
        self.raise_for_answers()
        if response is not None and response.status >= 500:
            raise NotReadable(Problem(DOWN[self.site], {"status": response.status}))

    def raise_for_answers(self) -> None:
        """Raises SlowDown where the site asked for it, NotReadable where its server did not manage."""
        if self.answers.slow_down is not None:
            raise SlowDown(self.site.value, self.answers.slow_down)
        if self.answers.broken is not None:
            raise NotReadable(Problem(DOWN[self.site], {"status": self.answers.broken}))

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

        It is asked again at every change of the page, as long as `once_more` allows it."""
        page = await self.page()
        hearing = self._browser.hearing
        ends = anyio.current_time() + seconds
        while True:
            bell = hearing.bell
            result = await self._read(page, probe)
            if result is not None:
                return result
            left = ends - anyio.current_time()
            if left <= 0 or not once_more():
                return None
            await hearing.change(bell, min(left, _LOOK_AGAIN))

    async def _read(self, page: "Page", probe: Callable[[PageRead], Awaitable[T | None]]) -> T | None:
        from playwright.async_api import Error

        if page.is_closed():
            raise trouble(ProblemId.BROWSER, why="closed", browser=self._browser.name)
        try:
            async with reading(page, self.allowed) as read:
                return await probe(read)
        except Error as error:
            if page.is_closed() or "has been closed" in error.message:
                raise trouble(ProblemId.BROWSER, why="closed", browser=self._browser.name) from None
            return None  # the page went on while it was read: it is read again

    async def read(self) -> PageRead:
        """The page as it stands; its places are no longer good. Raises NotReadable where it never stands still."""

        async def whole(read: PageRead) -> PageRead | None:
            return read

        read = await self.until(whole)
        if read is None:
            raise NotReadable(Problem(DOWN[self.site], {"why": "page"}))
        return read

    async def stand_still(self, seconds: float = 3.0) -> None:
        """Wait until the page says the same twice and waits for no answer: what stands there then is a baseline."""
        last: list[str | None] = []

        async def still(read: PageRead) -> bool | None:
            if self.answers.pending or any(
                frame.placeholders or frame.ready == "loading" for frame in read.frames
            ):
                return None
            now: list[str | None] = [one.text for one in read.sayings]
            if now == last:
                return True
            last[:] = now
            await anyio.sleep(_STILL)
            return None

        await self.until(still, seconds)

    async def keep_outline(self) -> None:
        """Keep an outline of the page for support."""
        self.last_outline = outline(await self.read())

    @property
    def at_home(self) -> bool:
        """Is the top of the page of one of our origins?"""
        return self.is_open and self._page is not None and is_ours(self._page.main_frame, self.allowed)

    @property
    def host(self) -> str:
        """The host the page is at."""
        return urlsplit(self._page.url).hostname or "" if self._page is not None else ""

    @property
    def url(self) -> str:
        """The address the page is at."""
        return self._page.url if self._page is not None else ""

    def heard(self) -> list[str]:
        """What came up on the page since the last press, in frames of our origin."""
        if self._page is None:
            return []
        said = self._browser.hearing.since(self._page)
        return [text for frame, text in said if not frame.is_detached() and is_ours(frame, self.allowed)]

    def forget_heard(self) -> None:
        """From here on only what is new counts."""
        if self._page is not None:
            self._browser.hearing.forget(self._page)

    async def to_front(self) -> None:
        """Show the window."""
        if self._page is not None and not self._page.is_closed():
            await self._browser.to_front(self._page)

    # ---------------------------------------------------------------- pressing, or having the person press

    @property
    def pointing(self) -> "Pointing":
        """The pointing of our browser."""
        return self._browser.pointing

    @property
    def may_ask(self) -> bool:
        """Is there a person who can do a step that we must not, or cannot, do?"""
        return self.assisted or (self.hand is not None and self.hand.is_there)

    async def make(
        self,
        action: str,
        shows: Callable[[PageRead], Awaitable[bool]],
        at_the_press: Callable[[], None] | None = None,
        step: Step | None = None,
    ) -> None:
        """Have the one control of this action pressed, once: by us, or, assisted, by the person, who presses it too
        where we do not find it. `shows` tells that the page shows the press. Raises as `press`, and NotPressed."""
        lost: Trouble | None = None
        if not self.assisted:
            try:
                await self.press(action, at_the_press)
                return
            except Trouble as trouble:
                if not self.may_ask or trouble.problem.id is not LABEL_PROBLEM[self.site]:
                    raise
                lost = trouble
        asked = step or Step(action, lambda read: self.find(read, action), shows, by_press=True)
        await self.ask(asked, lost)
        if at_the_press is not None:
            at_the_press()

    async def ask(self, step: Step, lost: Trouble | None = None) -> None:
        """Have the person do one thing. Raises NotPressed, or `lost` where that is why they are asked and they do not
        do it; so too where nobody is there at all."""
        if self.hand is None:
            raise lost or trouble(LABEL_PROBLEM[self.site], action=step.action, found=0)
        self._theirs = True
        if step.by_press and self._once is not None:
            await self._once.begin()
        try:
            await by_hand(self, self.hand, step)
        except NotPressed as left:
            if lost is not None and not self.assisted and left.why is not Unpressed.OTHER:
                raise lost from None
            raise

    async def follow(self, action: str) -> bool:
        """Go where the one link of this action leads, without a press. False where it is no link of our origin."""
        address = ""

        async def leads(read: PageRead) -> bool | None:
            nonlocal address
            element = await self.find(read, action).place.element()
            if element is None:
                return None
            address = str(await element.evaluate(_LEADS_TO))
            await element.dispose()
            return True

        page = await self.page()
        try:
            found = await self.until(leads, 3.0)
        except Trouble:
            return False
        if found is None or origin_of(address) not in self.allowed:
            return False
        if address in (page.url, page.url + "#"):
            return False
        await self.goto(address, within=True)
        return True

    async def press(self, action: str, at_the_press: Callable[[], None] | None = None) -> None:
        """Find the one control of this action and press it, once.

        Everything that can be wrong is looked at before `at_the_press` is called; what fails after it may have arrived:
        AnswerLost. Raises Trouble(PRO-LABEL or HH2-LABEL)."""
        found_one = False

        async def press(read: PageRead) -> bool | None:
            nonlocal found_one
            found = self.find(read, action)
            found_one = True
            await self._press_found(found, at_the_press)
            return True

        if await self.until(press, 5.0) is None:
            raise trouble(LABEL_PROBLEM[self.site], action=action, found=int(found_one), why="not-reachable")

    def find(self, read: PageRead, action: str) -> Found:
        """As `find.find`; keeps an outline of the page for support where it fails."""
        try:
            found = find(read, self.table, action)
        except Trouble:
            self.last_outline = outline(read)
            raise
        self.met[action] = found
        return found

    async def press_in(
        self, read: PageRead, action: str, at_the_press: Callable[[], None] | None = None
    ) -> None:
        """As `press`, on a page that was just read."""
        await self._press_found(self.find(read, action), at_the_press)

    async def _press_found(self, found: Found, at_the_press: Callable[[], None] | None) -> None:
        from playwright.async_api import Error

        control = found.control
        if not control.press:
            raise RuntimeError(f"{control.action} is read, never pressed")
        element = await found.place.element()
        if element is None:
            raise Error("the control left the page")
        frame = found.place.frame
        await element.click(
            trial=True, timeout=4_000
        )  # reachable, enabled, not covered: nothing is pressed yet
        if self._once is not None:
            await self._once.begin()
        own, *now = await element.evaluate(_NAMES_NOW)
        names = [*found.seen.names, found.seen.near, *now]
        if is_forbidden(self.table, names):
            raise trouble(LABEL_PROBLEM[self.site], action=control.action, found=1, why="forbidden")
        self._require_ours(found, own)
        self.answers.forget()
        self._expected, self._theirs = control.action, False
        if at_the_press is not None:
            at_the_press()
        try:
            await element.click(timeout=8_000, no_wait_after=True)
        except Error:
            if at_the_press is None and not frame.is_detached():
                raise
            raise AnswerLost("press") from None

    async def select(self, found: Found, value: str) -> None:
        """Choose an option of a drop-down by its value."""
        element = await self._of_ours(found)
        await element.select_option(value=value, timeout=5_000)

    async def check(self, found: Found) -> None:
        """Choose a radio button."""
        element = await self._of_ours(found)
        await element.click(timeout=5_000)

    async def _of_ours(self, found: Found) -> "ElementHandle":
        from playwright.async_api import Error

        element = await found.place.element()
        if element is None:
            raise Error("the control left the page")
        self._require_ours(found, await element.evaluate(OWN_ORIGIN))
        return element

    def _require_ours(self, found: Found, own: str) -> None:
        """`own` is the origin that the control's own document told just now."""
        host = None if own in self.allowed else urlsplit(own).hostname or ""
        try:
            require_ours(found.place.frame, self.allowed)
        except Elsewhere as elsewhere:
            host = elsewhere.host
        if host is not None:
            raise trouble(
                LABEL_PROBLEM[self.site], action=found.control.action, found=1, why="elsewhere", host=host
            )

    async def _dialog(self, dialog: "Dialog") -> None:
        """A notice is acknowledged, leaving a page allowed; a question is answered yes only where the table says so."""
        from playwright.async_api import Error

        from app.portals.folding import fold

        control = self.table.controls.get(self._expected)
        message = fold(dialog.message)
        agreed = control is not None and any(pattern.search(message) for pattern in control.dialogs)
        if self._page is not None:
            self._browser.hearing.said(self._page, dialog.message)
        if self._theirs:
            return  # it stands open in the person's window, and they answer it
        try:
            if dialog.type in ("alert", "beforeunload") or (dialog.type == "confirm" and agreed):
                await dialog.accept()
            else:
                await dialog.dismiss()
        except Error:
            pass  # the page took it away itself
