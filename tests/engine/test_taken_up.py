"""A run that goes on after a cut: what was announced is looked up and not sent again, what is left is done."""

import logging

import anyio
import pytest
from msgspec import structs

from app.domain import events as ev
from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Filters
from app.domain.looks import StepOneOutcome, TabOutcome
from app.domain.problems import NotSent, Problem, ProblemId
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Picked, Wanted
from tests.domain.stories import planned, through_step_one
from tests.engine.script import FRESH, NEW, OLD, QUIET, Make, Script, ScriptedHh2, ScriptedProcore, Stage

pytestmark = pytest.mark.anyio
VENDORS = (Tab.VENDORS,)
NET = Problem(ProblemId.NET, {"site": "procore"})


async def _go_on(on: Stage, *events: ev.AnyEvent, plan: ev.RunPlanned | None = None) -> RunState:
    run_id = await on.written(plan or planned(VENDORS), *events)
    conductor = await on.conductor()
    with anyio.fail_after(20):
        return await conductor.go_on(run_id)


def _ids(state: RunState) -> set[ProblemId]:
    return {met.problem.id for met in state.problems}


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


async def test_a_start_that_was_announced_when_the_power_went_is_looked_up_and_not_sent(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(NEW)))
    state = await _go_on(on, ev.StepOneBaseline(OLD), ev.SyncRequested())
    assert on.hh2.calls["start"].calls == 0
    assert "SyncAnswerLost" in on.told.names
    assert state.step_one.outcome is StepOneOutcome.DONE
    assert _outcome(state) is RunOutcome.OK


@pytest.mark.parametrize("answered", [False, True], ids=["announced", "answered"])
async def test_a_refresh_that_was_sent_when_the_power_went_is_watched_and_not_pressed(
    answered: bool, stage: Make
) -> None:
    on = stage(procore=ScriptedProcore(look=Script(FRESH)))
    sent: list[ev.AnyEvent] = [ev.TabBaseline(Tab.VENDORS, QUIET), ev.RefreshRequested(Tab.VENDORS)]
    if answered:
        sent.append(ev.RefreshAccepted(Tab.VENDORS))
    state = await _go_on(on, *through_step_one(), *sent)
    assert on.procore.pressed == []
    assert ("RefreshAnswerLost" in on.told.names) is not answered
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert on.hh2.calls["sign_in"].calls == 0, "step 1 is done: hh2 is not needed"


async def test_filters_that_the_cut_kept_from_being_put_back_are_put_back_after_a_sign_in(
    stage: Make,
) -> None:
    before = Filters(DateRange.PAST_YEAR)
    on = stage(hh2=ScriptedHh2(apply_filters=Script(before)))
    done = through_step_one()[:-1]
    done[4:6] = [ev.FiltersRead(before), ev.FiltersApplied(Filters(), changed=True)]
    state = await _go_on(on, *done, plan=structs.replace(planned(VENDORS), put_back=True))
    assert state.step_one.filters_now == before
    assert not state.step_one.filters_changed
    assert on.hh2.calls["sign_in"].calls == 1
    assert on.hh2.calls["start"].calls == 0
    assert _ids(state) == set()
    assert _outcome(state) is RunOutcome.OK


async def test_filters_are_put_back_in_the_run_that_changed_them_without_another_sign_in(
    stage: Make,
) -> None:
    before, today = Filters(DateRange.PAST_YEAR), Filters(DateRange.TODAY)
    hh2 = ScriptedHh2(read_filters=Script((before, ""), (today, "")), apply_filters=Script(today, before))
    on = stage(hh2=hh2)
    conductor = await on.conductor()
    state = await conductor.run(Wanted(today, tabs=VENDORS, put_back=True))
    assert state.step_one.filters_now == before
    assert hh2.calls["sign_in"].calls == 1
    assert _outcome(state) is RunOutcome.OK
    names = on.told.names
    last_filters = len(names) - 1 - names[::-1].index("FiltersApplied")
    assert names.index("StepOneFinished") < last_filters < names.index("GateOpened")


@pytest.mark.parametrize("step", ["sync", "refresh"])
async def test_a_press_without_a_baseline_in_the_ledger_proves_nothing_and_is_a_fault(
    step: str, stage: Make, caplog: pytest.LogCaptureFixture
) -> None:
    on = stage()
    if step == "sync":
        state = await _go_on(on, ev.SyncRequested())
        assert state.step_one.outcome is StepOneOutcome.UNSURE
    else:
        state = await _go_on(on, *through_step_one(), ev.RefreshRequested(Tab.VENDORS))
        assert state.tabs[Tab.VENDORS].outcome is None
    assert ProblemId.INTERNAL in _ids(state)
    assert _outcome(state) in (RunOutcome.FAILED, RunOutcome.PERSON)
    assert on.procore.pressed == []
    assert on.hh2.calls["start"].calls == 0
    assert [one.levelno for one in caplog.records] == [logging.ERROR]


async def test_the_same_problem_of_a_run_that_goes_on_is_told_once(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(press=Script(NotSent(NET)), look=Script(QUIET)))
    conductor = await on.conductor()
    first = await conductor.run(Wanted(tabs=VENDORS))
    again = await conductor.go_on(first.run_id)
    assert len(on.procore.pressed) == 2
    assert [met.problem for met in again.problems] == [NET]
    assert _outcome(again) is RunOutcome.FAILED


async def test_step_two_only_stands_on_the_persons_word_and_leaves_hh2_alone(stage: Make) -> None:
    on = stage()
    conductor = await on.conductor()
    state = await conductor.run(Wanted(tabs=VENDORS, step_one=False, looked="hh2 shows Completed 8:04"))
    assert on.hh2.calls["sign_in"].calls == on.hh2.calls["start"].calls == 0
    assert state.opened is not None
    assert (state.opened.by_person, state.opened.evidence.text) == (True, "hh2 shows Completed 8:04")
    assert on.procore.pressed == [(Tab.VENDORS, "")]
    assert _outcome(state) is RunOutcome.OK


async def test_tabs_that_were_picked_again_are_not_picked_a_third_time_by_going_on(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, FRESH, QUIET, FRESH)))
    conductor = await on.conductor()
    first = await conductor.run(Wanted(tabs=VENDORS))
    later = await conductor.go_on(first.run_id, Picked((Tab.VENDORS, Tab.JOBS)))
    assert on.procore.pressed == [(Tab.VENDORS, ""), (Tab.JOBS, "")]
    assert _outcome(later) is RunOutcome.OK
