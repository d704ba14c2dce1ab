"""What a run tells of beside its outcomes: long syncs, waiting records, lost sessions, refused passwords."""

from datetime import timedelta

import anyio
import pytest
from msgspec import structs

from app.domain import events as ev
from app.domain.events import RunOutcome, Site
from app.domain.looks import EvidenceKind, TabLook, TabOutcome, Waiting
from app.domain.problems import Problem, ProblemId, SessionLost, SlowDown, trouble
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.engine.clock import SystemClock
from app.engine.faces import Wanted
from app.engine.ports import Sources
from app.engine.trial import read_moved, try_sign_in
from tests.domain.stories import planned, through_step_one
from tests.engine.script import (
    FRESH,
    NEW,
    OLD,
    QUICK,
    QUIET,
    RUNNING,
    Make,
    NoSecrets,
    OnePassword,
    Script,
    ScriptedHh2,
    ScriptedMovement,
    ScriptedProcore,
    ScriptedService,
    Stage,
)  # fmt: skip

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))
COSTS = Wanted(tabs=(Tab.JOB_COSTS,))
NO_TABS = Wanted(tabs=())


async def _run(on: Stage, wanted: Wanted = VENDORS) -> RunState:
    conductor = await on.conductor()
    with anyio.fail_after(20):
        return await conductor.run(wanted)


def _problems(state: RunState) -> list[Problem]:
    return [met.problem for met in state.problems]


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


# ---------------------------------------------------------------- how long it takes


class FastClock(SystemClock):
    """A clock on which a thousand seconds pass in one."""

    def ticks(self) -> float:
        return super().ticks() * 1000


@pytest.mark.parametrize(("runs", "told"), [(3, True), (2, False)])
async def test_a_sync_is_called_long_by_what_three_earlier_runs_took(
    runs: int, told: bool, stage: Make
) -> None:
    patient = structs.replace(QUICK, long=1.0, step_one=5000.0, blind=5000.0, busy=5000.0, pick_up=5000.0)
    look = Script(OLD, OLD, *[RUNNING] * 60, NEW)
    on = stage(hh2=ScriptedHh2(look=look), patience=patient, clock=FastClock())
    for number in range(runs):
        past = (planned(()), *through_step_one(), ev.RunEnded(RunOutcome.OK, 0))
        await on.written(*past, run_id=f"past-{number}", apart=20.0)
    state = await _run(on, NO_TABS)
    assert _outcome(state) is RunOutcome.OK
    long = [problem for problem in _problems(state) if problem.id is ProblemId.HH2_LONG]
    assert len(long) == (1 if told else 0)
    assert all(problem.facts["usual"] == 40 for problem in long), "from the press to its end: two events"


# ---------------------------------------------------------------- what waits in a tab


async def test_exports_that_failed_are_told_with_the_first_of_them(stage: Make) -> None:
    waits = structs.replace(FRESH, waiting=Waiting(failed_to_export=2, first_failure="SC-014: job is closed"))
    state = await _run(stage(procore=ScriptedProcore(look=Script(QUIET, waits))))
    (told,) = _problems(state)
    assert told.id is ProblemId.Q_FAILED
    assert told.facts == {"tab": "vendors", "n": 2, "first": "SC-014: job is closed"}
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert _outcome(state) is RunOutcome.LOOK


async def test_where_no_jobs_cost_moved_nothing_is_pressed_and_hh2_is_the_proof(stage: Make) -> None:
    on = stage(movement=ScriptedMovement(Script(None), Script(frozenset())))
    state = await _run(on, COSTS)
    assert on.procore.pressed == []
    one = state.tabs[Tab.JOB_COSTS].refresh
    assert one.outcome is TabOutcome.NOTHING_VISIBLE
    assert one.evidence is not None
    assert one.evidence.kind is EvidenceKind.SERVICE
    assert _outcome(state) is RunOutcome.OK


@pytest.mark.parametrize("set_up", [True, False], ids=["unreadable", "not set up"])
async def test_without_movement_the_jobs_of_the_last_choice_are_refreshed_and_what_failed_is_a_note(
    set_up: bool, stage: Make
) -> None:
    blind = ScriptedMovement(Script(trouble(ProblemId.HH2_DOWN))) if set_up else None
    hh2 = ScriptedHh2(look=Script(OLD, OLD, NEW, OLD, OLD, NEW))
    on = stage(movement=blind, hh2=hh2, procore=ScriptedProcore(look=Script(QUIET, FRESH, QUIET, FRESH)))
    conductor = await on.conductor()
    await conductor.run(structs.replace(COSTS, jobs=("24-002",)))
    state = await conductor.run(COSTS)
    assert on.procore.pressed == [(Tab.JOB_COSTS, "24-002")] * 2
    assert state.jobs_how == "last"
    noted = [(ProblemId.HH2_DOWN, True)] if set_up else []
    assert [(met.problem.id, met.noted) for met in state.problems] == noted
    assert _outcome(state) is RunOutcome.OK


