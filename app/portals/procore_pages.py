"""Procore's ERP Integrations tool for the engine: its tabs, their buttons, the jobs, and what each tab says."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

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
from app.portals.find import Found, candidates, counted, find_if_there, renamed
from app.portals.folding import fold, split_count
from app.portals.job_choice import JobChoice
from app.portals.looking import DOWN
from app.portals.menus import as_button
from app.portals.procore_way import WayToTabs
from app.portals.reading import PageRead, Saying
from app.portals.sign_in import Credentials, Door, door, is_signed_in, sign_in
from app.portals.sign_in_state import SignIns
from app.portals.site import SitePage
from app.portals.status import Status, Watch, of_job, status

if TYPE_CHECKING:
    from app.portals.browser import DrivenBrowser

_ANSWER = 15.0


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
        sign_ins: SignIns | None = None,
    ) -> None:
        self.page = SitePage(Site.PROCORE, web, allowed, browser, taught, sign_ins)
        self.way = WayToTabs(self.page, company_id, afresh)
        self._table = self.page.table
        self._job_choice = JobChoice(self.page, self.way)
        self._watches: dict[tuple[Tab, str], Watch] = {}
        self._jobs: tuple[Job, ...] = ()

    async def sign_in(self, credentials: Credentials | None) -> str:
        """Sign in on the page's own form. See `app.portals.sign_in`."""
        self.way.at = None
        return await sign_in(self.page, credentials)

    async def is_signed_in(self) -> bool:
        """Looks at the page as it stands."""
        return await is_signed_in(self.page)

    def begin_at(self, address: str) -> None:
        """The tool's page lies there, says Procore's web service. See `WayToTabs.begin_at`."""
        self.way.begin_at(address)

    async def missing_rights(self, tabs: Sequence[Tab]) -> dict[Tab, str]:
        """The chosen tabs whose page or button is not there for this account: "tool", "tab" or "button".

        Goes to each, so that a changed label is found before step 1. Raises Trouble(PRO-LABEL) for several."""
        missing: dict[Tab, str] = {}
        for tab in tabs:
            try:
                await self.way.show(tab, afresh=False, asking=False)
            except Trouble as lacking:
                if self.page.assisted:
                    continue  # the person finds the way when it is the tab's turn
                if lacking.problem.id is not ProblemId.PRO_PERM:
                    raise
                missing[tab] = str(lacking.problem.facts.get("why", "tab"))
                continue
            control = self._table.controls[f"refresh-{tab.value}"]

            async def there(read: PageRead, tab: Tab = tab) -> bool | None:
                if await self.page.open_menu(read, f"refresh-{tab.value}"):
                    return None
                return True if find_if_there(read, self._table, f"refresh-{tab.value}") else None

            async def refused(read: PageRead, tab: Tab = tab) -> bool | None:
                return (
                    True if self.way.button(read, tab) or self._table.says("forbidden", read.says()) else None
                )

            if self.page.assisted:
                await self.page.until(refused, 2.0)
                read = await self.page.read()
                if not self.way.button(read, tab) and self._table.says("forbidden", read.says()):
                    missing[tab] = "button"
                continue
            if not await self.page.until_whole(there, 2.0):
                read = await self.page.read()
                if renamed(read, self._table, control.action):
                    self.page.find(read, control.action)  # raises, and keeps an outline for support
                missing[tab] = "button"
                continue
            if not control.press:
                raise RuntimeError("the table gives no leave to press this tab's button")
        return missing

    async def show(self, tab: Tab) -> None:
        """Be on the tab's page. Raises Trouble(PRO-PERM, PRO-LABEL)."""
        await self.way.show(tab, afresh=False)

    async def jobs(self) -> tuple[Job, ...]:
        """The jobs that the Job Costs tab itself offers."""
        await self.way.show(Tab.JOB_COSTS)
        self._jobs = await self._job_choice.jobs()
        return self._jobs

    # ---------------------------------------------------------------- looking

    async def look(self, tab: Tab, job: Job | None) -> TabLook:
        """The tab as it stands now (of Job Costs what it says of this job). Goes there anew when the page is old."""
        watch = self._watch(tab, job)
        await self.way.show(tab)
        if not watch.pressed or watch.sign:
            await self.page.stand_still()

        async def seen(read: PageRead) -> TabLook | None:
            self.way.must_be_inside(read)
            if not self.way.is_at(read, tab):
                return None
            return self._as_look(read, tab, job, watch)

        look = await self.page.until(seen, 4.0)
        if look is None and self.page.assisted:  # the person went elsewhere meanwhile
            self.way.at = None
            await self.way.show(tab)
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

    def _is_theirs_to_find(self, read: PageRead, tab: Tab) -> bool:
        found = len(candidates(read, self._table.controls[f"refresh-{tab.value}"]))
        return self.page.may_ask and (found > 1 or (found == 0 and self.page.assisted))

    def _as_look(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch) -> TabLook:
        button = self.way.button(read, tab)
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
        can_press = (
            button is not None and not as_button(read, self._table, f"refresh-{tab.value}", button).busy
        )
        can_press = can_press or self._is_theirs_to_find(read, tab)
        return TabLook(now.phase, now.mark, now.text, waiting, can_press, shows_end, visible)

    def _status(self, read: PageRead, tab: Tab, job: Job | None, watch: Watch) -> Status:
        button = self.way.button(read, tab)
        shown = as_button(read, self._table, f"refresh-{tab.value}", button)
        sayings: Sequence[Saying] = [one for one in read.sayings if self._is_of(one, tab)]
        heard = self.page.heard() if watch.pressed and self.way.at is tab else []
        if job is not None:
            sayings = of_job(self._table, sayings, job, self._jobs)
        loads, whole = self.page.loads, self.page.is_whole(read)
        return status(self._table, sayings, heard, watch, button=shown, loads=loads, whole=whole)

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
        await self.way.show(tab, afresh=False)
        if job is not None:
            await self._job_choice.choose(job)
        read = await self.page.read()
        self.way.must_be_inside(read)
        watch = self._watches[(tab, job.key if job else "")] = Watch()
        before = self._status(read, tab, job, watch)
        watch.press(read.sayings, self._table, self.page.loads)
        self.page.forget_heard()

        async def shows(read: PageRead) -> bool:
            if door(self.page, read) is Door.FORM:
                raise SessionLost(Site.PROCORE.value)
            return self.way.is_at(read, tab) and bool(self._said(read, tab, job, watch, before))

        try:
            await self.page.make(f"refresh-{tab.value}", shows, permit.use, self._step_of(tab, job, shows))
        except (Trouble, NotPressed) as unmade:
            self._watches.pop((tab, job.key if job else ""), None)
            if (
                isinstance(unmade, Trouble)
                and unmade.problem.id is ProblemId.PRO_LABEL
                and not permit.was_used()
            ):
                # The sign-in may have ended just now: then it is no label that is missing.
                self.way.must_be_inside(await self.page.read())
            raise
        answer = await self._answered(tab, job, watch, before)
        watch.answer = answer
        return answer

    def _step_of(self, tab: Tab, job: Job | None, shows: Callable[[PageRead], Awaitable[bool]]) -> Step:
        """The same press, for a person to make; of Job Costs with the job chosen that it was announced for."""
        action = f"refresh-{tab.value}"

        def find(read: PageRead) -> Found | None:
            return self.page.find(read, action) if self.way.is_at(read, tab) else None

        def choice(read: PageRead) -> tuple[Found | None, str]:
            return self._job_choice.holder(read, job) if job is not None else (None, "")

        what = f"{job.code} {job.name}".strip() if job is not None else ""
        return Step(action, find, shows, by_press=True, what=what, may_skip=True, choice=choice)

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
            if page.answers.put_off:
                page.raise_for_answers()
            new = self._new(read, watch)
            for text in new:
                if self._table.says("busy", text):
                    # The tab was free a moment ago, and a browser may send a request again by itself when its
                    # connection breaks: what is under way may be ours. It is looked up, never pressed again.
                    raise AnswerLost("busy")
                if self._table.says("forbidden", text):
                    return Problem(ProblemId.PRO_PERM, {"tab": tab.value, "text": text})
            if page.answers.lost or page.answers.broken or page.answers.slow_down is not None:
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
