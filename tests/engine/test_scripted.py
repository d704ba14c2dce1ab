"""What sites rarely say: each of it ends in a named problem, an unknown, or one more try; never in a second press."""

import sqlite3
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
import time_machine
from anyio.abc import TaskGroup
from msgspec import structs

from app.domain import events as ev
from app.domain.events import EXIT_INTERNAL, Record, RunOutcome, Site
from app.domain.filters import DateRange, Filters
from app.domain.looks import Phase, StepOneOutcome, SyncLook, TabLook, TabOutcome, Unknown, Waiting
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotReadable,
    NotSent,
    Problem,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
    trouble,
)
from app.domain.run import NotAllowed, Press, RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import Again, Picked, PutBack, Stop, TakeTheirs, Wanted
from app.engine.step_two import _BADNESS
from app.engine.trial import try_sign_in
from app.storage import ledger_file
from tests.domain.stories import planned
from tests.engine.script import (
    BUSY,
    FRESH,
    NEW,
    OLD,
    QUICK,
    QUIET,
    RUNNING,
    Make,
    NoSecrets,
    Script,
    ScriptedHh2,
    ScriptedMovement,
    ScriptedProcore,
    ScriptedService,
    Stage,
)

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))
NO_TABS = Wanted(tabs=())
NET = Problem(ProblemId.NET, {"site": "hh2"})


async def _run(on: Stage, wanted: Wanted = VENDORS) -> RunState:
    conductor = await on.conductor()
    with anyio.fail_after(20):
        return await conductor.run(wanted)


def _ids(state: RunState) -> set[ProblemId]:
    return {met.problem.id for met in state.problems}


def _end(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


async def test_the_scripted_sites_end_well_when_nothing_goes_wrong(stage: Make) -> None:
    on = stage()
    state = await _run(on)
    assert _end(state) is RunOutcome.OK
    assert on.hh2.calls["start"].calls == 1
    assert on.procore.pressed == [(Tab.VENDORS, "")]
    assert on.driver.closed == 1


# ---------------------------------------------------------------- opening, signing in


async def test_a_browser_that_is_not_there_ends_with_the_person_before_anything_is_sent(stage: Make) -> None:
    on = stage(opens=Script(trouble(ProblemId.BROWSER, why="none-found")))
    state = await _run(on)
    assert _end(state) is RunOutcome.PERSON
    assert on.hh2.calls["sign_in"].calls == 0


async def test_a_fault_of_the_program_is_said_and_never_a_success(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(ZeroDivisionError())))
    state = await _run(on)
    assert ProblemId.INTERNAL in _ids(state)
    assert _end(state) is RunOutcome.FAILED
    assert EXIT_INTERNAL == 70


async def test_a_code_that_nobody_enters_ends_with_the_person_and_the_window_was_brought_to_the_front(
    stage: Make,
) -> None:
    on = stage(hh2=ScriptedHh2(sign_in=Script(trouble(ProblemId.MFA, site="hh2"))))
    state = await _run(on)
    assert on.driver.fronts == [Site.HH2]
    assert _end(state) is RunOutcome.PERSON
    assert ProblemId.MFA in _ids(state)


async def test_a_code_that_is_entered_lets_the_run_go_on(stage: Make) -> None:
    hh2 = ScriptedHh2(
        sign_in=Script(trouble(ProblemId.MFA, site="hh2")), is_signed_in=Script(False, NotReadable(NET), True)
    )
    state = await _run(stage(hh2=hh2, patience=structs.replace(QUICK, person=5.0)))
    assert _end(state) is RunOutcome.OK


@pytest.mark.parametrize(
    "lost", [SessionLost("hh2"), NotSent(NET), Declined(NET), AnswerLost("reset"), NotReadable(NET)], ids=type
)
async def test_a_sign_in_without_a_good_answer_is_looked_up_once_and_not_sent_again(
    lost: Exception, stage: Make
) -> None:
    on = stage(hh2=ScriptedHh2(sign_in=Script(lost), is_signed_in=Script(True)))
    assert _end(await _run(on)) is RunOutcome.OK
    assert on.hh2.calls["sign_in"].calls == 1


