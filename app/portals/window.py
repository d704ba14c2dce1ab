"""One site's window in the browser: its tabs, of which one is looked at, and what the network answers to them all."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.domain.problems import ProblemId, trouble
from app.portals.answers import Answers
from app.portals.once import Once
from app.portals.origin import is_ours
from app.portals.sign_in_state import SignInState

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page

    from app.portals.browser import DrivenBrowser


class Window:
    """It opens when it is first asked for. A tab that opens after a press, and is of our origin, is looked at from then
    on; a tab of anybody else is left alone. Dialogs, answers and what leaves once belong to all tabs of the window."""

    def __init__(
        self,
        browser: "DrivenBrowser",
        allowed: frozenset[str],
        dialog: "Callable[[Dialog], Awaitable[None]]",
        state: SignInState,
    ) -> None:
        self.browser = browser
        self._allowed = allowed
        self._dialog = dialog
        self.state = state
        self._tabs: list[Page] = []  # those looked at so far, the one looked at now last
        self._arrived: list[Page] = []  # those that opened since the last press
        self._answers: Answers | None = None
        self._once: Once | None = None

    async def page(self) -> "Page":
        """The tab that is looked at; a new window when there is none or it was closed. Raises Trouble(BROWSER)."""
        now = self.now
        if now is not None:
            return now
        page = await self.browser.new_page(await self.state.begin())
        context = page.context
        self._tabs, self._arrived = [page], []
        self.browser.hearing.attach(page)
        context.on("page", self._opened)
        context.on("dialog", self._dialog)
        self._answers = Answers(context, self._allowed, self.browser.hearing)
        self._once = Once(context, self._allowed)
        return page

    @property
    def now(self) -> "Page | None":
        """The tab that is looked at; None where none is open. Where it was closed, the one before it."""
        for page in self._arrived:
            if page not in self._tabs and not page.is_closed() and is_ours(page.main_frame, self._allowed):
                self._tabs.append(page)
        return next((page for page in reversed(self._tabs) if not page.is_closed()), None)

    @property
    def answers(self) -> Answers:
        """What the network answered."""
        if self._answers is None:
            raise RuntimeError("the page was not opened")
        return self._answers

    @property
    def once(self) -> Once:
        """What sees to it that a press is sent once."""
        if self._once is None:
            raise RuntimeError("the page was not opened")
        return self._once

    def _opened(self, page: "Page") -> None:
        self.browser.hearing.attach(page)
        self._arrived.append(page)
        self.browser.hearing.ring()

    async def leave_others(self) -> None:
        """Close the tabs that were looked at before the one that is looked at now; from here on new ones count."""
        from playwright.async_api import Error

        now = self.now
        left, self._tabs = [page for page in self._tabs if page is not now], [now] if now else []
        self._arrived.clear()
        for page in left:
            try:
                await page.close()
            except Error:
                pass  # it went by itself

    async def must_be_open(self) -> "Page":
        """The tab that is looked at. Raises Trouble(BROWSER, why="closed") where the person closed it."""
        now = self.now
        if now is None:
            raise trouble(ProblemId.BROWSER, why="closed", browser=self.browser.name)
        return now
