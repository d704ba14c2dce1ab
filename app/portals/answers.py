"""What came back over the network to a window since a moment: an answer, a refusal, "slow down", or nothing."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.domain.pause import retry_after
from app.portals.origin import origin_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Request, Response

    from app.portals.hearing import Hearing

_KINDS = frozenset({"document", "xhr", "fetch"})
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Answers:
    """The answers to one window, of our own origins, since it was told to forget. Headers and bodies are not kept."""

    def __init__(self, context: "BrowserContext", allowed: frozenset[str], hearing: "Hearing") -> None:
        self._allowed = allowed
        self._hearing = hearing
        self.forget()
        context.on("request", self._sent)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("requestfinished", self._finished)

    def forget(self) -> None:
        """From here on only what is new counts."""
        self._since: list[Request] = []
        self._over: list[Request] = []
        self._put_off: list[Request] = []
        self.statuses: list[int] = []
        self.lost = ""
        self.slow_down: float | None = None

    @property
    def pending(self) -> bool:
        """Is an answer still to come? A page that always keeps one open is not waited for without end."""
        return any(request not in self._over for request in self._since)

    @property
    def put_off(self) -> bool:
        """Was all that was sent and is no read answered with "slow down"? Then nothing of it was done.

        A read that is put off says nothing of the press before it: that may have been carried out."""
        sent = [request for request in self._since if request.method not in HARMLESS]
        return bool(sent) and all(request in self._put_off for request in sent)

    @property
    def refused(self) -> int | None:
        """The first status that says no (401, 403, 409, 422…); None where there is none."""
        return next((status for status in self.statuses if 400 <= status < 500 and status != 429), None)

    @property
    def broken(self) -> int | None:
        """The first status of a server that did not manage; None where there is none."""
        return next((status for status in self.statuses if status >= 500), None)

    def _counts(self, request: "Request") -> bool:
        return request.resource_type in _KINDS and origin_of(request.url) in self._allowed

    def _sent(self, request: "Request") -> None:
        if self._counts(request):
            self._since.append(request)

    def _answered(self, response: "Response") -> None:
        if response.request not in self._since:
            return
        if response.status in (429, 503):
            wait = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
            if wait is not None or response.status == 429:
                self.slow_down = 10.0 if wait is None else wait
                self._put_off.append(response.request)
                self._hearing.ring()
                return
        self.statuses.append(response.status)
        self._hearing.ring()

    def _finished(self, request: "Request") -> None:
        if request in self._since:
            self._over.append(request)
            self._hearing.ring()

    def _failed(self, request: "Request") -> None:
        self._over.append(request)
        # A request that the page itself gave up, because it went on, is no lost answer.
        if request in self._since and "ERR_ABORTED" not in (request.failure or ""):
            self.lost = (request.failure or "no answer")[:80]
            self._hearing.ring()
