"""Step 1 in detail: filters set once and put back, others waited for, an end that nobody sees never a success."""

import anyio
import pytest
from msgspec import structs

from app.domain import events as ev
from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Filters
from app.domain.looks import Phase, StepOneOutcome, SyncLook
from app.domain.problems import AnswerLost, Declined, NotReadable, Problem, ProblemId, SessionLost, SlowDown
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import PutBack, Wanted
from tests.engine.script import NEW, OLD, QUICK, RUNNING, Make, Script, ScriptedHh2, Stage

pytestmark = pytest.mark.anyio
NO_TABS = Wanted(tabs=())
TODAY, YEAR = Filters(DateRange.TODAY), Filters(DateRange.PAST_YEAR)
NET = Problem(ProblemId.NET, {"site": "hh2"})
QUEUED = SyncLook(Phase.QUEUED, "2", "Will begin")
BLIND = NotReadable(NET)


async def _run(on: Stage, wanted: Wanted = NO_TABS) -> RunState:
    conductor = await on.conductor()
    with anyio.fail_after(20):
        return await conductor.run(wanted)


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


def _met(state: RunState) -> list[tuple[ProblemId, bool]]:
    return [(met.problem.id, met.noted) for met in state.problems]


# ---------------------------------------------------------------- filters


async def test_filters_are_announced_before_they_are_set_and_read_once(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(read_filters=Script((YEAR, "")), apply_filters=Script(TODAY)))
    state = await _run(on, Wanted(TODAY, tabs=()))
    names = [name for name in on.told.names if name.startswith("Filters")]
    assert names == ["FiltersRead", "FiltersRequested", "FiltersApplied"]
    assert state.step_one.filters_before == YEAR
    assert state.step_one.filters_changed
    assert on.hh2.calls["apply_filters"].calls == 1


async def test_filters_that_stand_already_are_said_to_be_unchanged_and_put_back_by_nothing(
    stage: Make,
) -> None:
    on = stage()
    conductor = await on.conductor()
    state = await conductor.run(NO_TABS)
    assert not state.step_one.filters_changed
    later = await conductor.go_on(state.run_id, PutBack())
    assert on.told.names.count("FiltersApplied") == 1
    assert not later.step_one.filters_changed


async def test_filters_of_which_nobody_knows_what_stood_before_are_not_put_back(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(read_filters=Script((None, ""))))
    conductor = await on.conductor()
    state = await conductor.run(NO_TABS)
    await conductor.go_on(state.run_id, PutBack())
    assert on.hh2.calls["apply_filters"].calls == 1
    assert on.told.names.count("FiltersApplied") == 1


async def test_what_puts_filters_back_is_written_down_as_that(stage: Make) -> None:
    hh2 = ScriptedHh2(read_filters=Script((YEAR, ""), (TODAY, "")), apply_filters=Script(TODAY, YEAR))
    on = stage(hh2=hh2)
    await _run(on, Wanted(TODAY, tabs=(), put_back=True))
    events = [record.event for record in on.told.records]
    asked = [(one.filters, one.putting_back) for one in events if isinstance(one, ev.FiltersRequested)]
    assert asked == [(TODAY, False), (YEAR, True)]
    applied = [(one.changed, one.putting_back) for one in events if isinstance(one, ev.FiltersApplied)]
    assert applied == [(True, False), (True, True)]


@pytest.mark.parametrize("lost", [AnswerLost("reset"), BLIND], ids=["lost", "unreadable"])
@pytest.mark.parametrize(("stands", "well"), [(TODAY, True), (YEAR, False)], ids=["taken", "not taken"])
async def test_filters_whose_answer_was_lost_are_read_back_and_not_set_again(
    lost: Exception, stands: Filters, well: bool, stage: Make
) -> None:
    hh2 = ScriptedHh2(read_filters=Script((YEAR, ""), (stands, "")), apply_filters=Script(lost))
    state = await _run(stage(hh2=hh2), Wanted(TODAY, tabs=()))
    assert hh2.calls["apply_filters"].calls == 1
    assert hh2.calls["start"].calls == (1 if well else 0)
    assert _outcome(state) is (RunOutcome.OK if well else RunOutcome.FAILED)
    assert (
        (ProblemId.HH2_ANSWER, False) not in _met(state)
        if well
        else _met(state) == [(ProblemId.HH2_ANSWER, False)]
    )


