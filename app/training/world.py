"""The world behind the training servers: Sage's ledger, what hh2 holds, what Procore holds and has staged.

Records really travel. A sync copies from Sage to hh2 what the date range and the depth cover; a refresh copies from
hh2 to Procore what its tab covers: directly (cost codes, cost types, job costs, changes to what is imported) or staged
(new vendors, jobs, sub jobs, prime contracts). Nothing here runs by itself: every method first *settles*, that is,
carries out whatever has ended by now, in order; so the state is right whenever it is looked at. One event loop, no
threads.

For handlers of pages and routes:
`sync_look`, `filters`, `apply_filters`, `start_sync` · `tab_look`, `jobs`, `rights`, `press_tab` · `import_staged` (an
accounting approver's act) · `note_forbidden` (a page's other buttons: nothing happens, the press log keeps it)."""

import datetime as dt
import time
from collections.abc import Callable

from app.domain.filters import Filters
from app.domain.looks import Phase, SyncLook, TabLook, Waiting
from app.domain.tabs import Job, Tab
from app.training import operations as op
from app.training import texts
from app.training.company import Company, found
from app.training.holdings import Holdings
from app.training.mismatch import NONE
from app.training.mismatch_made import mismatch
from app.training.news import week
from app.training.records import SageJob
from app.training.scenarios import Scenario, scenario
from app.training.traits import SyncTrait, TabTrait


