"""Records really travel: Sage to hh2 by a sync, hh2 to Procore by a refresh, and only what each of them covers."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from app.domain.filters import DateRange, Depth, Filters
from app.domain.looks import Phase
from app.domain.tabs import Tab
from app.training.company import found
from app.training.news import News
from app.training.operations import Busy, NoRight, NoSuchJob
from app.training.records import Cost, CostCode, PrimeContract, SageJob, SubJob, Vendor
from app.training.scenarios import scenario
from app.training.traits import Traits
from app.training.world import World

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
COMPANY = found(1, "small", NOW.date())


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Told:
    """A world, and the clock that it goes by."""

    def __init__(self, name: str = "ok", **traits: object) -> None:
        story = scenario(name)
        if traits:
            story = msgspec.structs.replace(story, traits=msgspec.structs.replace(story.traits, **traits))
        self.clock = Clock()
        self.world = World(story, now=NOW, clock=self.clock, company=COMPANY)

    def pass_(self, seconds: float) -> None:
        self.clock.seconds += seconds

    def sync(self, filters: Filters | None = None) -> None:
        self.world.apply_filters(filters or Filters(), "carole")
        self.world.start_sync("carole")
        self.pass_(60)
        self.world.settle()

    def refresh(self, tab: Tab, job_key: str | None = None) -> None:
        self.world.press_tab(tab, job_key, "carole")
        self.pass_(60)

    def key(self, job_id: str) -> str:
        return str(self.world.procore_id(job_id))


def test_before_a_sync_hh2_holds_everything_but_the_week() -> None:
    world = Told().world
    assert all(world.hh2_costs.of(job_id) == COMPANY.costs[job_id] for job_id in COMPANY.jobs)
    assert any(world.sage_costs.of(job_id) != COMPANY.costs[job_id] for job_id in COMPANY.jobs)


def test_a_sync_of_the_past_week_carries_the_whole_week() -> None:
    told = Told()
    told.sync()
    look = told.world.sync_look()
    assert look.phase is Phase.DONE
    assert all(
        told.world.hh2_costs.total(job_id) == told.world.sage_costs.total(job_id) for job_id in COMPANY.jobs
    )
    assert told.world.hh2[Vendor].records == told.world.sage[Vendor]


def test_a_sync_of_today_carries_less_than_one_of_the_week() -> None:
    told = Told()
    told.sync(Filters(DateRange.TODAY))
    missing = sum(
        len(told.world.sage_costs.missing(job, told.world.hh2_costs)) for job in told.world.sage_costs.came
    )
    assert 0 < missing < 60


def test_only_a_deep_sync_finds_what_was_entered_late() -> None:
    told = Told("nothing-to-do")
    cost = next(iter(COMPANY.costs.values()))[0]
    late = msgspec.structs.replace(
        cost, number=COMPANY.next_number, posted=dt.date(2026, 1, 5), entered=NOW.date()
    )
    told.world.sage_costs.put([late])
    told.sync(Filters(DateRange.PAST_WEEK, Depth.SHALLOW))
    assert told.world.sage_costs.missing(cost.job_id, told.world.hh2_costs) == [late]
    told.sync(Filters(DateRange.PAST_WEEK, Depth.DEEP))
    assert told.world.sage_costs.missing(cost.job_id, told.world.hh2_costs) == []


@pytest.mark.parametrize(
    ("date_range", "days"),
    [(DateRange.TODAY, 0), (DateRange.PAST_WEEK, 6), (DateRange.PAST_MONTH, 30), (DateRange.PAST_YEAR, 365)],
)
def test_a_date_range_ends_at_its_last_day(date_range: DateRange, days: int) -> None:
    world = Told().world
    vendor = next(iter(COMPANY.vendors.values()))
    inside = msgspec.structs.replace(vendor, changed=NOW.date() - dt.timedelta(days=days))
    outside = msgspec.structs.replace(vendor, changed=NOW.date() - dt.timedelta(days=days + 1))
    assert world.covers(inside, Filters(date_range))
    assert not world.covers(outside, Filters(date_range))
    assert world.covers(outside, Filters(DateRange.ALL))


def test_an_inactive_record_travels_only_with_a_deep_sync() -> None:
    world = Told().world
    vendor = msgspec.structs.replace(next(iter(COMPANY.vendors.values())), changed=NOW.date(), active=False)
    assert not world.covers(vendor, Filters())
    assert world.covers(vendor, Filters(depth=Depth.DEEP))


def test_a_record_that_a_sync_changes_gets_a_higher_version_and_the_others_keep_theirs() -> None:
    told = Told()
    shelf = told.world.hh2[Vendor]
    before = dict(shelf.version)
    highest = told.world.versions.last
    told.sync()
    changed = [one.id for one in told.world.news.records if isinstance(one, Vendor)]
    assert len(changed) == 5
    assert all(shelf.version[one] > highest for one in changed)
    assert all(shelf.version[one] == before[one] for one in before if one not in changed)
    assert {record.id for _, record in shelf.after(highest)} == set(changed)


def test_a_job_with_new_costs_gets_a_new_version_and_a_new_job_to_date_cost() -> None:
    told = Told()
    highest = told.world.versions.last
    cost = told.world.news.costs[0]
    before = told.world.hh2_costs.total(cost.job_id)
    told.sync()
    gained = sum((c.amount for c in told.world.news.costs if c.job_id == cost.job_id), Decimal(0))
    assert told.world.hh2_costs.total(cost.job_id) == before + gained
    assert told.world.hh2[SageJob].version[cost.job_id] > highest


def test_nothing_reaches_procore_before_its_tab_is_refreshed() -> None:
    told = Told()
    told.sync()
    assert told.world.procore[Vendor] == COMPANY.vendors
    told.refresh(Tab.VENDORS)
    look = told.world.tab_look(Tab.VENDORS)
    assert look.phase is Phase.DONE
    assert look.visible
    assert told.world.procore[Vendor] == told.world.sage[Vendor]


def test_new_vendors_jobs_sub_jobs_and_prime_contracts_are_staged_and_wait_for_an_approver() -> None:
    told = Told("staged")
    told.sync()
    for tab, kind, count in (
        (Tab.VENDORS, Vendor, 12),
        (Tab.JOBS, SageJob, 2),
        (Tab.SUB_JOBS, SubJob, 3),
        (Tab.PRIME_CONTRACTS, PrimeContract, 2),
    ):
        before = len(told.world.procore[kind])
        told.refresh(tab)
        assert told.world.tab_look(tab).waiting.ready_to_import == count
        assert len(told.world.procore[kind]) == before
        assert told.world.import_staged(tab, "approver") == count
        assert len(told.world.procore[kind]) == before + count
        assert told.world.tab_look(tab).waiting.ready_to_import == 0


def test_a_second_refresh_stages_nothing_twice_and_shows_nothing_new() -> None:
    told = Told("staged")
    told.sync()
    told.refresh(Tab.VENDORS)
    told.refresh(Tab.VENDORS)
    look = told.world.tab_look(Tab.VENDORS)
    assert look.waiting.ready_to_import == 12
    assert not look.visible


def test_cost_codes_land_directly() -> None:
    told = Told()
    told.sync()
    told.refresh(Tab.COST_CODES)
    assert told.world.tab_look(Tab.COST_CODES).waiting.ready_to_import == 0
    assert len(told.world.procore[CostCode]) == 404


def test_costs_stay_behind_until_procore_has_their_cost_code() -> None:
    told = Told()
    told.sync()
    new_codes = {one.id for one in told.world.news.records if isinstance(one, CostCode)}
    cost = next(c for c in told.world.news.costs if c.cost_code_id in new_codes)
    told.refresh(Tab.JOB_COSTS, told.key(cost.job_id))
    told.world.tab_look(Tab.JOB_COSTS, told.key(cost.job_id))
    assert cost not in told.world.procore_costs.of(cost.job_id)
    told.refresh(Tab.COST_CODES)
    told.refresh(Tab.JOB_COSTS, told.key(cost.job_id))
    told.world.tab_look(Tab.JOB_COSTS, told.key(cost.job_id))
    assert cost in told.world.procore_costs.of(cost.job_id)


def test_after_a_whole_run_every_side_holds_the_same_costs() -> None:
    told = Told()
    told.sync()
    for tab in Tab:
        if tab is not Tab.JOB_COSTS:
            told.refresh(tab)
    for job in told.world.jobs():
        told.refresh(Tab.JOB_COSTS, job.key)
    told.world.settle()
    for job_id in told.world.sage_costs.came:
        assert (
            told.world.sage_costs.total(job_id)
            == told.world.hh2_costs.total(job_id)
            == told.world.procore_costs.total(job_id)
        )


def test_a_refresh_of_one_job_moves_no_other_job() -> None:
    told = Told()
    told.sync()
    jobs = sorted({cost.job_id for cost in told.world.news.costs})
    told.refresh(Tab.JOB_COSTS, told.key(jobs[0]))
    told.world.settle()
    assert told.world.procore_costs.of(jobs[1]) == COMPANY.costs[jobs[1]]
    assert told.world.procore_costs.of(jobs[0]) != COMPANY.costs[jobs[0]]


def test_the_state_is_right_at_every_moment_it_is_looked_at() -> None:
    told = Told()
    told.world.start_sync("carole")
    seen = []
    for _ in range(60):
        look = told.world.sync_look()
        seen.append(look.phase)
        told.pass_(0.1)
    assert seen[0] is Phase.QUEUED
    assert seen[-1] is Phase.DONE
    order = [Phase.QUEUED, Phase.RUNNING, Phase.DONE]
    assert seen == sorted(seen, key=order.index)
    assert set(seen) == set(order)


def test_a_sync_that_ends_while_nobody_looks_is_carried_out_before_a_later_refresh() -> None:
    told = Told()
    told.world.start_sync("carole")
    told.pass_(4.2)
    told.world._begin_refresh(Tab.VENDORS, None, "carole", 10, Phase.DONE)
    told.pass_(60)
    told.world.settle()
    assert told.world.procore[Vendor] == told.world.sage[Vendor]


def test_the_mark_of_a_sync_is_never_that_of_the_one_before() -> None:
    told = Told()
    before = told.world.sync_look()
    told.sync()
    assert told.world.sync_look().mark != before.mark


def test_hh2_declines_a_second_sync_while_one_runs() -> None:
    told = Told()
    told.world.start_sync("carole")
    with pytest.raises(Busy):
        told.world.start_sync("marc")
    assert [press.carried_out for press in told.world.presses] == [True, False]


def test_the_pace_shortens_everything() -> None:
    told = Told()
    told.world.pace = 0.01
    told.world.start_sync("carole")
    told.pass_(0.05)
    assert told.world.sync_look().phase is Phase.DONE


def test_busy_somebody_elses_sync_runs_at_the_first_look_and_only_then() -> None:
    told = Told("busy")
    theirs = told.world.sync_look()
    assert theirs.phase is Phase.QUEUED
    assert "Month-end" in theirs.text
    told.pass_(10)
    assert told.world.sync_look().phase is Phase.DONE
    assert told.world.presses == []


def test_client_offline_the_request_is_queued_and_then_the_page_says_so() -> None:
    told = Told("client-offline")
    told.world.start_sync("carole")
    told.pass_(2)
    assert told.world.sync_look().phase is Phase.QUEUED
    told.pass_(2)
    look = told.world.sync_look()
    assert look.phase is Phase.OFFLINE
    assert "offline" in look.text


def test_sync_failed_carries_nothing_and_names_its_failures() -> None:
    told = Told("sync-failed")
    told.sync()
    look = told.world.sync_look()
    assert look.phase is Phase.FAILED
    assert len(look.failures) == 2
    assert told.world.hh2_costs.came == {}


def test_no_proof_the_page_never_changes_though_the_sync_is_carried_out() -> None:
    told = Told("no-proof")
    before = told.world.sync_look()
    told.world.start_sync("carole")
    for seconds in (0.1, 3, 60):
        told.pass_(seconds)
        assert told.world.sync_look() == before
    assert told.world.hh2[Vendor].records == told.world.sage[Vendor]


@pytest.mark.parametrize(("name", "phase"), [("tab-failed", Phase.FAILED), ("tab-stale", Phase.STALE)])
def test_a_tab_that_fails_or_goes_stale_carries_nothing(name: str, phase: Phase) -> None:
    told = Told(name)
    told.sync()
    told.refresh(Tab.VENDORS)
    told.refresh(Tab.JOBS)
    assert told.world.tab_look(Tab.VENDORS).phase is phase
    assert told.world.procore[Vendor] == COMPANY.vendors
    assert told.world.tab_look(Tab.JOBS).phase is Phase.DONE


def test_tab_busy_the_button_is_grey_for_a_while() -> None:
    told = Told("tab-busy")
    assert not told.world.tab_look(Tab.VENDORS).can_press
    with pytest.raises(Busy):
        told.world.press_tab(Tab.VENDORS, None, "carole")
    told.pass_(4)
    assert told.world.tab_look(Tab.VENDORS).can_press
    assert told.world.tab_look(Tab.JOBS).can_press


def test_exports_failed_the_tab_says_how_many_and_why() -> None:
    waiting = Told("exports-failed").world.tab_look(Tab.VENDORS).waiting
    assert waiting.failed_to_export == 3
    assert waiting.first_failure


@pytest.mark.parametrize(
    ("level", "lacking"),
    [("Admin", set()), ("Standard", {Tab.PRIME_CONTRACTS}), ("Read Only", set(Tab)), ("None", set(Tab))],
)
def test_which_level_may_refresh_which_tab(level: str, lacking: set[Tab]) -> None:
    world = Told(level=level).world
    assert {tab for tab, missing in world.rights().items() if missing} == lacking
    for tab in lacking:
        assert not world.tab_look(tab).can_press
        with pytest.raises(NoRight):
            world.press_tab(tab, None, "carole")


def test_a_job_that_is_not_offered_cannot_be_refreshed() -> None:
    world = Told().world
    for key in ("17", "no number", str(world.procore_id(next(iter(COMPANY.vendors))))):
        with pytest.raises(NoSuchJob):
            world.press_tab(Tab.JOB_COSTS, key, "carole")
    assert world.presses == []


def test_the_job_costs_tab_offers_active_jobs_by_code() -> None:
    jobs = Told().world.jobs()
    assert [job.code for job in jobs] == sorted(job.code for job in jobs)
    assert len(jobs) == sum(job.active for job in COMPANY.jobs.values())
    assert all(int(job.key) > 2**32 for job in jobs)


def test_a_forbidden_button_does_nothing_and_is_kept_in_the_log() -> None:
    told = Told("staged")
    told.sync()
    told.refresh(Tab.VENDORS)
    told.world.note_forbidden("Reject", "carole", Tab.VENDORS)
    assert told.world.tab_look(Tab.VENDORS).waiting.ready_to_import == 12
    assert told.world.presses[-1].what == "Reject"
    assert not told.world.presses[-1].carried_out


def test_nothing_to_do_means_that_nothing_is_visible() -> None:
    told = Told("nothing-to-do")
    told.sync()
    told.refresh(Tab.VENDORS)
    look = told.world.tab_look(Tab.VENDORS)
    assert look.phase is Phase.DONE
    assert not look.visible


def test_traits_default_to_a_world_where_all_goes_well() -> None:
    assert Traits().news is News.CHANGES
    assert scenario("ok").traits == Traits()


def test_a_cost_is_laid_on_a_shelf_once() -> None:
    world = Told().world
    cost: Cost = world.news.costs[0]
    before = world.sage_costs.total(cost.job_id)
    assert world.sage_costs.put([cost]) == set()
    assert world.sage_costs.total(cost.job_id) == before