async def test_a_sign_in_that_is_asked_to_wait_is_made_after_the_wait(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(sign_in=Script(SlowDown("hh2", 0.01), "dana")))
    state = await _run(on)
    assert _end(state) is RunOutcome.OK
    assert ProblemId.LIMIT in _ids(state)


async def test_a_session_that_ends_at_every_look_is_signed_in_to_a_few_times_and_then_left_to_the_person(
    stage: Make,
) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(SessionLost("hh2"))))
    state = await _run(on)
    assert ProblemId.SESSION in _ids(state)
    assert _end(state) is RunOutcome.PERSON
    assert on.hh2.calls["sign_in"].calls <= QUICK.sign_ins + 2


async def test_rights_that_are_missing_stop_the_run_before_step_one(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(missing_rights=Script({Tab.VENDORS: "Read Only"})))
    state = await _run(on)
    assert _ids(state) == {ProblemId.PRO_PERM}
    assert state.step_one.outcome is StepOneOutcome.PERSON
    assert on.hh2.calls["start"].calls == 0


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        (NotReadable(NET), ProblemId.NET),
        (NotSent(NET), ProblemId.NET),
        (AnswerLost("x"), ProblemId.NET),
        (SessionLost("procore"), ProblemId.SESSION),
    ],
    ids=str,
)
async def test_a_service_that_cannot_be_signed_in_to_stops_the_run_before_a_press(
    failed: Exception, told: ProblemId, stage: Make
) -> None:
    service = ScriptedService(Script(failed))
    on = stage(services=[service])
    state = await _run(on)
    assert _ids(state) == {told}
    assert on.hh2.calls["start"].calls == 0
    assert service.closed


async def test_a_service_is_waited_for_and_signed_in_to_again_once(stage: Make) -> None:
    service = ScriptedService(
        Script(SlowDown("procore", 0.01), "dana"),
        Script(SlowDown("procore", 0.01), SessionLost("procore"), None),
    )
    assert _end(await _run(stage(services=[service]))) is RunOutcome.OK


@pytest.mark.parametrize(
    ("rights", "problem"),
    [(SessionLost("procore"), ProblemId.SESSION), (NotReadable(NET), ProblemId.NET)],
    ids=str,
)
async def test_a_service_whose_rights_cannot_be_read_is_said(
    rights: Exception, problem: ProblemId, stage: Make
) -> None:
    state = await _run(stage(services=[ScriptedService(Script("dana"), Script(rights))]))
    assert problem in _ids(state)


async def test_the_pages_begin_where_a_service_says_that_the_tool_lies(stage: Make) -> None:
    procore = ScriptedProcore()
    services = [
        ScriptedService(Script("dana"), site=Site.HH2),
        ScriptedService(Script("dana"), tool=Script("https://zone.example/1/company/erp_integrations")),
        ScriptedService(Script("dana"), tool=Script(NotReadable(NET))),  # does not tell: the run goes on
    ]
    assert _end(await _run(stage(procore=procore, services=services))) is RunOutcome.OK
    assert procore.begins_at == ["https://zone.example/1/company/erp_integrations"]


# ---------------------------------------------------------------- step 1