class World(Holdings):
    """One company in one scenario. `pace` multiplies every duration; `clock` gives seconds that never go back."""

    def __init__(
        self,
        story: Scenario | None = None,
        *,
        seed: int = 1,
        size: str = "small",
        pace: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        now: dt.datetime | None = None,
        company: Company | None = None,
    ) -> None:
        self.story = story or scenario("ok")
        self.pace = pace
        self._clock = clock
        self._began = clock()
        self._began_at = now or dt.datetime.now(dt.UTC)
        grown = company or found(seed, size, self._began_at.date())
        otherwise = mismatch(grown, seed) if self.story.traits.mismatch else NONE
        super().__init__(grown, week(grown, self.story.traits.news, seed), otherwise)
        self.presses: list[op.Pressed] = []
        self.filters = self.story.traits.filters
        self.syncs: list[op.Sync] = [self._earlier_sync()]
        self.refreshes: list[op.Refresh] = self._earlier_refreshes()
        self._theirs_begun = False
        self._their_tabs_begun: set[Tab] = set()

    def _earlier_sync(self) -> op.Sync:
        done = self.now() - 2 * 3600.0
        return op.Sync(41, "hh2", Filters(), done - 60, done - 55, done, Phase.DONE, settled=True, records=12)

    def _earlier_refreshes(self) -> list[op.Refresh]:
        done = self.now() - 2 * 3600.0
        return [
            op.Refresh(n + 1, "Procore", tab, None, done, done, done + n, Phase.DONE, settled=True)
            for n, tab in enumerate(Tab)
            if tab is not Tab.JOB_COSTS
        ]

    # ---------------------------------------------------------------- time

    def now(self) -> float:
        """Seconds of the world's clock."""
        return self._clock()

    def at(self, seconds: float) -> dt.datetime:
        """The moment of the world's clock as UTC time."""
        return self._began_at + dt.timedelta(seconds=seconds - self._began)

    def settle(self) -> float:
        """Carry out what has ended by now, in the order in which it ended. Returns now."""
        now = self.now()
        due: list[op.Sync | op.Refresh] = [s for s in self.syncs if not s.settled and s.ends is not None]
        due += [r for r in self.refreshes if not r.settled]
        for one in sorted(due, key=lambda each: each.ends or 0.0):
            if one.ends is None or one.ends > now:
                continue
            one.settled = True
            if one.end is not Phase.DONE:
                continue
            if isinstance(one, op.Sync):
                one.records = self.carry_to_hh2(one.filters)
            elif one.carries:
                one.updated, one.staged = self._carry_to_procore(one)
        return now

    # ---------------------------------------------------------------- hh2: step 1

    def sync_look(self) -> SyncLook:
        """hh2's Accounting Sync page as it stands now."""
        now = self.settle()
        trait = self.story.traits.sync
        if trait is SyncTrait.NO_PROOF:
            return SyncLook(Phase.DONE, "completed", texts.NO_PROOF, filters=self.filters)
        if trait is SyncTrait.BUSY and not self._theirs_begun:
            self._theirs_begun = True
            self._begin_sync("Month-end service", op.THEIR_SYNC, SyncTrait.NORMAL)
        sync = self.syncs[-1]
        phase = sync.phase(now)
        failures = sync.failures if phase is Phase.FAILED else ()
        text = texts.sync_text(sync, phase, now, self.at)
        progress = sync.progress(now) if phase is Phase.RUNNING else None
        return SyncLook(phase, f"sync {sync.number}", text, progress, failures, self.filters)

    @property
    def records_are_gone(self) -> bool:
        """Most of hh2's jobs and vendors are archived, as the scenario has it, with the second sync that ends here."""
        now = self.now()
        ended = sum(not one.under_way(now) for one in self.syncs)
        return self.story.traits.records_gone and ended > 1 + 1  # the first is of an earlier day

    def apply_filters(self, filters: Filters, who: str, by: str = "training") -> Filters:
        """Apply Settings: what then stands there."""
        self.settle()
        self.filters = filters
        self._note("hh2", "filters.apply", who, by)
        return self.filters

    def start_sync(self, who: str, by: str = "training") -> op.Sync:
        """Start Sync. Raises Busy, and starts nothing, while a sync is under way."""
        now = self.settle()
        if self.syncs[-1].under_way(now) and self.story.traits.sync is not SyncTrait.NO_PROOF:
            self._note("hh2", "sync.start", who, by, carried_out=False)
            raise op.Busy(texts.SYNC_BUSY)
        self._note("hh2", "sync.start", who, by)
        trait = self.story.traits.sync
        return self._begin_sync(who, op.SLOW_SYNC if trait is SyncTrait.SLOW else op.SYNC, trait)

    def _begin_sync(self, who: str, seconds: float, trait: SyncTrait) -> op.Sync:
        now = self.now()
        picked_up: float | None = now + op.PICK_UP * self.pace
        ends: float | None = now + (op.PICK_UP + seconds) * self.pace
        sync = op.Sync(self.syncs[-1].number + 1, who, self.filters, now, picked_up, ends, Phase.DONE)
        if trait is SyncTrait.OFFLINE:
            sync.picked_up = sync.ends = None
            sync.offline_at = now + op.TELLS_OFFLINE * self.pace
        if trait is SyncTrait.FAILED:
            sync.end, sync.failures = Phase.FAILED, texts.FAILURES
        self.syncs.append(sync)
        return sync

    # ---------------------------------------------------------------- Procore: step 2

    def jobs(self) -> list[Job]:
        """The jobs that the Job Costs tab offers: imported and active, by code. `key` is Procore's project id."""
        self.settle()
        jobs = sorted((job for job in self.procore[SageJob].values() if job.active), key=lambda job: job.code)
        return [Job(str(self.procore_id(job.id)), job.code, job.name) for job in jobs]

    def rights(self) -> dict[Tab, str]:
        """The account's level on each tab, "" where it suffices: Standard or Admin; prime contracts need Admin [C]."""
        level = self.story.traits.level
        lacking = level not in ("Standard", "Admin")
        return {
            tab: level if lacking or (tab is Tab.PRIME_CONTRACTS and level != "Admin") else "" for tab in Tab
        }

    def tab_look(self, tab: Tab, job_key: str | None = None) -> TabLook:
        """One tab (for Job Costs: one of its jobs) as it stands now. Raises NoSuchJob."""
        now = self.settle()
        job_id = self._job_id(tab, job_key)
        if self.story.traits.tabs.get(tab) is TabTrait.BUSY and tab not in self._their_tabs_begun:
            self._their_tabs_begun.add(tab)
            theirs = self._begin_refresh(tab, job_id, "Claire (Procore)", op.THEIR_REFRESH, Phase.DONE)
            theirs.carries = False
        refresh = self._latest(tab, job_id)
        waiting = self.waiting(tab)
        if refresh is None:
            return TabLook(Phase.NONE, "", texts.NEVER, waiting, self._may_press(tab))
        phase = refresh.phase(now)
        return TabLook(
            phase,
            f"request {refresh.number}",
            texts.refresh_text(refresh, phase, self.at),
            waiting,
            self._may_press(tab) and not refresh.under_way(now),
            visible=phase is not Phase.DONE or refresh.updated + refresh.staged > 0,
        )

    def waiting(self, tab: Tab) -> Waiting:
        """What waits in a tab: staged records, and failed exports with the first reason."""
        failed = self.story.traits.failed_exports.get(tab, 0)
        return Waiting(len(self.staged[tab]), failed, texts.EXPORT_FAILURE if failed else "")

    def press_tab(self, tab: Tab, job_key: str | None, who: str, by: str = "training") -> op.Refresh:
        """The tab's own button. Raises NoRight, Busy or NoSuchJob; then nothing was begun."""
        now = self.settle()
        job_id = self._job_id(tab, job_key)
        code = self.procore[SageJob][job_id].code if job_id else ""
        latest = self._latest(tab, job_id)
        free = latest is None or not latest.under_way(now)
        self._note("procore", "tab.refresh", who, by, tab, code, carried_out=free and self._may_press(tab))
        if not self._may_press(tab):
            raise op.NoRight(texts.NO_RIGHT)
        if not free:
            raise op.Busy(texts.TAB_BUSY)
        end = {TabTrait.FAILED: Phase.FAILED, TabTrait.STALE: Phase.STALE}.get(
            self.story.traits.tabs.get(tab, TabTrait.BUSY), Phase.DONE
        )
        return self._begin_refresh(tab, job_id, who, op.TAB_SECONDS[tab], end)

    def import_staged(self, tab: Tab, who: str, by: str = "page") -> int:
        """What an accounting approver does, never this program: staged records become Procore's. Returns how many."""
        self.settle()
        self._note("procore", "tab.import", who, by, tab)
        return self.import_all(tab, self.at(self.now()))

    def note_forbidden(
        self, control: str, who: str, tab: Tab | None = None, by: str = "page", site: str = "procore"
    ) -> None:
        """A button that the program must never press was pressed: kept in the press log, nothing else happens."""
        self._note(site, control, who, by, tab, carried_out=False)

    def _may_press(self, tab: Tab) -> bool:
        return not self.rights()[tab]

    def _job_id(self, tab: Tab, job_key: str | None) -> str | None:
        if tab is not Tab.JOB_COSTS or not job_key:
            return None
        job_id = self.record_id(int(job_key)) if job_key.isdecimal() else None
        if job_id not in self.procore[SageJob]:
            raise op.NoSuchJob(job_key)
        return job_id

    def _latest(self, tab: Tab, job_id: str | None) -> op.Refresh | None:
        for refresh in reversed(self.refreshes):
            if refresh.tab is tab and (job_id is None or refresh.job == job_id):
                return refresh
        return None

    def _begin_refresh(
        self, tab: Tab, job_id: str | None, who: str, seconds: float, end: Phase
    ) -> op.Refresh:
        now = self.now()
        begins = now + seconds * 0.2 * self.pace
        number = self.refreshes[-1].number + 1
        refresh = op.Refresh(number, who, tab, job_id, now, begins, now + seconds * self.pace, end)
        self.refreshes.append(refresh)
        return refresh

    def _carry_to_procore(self, refresh: op.Refresh) -> tuple[int, int]:
        """Returns how many records were updated directly and how many newly staged."""
        at = self.at(refresh.ends)
        if refresh.tab is not Tab.JOB_COSTS:
            return self.carry_records(refresh.tab, at)
        active = [job.id for job in self.procore[SageJob].values() if job.active]
        carried = sum(self.carry_costs(job_id, at) for job_id in ([refresh.job] if refresh.job else active))
        # What is entered in Sage after a refresh reaches hh2 by itself, and Procore with the next one.
        self.lay_in_hh2(self.mismatch.late(at))
        return carried, 0

    def _note(
        self,
        site: str,
        what: str,
        who: str,
        by: str,
        tab: Tab | None = None,
        job: str = "",
        *,
        carried_out: bool = True,
    ) -> None:
        name = tab.value if tab else ""
        seq = len(self.presses) + 1
        self.presses.append(op.Pressed(seq, self.at(self.now()), site, what, who, by, carried_out, name, job))
