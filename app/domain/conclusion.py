"""How a run ended: one outcome and one exit code from its state."""

from collections.abc import Sequence

from app.domain.events import EXIT_CODES, ProblemMet, RunEnded, RunOutcome
from app.domain.looks import COMPLETE, StepOneOutcome
from app.domain.problem_kinds import KINDS
from app.domain.problems import Problem, ProblemId
from app.domain.run import RunState

# What says which of several meetings of one problem this was.
_WHERE = ("site", "tab", "job")


def told(problems: Sequence[ProblemMet]) -> tuple[ProblemMet, ...]:
    """The problems of a run as they are told, each once: of one that was noted and then, at the same place, could not
    be dealt with, only the failure."""
    left = {_place(one.problem) for one in problems if not one.noted}
    found: list[ProblemMet] = []
    for one in problems:
        if one not in found and not (one.noted and _place(one.problem) in left):
            found.append(one)
    return tuple(found)


def _place(problem: Problem) -> tuple[object, ...]:
    return problem.id, *(problem.facts.get(name) for name in _WHERE)


def conclude(state: RunState, gave_up: bool = False) -> RunEnded:
    """The end of the run as it stands. `gave_up` says that a person was needed and did not come in time."""
    outcome = _outcome(state, gave_up)
    reason = next((met.problem.id.value for met in reversed(state.problems) if not met.noted), "")
    return RunEnded(outcome, EXIT_CODES[outcome], reason)


def _outcome(state: RunState, gave_up: bool) -> RunOutcome:
    if state.cancel_requested:
        return RunOutcome.CANCELLED
    open_problems: list[Problem] = [met.problem for met in state.problems if not met.noted]
    if gave_up:
        return RunOutcome.PERSON
    if state.opened is None:
        if any(KINDS[problem.id].person for problem in open_problems):
            return RunOutcome.PERSON
        if state.step_one.outcome in (StepOneOutcome.UNSURE, StepOneOutcome.PERSON):
            return RunOutcome.PERSON
        return RunOutcome.FAILED
    if state.left:  # step 2 was begun and could not be carried through
        personal = any(KINDS[problem.id].person for problem in open_problems)
        return RunOutcome.PERSON if personal else RunOutcome.FAILED
    if any(problem.id is ProblemId.INTERNAL for problem in open_problems):
        return RunOutcome.FAILED
    if state.match_is_left:
        personal = any(KINDS[problem.id].person for problem in open_problems)
        return RunOutcome.PERSON if personal else RunOutcome.FAILED
    if state.matched is not None and not state.matched.is_match:
        return RunOutcome.LOOK
    waits = any(state.tabs[tab].waiting.failed_to_export for tab in state.chosen)
    if waits or any(state.tabs[tab].outcome not in COMPLETE for tab in state.chosen):
        return RunOutcome.LOOK
    return RunOutcome.OK


def without_a_run(problem: Problem) -> RunEnded:
    """The outcome when a problem kept a run from being planned at all."""
    outcome = RunOutcome.PERSON if KINDS[problem.id].person else RunOutcome.FAILED
    return RunEnded(outcome, EXIT_CODES[outcome], problem.id.value)