async def test_filters_are_set_after_a_sign_in_and_after_a_wait(stage: Make) -> None:
    says = Script(SessionLost("hh2"), SlowDown("hh2", 0.05), TODAY)
    hh2 = ScriptedHh2(read_filters=Script((YEAR, "")), apply_filters=says)
    on = stage(hh2=hh2)
    state = await _run(on, Wanted(TODAY, tabs=()))
    assert hh2.calls["sign_in"].calls == 2
    assert on.passed.slept >= 0.05
    assert _met(state) == [(ProblemId.SESSION, True), (ProblemId.LIMIT, True)]
    assert _outcome(state) is RunOutcome.OK


async def test_a_site_that_never_takes_the_filters_is_given_up(stage: Make) -> None:
    hh2 = ScriptedHh2(read_filters=Script((YEAR, "")), apply_filters=Script(SlowDown("hh2", 0.0)))
    state = await _run(stage(hh2=hh2, patience=structs.replace(QUICK, busy=0.1)), Wanted(TODAY, tabs=()))
    assert (ProblemId.LIMIT, False) in _met(state)
    assert hh2.calls["start"].calls == 0


# ---------------------------------------------------------------- somebody else's sync


async def test_somebody_elses_sync_is_told_once_looked_at_in_turns_and_ours_comes_after_it(
    stage: Make,
) -> None:
    theirs = SyncLook(Phase.RUNNING, "2", "Theirs", 0.3)
    ours = structs.replace(NEW, mark="3")
    on = stage(
        hh2=ScriptedHh2(look=Script(theirs, theirs, theirs, NEW, NEW, ours)),
        patience=structs.replace(QUICK, poll=0.05),
    )
    state = await _run(on)
    assert on.passed.slept >= 3 * 0.05
    assert _met(state) == [(ProblemId.HH2_BUSY, True)]
    told = [record.event.text for record in on.told.records if isinstance(record.event, ev.SyncProgress)]
    assert told == ["Theirs"]
    assert on.told.names.index("SyncProgress") < on.told.names.index("SyncRequested")
    assert on.hh2.calls["start"].calls == 1
    assert _outcome(state) is RunOutcome.OK


async def test_who_waits_for_a_sync_without_an_end_is_told_how_long_it_was(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(RUNNING)), patience=structs.replace(QUICK, busy=1.0, poll=0.1))
    state = await _run(on)
    assert _met(state) == [(ProblemId.HH2_BUSY, True), (ProblemId.HH2_BUSY, False)]
    assert state.problems[-1].problem.facts == {"text": "Running", "waited": 1}
    assert 3 <= on.hh2.calls["look"].calls <= 12


async def test_a_start_that_hh2_declines_ends_step_one_with_what_it_said(stage: Make) -> None:
    offline = Problem(ProblemId.HH2_OFFLINE, {"text": "The sync client is not connected"})
    on = stage(hh2=ScriptedHh2(start=Script(Declined(offline))))
    state = await _run(on)
    assert state.step_one.outcome is StepOneOutcome.FAILED
    ended = next(r.event for r in on.told.records if isinstance(r.event, ev.StepOneFinished))
    assert ended.problem == offline
    assert [met.problem for met in state.problems] == [offline]


# ---------------------------------------------------------------- the watch


async def test_a_page_that_cannot_be_read_for_a_while_is_noted_and_the_end_that_then_stands_there_counts(
    stage: Make,
) -> None:
    looks = Script(OLD, OLD, *[BLIND] * 4, RUNNING, NEW)  # two of our reads, of two tries each
    state = await _run(stage(hh2=ScriptedHh2(look=looks), patience=structs.replace(QUICK, blind=5.0)))
    assert _met(state) == [(ProblemId.NET, True)]
    assert state.step_one.outcome is StepOneOutcome.DONE


async def test_a_page_that_is_never_read_again_leaves_the_end_unsure_once_the_time_for_it_is_over(
    stage: Make,
) -> None:
    looks = Script(OLD, OLD, RUNNING, BLIND)
    on = stage(hh2=ScriptedHh2(look=looks), patience=structs.replace(QUICK, blind=0.2, step_one=30.0))
    state = await _run(on, Wanted(tabs=(Tab.VENDORS,)))
    assert state.step_one.outcome is StepOneOutcome.UNSURE
    assert _met(state) == [(ProblemId.NET, True), (ProblemId.NET, False), (ProblemId.HH2_UNSURE, False)]
    assert state.problems[-1].problem.facts == {"why": "blind"}
    assert on.procore.pressed == []


async def test_each_readable_look_begins_the_time_for_unreadable_ones_anew(stage: Make) -> None:
    def late() -> SyncLook:
        on.passed.slept += 0.15  # the site's own slowness
        return RUNNING

    looks = Script(OLD, OLD, late, BLIND, BLIND, late, BLIND, BLIND, late, NEW)
    on = stage(hh2=ScriptedHh2(look=looks), patience=structs.replace(QUICK, blind=0.25, step_one=30.0))
    state = await _run(on)
    assert state.step_one.outcome is StepOneOutcome.DONE


