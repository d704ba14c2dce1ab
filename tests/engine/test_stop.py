"""Stop, and a run that cannot begin: what was pressed goes on at the site, the next step never begins."""

from typing import NoReturn

import anyio
import pytest

from app.domain.events import Record, RunOutcome
from app.domain.looks import StepOneOutcome, TabLook, TabOutcome
from app.domain.problems import ProblemId, trouble
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Stop, Wanted
from tests.engine.script import FRESH, QUIET, RUNNING, Make, Script, ScriptedProcore

pytestmark = pytest.mark.anyio
UNDER_WAY = TabLook(RUNNING.phase, "2", "Refreshing")


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


async def test_a_stop_that_comes_when_nothing_runs_stops_nothing_later(stage: Make) -> None:
    on = stage()
    conductor = await on.conductor()
    conductor.tell(Stop())
    assert _outcome(await conductor.run(Wanted(tabs=(Tab.VENDORS,)))) is RunOutcome.OK


async def test_a_stop_in_job_costs_keeps_the_end_of_each_job_that_has_one(stage: Make) -> None:
    procore = ScriptedProcore(look=Script(QUIET, FRESH, QUIET, UNDER_WAY))
    on = stage(procore=procore)
    conductor = await on.conductor()

    def react(record: Record, _state: RunState) -> None:
        if type(record.event).__name__ == "RefreshAccepted" and len(procore.pressed) == 2:
            conductor.tell(Stop())

    on.told.react = react
    state = await conductor.run(Wanted(tabs=(Tab.JOB_COSTS,), jobs=("24-001", "24-002")))
    first, second = (state.refresh_of(Tab.JOB_COSTS, job) for job in state.jobs)
    assert first.outcome is TabOutcome.DONE
    assert (second.outcome, second.reason) == (TabOutcome.CANCELLED, "goes-on")
    whole = state.tabs[Tab.JOB_COSTS].refresh
    assert (whole.outcome, whole.reason) == (TabOutcome.CANCELLED, "goes-on")


async def test_a_stop_between_two_jobs_leaves_the_next_unpressed_and_says_so(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, FRESH)))
    on.driver.job_pause = 30.0
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(Stop()) if type(record.event).__name__ == "JobFinished" else None
    )
    with anyio.fail_after(10):
        state = await conductor.run(Wanted(tabs=(Tab.JOB_COSTS,), jobs=("24-001", "24-002")))
    assert [code for _tab, code in on.procore.pressed] == ["24-001"]
    assert state.refresh_of(Tab.JOB_COSTS, state.jobs[1]).outcome is None
    assert state.tabs[Tab.JOB_COSTS].refresh.reason == "not-begun"


async def test_a_stop_when_only_step_two_was_asked_for_ends_no_step_one(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, UNDER_WAY)))
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(Stop()) if type(record.event).__name__ == "RefreshAccepted" else None
    )
    state = await conductor.run(Wanted(tabs=(Tab.VENDORS,), step_one=False, looked="Completed 8:04"))
    assert state.step_one.outcome is None
    assert state.tabs[Tab.VENDORS].refresh.reason == "goes-on"


async def test_a_driver_that_cannot_be_made_ends_the_run_before_anything_is_sent(stage: Make) -> None:
    on = stage()

    def none() -> NoReturn:
        raise trouble(ProblemId.BROWSER, why="none-found")

    state = await (await on.conductor(none)).run(Wanted(tabs=(Tab.VENDORS,)))
    assert _outcome(state) is RunOutcome.PERSON
    assert state.step_one.outcome is StepOneOutcome.PERSON
    assert [met.problem.id for met in state.problems] == [ProblemId.BROWSER]
    assert on.driver.closed == 0