@pytest.mark.parametrize(
    ("end", "outcome", "problem"),
    [
        (SyncLook(Phase.OFFLINE, "2", "not reached"), StepOneOutcome.FAILED, ProblemId.HH2_OFFLINE),
        (SyncLook(Phase.STALE, "2", "stale"), StepOneOutcome.UNSURE, ProblemId.HH2_UNSURE),
        (SyncLook(Phase.FAILED, "2", "failed"), StepOneOutcome.FAILED, ProblemId.HH2_FAILED),
        (structs.replace(NEW, failures=("a", "b")), StepOneOutcome.FAILED, ProblemId.HH2_FAILED),
        (SyncLook(Phase.QUEUED, "2", "queued"), StepOneOutcome.FAILED, ProblemId.HH2_OFFLINE),
        (RUNNING, StepOneOutcome.UNSURE, ProblemId.HH2_UNSURE),
        (OLD, StepOneOutcome.UNSURE, ProblemId.HH2_UNSURE),
        (SyncLook(Phase.UNKNOWN, "2", "?"), StepOneOutcome.UNSURE, ProblemId.HH2_UNSURE),
    ],
    ids=lambda value: value.phase.value if isinstance(value, SyncLook) else "",
)
async def test_step_one_ends_as_its_page_says_and_only_done_opens_the_gate(
    end: SyncLook, outcome: StepOneOutcome, problem: ProblemId, stage: Make
) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(OLD, OLD, end)))
    state = await _run(on)
    assert state.step_one.outcome is outcome
    assert problem in _ids(state)
    assert on.procore.pressed == []


@pytest.mark.parametrize("declined", [NotSent(NET), Declined(Problem(ProblemId.HH2_OFFLINE))], ids=type)
async def test_a_start_that_certainly_did_not_happen_fails_without_a_second_one(
    declined: Exception, stage: Make
) -> None:
    on = stage(hh2=ScriptedHh2(start=Script(declined)))
    state = await _run(on)
    assert state.step_one.outcome is StepOneOutcome.FAILED
    assert on.hh2.calls["start"].calls == 1


async def test_a_start_that_met_somebody_elses_sync_is_made_after_it(stage: Make) -> None:
    hh2 = ScriptedHh2(
        look=Script(OLD, OLD, RUNNING, NEW, NEW, NEW, SyncLook(Phase.DONE, "3", "Ours")),
        start=Script(Declined(Problem(ProblemId.HH2_BUSY)), "started"),
    )
    assert _end(await _run(stage(hh2=hh2), NO_TABS)) is RunOutcome.OK
    assert hh2.calls["start"].calls == 2


async def test_a_button_that_is_not_found_is_no_press(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(start=Script(trouble(ProblemId.HH2_LABEL, action="start-sync", found=0))))
    state = await _run(on)
    assert "SyncDeclined" in on.told.names
    assert _end(state) is RunOutcome.PERSON


async def test_somebody_elses_sync_that_does_not_end_is_not_waited_for_for_ever(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(RUNNING)))
    state = await _run(on)
    assert ProblemId.HH2_BUSY in _ids(state)
    assert on.hh2.calls["start"].calls == 0


async def test_a_sync_that_began_between_the_look_and_the_baseline_is_waited_for(stage: Make) -> None:
    hh2 = ScriptedHh2(look=Script(OLD, RUNNING, RUNNING, NEW, NEW, SyncLook(Phase.DONE, "3", "Ours")))
    assert _end(await _run(stage(hh2=hh2), NO_TABS)) is RunOutcome.OK


async def test_their_sync_that_was_taken_is_watched_again_after_a_cut(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(RUNNING)))
    conductor = await on.conductor()
    on.told.react = lambda _record, state: conductor.tell(Stop() if state.step_one.theirs else TakeTheirs())
    state = await conductor.run(NO_TABS)
    assert state.step_one.theirs
    assert _end(state) is RunOutcome.CANCELLED


async def test_filters_that_hh2_does_not_show_are_set(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(read_filters=Script((None, "")), apply_filters=Script(Filters())))
    state = await _run(on, NO_TABS)
    assert state.step_one.filters_changed


@pytest.mark.parametrize("failed", [NotSent(NET), Declined(NET)], ids=type)
async def test_filters_that_cannot_be_set_stop_the_run_before_the_start(
    failed: Exception, stage: Make
) -> None:
    on = stage(hh2=ScriptedHh2(apply_filters=Script(failed)))
    state = await _run(on, Wanted(Filters(DateRange.TODAY), tabs=()))
    assert ProblemId.NET in _ids(state)
    assert on.hh2.calls["start"].calls == 0


# ---------------------------------------------------------------- step 2


