"""Pointing at a control on a page, and hearing which presses the person then makes there."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.portals.hearing import Hearing
from app.portals.origin import is_ours
from app.portals.reading import script

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from app.portals.find import Found

_POINT = "(...given) => window[Symbol.for('ondemand-sync.point')]?.(...given)"
_EVERYWHERE = f"token => ({_POINT})(token)"
_AT = f"(element, [token, choice, value]) => ({_POINT})(token, element, choice, value)"
_AWAY = f"() => ({_POINT})()"


@dataclass
class Presses:
    """What the person pressed since they were asked: the control itself (`it`), and how often anything (`any`).

    `other`: it was pressed while the page's choice was another than it had to be."""

    it: bool = False
    other: bool = False
    any: int = 0


class Pointing:
    """One browser's pointing, at one control at a time on each page. A page's own scripts can make no press."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._heard: dict[str, Presses] = {}

    async def listen(self, context: "BrowserContext") -> None:
        """Begin, for every page this context will have."""
        await context.expose_binding("__ondemandSyncPressed", self._pressed)
        await context.add_init_script(script=script("point.js"))

    def _pressed(self, _source: dict[str, Any], token: object, it: object, holds: object) -> None:
        presses = self._heard.get(str(token))
        if presses is None:
            return
        presses.any += 1
        presses.it = presses.it or (it is True and holds is True)
        presses.other = presses.other or (it is True and holds is not True)
        self._hearing.ring()

    def begin(self) -> tuple[str, Presses]:
        """A new question: its token, and where its presses are told."""
        token = secrets.token_hex(8)
        self._heard = {token: Presses()}
        return token, self._heard[token]

    async def hear(self, page: "Page", token: str, allowed: frozenset[str]) -> None:
        """Hear every press on this page's own frames."""
        for frame in page.frames:
            if not frame.is_detached() and is_ours(frame, allowed):
                await frame.evaluate(_EVERYWHERE, token)

    async def at(self, found: "Found", token: str, choice: "Found | None", value: str) -> bool:
        """Outline a control that was just read. False where it left the page."""
        element = await found.place.element()
        if element is None:
            return False
        # What a choice holds can only be seen from a control in the same document.
        same = choice is not None and choice.place.frame is found.place.frame
        holds = await choice.place.element() if choice is not None and same else None
        try:
            return bool(await element.evaluate(_AT, [token, holds, value]))
        finally:
            for handle in (element, holds):
                if handle is not None:
                    await handle.dispose()

    async def away(self, page: "Page") -> None:
        """Point at nothing any more."""
        from playwright.async_api import Error

        for frame in page.frames:
            try:
                await frame.evaluate(_AWAY)
            except Error:
                continue  # it went, and the outline with it