# ---------------------------------------------------------------- sessions and secrets


class LosesOnce(ScriptedProcore):
    """A Procore whose session ends under two tabs at once."""

    at_once = 2

    def __init__(self) -> None:
        super().__init__()
        self.waiting: set[Tab] = set()
        self.both = anyio.Event()
        self.seen: dict[Tab, int] = {}

    async def look(self, tab: Tab, _job: Job | None) -> TabLook:
        self.seen[tab] = self.seen.get(tab, 0) + 1
        if self.seen[tab] == 1:
            self.waiting.add(tab)
            if len(self.waiting) == 2:
                self.both.set()
            await self.both.wait()
            raise SessionLost("procore")
        return QUIET if self.seen[tab] == 2 else FRESH


async def test_two_tabs_that_notice_a_lost_session_sign_in_again_once(stage: Make) -> None:
    on = stage(procore=LosesOnce())
    state = await _run(on, Wanted(tabs=(Tab.COST_CODES, Tab.VENDORS)))
    assert _outcome(state) is RunOutcome.OK
    assert on.procore.calls["sign_in"].calls == 2
    assert on.told.names.count("SessionEnded") == 1


async def test_a_service_that_lost_its_session_signs_in_again_and_the_other_does_not(stage: Make) -> None:
    lost, other = Script("dana"), Script("dana")
    procore = ScriptedService(lost, Script(SessionLost("procore"), None))
    hh2 = ScriptedService(other, site=Site.HH2)
    assert _outcome(await _run(stage(services=[hh2, procore]))) is RunOutcome.OK
    assert (lost.calls, other.calls) == (2, 1)


@pytest.mark.parametrize(
    ("problem", "marked"), [(ProblemId.HH2_LOGIN, ["f1"]), (ProblemId.HH2_DOWN, [])], ids=["refused", "down"]
)
async def test_only_a_refused_password_is_marked_refused_by_a_run_and_by_a_test(
    problem: ProblemId, marked: list[str], stage: Make
) -> None:
    secrets = OnePassword()
    on = stage(hh2=ScriptedHh2(sign_in=Script(trouble(problem))), secrets=secrets)
    state = await _run(on)
    assert secrets.refused == marked
    assert on.hh2.calls["sign_in"].calls == 1
    assert [one.id for one in _problems(state)] == [problem]
    tested, _ = await try_sign_in(lambda: on.driver, secrets, Site.HH2)
    assert tested.problem == Problem(problem)
    assert secrets.refused == marked * 2


async def test_a_refusal_where_no_password_was_sent_marks_none(stage: Make) -> None:
    secrets = NoSecrets()
    on = stage(hh2=ScriptedHh2(sign_in=Script(trouble(ProblemId.HH2_LOGIN))), secrets=secrets)
    assert _outcome(await _run(on)) is RunOutcome.PERSON
    await try_sign_in(lambda: on.driver, secrets, Site.HH2)
    assert secrets.refused == []


async def test_a_look_that_is_asked_to_slow_down_waits_until_then_and_says_so_once(stage: Make) -> None:
    on = stage(
        procore=ScriptedProcore(
            look=Script(SlowDown("procore", 0.02), SlowDown("procore", 0.02), QUIET, FRESH)
        )
    )
    state = await _run(on)
    assert [(met.problem.id, met.noted) for met in state.problems] == [(ProblemId.LIMIT, True)]
    assert state.last_at - state.planned_at >= timedelta(seconds=0.04)
    assert _outcome(state) is RunOutcome.OK


# ---------------------------------------------------------------- errands outside a run


@pytest.mark.parametrize("moved", [frozenset({"24-001"}), None])
async def test_who_chooses_jobs_is_told_what_moved_and_only_hh2_is_signed_in_to(
    moved: frozenset[str] | None,
) -> None:
    hh2, procore = Script("dana"), Script("dana")
    services = (ScriptedService(hh2, site=Site.HH2), ScriptedService(procore))
    movement = ScriptedMovement(Script(None), Script(None), since=Script(moved))

    async def sources() -> Sources:
        return Sources(services, movement)

    assert await read_moved(sources) == moved
    assert (hh2.calls, procore.calls) == (1, 0)
    assert all(one.closed for one in services)


async def test_where_hh2s_services_are_not_set_up_nothing_is_said_to_have_moved() -> None:
    hh2 = Script("dana")

    async def sources() -> Sources:
        return Sources((ScriptedService(hh2, site=Site.HH2),), None)

    assert await read_moved(sources) is None
    assert hh2.calls == 0


async def test_movement_that_hh2_does_not_tell_in_time_is_not_known(stage: Make) -> None:
    async def sources() -> Sources:
        return Sources((ScriptedService(Script(SlowDown("hh2", 60)), site=Site.HH2),), ScriptedMovement())

    assert await read_moved(sources) is None
