"""One site's page in the browser: finding what may be pressed on it, and pressing it, or having the person press."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.events import Site
from app.domain.problems import AnswerLost, NotPressed, Trouble, Unpressed, trouble
from app.domain.taught import Taught
from app.portals.by_hand import Hand, Step, by_hand
from app.portals.find import LABEL_PROBLEM, Found, candidates, find
from app.portals.folding import fold
from app.portals.forbidden import is_forbidden
from app.portals.labels import Table, labels, with_taught
from app.portals.looking import LookedAt
from app.portals.menus import menu_of
from app.portals.notices import closers
from app.portals.origin import OWN_ORIGIN, Elsewhere, origin_of, require_ours
from app.portals.outline import outline
from app.portals.reading import PageRead
from app.portals.sign_in_state import SignIns, SignInState
from app.portals.taught_ends import with_taught_ends
from app.portals.window import Window

if TYPE_CHECKING:
    from playwright.async_api import Dialog, ElementHandle

    from app.portals.browser import DrivenBrowser
    from app.portals.pointing import Pointing

_LEADS_TO = "element => { const link = element.closest('a[href]'); return link ? link.href : ''; }"
_NAMES_NOW = f"""element => [{OWN_ORIGIN}(element), ...[element.getAttribute('aria-label'), element.textContent,
    element.title, element.localName === 'input' ? element.value : ''].filter(Boolean)]"""


class SitePage(LookedAt):
    """The page of one site. It opens with the first address, and lives until the browser ends."""

    def __init__(
        self,
        site: Site,
        home: str,
        allowed: frozenset[str],
        browser: "DrivenBrowser",
        taught: Sequence[Taught] = (),
        sign_ins: SignIns | None = None,
    ) -> None:
        state = SignInState(site, allowed, sign_ins)
        super().__init__(site, home, allowed, Window(browser, allowed, self._dialog, state))
        self.table: Table = with_taught_ends(with_taught(labels(site), taught), taught)
        self._expected: str = ""  # the action whose dialogs may be answered yes
        self._theirs = False  # the person presses: what the page asks is asked of them
        self.last_outline = ""
        # What each action was last found by: on the way to a page the controls before it are gone when it is there.
        self.met: dict[str, Found] = {}
        self.hand: Hand | None = None
        self.assisted = False  # the person makes every press; we open pages, and watch

    async def keep_outline(self) -> None:
        """Keep an outline of the page for support."""
        self.last_outline = outline(await self.read())

    async def keep_sign_in(self) -> None:
        """Somebody is signed in here: kept for the next window, where the person wants that."""
        now = self.window.now
        if now is not None:
            await self.window.state.keep(now.context)

    @property
    def pointing(self) -> "Pointing":
        """The pointing of our browser."""
        return self.window.browser.pointing

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
        if step.by_press:
            await self.window.leave_others()
            await self.window.once.begin()
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
            if await self.open_menu(read, action):
                return None
            found = self.find(read, action)
            found_one = True
            if await self.close_notice(read):
                return None
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
        # Reachable, enabled, not covered: nothing is pressed yet.
        await element.click(trial=True, timeout=4_000)
        await self.window.leave_others()
        if frame.page is not self.window.now:
            raise Error("another tab came up")
        await self.window.once.begin()
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

    async def open_menu(self, read: PageRead, action: str) -> bool:
        """Open the menu in a row that may hold the button of this action, where that is not seen. False for none."""
        if self.assisted or candidates(read, self.table.controls[action]):
            return False
        menu = menu_of(read, self.table, action)
        if menu is None or menu.seen.open or not menu.seen.enabled:
            return False
        if not await self.close_notice(read):
            await self._press_found(menu, None)
        return True

    async def close_notice(self, read: PageRead) -> bool:
        """Close the one notice (of cookies, of maintenance) that lies over the page, by its reject or close control.

        False where there is none, and where it is not clear what closes it: what it covers is then not pressed."""
        found = closers(read, self.table)
        if len(found) != 1 or self.assisted:
            return False
        await self._press_found(found[0], None)
        return True

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

        control = self.table.controls.get(self._expected)
        message = fold(dialog.message)
        agreed = control is not None and any(pattern.search(message) for pattern in control.dialogs)
        page = dialog.page or self.window.now
        if page is not None:
            self.window.browser.hearing.said(page, dialog.message)
        if self._theirs:
            return  # it stands open in the person's window, and they answer it
        try:
            if dialog.type in ("alert", "beforeunload") or (dialog.type == "confirm" and agreed):
                await dialog.accept()
            else:
                await dialog.dismiss()
        except Error:
            pass  # the page took it away itself
