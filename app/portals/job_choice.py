"""The choice of a job on the Job Costs tab: a drop-down, radio buttons, or a list of the page's own."""

import re

from app.domain.problems import ProblemId, Trouble, trouble
from app.domain.tabs import Job, Tab
from app.portals.by_hand import Step
from app.portals.choice import Offer, find_choice, held, pick, place_of, read_offers
from app.portals.find import Found
from app.portals.procore_way import WayToTabs
from app.portals.reading import PageRead
from app.portals.site import SitePage

# How the page's own options name a job: its number, a dash or colon, its name [I]; else the name alone [C3].
_CODE = re.compile(r"^(?P<code>\S{1,24})\s+[-–—:]\s+(?P<name>.+)$")


class JobChoice:
    """The jobs that the page offers, and the one that is chosen."""

    def __init__(self, page: SitePage, way: WayToTabs) -> None:
        self._page = page
        self._way = way
        self._texts: dict[str, str] = {}  # what the page calls each job, by its key

    async def jobs(self) -> tuple[Job, ...]:
        """What the page offers now; what has no key, such as "Select a Job", is none. Raises Trouble(PRO-LABEL)."""
        listed = await read_offers(self._page, "job", self._way.must_be_inside)
        if listed is None:
            raise trouble(ProblemId.PRO_LABEL, action="job", found=0)
        offered = [one for one in listed if one.key and one.enabled]
        self._texts = {one.key: one.text for one in offered}
        return tuple(_job(one.key, one.text) for one in offered)

    async def choose(self, job: Job) -> None:
        """Choose the job, or have the person choose it, and see that it is. Raises Trouble(PRO-LABEL, action="job")."""
        if self._page.assisted:
            await self._have_chosen(job)
            return

        async def chosen(read: PageRead) -> bool | None:
            self._way.must_be_inside(read)
            return await pick(self._page, read, "job", lambda offer: _is(offer, job))

        if await self._page.until(chosen, 10.0) is None:
            raise trouble(ProblemId.PRO_LABEL, action="job", found=1, why="not-reachable")

    async def _have_chosen(self, job: Job) -> None:
        async def shows(read: PageRead) -> bool:
            try:
                now = held(find_choice(self._page, read, "job"))
            except Trouble:
                return False
            return now is not None and self._way.is_at(read, Tab.JOB_COSTS) and _is(now, job)

        def find(read: PageRead) -> Found | None:
            if not self._way.is_at(read, Tab.JOB_COSTS):
                return None
            return place_of(find_choice(self._page, read, "job"), lambda offer: _is(offer, job))

        what = f"{job.code} {job.name}".strip()
        await self._page.ask(Step("job", find, shows, what=what, may_skip=True))

    def holder(self, read: PageRead, job: Job) -> tuple[Found | None, str]:
        """The control that must hold the job at the press, and what it holds then: the page's own key in a drop-down,
        the words in a list of the page's own; a radio button must be on."""
        choice = find_choice(self._page, read, "job")
        if choice.opener is not None:
            return choice.opener, self._texts.get(job.key, "")
        return place_of(choice, lambda offer: _is(offer, job)), job.key


def _is(offer: Offer, job: Job) -> bool:
    """Is this offer the job? By the page's own key, where it tells it, and by what a person reads."""
    return offer.key in ("", job.key) and _job(job.key, offer.text) == job


def _job(key: str, text: str) -> Job:
    found = _CODE.match(text)
    return Job(key, found["code"], found["name"].strip()) if found else Job(key, text, text)