@pytest.mark.parametrize(
    ("end", "outcome", "why"),
    [
        (TabLook(Phase.FAILED, "2", "Timed out"), TabOutcome.FAILED, None),
        (TabLook(Phase.STALE, "2", "stale"), TabOutcome.UNKNOWN, Unknown.STALE),
        (TabLook(Phase.QUEUED, "2", "Will begin", shows_end=False), TabOutcome.UNKNOWN, Unknown.QUEUED),
        (TabLook(Phase.RUNNING, "2", "Refreshing"), TabOutcome.UNKNOWN, Unknown.SILENT),
        (QUIET, TabOutcome.UNKNOWN, Unknown.SILENT),
        (structs.replace(FRESH, waiting=Waiting(3)), TabOutcome.STAGED, None),
    ],
    ids=lambda value: value.phase.value if isinstance(value, TabLook) else "",
)
async def test_a_tab_ends_as_its_page_says(
    end: TabLook, outcome: TabOutcome, why: Unknown | None, stage: Make
) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, end)))
    state = await _run(on)
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.why) == (outcome, why)
    assert len(on.procore.pressed) == 1
    assert _end(state) is RunOutcome.LOOK


async def test_a_tab_that_stays_busy_is_left_alone(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(BUSY)))
    state = await _run(on)
    assert on.procore.pressed == []
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.SKIPPED
    assert _end(state) is RunOutcome.LOOK


async def test_a_press_that_met_another_refresh_is_made_after_it(stage: Make) -> None:
    busy = Declined(Problem(ProblemId.PRO_BUSY, {"tab": "vendors"}))
    on = stage(procore=ScriptedProcore(press=Script(busy, "begun"), look=Script(QUIET, QUIET, FRESH)))
    assert _end(await _run(on)) is RunOutcome.OK
    assert len(on.procore.pressed) == 2


async def test_a_refusal_of_one_tab_fails_that_tab_alone(stage: Make) -> None:
    refused = Declined(Problem(ProblemId.PRO_PERM, {"tab": "cost-codes"}))
    procore = ScriptedProcore(press=Script(refused, "begun"), look=Script(QUIET, QUIET, FRESH))
    state = await _run(stage(procore=procore), Wanted(tabs=(Tab.COST_CODES, Tab.VENDORS)))
    assert state.tabs[Tab.COST_CODES].outcome is TabOutcome.FAILED
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_a_network_that_is_gone_stops_step_two_and_leaves_the_rest_to_be_resumed(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(press=Script(NotSent(NET))))
    state = await _run(on, Wanted(tabs=(Tab.COST_CODES, Tab.VENDORS)))
    assert state.left == (Tab.COST_CODES, Tab.VENDORS)
    assert _end(state) is RunOutcome.FAILED


@pytest.mark.parametrize(("used", "outcome"), [(True, TabOutcome.UNKNOWN), (False, TabOutcome.FAILED)])
async def test_a_problem_after_the_press_is_a_lost_answer_and_before_it_is_none(
    used: bool, outcome: TabOutcome, stage: Make
) -> None:
    procore = ScriptedProcore(
        press=Script(trouble(ProblemId.PRO_LABEL, action="x", found=2)), look=Script(QUIET)
    )
    procore.uses_permit_first = used
    on = stage(procore=procore)
    state = await _run(on)
    assert state.tabs[Tab.VENDORS].outcome is outcome
    assert ("RefreshAnswerLost" in on.told.names) is used


async def test_a_tab_whose_page_is_gone_after_the_press_is_unknown(stage: Make) -> None:
    look = Script(QUIET, trouble(ProblemId.PRO_PERM, tab="vendors"))
    state = await _run(stage(procore=ScriptedProcore(look=look)))
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.why) == (TabOutcome.UNKNOWN, Unknown.SILENT)


