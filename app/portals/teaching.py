"""Teach: a person points at a control, or at the text of an end. The click is caught, does nothing there, and is told.

Two locks hold it: the page's own scripts hear of no press (resources/portals/teach.js), and while somebody points no
navigation and nothing but reads leaves the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import msgspec

from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.tabs import Tab
from app.domain.taught import END_DONE, END_FAILED, TEXT, Pointed, Unfit, is_end
from app.portals.find import LABEL_PROBLEM, in_section
from app.portals.folding import fold, plain, split_count
from app.portals.forbidden import is_forbidden
from app.portals.labels import unfit_label
from app.portals.reading import PageRead, Saying, Seen
from app.portals.site import SitePage
from app.portals.taught_ends import unfit_end

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

    from app.portals.driver import BrowserDriver

_ANYTHING = "**/*"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_POINT = "window[Symbol.for('ondemand-sync.teach')]"
_AT = f"(whole, what) => {{ const point = {_POINT}; return point ? point.at(whole[what]) : null; }}"


async def towards(driver: "BrowserDriver", site: Site, action: str) -> None:
    """Walk to the page on which this element should stand, as far as the labels lead. Presses the way alone.

    Raises what a walk raises, but for labels that are not found: the person then sees where it stopped."""
    try:
        if site is Site.HH2:
            if action not in ("user", "password", "log-in", "menu", "quick-menu"):
                await driver.hh2.open_sync()
            if action == "apply":
                await driver.hh2.page.press("settings")
            return
        ways = ("tab", "refresh", END_DONE, END_FAILED)
        tab = next((tab for tab in Tab if action in {f"{way}-{tab.value}" for way in ways}), None)
        if tab is not None:
            await driver.procore.show(tab)
    except Trouble as met:
        if met.problem.id not in (*LABEL_PROBLEM.values(), ProblemId.PRO_PERM):
            raise
        if action == "apply" and met.problem.facts.get("action") == "start-sync":
            await driver.hh2.page.press("settings")


async def point(page: SitePage, action: str, seconds: float) -> Pointed:
    """Wait until a person points at something, at most `seconds`, and tell what it is and whether it may be kept.

    Nothing of what they press reaches the page. Raises Trouble(BROWSER) where its window was closed."""
    at, ends = await page.page(), is_end(page.site, action)
    async with _caught(at):

        async def picked(read: PageRead) -> Pointed | None:
            await _switch_all(at, "start")  # a frame may have come meanwhile
            for frame, whole in zip(read.frames, read.wholes, strict=True):
                place = await whole.evaluate(_AT, "spoken" if ends else "elements")
                if place is None:
                    continue
                if ends:
                    return judge_end(page, action, frame.sayings[place] if place >= 0 else None)
                return judge(page, read, action, frame.controls[place] if place >= 0 else None)
            return None

        pointed = await page.until(picked, seconds)
    return pointed or Pointed(page.site, action, unfit=Unfit.NOBODY)


def judge(page: SitePage, read: PageRead, action: str, seen: Seen | None) -> Pointed:
    """What was pointed at, and whether it may be kept for this element."""
    if seen is None:
        return Pointed(page.site, action, unfit=Unfit.NO_CONTROL)
    told = Pointed(page.site, action, seen.role, seen.names[0] if seen.names else "", tuple(seen.within[:4]))
    return msgspec.structs.replace(told, unfit=_unfit(page, read, action, seen, told))


def judge_end(page: SitePage, action: str, saying: Saying | None) -> Pointed:
    """The sentence that was pointed at, and whether it may be kept as the text of an end."""
    if saying is None:
        return Pointed(page.site, action, unfit=Unfit.NO_TEXT)
    told = Pointed(page.site, action, TEXT, plain(saying.text), tuple(saying.within[:4]))
    return msgspec.structs.replace(told, unfit=unfit_end(page.table, told.label))


def _unfit(page: SitePage, read: PageRead, action: str, seen: Seen, told: Pointed) -> Unfit | None:
    control = page.table.controls.get(action)
    # A person sees what a reader sees, and the forbidden names are looked for among all that it bears.
    if is_forbidden(page.table, [*seen.names, seen.near]):
        return Unfit.FORBIDDEN
    unfit = unfit_label(page.table, told.label)
    if unfit is not None or control is None:
        return unfit or Unfit.NOT_TAUGHT
    there = in_section(read, control)
    if seen not in there:
        return Unfit.SECTION
    name = split_count(fold(told.name))[0]
    alike = [
        one
        for one in there
        if one.role == seen.role and any(split_count(fold(other))[0] == name for other in one.names)
    ]
    return Unfit.SEVERAL if len(alike) != 1 else None


@asynccontextmanager
async def _caught(page: "Page") -> AsyncIterator[None]:
    """While inside, what a person presses on the page is caught, and nothing but reads leaves it."""

    async def guard(route: "Route") -> None:
        request = route.request
        if request.is_navigation_request() or request.method not in _READS:
            await route.abort("blockedbyclient")
        else:
            await route.fallback()

    await page.route(_ANYTHING, guard)
    try:
        await _switch_all(page, "start")
        yield
    finally:
        with anyio.CancelScope(shield=True):
            await _switch_all(page, "stop")
            if not page.is_closed():
                await page.unroute(_ANYTHING, guard)


async def _switch_all(page: "Page", word: str) -> None:
    """Begin or end catching in every frame, somebody else's too; nothing is read of those."""
    from playwright.async_api import Error

    for frame in page.frames:
        try:
            await frame.evaluate(f"() => {_POINT} && {_POINT}.{word}()")
        except Error:
            pass  # the frame went away, and what was on it with it
