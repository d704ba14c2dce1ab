"""A run with a person: their word, their choice, their stop; and what happens when nobody comes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import anyio
import pytest
import time_machine

from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import NeedKind, Record, RunOutcome
from app.domain.filters import DateRange, Filters
from app.domain.looks import EvidenceKind, StepOneOutcome, TabOutcome, Unknown
from app.domain.problems import ProblemId, Trouble
from app.domain.result import result
from app.domain.run import Press, RunState
from app.domain.tabs import Tab
from app.engine.conductor import TOOK_THEIRS
from app.engine.faces import Again, Looked, Message, Picked, PutBack, Stop, TakeTheirs, Wanted
from tests.end_to_end.company import NAME, Told, goes_on, set_up
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(admin: Admin) -> AsyncIterator[House]:
    """A house with somebody in front of it, who waits no longer than the test."""
    opened = House("window", person=20.0)
    await set_up(opened, admin.served)
    yield opened
    await opened.close()


async def _with_a_person(house: House, wanted: Wanted, **answers: Message) -> tuple[RunState, Told]:
    """A run in which the person says `answers[event]` when an event of that name is told, each once."""
    told = Told()
    conductor = await house.conductor(NAME, told)

    def react(record: Record, _state: RunState) -> None:
        answer = answers.pop(type(record.event).__name__, None)
        if answer is not None:
            conductor.tell(answer)

    told.react = react
    return await conductor.run(wanted), told


async def test_the_person_picks_the_tabs_after_step_one_is_proven(desk: House, admin: Admin) -> None:
    picked = Picked((Tab.VENDORS,))
    state, told = await _with_a_person(desk, Wanted(tabs=(), go_on=False), NeedsPerson=picked)
    assert told.names.index("GateOpened") < told.names.index("NeedsPerson") < told.names.index("TabsChosen")
    assert [press["tab"] for press in admin.presses("tab.refresh")] == ["vendors"]
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.OK


async def test_unsure_goes_on_only_after_the_person_said_what_they_saw(desk: House, admin: Admin) -> None:
    admin.play("no-proof")
    word = Looked("hh2 shows Completed, 8:04")
    state, _ = await _with_a_person(desk, Wanted(tabs=(Tab.VENDORS,)), NeedsPerson=word)
    assert state.step_one.outcome is StepOneOutcome.UNSURE
    assert state.opened is not None
    assert state.opened.by_person
    assert state.opened.evidence.kind is EvidenceKind.PERSON
    assert state.opened.evidence.text == "hh2 shows Completed, 8:04"
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_nobody_came_so_the_run_ends_and_can_be_taken_up_with_a_word(
    house: House, admin: Admin
) -> None:
    admin.play("no-proof")
    told = Told()
    conductor = await house.conductor(NAME, told)
    state = await conductor.run(Wanted(tabs=(Tab.VENDORS,)))
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.PERSON
    assert admin.presses("tab.refresh") == []
    later, _ = await goes_on(house, state.run_id, Looked("I saw it completed"))
    assert later.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert len(admin.presses("sync.start")) == 1


async def test_somebody_elses_sync_is_taken_as_step_one_on_the_persons_word(
    desk: House, admin: Admin
) -> None:
    admin.play("busy", pace=0.2)
    state, told = await _with_a_person(desk, Wanted(tabs=(Tab.VENDORS,)), ProblemMet=TakeTheirs())
    assert admin.presses("sync.start") == []
    assert "TheirsAccepted" in told.names
    assert state.confirmed is not None
    assert state.confirmed.words == TOOK_THEIRS
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_somebody_elses_sync_is_waited_for_and_then_ours_is_started(house: House, admin: Admin) -> None:
    admin.play("busy")
    state, _ = await _with_a_person(house, Wanted(tabs=()))
    assert len(admin.presses("sync.start")) == 1
    assert state.opened is not None
    assert not state.opened.by_person


async def test_a_stop_in_step_one_ends_at_once_and_no_tab_is_pressed(house: House, admin: Admin) -> None:
    admin.play("slow", pace=1.0)
    with anyio.fail_after(20):
        told = Told()
        conductor = await house.conductor(NAME, told)
        stopped_at: list[float] = []

        def react(record: Record, _state: RunState) -> None:
            if isinstance(record.event, ev.SyncAccepted):
                stopped_at.append(anyio.current_time())
                conductor.tell(Stop())

        told.react = react
        state = await conductor.run(Wanted())
        assert anyio.current_time() - stopped_at[0] < 1.0
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.CANCELLED
    assert state.step_one.outcome is StepOneOutcome.CANCELLED
    assert state.step_one.press is Press.ANSWERED
    assert admin.presses("tab.refresh") == []
    assert {state.tabs[tab].outcome for tab in state.chosen} == {TabOutcome.CANCELLED}


async def test_a_stop_in_step_two_lets_what_was_pressed_go_on_and_presses_nothing_more(
    house: House, admin: Admin
) -> None:
    state, _ = await _with_a_person(house, Wanted(), RefreshAccepted=Stop())
    pressed = {press["tab"] for press in admin.presses("tab.refresh")}
    assert pressed <= {"cost-codes", "vendors", "jobs"}
    for tab in pressed:
        one = state.tabs[Tab(tab)].refresh
        assert one.outcome in (TabOutcome.CANCELLED, TabOutcome.DONE)
        assert one.outcome is TabOutcome.DONE or one.reason == "goes-on"
    assert state.tabs[Tab.JOB_COSTS].refresh.reason == "not-begun"


async def test_tabs_that_were_stopped_before_their_press_can_be_picked_again(
    desk: House, admin: Admin
) -> None:
    first, _ = await _with_a_person(desk, Wanted(), GateOpened=Stop())
    assert admin.presses("tab.refresh") == []
    later, _ = await goes_on(desk, first.run_id, Picked((Tab.VENDORS,)))
    assert later.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert len(admin.presses("sync.start")) == 1


async def test_an_old_proof_needs_a_word_before_more_tabs_are_pressed(house: House, admin: Admin) -> None:
    state, _ = await _with_a_person(house, Wanted(tabs=()))
    with time_machine.travel(state.last_at + timedelta(minutes=61), tick=True):
        refused, _ = await goes_on(house, state.run_id, Picked((Tab.VENDORS,)))
        assert refused.ended is not None
        assert refused.ended.outcome is RunOutcome.PERSON
        assert ProblemId.PROOF_OLD in {met.problem.id for met in refused.problems}
        assert admin.presses("tab.refresh") == []
        later, _ = await goes_on(house, state.run_id, Looked("Still the sync of 8:04, nothing posted since"))
    assert later.tabs[Tab.VENDORS].outcome in (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)


async def test_a_retry_of_an_unknown_tab_is_the_persons_act_after_a_look(house: House, admin: Admin) -> None:
    admin.play("tab-stale")
    state, _ = await _with_a_person(house, Wanted(tabs=(Tab.VENDORS,)))
    assert state.tabs[Tab.VENDORS].refresh.why is Unknown.STALE
    conductor = await house.conductor(NAME, Told())
    seen = await conductor.look_up(state.run_id, Tab.VENDORS, None)
    assert seen.presses == 1
    assert seen.pressed_at == state.tabs[Tab.VENDORS].refresh.pressed_at
    assert len(admin.presses("tab.refresh")) == 1, "a look presses nothing"
    await goes_on(house, state.run_id, Again(Tab.VENDORS))
    assert len(admin.presses("tab.refresh")) == 2


async def test_filters_are_put_back_when_the_person_asks_after_the_run(house: House, admin: Admin) -> None:
    state, _ = await _with_a_person(house, Wanted(Filters(DateRange.PAST_YEAR), tabs=()))
    assert state.step_one.filters_changed
    later, _ = await goes_on(house, state.run_id, PutBack())
    assert later.step_one.filters_now == Filters()
    assert not later.step_one.filters_changed
    assert len(admin.presses("sync.start")) == 1


async def test_a_second_program_on_the_same_profile_is_told_who_runs(house: House, admin: Admin) -> None:
    await house.conductor(NAME, Told())
    other = House("window", person=0.0)
    try:
        with pytest.raises(Trouble) as refused:
            await other.conductor(NAME, Told())
        assert refused.value.problem.id is ProblemId.IN_USE
        assert refused.value.problem.facts["face"] == "command line"
    finally:
        await other.close()


async def test_a_run_that_was_cut_off_can_be_closed_as_it_stands(house: House, admin: Admin) -> None:
    told = Told()
    conductor = await house.conductor(NAME, told)
    state = await conductor.run(Wanted(tabs=(Tab.VENDORS,)))
    assert result(state)["exit"] == 0
    requests = len(admin.log()["requests"])
    await conductor.close_run(state.run_id)
    assert len(admin.log()["requests"]) == requests


async def test_needs_are_told_with_the_time_until_which_the_run_waits(desk: House, admin: Admin) -> None:
    _, told = await _with_a_person(desk, Wanted(tabs=(), go_on=False), NeedsPerson=Picked(()))
    need = next(record for record in told.records if isinstance(record.event, ev.NeedsPerson))
    assert isinstance(need.event, ev.NeedsPerson)
    assert need.event.need is NeedKind.CHOOSE_TABS
    assert timedelta(seconds=15) < need.event.until - need.at <= timedelta(seconds=20.5)