@pytest.mark.parametrize("just_after", ["TabBaseline", "RefreshRequested"])
async def test_a_proof_that_grew_old_just_before_a_press_stops_step_two(just_after: str, stage: Make) -> None:
    on = stage()
    with time_machine.travel("2026-11-24T08:00:00Z", tick=True) as machine:
        conductor = await on.conductor()
        on.told.react = lambda record, _state: (
            machine.shift(timedelta(hours=2)) if type(record.event).__name__ == just_after else None
        )
        with anyio.fail_after(20):
            state = await conductor.run(VENDORS)
    assert on.procore.pressed == []
    assert ProblemId.PROOF_OLD in _ids(state)
    assert ProblemId.INTERNAL not in _ids(state)
    assert _end(state) is RunOutcome.PERSON
    assert state.left == (Tab.VENDORS,)
    assert state.tabs[Tab.VENDORS].refresh.press is Press.NONE


# ---------------------------------------------------------------- job costs


async def test_the_jobs_that_moved_are_refreshed_and_settled(stage: Make) -> None:
    moved = ScriptedMovement(Script(None), Script(frozenset({"24-002", "unknown to Procore"})))
    on = stage(movement=moved)
    state = await _run(on, Wanted(tabs=(Tab.JOB_COSTS,)))
    assert on.procore.pressed == [(Tab.JOB_COSTS, "24-002")]
    assert moved.settled == ["24-002"]
    assert _end(state) is RunOutcome.OK


@pytest.mark.parametrize(
    ("before", "moved"),
    [(trouble(ProblemId.HH2_DOWN), frozenset()), (None, NotReadable(Problem(ProblemId.HH2_ANSWER)))],
    ids=["before", "after"],
)
async def test_movement_that_cannot_be_read_leaves_the_last_choice_or_says_so(
    before: object, moved: object, stage: Make
) -> None:
    on = stage(movement=ScriptedMovement(Script(before), Script(moved)))
    state = await _run(on, Wanted(tabs=(Tab.JOB_COSTS,)))
    assert state.tabs[Tab.JOB_COSTS].outcome is TabOutcome.SKIPPED
    assert _ids(state) <= {ProblemId.HH2_DOWN, ProblemId.HH2_ANSWER}
    assert _end(state) is RunOutcome.LOOK


async def test_a_pause_stands_between_two_jobs_and_the_last_choice_is_used_again(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, FRESH, QUIET, FRESH)))
    on.driver.job_pause = 0.05
    first = await _run(on, Wanted(tabs=(Tab.JOB_COSTS,), jobs=("24-001", "24-002")))
    assert _end(first) is RunOutcome.OK
    assert first.last_at - first.planned_at >= timedelta(seconds=0.05)


async def test_a_retry_of_job_costs_asks_for_the_jobs_whose_end_is_open(stage: Make) -> None:
    failed = TabLook(Phase.FAILED, "2", "Timed out")
    procore = ScriptedProcore(look=Script(QUIET, FRESH, QUIET, failed, QUIET, FRESH))
    on = stage(procore=procore)
    conductor = await on.conductor()
    state = await conductor.run(Wanted(tabs=(Tab.JOB_COSTS,), jobs=("24-001", "24-002")))
    assert state.tabs[Tab.JOB_COSTS].outcome is TabOutcome.FAILED
    again = await conductor.go_on(state.run_id, Again(Tab.JOB_COSTS))
    assert [code for _tab, code in procore.pressed] == ["24-001", "24-002", "24-002"]
    assert again.tabs[Tab.JOB_COSTS].outcome is TabOutcome.DONE


async def test_answers_that_get_lost_three_times_in_a_row_stop_job_costs(stage: Make) -> None:
    many = tuple(Job(str(n), f"24-{n:03}", "Job") for n in range(6))
    procore = ScriptedProcore(jobs=Script(many), press=Script(AnswerLost("reset")), look=Script(QUIET))
    state = await _run(
        stage(procore=procore), Wanted(tabs=(Tab.JOB_COSTS,), jobs=tuple(job.code for job in many))
    )
    assert len(procore.pressed) == 3
    assert state.tabs[Tab.JOB_COSTS].outcome is TabOutcome.UNKNOWN


# ---------------------------------------------------------------- a person, a stop, a cut


