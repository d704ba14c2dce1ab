"""What the person does on a page themselves: pointed at, asked for, and watched for. Nothing is pressed by us."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import anyio

from app.domain.events import ByHand
from app.domain.problems import NotPressed, Trouble, Unpressed
from app.portals.find import Found
from app.portals.forbidden import is_forbidden
from app.portals.reading import PageRead

if TYPE_CHECKING:
    from app.portals.site import SitePage

_FIND = 3.0  # so long the control is looked for before the person is told to look for it


class Asked(Protocol):
    """A person was asked; see the engine's port of this name."""

    @property
    def left(self) -> float: ...
    def said(self) -> bool | Unpressed | None: ...


class Hand(Protocol):
    """The person's own hand; see the engine's port of this name."""

    @property
    def is_there(self) -> bool: ...
    def asks(self, by_hand: ByHand) -> AbstractAsyncContextManager[Asked]: ...


async def _shows_nothing(_read: PageRead) -> bool:
    return False


@dataclass(frozen=True)
class Step:
    """One thing to do by hand. `find` gives the control to point at, and raises Trouble where there is none.

    `shows` tells that the page shows it done. `by_press`: a press of the control itself is enough, for what the page
    shows of it comes later. `choice` gives the control of a choice, and what it must hold at the press."""

    action: str
    find: Callable[[PageRead], Found | None]
    shows: Callable[[PageRead], Awaitable[bool]] = _shows_nothing
    by_press: bool = False
    what: str = ""
    may_skip: bool = False
    choice: Callable[[PageRead], tuple[Found | None, str]] = lambda _read: (None, "")


async def by_hand(site: "SitePage", hand: Hand, step: Step) -> None:
    """Ask for one step and return once it is done, or the person says that it is. Raises NotPressed.

    What the page shows counts as theirs only where they pressed something on it since they were asked: a change
    without any press is somebody else's, and NotPressed(OTHER)."""
    pointing = site.pointing
    token, presses = pointing.begin()

    async def point(read: PageRead) -> bool:
        await pointing.hear(await site.page(), token, site.allowed)
        found = _to_point_at(site, step, read)
        return found is not None and await pointing.at(found, token, *step.choice(read))

    async def pointed(read: PageRead) -> bool | None:
        return True if await point(read) else None

    try:
        outlined = await site.until(pointed, _FIND) is True
        asking = ByHand(site.site, step.action, step.what, outlined, step.may_skip)
        async with hand.asks(asking) as asked:

            async def seen(read: PageRead) -> bool | Unpressed | None:
                if presses.it and step.by_press:
                    return True
                if presses.other:
                    return Unpressed.OTHER
                if site.at_home and await step.shows(read):
                    return True if presses.any or not step.by_press else Unpressed.OTHER
                if site.at_home:
                    await point(read)
                if not site.answers.pending:
                    site.answers.forget()  # an answer from before the press tells nothing of the press
                return asked.said()

            done: bool | Unpressed | None = None
            while done is None:
                with anyio.move_on_after(asked.left + 1.0):  # a dialog that stands open holds up the page
                    done = await site.until(seen, asked.left, once_more=lambda: asked.left > 0)
                if done is None:
                    done = asked.said()
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(1.0):
            await pointing.away(await site.page())
    if isinstance(done, Unpressed):
        raise NotPressed(done, step.action)


def _to_point_at(site: "SitePage", step: Step, read: PageRead) -> Found | None:
    """The control, unless it is not found, or bears a name that nobody is asked to press."""
    try:
        found = step.find(read)
    except Trouble:
        return None
    if found is None or is_forbidden(site.table, [*found.seen.names, found.seen.near]):
        return None
    return found
