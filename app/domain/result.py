"""How a run ended as plain data: the last JSON line of a command, and the file beside the ledger."""

from datetime import UTC

import msgspec

from app.domain.conclusion import told
from app.domain.events import EXIT_CODES, RunEnded, RunOutcome
from app.domain.history import RunSummary
from app.domain.looks import Evidence, TabOutcome
from app.domain.match_progress import Summary
from app.domain.problems import Problem
from app.domain.run import Press, RunState, TabState
from app.domain.tabs import Tab


def result(state: RunState) -> dict[str, object]:
    """The documented `{"type": "result", …}` object of a run that has ended."""
    ended = state.ended
    step = state.step_one
    return {
        "type": "result",
        "run_id": state.run_id,
        "outcome": ended.outcome.value if ended else None,
        "exit": ended.exit if ended else None,
        "step1": {
            "outcome": step.outcome.value if step.outcome else None,
            "evidence": _evidence(step.evidence or (state.opened.evidence if state.opened else None)),
            "filters": msgspec.to_builtins(step.filters_now or state.plan.filters),
        },
        "tabs": [_tab(tab, state.tabs[tab]) for tab in state.chosen],
        "match": match_result(state.matched) if state.matched else None,
        "problems": [
            {"id": met.problem.id.value, "facts": met.problem.facts, "noted": met.noted}
            for met in told(state.problems)
        ],
    }


def written(state: RunState) -> dict[str, object]:
    """The same object for the file, which stands by itself: with the company, who, when, and the version."""
    plan = state.plan
    about = {"profile": plan.profile, "training": plan.training, "who": plan.who, "version": plan.version}
    return {**result(state), **about, "started_at": state.planned_at, "ended_at": state.last_at}


def file_name(state: RunState) -> str:
    """The name of a run's files, without an ending: when it ended (UTC), how, the start of its id. Sorts by time."""
    ended = state.last_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    how = state.ended.outcome.value if state.ended is not None else "cut-off"
    return f"{ended}-{how}-{state.run_id[:8]}"


def result_without_a_run(ended: RunEnded, problem: Problem) -> dict[str, object]:
    """The same object when a problem kept the run from being planned: there is no run id and nothing was sent."""
    return {
        "type": "result",
        "run_id": None,
        "outcome": ended.outcome.value,
        "exit": ended.exit,
        "step1": {"outcome": None, "evidence": None, "filters": None},
        "tabs": [],
        "match": None,
        "problems": [{"id": problem.id.value, "facts": problem.facts, "noted": False}],
    }


def result_not_needed(good: RunSummary) -> dict[str, object]:
    """The same object when the last good run was lately, so none was begun: nothing succeeded, nothing was sent."""
    return {
        "type": "result",
        "run_id": None,
        "outcome": "not-needed",
        "exit": EXIT_CODES[RunOutcome.OK],
        "step1": {"outcome": None, "evidence": None, "filters": None},
        "tabs": [],
        "match": None,
        "problems": [],
        "last_good": {"run_id": good.run_id, "at": good.ended_at},
    }


def match_result(summary: Summary) -> dict[str, object]:
    """The documented `"match"` of a result."""
    found: dict[str, object] = msgspec.to_builtins(summary)
    return found


def _tab(tab: Tab, state: TabState) -> dict[str, object]:
    refresh = state.refresh
    outcome, reason = refresh.outcome, refresh.reason
    if outcome is None:  # the run ended before this tab did
        pressed = any(one.press is not Press.NONE for one in (refresh, *state.jobs.values()))
        outcome, reason = (TabOutcome.UNKNOWN, "cut-off") if pressed else (TabOutcome.SKIPPED, "not-begun")
    waiting = state.waiting
    return {
        "tab": tab.value,
        "outcome": outcome.value,
        "reason": reason or (refresh.why.value if refresh.why else ""),
        "evidence": _evidence(refresh.evidence),
        "waiting": {
            "ready_to_import": waiting.ready_to_import,
            "failed_to_export": waiting.failed_to_export,
        },
    }


def _evidence(evidence: Evidence | None) -> dict[str, str] | None:
    if evidence is None:
        return None
    return {"kind": evidence.kind.value, "text": evidence.text, "at": evidence.at}
