"""hh2's pages for the engine: Quick Menu, Accounting Sync, Sync Filters, Start Sync, and what the page then says."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.domain.events import Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.looks import EvidenceKind, Phase, SyncLook
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotPressed,
    NotReadable,
    Problem,
    ProblemId,
    SessionLost,
    Trouble,
    trouble,
)
from app.domain.taught import Taught
from app.portals.by_hand import Step
from app.portals.choice import Offer, chosen, find_choice, option_of, pick, place_of
from app.portals.find import LABEL_PROBLEM, Found, candidates, stands_in
from app.portals.folding import fold
from app.portals.menus import as_button, is_there, stands_for
from app.portals.reading import PageRead
from app.portals.sign_in import Credentials, Door, door, is_signed_in, sign_in
from app.portals.sign_in_state import SignIns
from app.portals.site import SitePage
from app.portals.status import Status, Watch, status

if TYPE_CHECKING:
    from app.portals.browser import DrivenBrowser

_ANSWER = 15.0
_ABOUT = 1000


class Hh2Pages:
    """Fulfils the engine's `Hh2Portal` on the pages of one hh2 site."""

    evidence = EvidenceKind.PAGE

    def __init__(
        self,
        address: str,
        allowed: frozenset[str],
        browser: "DrivenBrowser",
        taught: Sequence[Taught] = (),
        sign_ins: SignIns | None = None,
    ) -> None:
        self.page = SitePage(Site.HH2, f"{address}/#login", allowed, browser, taught, sign_ins)
        self._table = self.page.table
        self._watch = Watch()
        self._read = PageRead()  # what was last read of Accounting Sync
        self.seen_at = ""  # the address at which Accounting Sync was last seen
        self._unsaved = False  # what the filters' form shows may be our own choice, which nobody took
        self._astray = (
            False  # the last way was not walked to its end: the page may be an error's, and is left
        )

    async def sign_in(self, credentials: Credentials | None) -> str:
        """Sign in on the page's own form. See `app.portals.sign_in`."""
        return await sign_in(self.page, credentials)

    async def is_signed_in(self) -> bool:
        """Looks at the page as it stands."""
        return await is_signed_in(self.page)

    # ---------------------------------------------------------------- filters

    async def read_filters(self) -> tuple[Filters | None, str]:
        """The filters that stand there, and what the page says of the depths. Opens Settings; changes nothing."""
        if self._unsaved:
            await self._afresh()
            self._unsaved = False
        await self._open_filters()
        read = await self.page.read()
        return self._filters(read), self.about_depth(read)

    async def apply_filters(self, filters: Filters) -> Filters:
        """Set what differs, press Apply Settings, and read back what stands there on a page asked for anew."""
        await self._open_filters()
        self._unsaved = True
        for action, key in (("date-range", filters.date_range.value), ("depth", filters.depth.value)):
            await self._choose(action, key)
        self.page.forget_heard()
        before = [one.text for one in (await self.page.read()).sayings]

        async def says_so(read: PageRead) -> bool:
            return any(self._table.says("applied", text) for text in self._said_since(read, before))

        await self.page.make("apply", says_so)
        if not await self._applied(before):
            raise AnswerLost("apply")
        stands, _ = await self.read_filters()
        if stands is None:
            raise NotReadable(Problem(ProblemId.HH2_ANSWER, {"what": "filters"}))
        return stands

    async def _choose(self, action: str, key: str) -> None:
        control = self._table.controls[action]

        def fits(offer: Offer) -> bool:
            return option_of(control, offer.text) == key

        def is_chosen(read: PageRead) -> bool:
            return chosen(find_choice(self.page, read, action), control) == key

        async def differs(read: PageRead) -> bool | None:
            self._must_be_inside(read)
            if self.page.assisted:
                return not is_chosen(read)
            wanted = f"{action}:{key}"
            return False if await pick(self.page, read, action, fits, wanted=wanted) else None

        async def shows(read: PageRead) -> bool:
            try:
                return is_chosen(read)
            except Trouble:
                return False

        lost: Trouble | None = None
        try:
            differed = await self.page.until(differs, 10.0)
            if differed is None:
                raise trouble(LABEL_PROBLEM[Site.HH2], action=f"{action}:{key}", found=1, why="not-reachable")
            if not differed:
                return
        except Trouble as unchosen:
            if not self.page.may_ask or unchosen.problem.id is not LABEL_PROBLEM[Site.HH2]:
                raise
            lost = unchosen
        step = Step(
            f"{action}:{key}",
            lambda read: place_of(find_choice(self.page, read, action), fits),
            shows,
        )
        await self.page.ask(step, lost)

    async def _applied(self, before: list[str]) -> bool:
        async def seen(read: PageRead) -> bool | None:
            self._must_be_inside(read)
            if self.page.answers.put_off:
                self.page.raise_for_answers()
            if self.page.answers.lost or self.page.answers.broken:
                return False
            said = self._said_since(read, before)
            return True if any(self._table.says("applied", text) for text in said) else None

        # Not every page says so in words that we know: what stands there afterwards decides.
        return await self.page.until(seen, 5.0) is not False

    def _said_since(self, read: PageRead, before: list[str]) -> list[str]:
        return [*(one.text for one in read.sayings if one.text not in before), *self.page.heard()]

    def _filters(self, read: PageRead) -> Filters | None:
        date_range = chosen(find_choice(self.page, read, "date-range"), self._table.controls["date-range"])
        depth = chosen(find_choice(self.page, read, "depth"), self._table.controls["depth"])
        return Filters(DateRange(date_range), Depth(depth)) if date_range and depth else None

    def about_depth(self, read: PageRead) -> str:
        """The page's own sentences that speak of a depth by name; none is made up."""
        depths = frozenset().union(*self._table.controls["depth"].options.values())
        told = [one.text for one in read.sayings if any(name in fold(one.text) for name in depths)]
        return " ".join(dict.fromkeys(text for text in told if fold(text) not in depths))[:_ABOUT]

    # ---------------------------------------------------------------- sync

    async def look(self) -> SyncLook:
        """What Accounting Sync says now."""
        await self._open_sync()
        if not self._watch.pressed:
            await self.page.stand_still()

        now = await self._seen()
        if now is not None and now.anew and not self.page.assisted:
            # What a banner or the button shows came with our press: the page asked for anew tells what the site says.
            await self._afresh()
            await self._open_sync()
            await self.page.stand_still()
            now = await self._seen()
        if now is None:
            self.page.raise_for_answers()
            read = await self.page.read()
            if not self._is_at_sync(read):
                self.page.find(read, "start-sync")
            return self._as_look(read, self._status(read))
        return self._as_look(self._read, now)

    async def _seen(self) -> Status | None:
        """What Accounting Sync says as soon as it says something; None where it says nothing."""

        async def seen(read: PageRead) -> Status | None:
            self._must_be_inside(read)
            if not self._is_at_sync(read):
                return None
            now = self._status(read)
            if now.phase is Phase.NONE and (self.page.answers.broken or self._says_nothing(read)):
                return None  # it is still being filled, or its server did not manage
            self._read, self.seen_at = read, self.page.url
            return now

        return await self.page.until(seen, 5.0)

    async def start(self) -> str:
        """Press Start Sync once. Returns what the page answered; AnswerLost where it said nothing that we know."""
        await self._open_sync()
        read = await self.page.read()
        before = self._status(read)
        watched, self._watch = self._watch, Watch()
        self.page.forget_heard()
        self._watch.press(read.sayings, self._table, self.page.loads)
        pressed = False

        def pressing() -> None:
            nonlocal pressed
            pressed = True

        async def shows(read: PageRead) -> bool:
            self._must_be_inside(read)
            now = self._status(read)
            return self._is_at_sync(read) and (now.fresh or now.mark != before.mark)

        try:
            await self.page.make("start-sync", shows, pressing)
        except (Trouble, NotPressed, SessionLost) as unmade:
            if not pressed:
                self._watch = watched
                if isinstance(unmade, Trouble) and unmade.problem.id is LABEL_PROBLEM[Site.HH2]:
                    # The sign-in may have ended just now: then it is no label that is missing.
                    self._must_be_inside(await self.page.read())
            raise
        try:
            return await self._started(before)
        except Trouble as stopped:  # the browser was closed: what was pressed may have arrived
            raise AnswerLost(stopped.problem.id.value) from None

    async def _started(self, before: Status) -> str:
        """What the page answers to the press that was just made."""

        async def answered(read: PageRead) -> str | Problem | None:
            if door(self.page, read) in (Door.FORM, Door.CODE, Door.ELSEWHERE):
                # The sign-in may have ended before our press or with it: that it was not carried out is not known.
                raise AnswerLost("session")
            new = self._new(read)
            for text in new:
                if self._table.says("busy", text):
                    # As for Procore's tabs: what is under way may be ours, sent again by the browser itself.
                    raise AnswerLost("busy")
                if self._table.says("forbidden", text):
                    return Problem(ProblemId.HH2_ANSWER, {"what": "start", "text": text})
            if self.page.answers.put_off:
                self.page.raise_for_answers()
            if self.page.answers.slow_down is None and (self.page.answers.lost or self.page.answers.broken):
                raise AnswerLost("no-answer")
            now = self._status(read)
            if now.fresh or now.mark != before.mark:
                return now.text or next(iter(new), "")
            return None

        # A page whose request broke may stand still: until there is an answer the next look asks for it anew.
        self._astray = True
        answer: str | Problem | None = await self.page.until(answered, _ANSWER)
        if isinstance(answer, Problem):
            self._watch = Watch()
            raise Declined(answer)
        if answer is None:
            raise AnswerLost("silent")
        self._astray = False
        return answer

    def _is_at_sync(self, read: PageRead) -> bool:
        """Is this Accounting Sync? By its button, or, where a person presses what we do not find, by its heading."""
        if is_there(read, self._table, "start-sync"):
            return True
        return self.page.may_ask and stands_in(read, self._table.sections["accounting-sync"])

    def _start_button(self, read: PageRead) -> Found | None:
        try:
            return stands_for(read, self._table, "start-sync")
        except Trouble:
            if self.page.may_ask:
                return None
            raise

    def _status(self, read: PageRead) -> Status:
        start = self._start_button(read)
        button = as_button(read, self._table, "start-sync", start)
        loads, whole = self.page.loads, self.page.is_whole(read)
        heard = self.page.heard()
        return status(self._table, read.sayings, heard, self._watch, button=button, loads=loads, whole=whole)

    def _as_look(self, read: PageRead, now: Status) -> SyncLook:
        failures: tuple[str, ...] = ()
        if now.phase is Phase.FAILED:
            named = self._table.sections["failures"]
            failures = tuple(
                one.text for one in read.sayings if any(fold(part) in named for part in one.within)
            )
        under_way = now.phase in (Phase.QUEUED, Phase.RUNNING)
        return SyncLook(now.phase, now.mark, now.text, read.progress if under_way else None, failures)

    def _new(self, read: PageRead) -> list[str]:
        stood = self._watch.stood
        said = [*(one.text for one in read.sayings), *self.page.heard()]
        return [text for text in said if self._table.without_ages(text) not in stood]

    def _says_nothing(self, read: PageRead) -> bool:
        return not any(one.place == "live" for one in read.sayings) and any(
            frame.placeholders for frame in read.frames
        )

    # ---------------------------------------------------------------- the way there

    async def open_sync(self) -> None:
        """Go to Accounting Sync. Raises Trouble(HH2-LABEL)."""
        await self._open_sync()

    async def _open_sync(self) -> None:
        await self._go(self._is_at_sync, "accounting-sync", "start-sync")

    async def _open_filters(self) -> None:
        await self._open_sync()

        def there(read: PageRead) -> bool:
            try:
                find_choice(self.page, read, "date-range")
            except Trouble:  # not there yet, whatever is missing; the last try tells
                return self.page.may_ask and stands_in(read, self._table.sections["sync-filters"])
            return True

        await self._go(there, "settings", "date-range")

    async def _go(self, there: Callable[[PageRead], bool], action: str, goal: str) -> None:
        """Press the menu's way, step by step, until the page shows what is looked for, the goal."""
        if self._astray or not self.page.is_open or not self.page.at_home:
            await self.page.goto(self.page.home)
        self._astray = True
        tried: set[str] = set()
        asked_anew = False
        while True:

            async def seen(read: PageRead) -> str | None:
                self._must_be_inside(read)
                if there(read):
                    return ""
                steps = (action, "quick-menu", "menu") if action == "accounting-sync" else (action,)
                return next(
                    (
                        one
                        for one in steps
                        if one not in tried and candidates(read, self._table.controls[one])
                    ),
                    None,
                )

            step = await self.page.until_whole(seen, 10.0)
            if step == "":
                self._astray = False
                return
            if self.page.assisted:
                if step is None or not await self.page.follow(step):
                    await self._led(action, step, there)
                    self._astray = False
                    return
                tried.add(step)
                continue
            if step is None:
                self.page.raise_for_lost()
                if self.page.answers.refused is not None and not asked_anew:
                    # What its server refused, the page may lack: it is asked for anew before a label is missed.
                    asked_anew = True
                    tried.clear()
                    if action == "accounting-sync":
                        await self.page.goto(self.page.home)
                    else:
                        await self._open_sync()  # from the door: this way was not walked to its end
                        self._astray = True
                    continue
                await self.page.keep_outline()
                missed = goal if action in tried else action
                raise trouble(LABEL_PROBLEM[Site.HH2], action=missed, found=0)
            tried.add(step)
            await self.page.press(step)

    async def _led(self, action: str, step: str | None, there: Callable[[PageRead], bool]) -> None:
        """The person opens the page: by `step` where we know the next one."""

        async def shows(read: PageRead) -> bool:
            self._must_be_inside(read)
            return there(read)

        await self.page.ask(Step(action, lambda read: self.page.find(read, step or action), shows))

    async def _afresh(self) -> None:
        """The page asked for anew, so that what it shows comes from the server."""
        await self.page.goto(self.page.home)

    def _must_be_inside(self, read: PageRead) -> None:
        at = door(self.page, read)
        if at in (Door.FORM, Door.CODE, Door.ELSEWHERE):
            raise SessionLost(Site.HH2.value)
