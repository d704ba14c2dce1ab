"""Do they match, as the last step of a run: what is told on the way, what ends it, what is never claimed."""

from collections.abc import Callable

import anyio
import pytest

from app.domain import events as ev
from app.domain.events import RunOutcome
from app.domain.lists import Kind, Side
from app.domain.looks import Phase, StepOneOutcome, SyncLook, TabOutcome
from app.domain.match_progress import Estimate, Progress, Summary
from app.domain.match_verdict import Match
from app.domain.problems import ProblemId, trouble
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Stop, Wanted
from tests.engine.script import OLD, Make, Script, ScriptedHh2, Stage

pytestmark = pytest.mark.anyio
ASKED = Wanted(tabs=(Tab.VENDORS,), match=True)
Tell = Callable[[Progress | Estimate], None]


class ScriptedMatcher:
    """Two sides that are compared as the test says: what is told on the way, then the verdict, or what stops it."""

    def __init__(self, says: object, *tells: Progress | Estimate) -> None:
        self._says, self._tells = Script(says), tells
        self.seen: list[RunState] = []

    async def match(self, run: RunState, tell: Tell) -> Summary:
        self.seen.append(run)
        for one in self._tells:
            tell(one)
        await anyio.lowlevel.checkpoint()
        said: Summary = self._says.next()  # type: ignore[assignment]
        return said


async def _run(on: Stage, wanted: Wanted = ASKED) -> RunState:
    conductor = await on.conductor()
    with anyio.fail_after(20):
        return await conductor.run(wanted)


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Match.MATCHES, RunOutcome.OK),
        (Match.WITHIN_TOLERANCE, RunOutcome.OK),
        (Match.DIFFERS, RunOutcome.LOOK),
        (Match.NOT_COMPARED, RunOutcome.LOOK),
    ],
)
async def test_the_verdict_is_written_down_after_the_last_tab_and_only_a_match_is_good(
    verdict: Match, outcome: RunOutcome, stage: Make
) -> None:
    matcher = ScriptedMatcher(Summary("r1", verdict, differences=0))
    on = stage(matcher=matcher)
    state = await _run(on)
    assert _outcome(state) is outcome
    assert [run.tabs[Tab.VENDORS].outcome for run in matcher.seen] == [TabOutcome.DONE]
    names = on.told.names
    assert names.index("TabFinished") < names.index("Matched") < names.index("RunEnded")


async def test_what_is_foreseen_and_how_far_it_is_are_told_without_a_flood(stage: Make) -> None:
    estimate = Estimate({"hh2": 8, "procore": 4}, 12.34, 3)
    jobs = [Progress("reading", Side.SAGE, Kind.JOBS, rows=rows) for rows in range(5)]
    vendors = Progress("reading", Side.SAGE, Kind.VENDORS)
    done = Summary("r1", Match.MATCHES, 0)
    on = stage(matcher=ScriptedMatcher(done, estimate, *jobs, vendors, Progress("comparing")))
    await _run(on)
    told = [record.event for record in on.told.records]
    assert [one for one in told if isinstance(one, ev.MatchForeseen)] == [ev.MatchForeseen(12, 12.3, 3)]
    lists = [(one.progress.step, one.progress.kind) for one in told if isinstance(one, ev.MatchProgress)]
    assert lists == [("reading", Kind.JOBS), ("reading", Kind.VENDORS), ("comparing", None)]


async def test_a_comparison_that_is_stopped_by_a_problem_claims_nothing_and_keeps_the_tabs(
    stage: Make,
) -> None:
    on = stage(matcher=ScriptedMatcher(trouble(ProblemId.DISK, file="report.xlsx", why="full")))
    state = await _run(on)
    assert state.matched is None
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE
    assert [met.problem.id for met in state.problems] == [ProblemId.DISK]
    assert _outcome(state) is RunOutcome.FAILED


async def test_a_stop_in_the_midst_of_a_comparison_ends_it(stage: Make) -> None:
    class Long:
        async def match(self, run: RunState, tell: Tell) -> Summary:
            assert run.plan.match
            tell(Progress("reading", Side.SAGE, Kind.JOBS))
            await anyio.sleep(60)
            raise AssertionError("nobody stopped it")

    on = stage(matcher=Long())
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(Stop()) if isinstance(record.event, ev.MatchProgress) else None
    )
    with anyio.fail_after(10):
        state = await conductor.run(ASKED)
    assert _outcome(state) is RunOutcome.CANCELLED
    assert state.matched is None
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


@pytest.mark.parametrize("why", ["not asked", "step 1 failed"])
async def test_where_it_was_not_asked_for_or_nothing_was_synced_nothing_is_compared(
    why: str, stage: Make
) -> None:
    matcher = ScriptedMatcher(Summary("r1", Match.MATCHES, 0))
    failed = ScriptedHh2(look=Script(OLD, OLD, SyncLook(Phase.FAILED, "2", "failed")))
    on = stage(matcher=matcher, hh2=None if why == "not asked" else failed)
    state = await _run(on, Wanted(tabs=(Tab.VENDORS,), match=why != "not asked"))
    assert matcher.seen == []
    assert "Matched" not in on.told.names
    assert (state.step_one.outcome is StepOneOutcome.DONE) is (why == "not asked")
