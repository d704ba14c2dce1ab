"""Check the pages: walks both sites by their navigation, and tells of each element that a run needs where it stands.

Nothing is pressed but the way there, and a list or a menu is opened to read what it offers: what starts, applies or
refreshes is looked for and left alone."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from app.domain.events import Site
from app.domain.filters import Filters
from app.domain.page_check import Element, Outline, Sight, SiteCheck
from app.domain.problems import (
    AT_SITE,
    NotReadable,
    Problem,
    ProblemId,
    SessionLost,
    Trouble,
    problem_of,
)
from app.domain.tabs import TABS, Lands, Tab
from app.portals.choice import Choice, find_choice, option_of, read_offers, strange
from app.portals.find import LABEL_PROBLEM, Found, candidates
from app.portals.forbidden import is_forbidden
from app.portals.labels import Control, Mark
from app.portals.looking import DOWN
from app.portals.outline import outline
from app.portals.reading import PageRead, Seen
from app.portals.sign_in import Door, door
from app.portals.site import SitePage

if TYPE_CHECKING:
    from app.portals.driver import BrowserDriver
    from app.portals.hh2_pages import Hh2Pages
    from app.portals.procore_pages import ProcorePages

_APPEAR = 6.0  # how long one page is waited for before what it does not show is missing
_WAY = {Site.HH2: ("menu", "quick-menu", "accounting-sync"), Site.PROCORE: ("menu", "tool")}
_FILTERS = ("ready-to-import", "failed-to-export")
_WITHIN = 3


async def check_site(
    driver: "BrowserDriver", look: SiteCheck, filters: Filters, tabs: Sequence[Tab]
) -> SiteCheck:
    """Walk one site that was signed in to. `look` is what is known of it; `filters` and `tabs` are what its runs use.

    Raises nothing: what ends the walk is the `problem` of what is returned."""
    site = look.site
    if site is Site.HH2:
        walk: _Walk = _Hh2(driver.hh2, look, filters)
    else:
        walk = _Procore(driver.procore, look, tabs)
    try:
        await walk.go()
    except AT_SITE as failed:
        walk.problem = problem_of(failed, site.value)
    return walk.report()


async def check_door(page: SitePage) -> tuple[Element, ...]:
    """The sign-in form of a site, before it is filled; empty where the page shows another door.

    Raises NotReadable and SlowDown where the site is not reached."""
    await page.goto(page.home)

    async def seen(read: PageRead) -> tuple[Element, ...] | None:
        at = door(page, read)
        if at is None:
            return None
        if at is not Door.FORM:
            return ()
        found = [_element(page, read, action, "") for action in ("user", "password", "log-in")]
        passwords = [one for one, _ in read.controls() if one.role == "password"]
        if found[1].sight is not Sight.FOUND:
            # The field is known by its role, whatever it is called; a form in two steps asks for it later.
            found[1] = msgspec.structs.replace(
                found[1],
                sight=Sight.FOUND if len(passwords) == 1 else found[1].sight,
                role="password" if passwords else "",
                count=len(passwords),
                needed=len(passwords) != 0,
            )
        return tuple(found)

    return await page.until(seen, 20.0) or ()


class _Walk:
    """What a walk over one site has seen so far, by action, in the order in which it is told."""

    def __init__(self, page: SitePage, look: SiteCheck) -> None:
        self.page = page
        self.problem: Problem | None = None
        self.about_depth = ""
        self._look = look
        self._seen: dict[str, Element] = {}
        self._outlines: list[Outline] = []

    async def go(self) -> None:
        """The walk itself."""
        raise NotImplementedError

    def report(self) -> SiteCheck:
        """What was seen; an element that was not come to is NOT_LOOKED."""
        for action in self.actions():
            self._seen.setdefault(action, self._blank(action))
        for action in _WAY[self.page.site]:
            if action in self.page.met:
                self._seen[action] = _as_found(self.page, self.page.met[action], "")
        order = dict.fromkeys((*_WAY[self.page.site], *self.actions()))
        known = [self._seen[action] for action in order if action in self._seen]
        return msgspec.structs.replace(
            self._look,
            problem=self.problem,
            elements=(*self._look.elements, *known),
            outlines=tuple(self._outlines),
            about_depth=self.about_depth,
        )

    def actions(self) -> Sequence[str]:
        """Every element that this walk looks for, in order."""
        raise NotImplementedError

    def needed(self, action: str) -> bool:
        """Would a run of this company stop without it?"""
        return action not in ("menu", "quick-menu")

    def _blank(self, action: str) -> Element:
        kind, _, part = action.partition(":")
        control = self.page.table.controls[kind]
        section = part if part in self.page.table.sections else _section_id(self.page, control)
        return Element(action, section, Sight.NOT_LOOKED, needed=self.needed(action), presses=control.press)

    def keep(self, elements: Iterable[Element], read: PageRead) -> None:
        """These were looked for on this page, which is outlined where one is wanting."""
        for seen in elements:
            idle = seen.sight is Sight.MISSING and not seen.needed
            one = msgspec.structs.replace(seen, sight=Sight.NOT_NEEDED) if idle else seen
            self._seen[one.action] = one
            if one.is_wanting and one.sight is not Sight.NOT_LOOKED:
                drawn = outline(read)
                if all(drawn != known.text for known in self._outlines):  # of one page one outline is enough
                    self._outlines.append(Outline(one.action, drawn))

    async def look_for(self, actions: Sequence[str]) -> PageRead:
        """Look for these on the page as it stands, as long as a wanted one is missing, at most for a while."""
        last: list[tuple[PageRead, list[Element]]] = []

        async def seen(read: PageRead) -> bool | None:
            self.must_be_inside(read)
            for action in actions:
                if await self.page.open_menu(read, action):
                    return None  # what it holds is looked at when it is open; its items are left alone
            now = [self._look_at(read, action) for action in actions]
            last[:] = [(read, now)]
            return True if not any(one.is_wanting for one in now) else None

        await self.page.until(seen, _APPEAR)
        self.page.raise_for_answers()
        if not last:
            raise NotReadable(Problem(DOWN[self.page.site], {"why": "page"}))
        read, elements = last[0]
        self.keep(elements, read)
        return read

    def _look_at(self, read: PageRead, action: str) -> Element:
        control = self.page.table.controls[action]
        section, needed = _section_id(self.page, control), self.needed(action)
        found = _element(self.page, read, action, section, needed=needed)
        if "choice" not in control.roles or found.sight is not Sight.MISSING:
            return found
        try:  # radio buttons are a choice too, and have no element of their own
            choice = find_choice(self.page, read, action)
        except Trouble:
            return found
        return msgspec.structs.replace(_of_choice(self.page, control, choice, section), needed=needed)

    def must_be_inside(self, read: PageRead) -> None:
        """Raises SessionLost where the page asks for a sign-in again."""
        if door(self.page, read) in (Door.FORM, Door.CODE, Door.ELSEWHERE):
            raise SessionLost(self.page.site.value)

    async def way(self, step: Callable[[], Awaitable[None]]) -> bool:
        """Walk somewhere; False where a label on the way was not found. Other troubles are raised."""
        try:
            await step()
        except Trouble as met:
            label = met.problem.id in (*LABEL_PROBLEM.values(), ProblemId.PRO_PERM)
            if not label or met.problem.facts.get("action") == "company":
                raise
            return False
        return True


class _Hh2(_Walk):
    """Quick Menu, Accounting Sync, Settings; Apply Settings and Start Sync are looked at."""

    def __init__(self, pages: "Hh2Pages", look: SiteCheck, filters: Filters) -> None:
        super().__init__(pages.page, look)
        self._pages = pages
        self._wanted = {"date-range": filters.date_range.value, "depth": filters.depth.value}

    def actions(self) -> Sequence[str]:
        choices = [
            action
            for choice in self._wanted
            for action in (choice, *(f"{choice}:{key}" for key in self.page.table.controls[choice].options))
        ]
        return ("accounting-sync", "settings", *choices, "apply", "start-sync")

    def needed(self, action: str) -> bool:
        choice, _, key = action.partition(":")
        return super().needed(action) and (not key or key == self._wanted[choice])

    async def go(self) -> None:
        if not await self.way(self._pages.open_sync) and "accounting-sync" not in self.page.met:
            await self.look_for(("accounting-sync",))
            return
        read = await self.look_for(("start-sync", "settings"))
        self._standing(read, "accounting-sync")
        if self._seen["settings"].sight is not Sight.FOUND:
            return
        await self.way(lambda: self.page.press("settings"))
        await self.look_for(("apply", "start-sync"))
        for action in ("date-range", "depth"):
            await self._choice(action)
        self.about_depth = self._pages.about_depth(await self.page.read())

    def _standing(self, read: PageRead, action: str) -> None:
        """An element of the way that did not have to be pressed."""
        if action not in self.page.met:
            self.keep([_element(self.page, read, action, "quick-menu", needed=False)], read)

    async def _choice(self, action: str) -> None:
        """A choice and what it offers. A list of the page's own is opened, read and closed."""
        page, control = self.page, self.page.table.controls[action]
        last: list[tuple[PageRead, Choice | int]] = []

        async def seen(read: PageRead) -> bool | None:
            self.must_be_inside(read)
            try:
                choice = find_choice(page, read, action)
            except Trouble as met:
                last[:] = [(read, int(str(met.problem.facts.get("found", 0))))]
                return None
            last[:] = [(read, choice)]
            return True

        await page.until(seen, _APPEAR)
        if not last:
            raise NotReadable(Problem(DOWN[page.site], {"why": "page"}))
        read, choice = last[0]
        section = _section_id(page, control)
        if isinstance(choice, int):
            sight = Sight.SEVERAL if choice else Sight.MISSING
            self.keep([Element(action, section, sight, count=choice)], read)
            return
        listed = await read_offers(page, action, self.must_be_inside)
        offered = [one.text for one in listed if one.enabled] if listed is not None else None
        found = _of_choice(page, control, choice, section)
        self.keep([msgspec.structs.replace(found, unknown=strange(control, offered or ()))], read)
        for key in control.options if offered is not None else ():
            text = next((one for one in offered or () if option_of(control, one) == key), None)
            label = control.label_of(text) if text is not None else None
            told = Element(
                f"{action}:{key}",
                section,
                Sight.FOUND if label is not None else Sight.MISSING,
                label.text if label is not None else "",
                label.mark.value if label is not None else "",
                "option",
                count=int(label is not None),
                presses=True,
                needed=self.needed(f"{action}:{key}"),
            )
            self.keep([told], read)


