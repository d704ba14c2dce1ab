"""Every scenario of the training company ends as its table says, and nothing is pressed that was not asked for."""

import pytest

from app.assembly.house import House
from app.domain.filters import DateRange, Filters
from app.domain.looks import TabOutcome
from app.domain.match_report import Why
from app.domain.problems import ProblemId
from app.domain.profile import DriverName
from app.domain.result import result
from app.domain.run import Press
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.scenarios import SCENARIOS, Scenario
from tests.end_to_end.company import carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio

PLAIN = [story for story in SCENARIOS.values() if not story.variants]
GARBAGE = [(story.name, variant) for story in SCENARIOS.values() for variant in story.variants]


def _problems(ended: dict[str, object], *, noted: bool) -> set[str]:
    found = ended["problems"]
    assert isinstance(found, list)
    return {problem["id"] for problem in found if problem["noted"] is noted}


def _check(story: Scenario, ended: dict[str, object]) -> None:
    step1 = ended["step1"]
    tabs = ended["tabs"]
    assert isinstance(step1, dict)
    assert isinstance(tabs, list)
    if story.step_one is not None:
        assert step1["outcome"] == story.step_one.value
    for tab in tabs:
        wanted = [outcome.value for outcome in story.tabs.get(Tab(tab["tab"]), ())]
        if wanted:
            assert tab["outcome"] in wanted, tab
    assert ended["outcome"] in {outcome.value for outcome in story.outcome}
    assert ended["exit"] in story.exits
    perhaps = {problem.value for problem in story.perhaps}
    assert _problems(ended, noted=False) - perhaps == {problem.value for problem in story.problems} - perhaps
    assert _problems(ended, noted=True) - perhaps == {problem.value for problem in story.noted} - perhaps


def _check_presses(admin: Admin) -> None:
    """At most one start, one press for each tab and job, and never a forbidden control."""
    assert len(admin.presses("sync.start")) <= 1
    refreshes = [(press["tab"], press["job"]) for press in admin.presses("tab.refresh")]
    assert len(refreshes) == len(set(refreshes))
    assert {press["what"] for press in admin.presses()} <= {"sync.start", "filters.apply", "tab.refresh"}


@pytest.mark.parametrize("story", PLAIN, ids=lambda story: str(story.name))
async def test_the_scenario_ends_as_its_table_says(story: Scenario, house: House, admin: Admin) -> None:
    admin.play(story.name)
    state, _ = await carry_out(house, Wanted())
    _check(story, result(state))
    _check_presses(admin)


@pytest.mark.drawn(3)
@pytest.mark.parametrize(("name", "variant"), GARBAGE, ids=[variant for _, variant in GARBAGE])
async def test_garbage_is_a_named_problem_and_never_a_success(
    name: str, variant: str, house: House, admin: Admin
) -> None:
    admin.play(name, variant)
    # One tab and the one that goes job by job: what is garbage to one tab is to each, and each waits it out.
    wanted = Wanted(Filters(DateRange.PAST_MONTH), (Tab.VENDORS, Tab.JOB_COSTS))
    state, _ = await carry_out(house, wanted)
    ended = result(state)
    assert ended["exit"] in (10, 20, 30)
    named = _problems(ended, noted=False)
    assert named
    assert ProblemId.INTERNAL.value not in named
    _check_presses(admin)


async def test_ok_shows_evidence_for_every_step_against_what_stood_there_before(
    house: House, admin: Admin
) -> None:
    state, told = await carry_out(house, Wanted())
    assert state.step_one.evidence is not None
    assert state.step_one.evidence.before != state.step_one.evidence.text
    for tab in Tab:
        evidence = state.tabs[tab].refresh.evidence
        assert evidence is not None
        assert evidence.text
    assert (
        told.names.index("SyncRequested")
        < told.names.index("StepOneFinished")
        < told.names.index("GateOpened")
    )
    assert told.names.index("GateOpened") < told.names.index("RefreshRequested")


async def test_step_one_failed_means_that_no_tab_was_pressed(house: House, admin: Admin) -> None:
    admin.play("sync-failed")
    state, _ = await carry_out(house, Wanted())
    assert admin.presses("tab.refresh") == []
    assert all(state.tabs[tab].refresh.press is Press.NONE for tab in Tab)


@pytest.mark.parametrize(
    "name", ["no-proof", "hh2-down", "client-offline", "wrong-password", "no-permission"]
)
async def test_without_proof_of_step_one_no_tab_is_pressed(name: str, house: House, admin: Admin) -> None:
    admin.play(name)
    await carry_out(house, Wanted())
    assert admin.presses("tab.refresh") == []


