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
from typing import Any

from app.domain.filters import DateRange, Depth, Filters
from app.domain.looks import Phase, SyncLook, TabLook, Waiting
from app.domain.tabs import Job, Tab
from app.training import operations as op
from app.training import texts
from app.training.company import (
    Account,
    Commitment,
    Company,
    Cost,
    CostCode,
    CostType,
    PrimeContract,
    Record,
    SageJob,
    SubJob,
    Vendor,
    found,
)
from app.training.news import week
from app.training.scenarios import Scenario, scenario
from app.training.shelves import Costs, Shelf, Versions
from app.training.traits import SyncTrait, TabTrait

KINDS: tuple[type[Record], ...] = (
    CostCode, CostType, Vendor, SageJob, SubJob, PrimeContract, Commitment, Account,
)  # fmt: skip
TAB_KINDS: dict[Tab, tuple[type[Record], ...]] = {
    Tab.COST_CODES: (CostCode, CostType),
    Tab.VENDORS: (Vendor,),
    Tab.JOBS: (SageJob,),
    Tab.SUB_JOBS: (SubJob,),
    Tab.PRIME_CONTRACTS: (PrimeContract,),
    Tab.JOB_COSTS: (),
}
_DAYS = {
    DateRange.TODAY: 0,
    DateRange.PAST_WEEK: 6,
    DateRange.PAST_MONTH: 30,
    DateRange.PAST_YEAR: 365,
    DateRange.ALL: None,
}
FIRST_PROCORE_ID = 562_949_953_421_312  # ids exceed 32 bits [C] procore-wire.md, "REST habits"


class World:
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
        self.company = company or found(seed, size, self._began_at.date())
        self.presses: list[op.Pressed] = []
        self.filters = self.story.traits.filters
        self._lay_out()
        self.news = week(self.company, self.story.traits.news, seed)
        self._happen()
        self.syncs: list[op.Sync] = [self._earlier_sync()]
        self.refreshes: list[op.Refresh] = self._earlier_refreshes()
        self._theirs_begun = False
        self._their_tabs_begun: set[Tab] = set()

    # ---------------------------------------------------------------- what lies where

    def _lay_out(self) -> None:
        """Everything of the company lies in Sage, in hh2 and in Procore."""
        company = self.company
        lists: dict[type[Record], dict[str, Any]] = {
            CostCode: company.cost_codes,
            CostType: company.cost_types,
            Vendor: company.vendors,
            SageJob: company.jobs,
            SubJob: company.sub_jobs,
            PrimeContract: company.prime_contracts,
            Commitment: company.commitments,
            Account: company.accounts,
        }
        self.sage: dict[type[Record], dict[str, Any]] = {kind: dict(lists[kind]) for kind in KINDS}
        self.versions = Versions()
        self.hh2: dict[type[Record], Shelf[Any]] = {kind: Shelf(self.versions) for kind in KINDS}
        self.procore: dict[type[Record], dict[str, Any]] = {kind: dict(lists[kind]) for kind in KINDS}
        self.staged: dict[Tab, dict[str, Record]] = {tab: {} for tab in Tab}
        self.updated: dict[str, dt.datetime] = {}  # when Procore last saw a change, by the record's id
        self.sage_costs, self.hh2_costs, self.procore_costs = Costs(), Costs(self.versions), Costs()
        for kind in KINDS:
            for record in lists[kind].values():
                self.hh2[kind].put(record)
        for costs in company.costs.values():
            for side in (self.sage_costs, self.hh2_costs, self.procore_costs):
                side.put(costs)
        self._procore_ids: dict[str, int] = {}
        self._record_ids: dict[int, str] = {}
        for kind in KINDS:
            for record_id in lists[kind]:
                self.procore_id(record_id)

    def _happen(self) -> None:
        """The week's work lies in Sage alone."""
        for record in self.news.records:
            self.sage[type(record)][record.id] = record
        self.sage_costs.put(self.news.costs)

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
                one.records = self._carry_to_hh2(one.filters)
            elif one.carries:
                one.updated, one.staged = self._carry_to_procore(one)
        return now

    # ---------------------------------------------------------------- hh2: step 1

    def covers(self, record: Record | Cost, filters: Filters) -> bool:
        """Whether a sync with these filters carries a record.

        The date range looks at the day of the last change. Shallow carries active records and costs by their posting
        date; deep also inactive records, and costs by the day they were entered, so that back-dated ones come too. What
        hh2's own depths cover is not public [?]: this is the training company's reading alone."""
        days = _DAYS[filters.date_range]
        since = dt.date.min if days is None else self.company.today - dt.timedelta(days=days)
        deep = filters.depth is Depth.DEEP
        if isinstance(record, Cost):
            return record.posted >= since or (deep and record.entered >= since)
        return record.changed >= since and (record.active or deep)

    def _carry_to_hh2(self, filters: Filters) -> int:
        carried = 0
        for kind in KINDS:
            shelf = self.hh2[kind]
            carried += sum(shelf.put(r) for r in self.sage[kind].values() if self.covers(r, filters))
        for job_id in self.sage_costs.lists:
            missing = self.sage_costs.missing(job_id, self.hh2_costs)
            found_costs = [cost for cost in missing if self.covers(cost, filters)]
            if found_costs and job_id in self.hh2[SageJob].records:
                self.hh2_costs.put(found_costs)
                self.hh2[SageJob].touch(job_id)  # its job-to-date cost is another
                carried += len(found_costs)
        return carried

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

    def procore_id(self, record_id: str) -> int:
        """Procore's number for a record of Sage; larger than 32 bits."""
        if record_id not in self._procore_ids:
            number = FIRST_PROCORE_ID + len(self._procore_ids)
            self._procore_ids[record_id] = number
            self._record_ids[number] = record_id
        return self._procore_ids[record_id]

    def record_id(self, procore_id: int) -> str | None:
        """The record of Sage behind a number of Procore's; None for a number never given."""
        return self._record_ids.get(procore_id)

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
        staged = self.staged[tab]
        for record in staged.values():
            self.procore[type(record)][record.id] = record
            self.updated[record.id] = self.at(self.now())
        count = len(staged)
        staged.clear()
        return count

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
        if refresh.tab is Tab.JOB_COSTS:
            jobs = (
                [refresh.job]
                if refresh.job
                else [job.id for job in self.procore[SageJob].values() if job.active]
            )
            return sum(self._carry_costs(job_id, at) for job_id in jobs), 0
        updated = staged = 0
        for kind in TAB_KINDS[refresh.tab]:
            held = self.procore[kind]
            for record in self.hh2[kind].records.values():
                if held.get(record.id) == record:
                    continue
                if record.id in held or refresh.tab is Tab.COST_CODES:
                    held[record.id] = record
                    self.updated[record.id] = at
                    self.procore_id(record.id)
                    updated += 1
                elif self.staged[refresh.tab].get(record.id) != record:
                    self.staged[refresh.tab][record.id] = record
                    staged += 1
        return updated, staged

    def _carry_costs(self, job_id: str, at: dt.datetime) -> int:
        """Costs of one job; those whose cost code Procore does not have yet stay behind."""
        codes = self.procore[CostCode]
        costs = [c for c in self.hh2_costs.missing(job_id, self.procore_costs) if c.cost_code_id in codes]
        if costs:
            self.procore_costs.put(costs)
            self.updated[f"costs of {job_id}"] = at
        return len(costs)

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
