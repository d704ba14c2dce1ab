"""What a page shows to a person, read at one moment: its controls and its sentences, of every frame of our origin."""

import functools
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from app.portals.origin import frame_origin, is_ours
from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import ElementHandle, Frame, JSHandle, Page


class Option(msgspec.Struct, frozen=True):
    """One option of a drop-down."""

    value: str
    text: str
    enabled: bool


class Seen(msgspec.Struct, frozen=True):
    """A control as a person meets it. `names` holds every name it bears, the one that counts first; `near` is the text
    beside a field that has no other name; `within` the sections it stands in, from the innermost out.

    Of a choice `value` is what a person reads as chosen and `key` what the page itself calls it; `opens` is the id of
    the list it opens. Of a radio button or an option `key` is its own, `group` what it is one of, and `of` what that
    is called. `over` is what lies over the page, and holds it: the name of a dialog, or the text of what is fixed in
    place."""

    role: str
    names: tuple[str, ...]
    near: str
    enabled: bool
    within: tuple[str, ...]
    id: str
    busy: bool
    on: bool | None
    value: str
    options: tuple[Option, ...]
    popup: str
    open: bool
    group: str
    key: str
    of: str
    opens: str
    over: str

    @property
    def name(self) -> str:
        """The name that counts; for a field without one the text beside it."""
        return self.names[0] if self.names else self.near


class Saying(msgspec.Struct, frozen=True):
    """A sentence of the page: "live" in a status or an alert, "row" a line of a table, "text" anywhere else.

    `acts`: it is a line that something can be done with, such as a record with its buttons."""

    text: str
    place: Literal["live", "row", "text"]
    within: tuple[str, ...]
    acts: bool = False


class FrameRead(msgspec.Struct, frozen=True):
    """One frame as it stands. `origin` is what the document itself says; `selected` are the names of its chosen tabs;
    `changes` counts its changes."""

    origin: str
    title: str
    controls: tuple[Seen, ...]
    sayings: tuple[Saying, ...]
    selected: tuple[str, ...]
    busy: bool
    progress: float | None
    placeholders: int
    truncated: bool
    rows: int
    ready: str
    changes: int


@dataclass(frozen=True)
class Place:
    """Where a control can be reached: what was read of its frame, and its place there."""

    frame: "Frame"
    whole: "JSHandle"
    index: int

    async def element(self) -> "ElementHandle | None":
        """The element itself; None once it left the page."""
        handle = await self.whole.evaluate_handle("(whole, at) => whole.elements[at]", self.index)
        return handle.as_element()


@dataclass
class PageRead:
    """All frames of our origin at one moment. The places are good until the page changes frames."""

    frames: list[FrameRead] = field(default_factory=list)
    places: list[list[Place]] = field(default_factory=list)
    wholes: list["JSHandle"] = field(default_factory=list)  # what was read of each frame, in the browser

    def controls(self) -> "Iterator[tuple[Seen, Place]]":
        """Every control with its place."""
        for read, places in zip(self.frames, self.places, strict=True):
            yield from zip(read.controls, places, strict=True)

    @property
    def sayings(self) -> tuple[Saying, ...]:
        """Every sentence, in the order of the page."""
        return tuple(saying for frame in self.frames for saying in frame.sayings)

    @property
    def selected(self) -> tuple[str, ...]:
        """The names of the chosen tabs."""
        return tuple(name for frame in self.frames for name in frame.selected)

    @property
    def progress(self) -> float | None:
        """0..1 where a progress bar stands."""
        return next((frame.progress for frame in self.frames if frame.progress is not None), None)

    def says(self, place: str | None = None) -> str:
        """All sentences as one text, for the short patterns of sign-in and refusal."""
        return " \n ".join(saying.text for saying in self.sayings if place in (None, saying.place))


@functools.cache
def script(name: str) -> str:
    """One of the scripts that read a page or listen to it."""
    return resource("portals", name).read_text(encoding="utf-8")


# The reader is given to every document once; a page cannot put another in its place.
_READ = "arg => { const read = window[Symbol.for('ondemand-sync.read')]; return read ? read(arg) : null; }"
_AS_TEXT = "whole => JSON.stringify(whole && whole.read)"


def keep_reader() -> str:
    """The script that leaves the reader in a document."""
    symbol = "Symbol.for('ondemand-sync.read')"
    return f"if (!window[{symbol}]) Object.defineProperty(window, {symbol}, {{value: {script('read.js')}}});"


@asynccontextmanager
async def reading(page: "Page", allowed: frozenset[str]) -> "AsyncIterator[PageRead]":
    """The page as it stands now, and its handles until the block ends. Frames of another origin are left out."""
    read = PageRead()
    handles: list[JSHandle] = []
    try:
        for frame, outer in await _frames(page, allowed):
            whole = await frame.evaluate_handle(_READ, None)
            handles.append(whole)
            # As one text: value by value it takes the driver six times as long.
            raw: str = await whole.evaluate(_AS_TEXT)
            if raw == "null":  # a document that was there before our scripts
                whole = await frame.evaluate_handle(script("read.js"), None)
                handles.append(whole)
                raw = await whole.evaluate(_AS_TEXT)
            one = _within(msgspec.json.decode(raw, type=FrameRead), outer)
            if one.origin != frame_origin(page.main_frame):
                continue  # it went elsewhere after we had looked where it is
            read.frames.append(one)
            read.wholes.append(whole)
            read.places.append([Place(frame, whole, at) for at in range(len(one.controls))])
        yield read
    finally:
        for handle in handles:
            await _let_go(handle)


async def _frames(page: "Page", allowed: frozenset[str]) -> "list[tuple[Frame, tuple[str, ...]]]":
    """The frames to read, each with the sections that its element stands in."""
    found: list[tuple[Frame, tuple[str, ...]]] = []
    outer: dict[Frame, tuple[str, ...]] = {}
    for frame in page.frames:
        if frame.is_detached() or not is_ours(frame, allowed):
            continue
        parent = frame.parent_frame
        if parent is None:
            outer[frame] = ()
        elif parent in outer:
            element = await frame.frame_element()
            try:
                if not await element.is_visible():
                    continue
                own = await element.evaluate(f"element => ({script('read.js')})({{of: element}})")
            finally:
                await _let_go(element)
            outer[frame] = (*(str(name) for name in own), *outer[parent])
        else:
            continue
        found.append((frame, outer[frame]))
    return found


def _within(read: FrameRead, outer: tuple[str, ...]) -> FrameRead:
    if not outer:
        return read
    return msgspec.structs.replace(
        read,
        controls=tuple(msgspec.structs.replace(one, within=(*one.within, *outer)) for one in read.controls),
        sayings=tuple(msgspec.structs.replace(one, within=(*one.within, *outer)) for one in read.sayings),
    )


async def _let_go(handle: "JSHandle") -> None:
    from playwright.async_api import Error

    try:
        await handle.dispose()
    except Error:
        pass  # the page went on, and its handles with it