class _Procore(_Walk):
    """The tool, each tab, its button, its filters; for Job Costs the drop-down of the jobs."""

    def __init__(self, pages: "ProcorePages", look: SiteCheck, tabs: Sequence[Tab]) -> None:
        super().__init__(pages.page, look)
        self._pages = pages
        self._tabs = frozenset(tabs)

    def actions(self) -> Sequence[str]:
        return [action for tab in Tab for action in _of_tab(tab)]

    def needed(self, action: str) -> bool:
        if not super().needed(action):
            return False
        tab = next((tab for tab in Tab if action in _of_tab(tab)), None)
        if ":" in action and tab is not None and TABS[tab].lands is Lands.DIRECTLY:
            return False  # where records land directly a tab need not have the filters of those that wait [I]
        return tab is None or tab in self._tabs

    async def go(self) -> None:
        for tab in Tab:
            came = await self.way(partial(self._pages.show, tab))
            if not came and f"tab-{tab.value}" not in self.page.met:
                if not await self._on_the_way(tab):
                    return
                continue
            self._met(f"tab-{tab.value}")
            looked = [f"refresh-{tab.value}"]
            if tab is Tab.JOB_COSTS:
                looked.append("job")
            read = await self.look_for(looked)
            self._why_not(read, tab)
            self._filters(read, tab)

    async def _on_the_way(self, tab: Tab) -> bool:
        """The tab was not come to: what of the way is there. False where the tool itself is not."""
        read = await self.page.read()
        self.must_be_inside(read)
        if "tool" not in self.page.met:
            self.keep([_element(self.page, read, "tool", "")], read)
            return False
        now = _element(self.page, read, f"tab-{tab.value}", "tool", needed=self.needed(f"tab-{tab.value}"))
        self.keep([now], read)
        return True

    def _met(self, action: str) -> None:
        if action in self.page.met:
            found = _as_found(self.page, self.page.met[action], "tool")
            self._seen[action] = msgspec.structs.replace(found, needed=self.needed(action))

    def _why_not(self, read: PageRead, tab: Tab) -> None:
        """The page says that this account may not refresh: that is why the button is not there."""
        action = f"refresh-{tab.value}"
        if self._seen[action].sight is Sight.MISSING and any(
            self.page.table.says("forbidden", one.text) for one in read.sayings
        ):
            self._seen[action] = msgspec.structs.replace(self._seen[action], why="forbidden-to-us")

    def _filters(self, read: PageRead, tab: Tab) -> None:
        """The filters whose counts are read."""
        for kind in _FILTERS:
            action = f"{kind}:{tab.value}"
            seen = _element(self.page, read, kind, tab.value, needed=self.needed(action))
            self.keep([msgspec.structs.replace(seen, action=action)], read)


