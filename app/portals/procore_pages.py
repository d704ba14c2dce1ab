"""Procore's ERP Integrations tool for the engine: its tabs, their buttons, the jobs, and what each tab says."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import anyio

from app.domain.events import Site
from app.domain.gate import Permit
from app.domain.looks import ENDED, EvidenceKind, Phase, TabLook, Waiting
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
from app.domain.tabs import Job, Tab
from app.domain.taught import Taught
from app.portals.by_hand import Step
from app.portals.choice import find_choice
from app.portals.find import Found, candidates, counted, find_if_there, renamed
from app.portals.folding import fold, split_count
from app.portals.reading import PageRead, Saying
from app.portals.sign_in import Credentials, Door, door, is_signed_in, sign_in
from app.portals.site import DOWN, SitePage
from app.portals.status import Status, Watch, of_job, status

if TYPE_CHECKING:
    from app.portals.browser import DrivenBrowser

_ANSWER = 15.0
# How the page's own options name a job: its number, a dash or colon, its name [I]; else the name alone [C3].
_CODE = re.compile(r"^(?P<code>\S{1,24})\s+[-–—:]\s+(?P<name>.+)$")
_COMPANY = re.compile(r"/(\d{3,})/company/")  # [C3] procore-wire.md, "One page seen on the wire"


class ProcorePages:
    """Fulfils the engine's `ProcorePortal` on one company's pages. `afresh` is how many seconds old a page may be."""

    evidence = EvidenceKind.PAGE
    at_once = 1

    def __init__(
        self,
        web: str,
        company_id: int,
        allowed: frozenset[str],
        browser: "DrivenBrowser",
        afresh: float,
        taught: Sequence[Taught] = (),
    ) -> None:
        self.page = SitePage(Site.PROCORE, web, allowed, browser, taught)
        self._company = company_id
        self._table = self.page.table
        self._afresh = afresh
        self._addresses: dict[Tab, str] = {}
        self._tool = ""
        self._at: Tab | None = None
        self._loaded = float("-inf")
        self._astray = (
            False  # the last way was not walked to its end: the page may be an error's, and is left
        )
        self._watches: dict[tuple[Tab, str], Watch] = {}
        self._jobs: tuple[Job, ...] = ()

    async def sign_in(self, credentials: Credentials | None) -> str:
        """Sign in on the page's own form. See `app.portals.sign_in`."""
        self._at = None
        return await sign_in(self.page, credentials)

    async def is_signed_in(self) -> bool:
        """Looks at the page as it stands."""
        return await is_signed_in(self.page)

    async def missing_rights(self, tabs: Sequence[Tab]) -> dict[Tab, str]:
        """The chosen tabs whose page or button is not there for this account: "tool", "tab" or "button".

        Goes to each, so that a changed label is found before step 1. Raises Trouble(PRO-LABEL) for several."""
        missing: dict[Tab, str] = {}
        for tab in tabs:
            try:
                await self._show(tab, afresh=False, asking=False)
            except Trouble as lacking:
                if self.page.assisted:
                    continue  # the person finds the way when it is the tab's turn
                if lacking.problem.id is not ProblemId.PRO_PERM:
                    raise
                missing[tab] = str(lacking.problem.facts.get("why", "tab"))
                continue
            control = self._table.controls[f"refresh-{tab.value}"]

            async def there(read: PageRead, tab: Tab = tab) -> bool | None:
                return True if find_if_there(read, self._table, f"refresh-{tab.value}") else None

            async def refused(read: PageRead, tab: Tab = tab) -> bool | None:
                return True if self._button(read, tab) or self._table.says("forbidden", read.says()) else None

            if self.page.assisted:
                await self.page.until(refused, 2.0)
                read = await self.page.read()
                if not self._button(read, tab) and self._table.says("forbidden", read.says()):
                    missing[tab] = "button"
                continue
            if await self.page.until(there, 2.0) is None:
                read = await self.page.read()
                if renamed(read, self._table, control.action):
                    self.page.find(read, control.action)  # raises, and keeps an outline for support
                missing[tab] = "button"
                continue
            if not control.press:
                raise RuntimeError("the table gives no leave to press this tab's button")
        return missing

    async def jobs(self) -> tuple[Job, ...]:
        """The jobs of the Job Costs tab's own drop-down."""
        await self._show(Tab.JOB_COSTS)

        async def listed(read: PageRead) -> tuple[Job, ...] | None:
            self._must_be_inside(read)
            choice = find_choice(self.page, read, "job").native
            if choice is None:
                return None
            return tuple(
                _job(one.value, one.text) for one in choice.seen.options if one.value and one.enabled
            )

        jobs = await self.page.until(listed, 5.0)
        if jobs is None:
            raise trouble(ProblemId.PRO_LABEL, action="job", found=0)
        self._jobs = jobs
        return jobs

    # ---------------------------------------------------------------- looking

    async def look(self, tab: Tab, job: Job | None) -> TabLook:
        """The tab as it stands now (of Job Costs what it says of this job). Goes there anew when the page is old."""
        watch = self._watch(tab, job)
        await self._show(tab)
        if not watch.pressed:
            await self.page.stand_still()

        async def seen(read: PageRead) -> TabLook | None:
            self._must_be_inside(read)
            if not self._is_at(read, tab):
                return None
            return self._as_look(read, tab, job, watch)

        look = await self.page.until(seen, 4.0)
        if look is None and self.page.assisted:  # the person went elsewhere meanwhile
            self._at = None
            await self._show(tab)
            look = await self.page.until(seen, 4.0)
        if look is not None:
            return look
        self.page.raise_for_answers()
        read = await self.page.read()
        if any(self._table.says("forbidden", one.text) for one in read.sayings):
            raise trouble(ProblemId.PRO_PERM, tab=tab.value, why="button")
        if self.page.assisted:
            raise NotReadable(Problem(DOWN[Site.PROCORE], {"why": "page"}))
        return self._as_look(read, tab, job, watch)

    def _button(self, read: PageRead, tab: Tab) -> Found | None:
        """The tab's own button; None where it is not there, and where a person decides which of several it is."""
        try:
            return find_if_there(read, self._table, f"refresh-{tab.value}")
        except Trouble:
            if self.page.may_ask:
                return None
            raise

    def _is_theirs_to_find(self, read: PageRead, tab: Tab) -> bool:
        found = len(candidates(read, self._table.controls[f"refresh-{tab.value}"]))
        return self.page.may_ask and (found > 1 or (found == 0 and self.page.assisted))

    def _is_at(self, read: PageRead, tab: Tab) -> bool:
        """Is this the tab's page? By its button; assisted by the tab that is chosen, for a person goes where they like
        and presses what we do not find."""
        if not self.page.assisted:
            return bool(candidates(read, self._table.controls[f"refresh-{tab.value}"]))
        names = {part for name in read.selected for part in (fold(name), split_count(fold(name))[0])}
        chosen = [other for other in Tab if names & self._table.sections[other.value]]
        if chosen:
            return tab in chosen
        if self._button(read, tab) is not None:
            return True
        return bool(self.page.url) and self.page.url == self._addresses.get(tab)

    def _as_look(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch) -> TabLook:
        button = self._button(read, tab)
        now = self._status(read, tab, job, watch)
        waiting = Waiting(
            counted(read, self._table.controls["ready-to-import"]),
            counted(read, self._table.controls["failed-to-export"]),
        )
        shows_end = True
        if watch.pressed and now.phase is Phase.NONE and watch.answer:
            # Asked for anew, the page says nothing of any refresh: it is queued, and no end will be told.
            now = Status(Phase.QUEUED, f"answer > {fold(watch.answer)}", watch.answer, fresh=True)
            shows_end = False
        visible = not (now.phase in ENDED and self._table.says("nothing", now.text))
        can_press = button is not None and button.seen.enabled and not button.seen.busy
        can_press = can_press or self._is_theirs_to_find(read, tab)
        return TabLook(now.phase, now.mark, now.text, waiting, can_press, shows_end, visible)

    def _status(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch) -> Status:
        button = self._button(read, tab)
        busy = button is not None and (button.seen.busy or not button.seen.enabled)
        sayings: Sequence[Saying] = [one for one in read.sayings if self._is_of(one, tab)]
        heard = self.page.heard() if watch.pressed and self._at is tab else []
        if job is not None:
            sayings = of_job(self._table, sayings, job, self._jobs)
        return status(self._table, sayings, heard, watch, button_busy=busy)

    def _is_of(self, saying: Saying, tab: Tab) -> bool:
        """False for what stands in the section of another tab."""
        for name in saying.within:
            folded, plain = fold(name), split_count(fold(name))[0]
            owners = [other for other in Tab if {folded, plain} & self._table.sections[other.value]]
            if owners:
                return tab in owners
        return True

    def _watch(self, tab: Tab, job: Job | None) -> Watch:
        return self._watches.setdefault((tab, job.key if job else ""), Watch())

    # ---------------------------------------------------------------- pressing

    async def press(self, permit: Permit) -> str:
        """Press the tab's own button once; `permit.use()` is called at the press. Returns what the page answered."""
        tab, job = permit.tab, permit.job
        await self._show(tab, afresh=False)
        if job is not None:
            await self._choose_job(job)
        read = await self.page.read()
        self._must_be_inside(read)
        watch = self._watches[(tab, job.key if job else "")] = Watch()
        before = self._status(read, tab, job, watch)
        watch.press(read.sayings, self._table)
        self.page.forget_heard()

        async def shows(read: PageRead) -> bool:
            if door(self.page, read) is Door.FORM:
                raise SessionLost(Site.PROCORE.value)
            return self._is_at(read, tab) and bool(self._said(read, tab, job, watch, before))

        try:
            await self.page.make(f"refresh-{tab.value}", shows, permit.use, self._step_of(tab, job, shows))
        except (Trouble, NotPressed):
            self._watches.pop((tab, job.key if job else ""), None)
            raise
        answer = await self._answered(tab, job, watch, before)
        watch.answer = answer
        return answer

    def _step_of(self, tab: Tab, job: Job | None, shows: Callable[[PageRead], Awaitable[bool]]) -> Step:
        """The same press, for a person to make; of Job Costs with the job chosen that it was announced for."""
        action = f"refresh-{tab.value}"

        def find(read: PageRead) -> Found | None:
            return self.page.find(read, action) if self._is_at(read, tab) else None

        def choice(read: PageRead) -> Found | None:
            return find_choice(self.page, read, "job").native if job is not None else None

        what = f"{job.code} {job.name}".strip() if job is not None else ""
        return Step(
            action, find, shows, by_press=True, what=what, may_skip=True,
            choice=choice, value=job.key if job is not None else "",
        )  # fmt: skip

    def _said(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch, before: Status) -> str:
        """What the page says since our press that it did not say before; "" while it says nothing new."""
        new = self._new(read, watch)
        said = next((text for text in new if self._table.phase_of(text) is not None), "")
        now = self._status(read, tab, job, watch)
        return said or now.text or "…" if said or now.mark != before.mark else ""

    async def _answered(self, tab: Tab, job: Job | None, watch: Watch, before: Status) -> str:
        page = self.page
        answer: str | Problem | None

        async def seen(read: PageRead) -> str | Problem | None:
            if door(page, read) in (Door.FORM, Door.CODE, Door.ELSEWHERE):
                # The sign-in may have ended before our press or with it: that it was not carried out is not known.
                raise AnswerLost("session")
            if page.answers.slow_down is not None:
                page.raise_for_answers()
            new = self._new(read, watch)
            for text in new:
                if self._table.says("busy", text):
                    # The tab was free a moment ago, and a browser may send a request again by itself when its
                    # connection breaks: what is under way may be ours. It is looked up, never pressed again.
                    raise AnswerLost("busy")
                if self._table.says("forbidden", text):
                    return Problem(ProblemId.PRO_PERM, {"tab": tab.value, "text": text})
            if page.answers.lost or page.answers.broken:
                raise AnswerLost("no-answer")
            return self._said(read, tab, job, watch, before) or None

        answer = await page.until(seen, _ANSWER)
        if isinstance(answer, Problem):
            self._watches.pop((tab, job.key if job else ""), None)
            raise Declined(answer)
        if answer is None:
            raise AnswerLost("silent")
        return answer

    def _new(self, read: PageRead, watch: Watch) -> list[str]:
        said = [*(one.text for one in read.sayings if one.place != "row"), *self.page.heard()]
        return [text for text in said if self._table.without_ages(text) not in watch.stood]

    async def _choose_job(self, job: Job) -> None:
        """Choose the job in the page's own drop-down, and see that it is. Raises Trouble(PRO-LABEL, action="job")."""

        if self.page.assisted:
            await self._have_job_chosen(job)
            return

        async def chosen(read: PageRead) -> bool | None:
            self._must_be_inside(read)
            choice = find_choice(self.page, read, "job").native
            if choice is None:
                raise trouble(ProblemId.PRO_LABEL, action="job", found=0)
            option = [one for one in choice.seen.options if one.value == job.key and one.enabled]
            if len(option) != 1 or _job(job.key, option[0].text) != job:
                raise trouble(ProblemId.PRO_LABEL, action="job", found=len(option), why="not-offered")
            if choice.seen.value == option[0].text:
                return True
            await self.page.select(choice, job.key)
            return None

        if await self.page.until(chosen, 10.0) is None:
            raise trouble(ProblemId.PRO_LABEL, action="job", found=1, why="not-reachable")

    async def _have_job_chosen(self, job: Job) -> None:
        def choice(read: PageRead) -> Found | None:
            return find_choice(self.page, read, "job").native if self._is_at(read, Tab.JOB_COSTS) else None

        async def shows(read: PageRead) -> bool:
            try:
                found = choice(read)
            except Trouble:
                return False
            wanted = [one.text for one in found.seen.options if one.value == job.key] if found else []
            return found is not None and wanted == [found.seen.value]

        what = f"{job.code} {job.name}".strip()
        await self.page.ask(Step("job", choice, shows, what=what, may_skip=True))

    # ---------------------------------------------------------------- the way there

    async def show(self, tab: Tab) -> None:
        """Be on the tab's page. Raises Trouble(PRO-PERM, PRO-LABEL)."""
        await self._show(tab, afresh=False)

    async def _show(self, tab: Tab, *, afresh: bool = True, asking: bool = True) -> None:
        """Be on the tab's page, asked for anew when it is older than `afresh` seconds; no form is ever sent again.

        `asking` False: no person is asked to open it."""
        old = anyio.current_time() - self._loaded >= self._afresh
        if self._at is tab and self.page.at_home and not (afresh and old):
            return
        address = self._addresses.get(tab)
        if address is not None and self._at is not None:
            await self.page.goto(address)
            if await self._is_here(tab, 5.0):
                self._arrived(tab)
                return
        await self._walk(tab, asking=asking)
        self._arrived(tab)
        self._addresses[tab] = self.page.url

    def _arrived(self, tab: Tab) -> None:
        self._at, self._loaded = tab, anyio.current_time()

    async def _is_here(self, tab: Tab, seconds: float) -> bool:
        section = self._table.sections[tab.value]

        async def seen(read: PageRead) -> bool | None:
            self._must_be_inside(read)
            self._must_be_answered()
            chosen = any({fold(name), split_count(fold(name))[0]} & section for name in read.selected)
            button = find_if_there(read, self._table, f"refresh-{tab.value}")
            return True if chosen or button is not None else None

        return await self.page.until(seen, seconds) is not None

    async def _walk(self, tab: Tab, *, asking: bool) -> None:
        """By the company's navigation to the tool, and there to the tab."""
        self._at = None
        if self._astray or not self.page.is_open or not self.page.at_home:
            await self.page.goto(self.page.home)
        self._astray = True
        if self.page.assisted:
            await self._walk_without_a_press(tab, asking=asking)
            self._must_be_the_company()
            self._astray = False
            return
        await self._step(f"tab-{tab.value}", "tool", "menu")
        if not await self._is_here(tab, 10.0):
            raise trouble(ProblemId.PRO_LABEL, action=f"tab-{tab.value}", found=0, why="not-shown")
        self._must_be_the_company()
        self._astray = False

    async def _walk_without_a_press(self, tab: Tab, *, asking: bool) -> None:
        """To the tab by the addresses of links; where there is none, the person opens it."""
        action = f"tab-{tab.value}"

        def ahead(read: PageRead) -> str | None:
            ways = (action, "tool", "menu")
            return next((one for one in ways if candidates(read, self._table.controls[one])), None)

        async def seen(read: PageRead) -> str | None:
            self._must_be_inside(read)
            self._must_be_answered()
            return ahead(read)

        for _ in range(2):
            step = await self.page.until(seen, 8.0)
            if step is None or not await self.page.follow(step):
                break
            if step == action and await self._is_here(tab, 10.0):
                return
        if not asking:
            raise trouble(ProblemId.PRO_LABEL, action=action, found=0, why="not-shown")

        async def shows(read: PageRead) -> bool:
            self._must_be_inside(read)
            return self._is_at(read, tab)

        await self.page.ask(Step(action, lambda read: self.page.find(read, ahead(read) or action), shows))

    async def _step(self, action: str, *before: str) -> None:
        """Press a control of the navigation; where it is not there yet, the one that leads to it."""
        tried: set[str] = set()
        while True:

            async def seen(read: PageRead) -> str | None:
                self._must_be_inside(read)
                self._must_be_answered()
                ways = [one for one in (action, *before) if one not in tried]
                return next((one for one in ways if candidates(read, self._table.controls[one])), None)

            step = await self.page.until(seen, 8.0)
            if step is None:
                await self.page.keep_outline()
                raise trouble(ProblemId.PRO_PERM, why="tab" if "tool" in tried else "tool", action=action)
            tried.add(step)
            await self.page.press(step)
            if step == action:
                return

    def _must_be_the_company(self) -> None:
        """Another company's page is never touched."""
        found = _COMPANY.search(self.page.url)
        if self._company and found is not None and found[1] != str(self._company):
            raise trouble(ProblemId.PRO_LABEL, action="company", found=0, company=self._company)

    def _must_be_answered(self) -> None:
        """An error's page is not searched. Raises SlowDown or NotReadable, and the next way begins at the door."""
        self.page.raise_for_answers()
        if self.page.answers.lost:
            raise NotReadable(Problem(DOWN[Site.PROCORE], {"why": self.page.answers.lost}))

    def _must_be_inside(self, read: PageRead) -> None:
        if door(self.page, read) in (Door.FORM, Door.CODE, Door.ELSEWHERE):
            self._at = None
            raise SessionLost(Site.PROCORE.value)


def _job(key: str, text: str) -> Job:
    found = _CODE.match(text)
    return Job(key, found["code"], found["name"].strip()) if found else Job(key, text, text)
