"""What a person presses themselves: asked for in the ledger first, waited for, and never taken for more than it was."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from anyio.abc import TaskGroup
from msgspec import structs

from app.domain import events as ev
from app.domain.events import ByHand, Record, RunOutcome, Site
from app.domain.filters import DateRange, Filters
from app.domain.looks import TabOutcome
from app.domain.problems import NotPressed, ProblemId, Unpressed, trouble
from app.domain.run import Press, RunState
from app.domain.tabs import Tab
from app.engine.conductor import RunConductor
from app.engine.faces import LeaveOut, Message, Ready, Stop, Wanted
from tests.engine.script import FRESH, QUICK, QUIET, Make, Script, ScriptedHh2, ScriptedProcore, Stage

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))
THERE = structs.replace(QUICK, person=10.0)
NOBODY = structs.replace(QUICK, person=0.05)
Ask = Callable[[], Awaitable[object]]


def _asks(
    on: Callable[[], Stage], site: Site, action: str, then: Ask | None = None, may_skip: bool = False
) -> Script:
    """A portal that has a person press, as the assisted one does: it asks, and looks until they have said so."""

    async def ask() -> object:
        hand = on().driver.hand
        assert hand is not None
        async with hand.asks(ByHand(site, action, may_skip=may_skip)) as asked:
            while True:
                said = asked.said()
                if said is not None:
                    break
                await anyio.sleep(0.005)
        if isinstance(said, Unpressed):
            raise NotPressed(said, action)
        return "seen" if then is None else await then()

    return Script(ask)


def _by_hand(stage: Make, *, then: Ask | None = None, **parts: Any) -> Stage:
    """A stage on which the person presses the tab's button."""
    made: list[Stage] = []
    skips = parts.pop("may_skip", False)
    press = _asks(lambda: made[0], Site.PROCORE, "refresh-vendors", then, may_skip=skips)
    look = parts.pop("look", Script(QUIET, FRESH))
    made.append(stage(procore=ScriptedProcore(press=press, look=look), **parts))
    return made[0]


def _answering(
    group: TaskGroup, conductor: RunConductor, *says: Message, after: float = 0.0
) -> Callable[[Record, RunState], None]:
    """Somebody who says these things one after the other, `after` seconds from the question on."""

    async def answer() -> None:
        await anyio.sleep(after)
        for message in says:
            conductor.tell(message)
            await anyio.sleep(0.05)

    def react(record: Record, _state: RunState) -> None:
        if isinstance(record.event, ev.NeedsPerson):
            group.start_soon(answer)

    return react


async def _run(on: Stage, *says: Message, wanted: Wanted = VENDORS, after: float = 0.0) -> RunState:
    conductor = await on.conductor()
    async with anyio.create_task_group() as group:
        on.told.react = _answering(group, conductor, *says, after=after)
        with anyio.fail_after(20):
            state = await conductor.run(wanted)
        group.cancel_scope.cancel()
    return state


def _ids(state: RunState) -> set[ProblemId]:
    return {met.problem.id for met in state.problems}


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


async def test_a_person_may_be_slower_than_any_page_and_their_press_is_ours(stage: Make) -> None:
    on = _by_hand(stage, patience=structs.replace(THERE, request=0.1))
    state = await _run(on, Ready(), after=0.4)
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    names = on.told.names
    assert names[names.index("RefreshRequested") + 1] == "NeedsPerson", "asked once it is announced"
    assert names.index("PersonActed") < names.index("RefreshAccepted")
    assert on.driver.fronts == [Site.PROCORE]


async def test_once_the_person_has_pressed_the_pages_own_deadline_counts_again(stage: Make) -> None:
    async def hang() -> str:
        await anyio.sleep(60)
        return "never"

    on = _by_hand(stage, then=hang, patience=structs.replace(THERE, request=0.1))
    with anyio.fail_after(5):
        state = await _run(on, Ready())
    assert "RefreshAnswerLost" in on.told.names
    assert state.tabs[Tab.VENDORS].refresh.presses == 1


async def test_what_nobody_presses_in_time_was_not_pressed_and_is_left_to_be_resumed(stage: Make) -> None:
    on = _by_hand(stage, patience=NOBODY)
    state = await _run(on)
    assert _outcome(state) is RunOutcome.PERSON
    assert _ids(state) == {ProblemId.NOT_PRESSED}
    assert state.left == (Tab.VENDORS,)
    assert state.tabs[Tab.VENDORS].refresh.press is Press.NONE
    acted = [one.event for one in on.told.records if isinstance(one.event, ev.PersonActed)]
    assert [one.gave_up for one in acted] == [True]


