"""Procore's authorize page in the driven browser: the person signs in there and allows, and what comes back is read.

The browser is stopped on its way to the redirect's address: nothing of ours listens there, and nothing of anybody
else's may get the code. Nothing is typed or pressed on these pages."""

import base64
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio

from app.domain.problems import Problem, ProblemId, Trouble, trouble

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from app.portals.browser import DrivenBrowser

_TOLD = (
    "<!DOCTYPE html><meta charset=utf-8><title>On-Demand Sync</title>"
    "<p>On-Demand Sync has Procore's answer. This window closes by itself.</p>"
)
# What the browser is stopped at; which of these addresses is the answer is looked at then.
_PATTERNS = [
    {"urlPattern": f"{scheme}://localhost*", "requestStage": "Request"} for scheme in ("http", "https")
]


async def allowed(
    browser: "DrivenBrowser", address: str, is_answer: Callable[[str], bool], within: float
) -> str:
    """Show the page at `address`, and return the address with the answer that Procore then sends the browser to.

    It is not looked into here: its state is the caller's to check. Raises Trouble(PRO-CONNECT, why="given-up") when
    the person closes the window or `within` seconds pass, Trouble(BROWSER), Trouble(NET)."""
    from playwright.async_api import Error

    page = await browser.new_page()
    question = _Question(is_answer)
    page.on("close", question.end)
    page.on("crash", question.end)
    with contextlib.suppress(
        Error
    ):  # the window was closed while it was got ready, or while the answer was taken
        await question.watch(page)
        await _go(page, address, question)
        await browser.to_front(page)
        with anyio.move_on_after(within):
            await question.over.wait()
    if not question.answer:
        raise trouble(ProblemId.PRO_CONNECT, why="given-up")
    return question.answer


class _Question:
    """One question to the person, until its answer or its end."""

    def __init__(self, is_answer: Callable[[str], bool]) -> None:
        self.answer = ""
        self.over = anyio.Event()
        self._is_answer = is_answer
        self._session: CDPSession | None = None
        self._top = ""

    def end(self, _page: "Page") -> None:
        """The window is gone."""
        self.over.set()

    async def watch(self, page: "Page") -> None:
        """Stop the page on its way to this computer, redirects too (which the driver's own routes do not see)."""
        self._session = await page.context.new_cdp_session(page)
        tree = await self._session.send("Page.getFrameTree")
        self._top = tree["frameTree"]["frame"]["id"]
        self._session.on("Fetch.requestPaused", self._paused)
        await self._session.send("Fetch.enable", {"patterns": _PATTERNS})

    async def _paused(self, event: dict[str, Any]) -> None:
        from playwright.async_api import Error

        if self._session is None:
            return
        id_, top = event["requestId"], event.get("frameId") == self._top
        with contextlib.suppress(Error):
            if top and event.get("resourceType") == "Document" and self._is_answer(event["request"]["url"]):
                self.answer = self.answer or event["request"]["url"]
                body = base64.b64encode(_TOLD.encode()).decode()
                told = {"requestId": id_, "responseCode": 200, "body": body}
                kind = [{"name": "Content-Type", "value": "text/html"}]
                await self._session.send("Fetch.fulfillRequest", {**told, "responseHeaders": kind})
            else:  # Procore's pages have nothing to ask of this computer
                await self._session.send(
                    "Fetch.failRequest", {"requestId": id_, "errorReason": "BlockedByClient"}
                )
        if self.answer:
            self.over.set()


async def _go(page: "Page", address: str, question: _Question) -> None:
    from playwright.async_api import Error

    try:
        await page.goto(address, wait_until="commit", timeout=30_000)
    except Error as error:
        if question.answer or page.is_closed():
            return
        found = next(
            (part for part in error.message.replace(":", " ").split() if part.startswith("ERR_")), ""
        )
        why = found.removeprefix("ERR_").lower().replace("_", "-") or "timeout"
        host = urlsplit(address).hostname
        raise Trouble(Problem(ProblemId.NET, {"site": "procore", "host": host, "why": why})) from None
