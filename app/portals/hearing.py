"""What the pages said in passing since a moment, and a bell that rings when one changes."""

from typing import TYPE_CHECKING, Any

import anyio

from app.portals.reading import keep_reader, script

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Frame, Page

_MOST = 500


class Hearing:
    """The short texts that came up on any page, the newest last."""

    def __init__(self) -> None:
        self._texts: list[tuple[BrowserContext, Frame, str]] = []
        self._bell = anyio.Event()

    async def listen(self, context: "BrowserContext") -> None:
        """Begin, for every page this context will have."""
        await context.expose_binding("__ondemandSyncHears", self._heard)
        await context.add_init_script(script=script("listen.js"))
        await context.add_init_script(script=keep_reader())
        await context.add_init_script(script=script("teach.js"))

    def attach(self, page: "Page") -> None:
        """Ring for this page's navigations too."""
        for event in ("framenavigated", "domcontentloaded", "load", "close", "crash", "popup"):
            page.on(event, self._ring_for)

    def _heard(self, source: dict[str, Any], texts: object) -> None:
        context, frame = source["context"], source["frame"]
        for text in texts if isinstance(texts, list) else ():
            if isinstance(text, str) and text:
                self._texts.append((context, frame, text[:300]))
        del self._texts[:-_MOST]
        self.ring()

    def said(self, page: "Page", text: str) -> None:
        """A text that came another way, such as a dialog's."""
        self._texts.append((page.context, page.main_frame, text[:300]))
        self.ring()

    def since(self, page: "Page") -> list[tuple["Frame", str]]:
        """What was said in this page's window, all its tabs, since it was last told to forget; each with its frame."""
        return list(
            dict.fromkeys((frame, text) for other, frame, text in self._texts if other is page.context)
        )

    def forget(self, page: "Page") -> None:
        """From here on only what is new counts."""
        self._texts = [one for one in self._texts if one[0] is not page.context]

    def ring(self) -> None:
        """Something changed: whoever waits looks again."""
        self._bell.set()
        self._bell = anyio.Event()

    def _ring_for(self, _: object) -> None:
        self.ring()

    @property
    def bell(self) -> anyio.Event:
        """What the next change of any page will ring. Taken before a page is read, so that no change is missed."""
        return self._bell

    async def change(self, bell: anyio.Event, within: float) -> None:
        """Return once the bell was rung, or after `within` seconds: an animation rings none."""
        with anyio.move_on_after(within):
            await bell.wait()