def _of_tab(tab: Tab) -> tuple[str, ...]:
    job = ("job",) if tab is Tab.JOB_COSTS else ()
    return (f"tab-{tab.value}", f"refresh-{tab.value}", *job, *(f"{kind}:{tab.value}" for kind in _FILTERS))


def _element(page: SitePage, read: PageRead, action: str, section: str, *, needed: bool = True) -> Element:
    """What a page shows of one element."""
    control = page.table.controls[action]
    found = candidates(read, control)
    if len(found) == 1:
        return msgspec.structs.replace(_as_found(page, found[0], section), needed=needed)
    sight = Sight.SEVERAL if found else Sight.MISSING
    return Element(action, section, sight, count=len(found), presses=control.press, needed=needed)


def _as_found(page: SitePage, found: Found, section: str) -> Element:
    """The one that was found. One that may not be used (of a forbidden name) is as good as missing, and says why."""
    control, seen = found.control, found.seen
    names = seen.names or (seen.near,)
    label = next((label for name in names if (label := control.label_of(name)) is not None), None)
    taught = next((name for name in seen.names if label is None and control.is_taught(seen.role, name)), "")
    forbidden = control.press and is_forbidden(page.table, [*seen.names, seen.near])
    return Element(
        control.action,
        section or _section_id(page, control),
        Sight.MISSING if forbidden else Sight.FOUND,
        label.text if label is not None else taught,
        label.mark.value if label is not None else _mark_of(control, seen, taught),
        seen.role,
        tuple(name[:80] for name in seen.within[:_WITHIN]),
        1,
        control.press,
        why="forbidden" if forbidden else "" if seen.enabled else "off",
    )


def _of_choice(page: SitePage, control: Control, choice: Choice, section: str) -> Element:
    found = choice.native or choice.opener
    if found is not None:
        return _as_found(page, found, section)
    seen = choice.radios[0].seen
    label, within = control.label_of(seen.of), [name for name in seen.within if name != seen.of]
    return Element(control.action, section, Sight.FOUND, label.text if label else "",
                   label.mark.value if label else "", seen.role, tuple(within[:_WITHIN]), 1)  # fmt: skip


def _section_id(page: SitePage, control: Control) -> str:
    """The id of the section a control is looked for in."""
    return next((key for key, names in page.table.sections.items() if control.section == names), "")


def _mark_of(control: Control, seen: Seen, taught: str) -> str:
    """The mark of one that no name of the table told."""
    if seen.id in control.ids:
        return Mark.THIRD_PARTY.value
    return "taught" if taught else ""