async def test_a_sync_that_waits_in_line_between_two_looks_that_run_is_no_client_that_is_off(
    stage: Make,
) -> None:
    again = [structs.replace(QUEUED, text=f"In line {n}") for n in range(4)]
    looks = Script(OLD, OLD, *again, RUNNING, *again, RUNNING, NEW)
    patience = structs.replace(QUICK, poll=0.02, pick_up=0.5, step_one=30.0)
    state = await _run(stage(hh2=ScriptedHh2(look=looks), patience=patience))
    assert state.step_one.outcome is StepOneOutcome.DONE
    assert _met(state) == []


async def test_a_client_that_does_not_pick_the_sync_up_is_told_with_what_stands_there(stage: Make) -> None:
    patience = structs.replace(QUICK, pick_up=0.2, step_one=30.0)
    state = await _run(stage(hh2=ScriptedHh2(look=Script(OLD, OLD, QUEUED)), patience=patience))
    assert state.step_one.outcome is StepOneOutcome.FAILED
    (met,) = state.problems
    assert (met.problem.id, met.problem.facts) == (ProblemId.HH2_OFFLINE, {"text": "Will begin"})


async def test_a_lost_start_that_shows_is_watched_as_long_as_any_other(stage: Make) -> None:
    looks = Script(OLD, OLD, *[RUNNING] * 30, NEW)
    on = stage(
        hh2=ScriptedHh2(start=Script(AnswerLost("reset")), look=looks),
        patience=structs.replace(QUICK, appear=0.05, step_one=30.0),
    )
    state = await _run(on)
    assert state.step_one.outcome is StepOneOutcome.DONE
    assert _met(state) == []


async def test_a_lost_start_that_shows_nothing_is_looked_for_until_its_time_is_over_and_then_unsure(
    stage: Make,
) -> None:
    on = stage(
        hh2=ScriptedHh2(start=Script(AnswerLost("reset")), look=Script(OLD)),
        patience=structs.replace(QUICK, appear=0.2, step_one=30.0),
    )
    state = await _run(on)
    assert [met.problem.facts for met in state.problems] == [{"why": "lost-answer"}]
    begun = next(r.at for r in on.told.records if isinstance(r.event, ev.SyncAnswerLost))
    ended = next(r.at for r in on.told.records if isinstance(r.event, ev.StepOneFinished))
    assert (ended - begun).total_seconds() >= 0.19
    assert on.hh2.calls["start"].calls == 1


async def test_a_start_that_was_answered_and_shows_nothing_is_watched_to_the_end_of_all_patience(
    stage: Make,
) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(OLD)), patience=structs.replace(QUICK, appear=0.0, step_one=0.3))
    state = await _run(on)
    assert [met.problem.facts for met in state.problems] == [{"why": "no-end"}]
    begun = next(r.at for r in on.told.records if isinstance(r.event, ev.SyncAccepted))
    ended = next(r.at for r in on.told.records if isinstance(r.event, ev.StepOneFinished))
    assert (ended - begun).total_seconds() >= 0.29


async def test_progress_is_told_when_it_changes_alone(stage: Make) -> None:
    further = structs.replace(RUNNING, progress=0.8)
    on = stage(hh2=ScriptedHh2(look=Script(OLD, OLD, RUNNING, RUNNING, further, further, NEW)))
    await _run(on)
    told = [record.event for record in on.told.records if isinstance(record.event, ev.SyncProgress)]
    assert [(one.text, one.fraction) for one in told] == [("Running", 0.5), ("Running", 0.8)]


async def test_a_failure_is_told_with_how_many_there_are_and_the_first(stage: Make) -> None:
    several = structs.replace(NEW, failures=("Vendor 100: name missing", "Job 7: closed"))
    state = await _run(stage(hh2=ScriptedHh2(look=Script(OLD, OLD, several))))
    (met,) = state.problems
    assert met.problem.facts == {"n": 2, "first": "Vendor 100: name missing"}
    assert state.step_one.failures == several.failures
    one = await _run(stage(hh2=ScriptedHh2(look=Script(OLD, OLD, SyncLook(Phase.FAILED, "2", "It failed")))))
    assert one.problems[0].problem.facts == {"n": 1, "first": "It failed"}


async def test_a_sync_is_done_with_what_the_page_says_now_and_what_it_said_before(stage: Make) -> None:
    on = stage()
    state = await _run(on)
    evidence = state.step_one.evidence
    assert evidence is not None
    assert (evidence.text, evidence.before) == (NEW.text, OLD.text)