async def test_what_the_person_leaves_out_is_skipped_and_said_so(stage: Make) -> None:
    state = await _run(_by_hand(stage, patience=THERE, may_skip=True), LeaveOut())
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.reason) == (TabOutcome.SKIPPED, "left-out")
    assert one.press is Press.NONE
    assert _outcome(state) is RunOutcome.LOOK


async def test_what_may_not_be_left_out_is_waited_for_all_the_same(stage: Make) -> None:
    state = await _run(_by_hand(stage, patience=THERE, may_skip=False), LeaveOut(), Ready())
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_what_was_said_before_the_question_is_no_answer_to_it(stage: Make) -> None:
    on = _by_hand(stage, patience=NOBODY)
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(Ready()) if isinstance(record.event, ev.RefreshRequested) else None
    )
    state = await conductor.run(VENDORS)
    assert _ids(state) == {ProblemId.NOT_PRESSED}


async def test_a_press_that_was_made_for_something_else_is_asked_for_again(stage: Make) -> None:
    press = Script(NotPressed(Unpressed.OTHER, "refresh-vendors"), "begun")
    on = stage(procore=ScriptedProcore(press=press, look=Script(QUIET, QUIET, FRESH)))
    state = await _run(on)
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.presses) == (TabOutcome.DONE, 1)
    assert on.told.names.count("RefreshDeclined") == 1


async def test_a_stop_while_the_person_is_asked_says_that_nothing_was_pressed(stage: Make) -> None:
    on = _by_hand(stage, patience=THERE)
    state = await _run(on, Stop())
    assert _outcome(state) is RunOutcome.CANCELLED
    assert "RefreshAnswerLost" not in on.told.names
    declined = [one.event for one in on.told.records if isinstance(one.event, ev.RefreshDeclined)]
    assert [one.problem.facts["why"] for one in declined] == ["stopped"]
    assert state.tabs[Tab.VENDORS].refresh.reason == "not-begun"


async def test_a_page_that_changes_while_the_person_is_asked_ends_the_question(stage: Make) -> None:
    made: list[Stage] = []

    async def ask() -> str:
        hand = made[0].driver.hand
        assert hand is not None
        async with hand.asks(ByHand(Site.PROCORE, "refresh-vendors")):
            raise trouble(ProblemId.PRO_LABEL, action="refresh-vendors", found=0)

    procore = ScriptedProcore(press=Script(ask), look=Script(QUIET))
    procore.uses_permit_first = False
    made.append(stage(procore=procore, patience=THERE))
    state = await _run(made[0])
    assert state.need is None
    names = made[0].told.names
    assert names.index("NeedsPerson") < names.index("PersonActed") < names.index("TabFinished")
    assert ProblemId.PRO_LABEL in _ids(state)


@pytest.mark.parametrize(
    ("call", "dates"), [("start", DateRange.PAST_WEEK), ("apply_filters", DateRange.TODAY)]
)
async def test_a_start_that_nobody_pressed_stays_to_be_begun(
    call: str, dates: DateRange, stage: Make
) -> None:
    made: list[Stage] = []
    hh2 = ScriptedHh2(**{call: _asks(lambda: made[0], Site.HH2, call)})
    made.append(stage(hh2=hh2, patience=NOBODY))
    state = await _run(made[0], wanted=Wanted(Filters(dates), tabs=(Tab.VENDORS,)))
    assert _outcome(state) is RunOutcome.PERSON
    assert _ids(state) == {ProblemId.NOT_PRESSED}
    assert state.waits_for_start
    assert made[0].procore.pressed == []


async def test_a_step_on_the_way_that_nobody_took_ends_the_run_with_the_person_and_nothing_sent(
    stage: Make,
) -> None:
    nobody = NotPressed(Unpressed.NOBODY, "company")
    on = stage(procore=ScriptedProcore(missing_rights=Script(nobody)))
    state = await _run(on)
    assert _outcome(state) is RunOutcome.PERSON
    assert [met.problem.facts for met in state.problems] == [{"action": "company", "why": "nobody"}]
    assert state.waits_for_start
    assert on.hh2.calls["start"].calls == 0