def _at(
    event: str, group: TaskGroup, then: Callable[[], Coroutine[Any, Any, None]]
) -> Callable[[Record, RunState], None]:
    """Begin `then` when an event of that name is told."""

    def react(record: Record, _state: RunState) -> None:
        if type(record.event).__name__ == event:
            group.start_soon(then)

    return react


async def test_an_answer_to_another_question_is_no_answer(stage: Make) -> None:
    on = stage(patience=structs.replace(QUICK, person=5.0))
    conductor = await on.conductor()

    async def answer() -> None:
        conductor.tell(TakeTheirs())
        await anyio.sleep(0.02)
        conductor.tell(Picked((Tab.VENDORS,)))

    async with anyio.create_task_group() as group:
        on.told.react = _at("NeedsPerson", group, answer)
        state = await conductor.run(Wanted(tabs=(), go_on=False))
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert _end(state) is RunOutcome.OK


async def _for_ever() -> str:
    await anyio.sleep(60)
    return "never"


@pytest.mark.parametrize("site", ["hh2", "procore"])
async def test_a_stop_in_the_middle_of_a_press_leaves_its_answer_lost_and_nothing_follows(
    site: str, stage: Make
) -> None:
    hh2 = ScriptedHh2(start=Script(_for_ever)) if site == "hh2" else ScriptedHh2()
    procore = ScriptedProcore(press=Script(_for_ever))
    on = stage(hh2=hh2, procore=procore, patience=structs.replace(QUICK, request=30.0))
    conductor = await on.conductor()
    announced = {"hh2": "SyncRequested", "procore": "RefreshRequested"}[site]

    async def stop() -> None:
        await anyio.sleep(0.05)
        conductor.tell(Stop())

    async with anyio.create_task_group() as group:
        on.told.react = _at(announced, group, stop)
        with anyio.fail_after(5):
            state = await conductor.run(Wanted(tabs=(Tab.VENDORS, Tab.JOBS)))
    assert _end(state) is RunOutcome.CANCELLED
    assert ("SyncAnswerLost" if site == "hh2" else "RefreshAnswerLost") in on.told.names
    assert len(procore.pressed) == (0 if site == "hh2" else 1)


async def test_somebody_elses_sync_that_was_taken_is_watched_on_after_a_power_cut(stage: Make) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(RUNNING, NEW)))
    conductor = await on.conductor()
    await on.written(planned((Tab.VENDORS,)), ev.StepOneBaseline(RUNNING), ev.TheirsAccepted("dana"))
    state = await conductor.go_on("cut-off")
    assert on.hh2.calls["start"].calls == 0
    assert state.opened is not None
    assert state.opened.by_person
    assert _end(state) is RunOutcome.OK


async def test_a_ledger_that_takes_no_more_in_the_middle_of_a_run_is_said_and_the_run_is_found_cut_off(
    stage: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "_BUSY", 0.3)  # seconds; each write that fails waits so long
    on = stage()
    conductor = await on.conductor()
    assert on.ledger is not None
    other = sqlite3.connect(on.ledger.path, isolation_level=None)

    def react(record: Record, _state: RunState) -> None:
        if isinstance(record.event, ev.SyncAccepted):
            other.execute("BEGIN IMMEDIATE")  # another program holds the file, as a full disk would

    on.told.react = react
    try:
        with pytest.raises(Trouble) as met:
            await conductor.run(VENDORS)
    finally:
        other.close()
    assert met.value.problem.id is ProblemId.DISK
    assert on.procore.pressed == []
    assert on.driver.closed == 1
    cut_off = await on.ledger.interrupted()
    assert cut_off is not None
    assert not conductor.busy


async def test_filters_that_were_not_changed_are_not_put_back(stage: Make) -> None:
    on = stage()
    conductor = await on.conductor()
    state = await conductor.run(NO_TABS)
    await conductor.go_on(state.run_id, PutBack())
    assert on.hh2.calls["apply_filters"].calls == 0


# ---------------------------------------------------------------- the conductor itself