async def test_a_wrong_password_is_sent_once_and_not_again_by_the_next_run(
    house: House, admin: Admin
) -> None:
    admin.play("wrong-password")
    first, _ = await carry_out(house, Wanted())
    sent = len(admin.calls("hh2.sign-in")) + len(admin.calls("hh2.rest.sign-in"))
    assert sent == 1
    second, _ = await carry_out(house, Wanted())
    assert len(admin.calls("hh2.sign-in")) + len(admin.calls("hh2.rest.sign-in")) == 1
    for state in (first, second):
        assert ProblemId.HH2_LOGIN in {met.problem.id for met in state.problems}
        assert result(state)["exit"] == 30


async def test_a_lost_answer_to_start_is_looked_up_and_not_sent_again(house: House, admin: Admin) -> None:
    admin.play("start-answer-lost")
    state, told = await carry_out(house, Wanted())
    assert "SyncAnswerLost" in told.names
    assert len(admin.presses("sync.start")) == 1
    assert result(state)["exit"] == 0


async def test_tabs_wait_for_those_they_depend_on(house: House, admin: Admin) -> None:
    await carry_out(house, Wanted())
    order = [press["tab"] for press in admin.presses("tab.refresh")]
    first_of_sub_jobs = order.index("sub-jobs")
    assert {"cost-codes", "vendors", "jobs"} <= set(order[:first_of_sub_jobs])
    assert order.index("job-costs") > max(first_of_sub_jobs, order.index("prime-contracts"))


async def test_only_the_chosen_tabs_are_pressed(house: House, admin: Admin) -> None:
    state, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]
    assert state.chosen == (Tab.VENDORS,)


async def test_only_the_named_jobs_have_their_costs_refreshed(house: House, admin: Admin) -> None:
    jobs = (await house.job_choices("Acme", fresh=True))[:2]
    codes = tuple(choice.job.code for choice in jobs)
    state, _ = await carry_out(house, Wanted(tabs=(Tab.JOB_COSTS,), jobs=codes))
    assert [press["job"] for press in admin.presses("tab.refresh")] == list(codes)
    assert state.tabs[Tab.JOB_COSTS].outcome in (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)


async def test_a_job_that_procore_does_not_offer_is_said_and_needs_a_look(house: House, admin: Admin) -> None:
    state, _ = await carry_out(house, Wanted(tabs=(Tab.JOB_COSTS,), jobs=("no such job",)))
    assert admin.presses("tab.refresh") == []
    assert state.jobs_missing == ("no such job",)
    assert result(state)["exit"] == 10


async def test_a_second_run_finds_only_the_jobs_that_moved_since(house: House, admin: Admin) -> None:
    first, _ = await carry_out(house, Wanted())
    second, _ = await carry_out(house, Wanted())
    assert first.jobs_how == second.jobs_how == "movement"
    assert len(first.jobs) > 0
    assert second.jobs == ()
    assert second.tabs[Tab.JOB_COSTS].outcome is TabOutcome.NOTHING_VISIBLE


async def test_filters_are_changed_only_where_they_differ_and_put_back_when_asked(
    house: House, admin: Admin
) -> None:
    before, _ = await carry_out(house, Wanted(tabs=()))
    assert before.step_one.filters_before == Filters()
    assert admin.presses("filters.apply") == []
    state, told = await carry_out(house, Wanted(Filters(DateRange.PAST_MONTH), tabs=(), put_back=True))
    assert len(admin.presses("filters.apply")) == 2
    assert state.step_one.filters_now == Filters()
    assert told.names.count("FiltersRequested") == 2


async def test_assisted_presses_nothing_by_itself(house: House, admin: Admin) -> None:
    state, told = await carry_out(house, Wanted(), driver=DriverName.ASSISTED)
    assert admin.presses() == []
    assert told.names.index("SyncRequested") < told.names.index("NeedsPerson")
    assert _problems(result(state), noted=False) == {ProblemId.NOT_PRESSED.value}
    assert result(state)["exit"] == 30


async def test_what_a_second_run_shows_is_shown(house: House, admin: Admin) -> None:
    (story,) = [one for one in SCENARIOS.values() if one.again]
    admin.play(story.name)
    first, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert [met.problem.id for met in first.problems] == []
    second, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)))
    assert tuple(met.problem.id for met in second.problems if not met.noted) == story.again
    assert len(admin.presses("tab.refresh")) == 1


async def test_what_could_not_be_compared_names_its_cause(house: House, admin: Admin) -> None:
    (story,) = [one for one in SCENARIOS.values() if one.compared]
    admin.play(story.name)
    run, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,), match=True))
    assert run.matched is not None
    causes = {one.problem for one in run.matched.not_compared if one.why is Why.READ_FAILED}
    assert causes == {problem.value for problem in story.compared}
