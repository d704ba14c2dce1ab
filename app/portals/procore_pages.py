"""Procore's ERP Integrations tool for the engine: its tabs, their buttons, the jobs, and what each tab says."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import anyio

from app.domain.events import Site
from app.domain.gate import Permit
from app.domain.looks import ENDED, EvidenceKind, Phase, TabLook, Waiting
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotReadable,
    Problem,
    ProblemId,
    SessionLost,
    Trouble,
    trouble,
)
from app.domain.tabs import Job, Tab
from app.portals.choice import find_choice
from app.portals.find import candidates, counted, find_if_there
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
        self, web: str, company_id: int, allowed: frozenset[str], browser: "DrivenBrowser", afresh: float
    ) -> None:
        self.page = SitePage(Site.PROCORE, web, allowed, browser)
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
                await self._show(tab, afresh=False)
            except Trouble as lacking:
                if lacking.problem.id is not ProblemId.PRO_PERM:
                    raise
                missing[tab] = str(lacking.problem.facts.get("why", "tab"))
                continue
            control = self._table.controls[f"refresh-{tab.value}"]

            async def there(read: PageRead, tab: Tab = tab) -> bool | None:
                return True if find_if_there(read, self._table, f"refresh-{tab.value}") else None

            if await self.page.until(there, 2.0) is None:
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
        action = f"refresh-{tab.value}"
        if not watch.pressed:
            await self.page.stand_still()

        async def seen(read: PageRead) -> TabLook | None:
            self._must_be_inside(read)
            if not candidates(read, self._table.controls[action]):
                return None
            return self._as_look(read, tab, job, watch)

        look = await self.page.until(seen, 4.0)
        if look is not None:
            return look
        self.page.raise_for_answers()
        read = await self.page.read()
        if any(self._table.says("forbidden", one.text) for one in read.sayings):
            raise trouble(ProblemId.PRO_PERM, tab=tab.value, why="button")
        return self._as_look(read, tab, job, watch)

    def _as_look(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch) -> TabLook:
        button = find_if_there(read, self._table, f"refresh-{tab.value}")
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
        return TabLook(now.phase, now.mark, now.text, waiting, can_press, shows_end, visible)

    def _status(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch) -> Status:
        button = find_if_there(read, self._table, f"refresh-{tab.value}")
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
        try:
            await self.page.press(f"refresh-{tab.value}", at_the_press=permit.use)
        except Trouble:
            self._watches.pop((tab, job.key if job else ""), None)
            raise
        answer = await self._answered(tab, job, watch, before)
        watch.answer = answer
        return answer

    async def _answered(self, tab: Tab, job: Job | None, watch: Watch, before: Status) -> str:
        page = self.page
        answer: str | Problem | None

        async def seen(read: PageRead) -> str | Problem | None:
            if door(page, read) is Door.FORM:
                raise SessionLost(Site.PROCORE.value)
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
            said = next((text for text in new if self._table.phase_of(text) is not None), "")
            now = self._status(read, tab, job, watch)
            if said or now.mark != before.mark:
                return said or now.text or "…"
            return None

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

    # ---------------------------------------------------------------- the way there

    async def show(self, tab: Tab) -> None:
        """Be on the tab's page. Raises Trouble(PRO-PERM, PRO-LABEL)."""
        await self._show(tab, afresh=False)

    async def _show(self, tab: Tab, *, afresh: bool = True) -> None:
        """Be on the tab's page, asked for anew when it is older than `afresh` seconds; no form is ever sent again."""
        old = anyio.current_time() - self._loaded >= self._afresh
        if self._at is tab and self.page.at_home and not (afresh and old):
            return
        address = self._addresses.get(tab)
        if address is not None and self._at is not None:
            await self.page.goto(address)
            if await self._is_here(tab, 5.0):
                self._arrived(tab)
                return
        await self._walk(tab)
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

    async def _walk(self, tab: Tab) -> None:
        """By the company's navigation to the tool, and there to the tab."""
        self._at = None
        if self._astray or not self.page.is_open or not self.page.at_home:
            await self.page.goto(self.page.home)
        self._astray = True
        await self._step(f"tab-{tab.value}", "tool", "menu")
        if not await self._is_here(tab, 10.0):
            raise trouble(ProblemId.PRO_LABEL, action=f"tab-{tab.value}", found=0, why="not-shown")
        self._must_be_the_company()
        self._astray = False

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
