"""What a press sends leaves this computer once.

Chromium sends a request again by itself, POST and password alike, when its connection is reset before an answer (seen
with 156; no switch against it is known). So for the time of a press the pages' own navigations and posts go to the
site through the driver's client, which tries once and follows no redirect; the browser gets its answer, or a reset."""

from typing import TYPE_CHECKING

from app.portals.answers import HARMLESS
from app.portals.origin import origin_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Route

_ANYTHING = "**/*"
_TIMEOUT = 60_000.0  # milliseconds; the press itself has a shorter deadline


class Once:
    """One window, all its tabs. `begin` before a press, `end` when it was answered or given up; both may come twice."""

    def __init__(self, context: "BrowserContext", allowed: frozenset[str]) -> None:
        self._context = context
        self._allowed = allowed
        self._begun = False

    async def begin(self) -> None:
        """From now on. Interception turns the browser's cache off, so it is for the time of a press only."""
        if not self._begun:
            self._begun = True
            await self._context.route(_ANYTHING, self._send)

    async def end(self) -> None:
        """Requests are the browser's own again; one under way still gets its answer."""
        from playwright.async_api import Error

        if self._begun:
            self._begun = False
            try:
                await self._context.unroute(_ANYTHING, self._send)
            except Error:  # the browser was closed or killed meanwhile: whoever looks next finds that
                return

    async def _send(self, route: "Route") -> None:
        from playwright.async_api import Error

        request = route.request
        sends = request.method not in HARMLESS or request.is_navigation_request()
        try:
            if not sends or origin_of(request.url) not in self._allowed:
                await route.continue_()
                return
            try:
                answer = await route.fetch(max_redirects=0, max_retries=0, timeout=_TIMEOUT)
            except Error:
                await route.abort("connectionreset")
                return
            await route.fulfill(response=answer)
        except Error:  # the page or the browser was closed meanwhile: nobody waits for the answer
            return