@pytest.mark.parametrize(
    ("lost", "problem"), [(SessionLost("hh2"), ProblemId.SESSION), (AnswerLost("silent"), ProblemId.NET)]
)
async def test_a_sign_in_that_is_tested_and_comes_to_nothing_is_a_problem(
    stage: Make, lost: Exception, problem: ProblemId
) -> None:
    on = stage(hh2=ScriptedHh2(sign_in=Script(lost)))
    tested, _ = await try_sign_in(lambda: on.driver, NoSecrets(), Site.HH2)
    assert tested.problem is not None
    assert tested.problem.id is problem
    assert on.hh2.calls["sign_in"].calls == 1
    assert on.driver.closed == 1


def test_of_the_jobs_every_outcome_can_be_the_worst() -> None:
    assert set(_BADNESS) == set(TabOutcome)
    assert _BADNESS[-2:] == (TabOutcome.NOTHING_VISIBLE, TabOutcome.DONE)


async def test_one_run_at_a_time(stage: Make) -> None:
    on = stage()
    conductor = await on.conductor()
    assert conductor.state is None
    refused: list[str] = []
    conductor_at_work: list[bool] = []

    async def meanwhile() -> None:
        await anyio.lowlevel.checkpoint()
        conductor_at_work.append(conductor.busy)
        try:
            await conductor.run(NO_TABS)
        except RuntimeError as under_way:
            refused.append(str(under_way))

    async with anyio.create_task_group() as group:
        group.start_soon(conductor.run, VENDORS)
        group.start_soon(meanwhile)
    assert conductor_at_work == [True]
    assert refused == ["a run is under way"]
    assert not conductor.busy


async def test_a_run_that_is_not_there_cannot_go_on(stage: Make) -> None:
    conductor = await stage().conductor()
    with pytest.raises(LookupError):
        await conductor.go_on("no such run")


async def test_a_stop_before_the_run_has_begun_its_work_sends_nothing(stage: Make) -> None:
    on = stage()
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(Stop()) if type(record.event).__name__ == "RunPlanned" else None
    )
    state = await conductor.run(VENDORS)
    assert _end(state) is RunOutcome.CANCELLED
    assert on.hh2.calls["sign_in"].calls == 0


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (NotReadable(NET), ProblemId.NET),
        (SlowDown("procore", 30), ProblemId.LIMIT),
        (SessionLost("procore"), ProblemId.SESSION),
        (trouble(ProblemId.PRO_LABEL, action="x", found=0), ProblemId.PRO_LABEL),
    ],
    ids=["net", "limit", "session", "label"],
)
async def test_a_look_up_that_fails_is_a_problem_and_presses_nothing(
    said: Exception, problem: ProblemId, stage: Make
) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, FRESH, said)))
    conductor = await on.conductor()
    state = await conductor.run(VENDORS)
    with pytest.raises(Trouble) as met:
        await conductor.look_up(state.run_id, Tab.VENDORS, None)
    assert met.value.problem.id is problem
    assert len(on.procore.pressed) == 1


async def test_a_run_that_was_cut_off_is_closed_as_it_stands_without_a_request(
    stage: Make, tmp_path: Path
) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(OLD, OLD, RUNNING)))
    conductor = await on.conductor()
    ended: list[str] = []
    with anyio.CancelScope() as cut:
        on.told.react = lambda record, _state: (
            cut.cancel() if type(record.event).__name__ == "SyncProgress" else None
        )
        await conductor.run(NO_TABS)
    run_id = on.told.records[0].run_id
    calls = on.hh2.calls["sign_in"].calls
    await conductor.close_run(run_id)
    assert on.hh2.calls["sign_in"].calls == calls
    assert on.ledger is not None
    ended += [type(record.event).__name__ for record in await on.ledger.records(run_id)]
    assert ended[-1] == "RunEnded"


async def test_nothing_is_written_that_a_promise_forbids(stage: Make) -> None:
    from app.domain.events import RefreshRequested

    on = stage()
    conductor = await on.conductor()
    await conductor.run(NO_TABS)
    with pytest.raises(NotAllowed):
        await conductor._recorder.add(RefreshRequested(Tab.VENDORS))
