"""How the row of a tab, and step 1, look: an icon, words, a time, and what can be done, from the state of the run."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.events import NeedKind
from app.domain.gate import gate
from app.domain.looks import RETRYABLE, Evidence, StepOneOutcome, TabOutcome
from app.domain.match_verdict import Match
from app.domain.problems import ProblemId
from app.domain.run import Press, Refresh, RunState
from app.domain.tabs import Job, Tab
from app.ui.view import View, is_pickable, may_pick
from app.words import freshness, match_told, outcomes, reasons, tabs, times
from app.words.language import _, named

LONGEST_REASON = 60


class Mark(StrEnum):
    """The icons of the states; each always stands beside its words."""

    NONE = "none"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STAGED = "staged"
    NOTHING_VISIBLE = "nothing-visible"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    PERSON = "person"


MATCH_MARKS = {
    Match.MATCHES: Mark.DONE,
    Match.WITHIN_TOLERANCE: Mark.NOTHING_VISIBLE,
    Match.DIFFERS: Mark.FAILED,
    Match.NOT_COMPARED: Mark.UNKNOWN,
}


class Row(msgspec.Struct, frozen=True):
    """One tab as it is drawn. `choosable` says whether its check box may be used."""

    tab: Tab
    choosable: bool
    chosen: bool
    mark: Mark
    words: str
    time: str
    retry: bool
    proof: bool


def row(view: View, tab: Tab, now: datetime) -> Row:
    """The row of a tab."""
    run = view.run
    if run is None:
        known = view.fresh.tabs
        age = (
            freshness.tab(known.get(tab), now) if known and view.held else ""
        )  # of a first time nothing is said
        return Row(tab, False, False, Mark.NONE, age, "", False, False)
    state = run.tabs[tab]
    choosable = may_pick(view, now) and is_pickable(run, tab)
    mark, words = _state(run, tab, cut_off=view.interrupted)
    retryable = state.outcome in RETRYABLE and not is_pickable(run, tab)
    return Row(
        tab,
        choosable,
        state.chosen and not (view.busy and mark is Mark.NONE),
        mark,
        words,
        "" if view.interrupted and state.outcome is None else _time(state.refresh, now, run),
        retryable
        and not view.busy
        and not view.interrupted
        and view.held
        and view.question is None
        and gate(run, now).is_open,
        _has_proof(run, tab),
    )


def step_one(run: RunState, *, cut_off: bool = False) -> tuple[Mark, str]:
    """How step 1 stands, or stood when the run was cut off."""
    step = run.step_one
    if not run.plan.step_one:
        return Mark.PERSON, _("Step 2 only: hh2 synced by itself")
    if step.outcome is not None:
        marks = {
            StepOneOutcome.DONE: Mark.DONE,
            StepOneOutcome.FAILED: Mark.FAILED,
            StepOneOutcome.UNSURE: Mark.UNKNOWN,
            StepOneOutcome.CANCELLED: Mark.CANCELLED,
            StepOneOutcome.PERSON: Mark.PERSON,
        }
        return marks[step.outcome], outcomes.step_one(step.outcome)
    if run.ended is not None or cut_off:
        if step.press is not Press.NONE:
            return Mark.UNKNOWN, _("Started; its end is not known")
        return Mark.SKIPPED, _("Not finished")
    if run.signing_in is not None:
        return Mark.RUNNING, _("Signing in…")
    if step.press is Press.LOST:
        return Mark.RUNNING, _("The answer was lost; looking whether it started…")
    if step.press is Press.NONE and any(met.problem.id is ProblemId.HH2_BUSY for met in run.problems):
        return Mark.WAITING, _("Waits for the sync that is under way…")
    if step.press is Press.NONE:
        return Mark.RUNNING, _("Getting ready…")
    return Mark.RUNNING, _("Syncing…")


def proof(run: RunState, tab: Tab) -> str:
    """What proved how a tab ended, as text of some lines."""
    state = run.tabs[tab]
    lines = [
        tabs.title(tab),
        outcomes.tab(state.outcome, state.refresh.why, state.waiting) if state.outcome else "",
    ]
    lines += _proof_lines(state.refresh)
    for job in run.jobs:
        one = state.jobs.get(job.key)
        if tab is Tab.JOB_COSTS and one is not None and one.outcome is not None:
            lines += ["", named(tabs.job(job), outcomes.tab(one.outcome, one.why)), *_proof_lines(one)]
    return "\n".join(lines)


def proof_of_step_one(run: RunState) -> str:
    """What proved how step 1 ended."""
    found = run.opened.evidence if run.opened is not None else run.step_one.evidence
    return "\n".join(_evidence_lines(found)) if found is not None else ""


def _proof_lines(refresh: Refresh) -> list[str]:
    lines = _evidence_lines(refresh.evidence) if refresh.evidence is not None else []
    if refresh.pressed_at is not None:
        lines.insert(0, _("Pressed at {time}").format(time=times.clock_seconds(refresh.pressed_at)))
    if refresh.reason:
        lines.append(reasons.reason(refresh.reason))
    return lines


def _evidence_lines(evidence: Evidence) -> list[str]:
    lines = [
        named(outcomes.evidence(evidence.kind), _("“{text}”").format(text=reasons.reason(evidence.text)))
    ]
    try:
        at = datetime.fromisoformat(evidence.at)
        lines.append(_("Read at {time}").format(time=times.clock_seconds(at)))
    except ValueError:
        pass
    if evidence.before:
        lines.append(_("Before our press it showed: “{text}”").format(text=evidence.before))
    return lines


def _has_proof(run: RunState, tab: Tab) -> bool:
    return run.tabs[tab].outcome is not None and bool(
        run.tabs[tab].refresh.evidence or run.tabs[tab].refresh.reason or run.tabs[tab].jobs
    )


def _state(run: RunState, tab: Tab, *, cut_off: bool = False) -> tuple[Mark, str]:
    state = run.tabs[tab]
    refresh = state.refresh
    if state.outcome is not None:
        words = outcomes.tab(state.outcome, refresh.why, state.waiting)
        if state.outcome in (TabOutcome.FAILED, TabOutcome.SKIPPED, TabOutcome.CANCELLED) and refresh.reason:
            words = _("{outcome}: {reason}").format(
                outcome=words, reason=_short(reasons.reason(refresh.reason))
            )
        return Mark(state.outcome.value), words
    if run.ended is not None or cut_off:
        if not is_pickable(run, tab):
            return Mark.UNKNOWN, _("Pressed; its end is not known")
        return (Mark.SKIPPED, _("Not refreshed")) if state.chosen else (Mark.NONE, _("Not chosen"))
    jobs = _jobs_under_way(run) if tab is Tab.JOB_COSTS else ""
    if jobs:
        return Mark.RUNNING, jobs
    if refresh.press is Press.ANNOUNCED:
        return Mark.RUNNING, _("Pressing…")
    if refresh.press is Press.LOST:
        return Mark.RUNNING, _("The answer was lost; looking…")
    if refresh.press is Press.ANSWERED:
        return Mark.RUNNING, refresh.text or _("Under way")
    if run.need is not None and run.need.kind is NeedKind.CHOOSE_TABS:
        return Mark.NONE, _("Not refreshed yet")  # nothing was asked of it: the person is choosing
    if not state.chosen or (run.opened is None and not run.plan.go_on):
        return Mark.NONE, ""
    return Mark.WAITING, _("Waits for its turn") if run.opened is not None else _("Waits for step 1")


def _short(text: str) -> str:
    """Long enough to know what it is; the card has all of it."""
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1].rstrip() + "…"


def _jobs_under_way(run: RunState) -> str:
    jobs = run.tabs[Tab.JOB_COSTS].jobs
    if not jobs or all(one.press is Press.NONE and one.outcome is None for one in jobs.values()):
        return ""
    ended = sum(one.outcome is not None for one in jobs.values())
    current: Job | None = next(
        (job for job in run.jobs if job.key in jobs and jobs[job.key].outcome is None), None
    )
    if current is None:
        return ""
    return _("Job {n} of {all}: {job}").format(
        n=min(ended + 1, len(jobs)), all=len(jobs), job=tabs.job(current)
    )


def _time(refresh: Refresh, now: datetime, run: RunState) -> str:
    if refresh.started_at is None:
        return ""
    end = refresh.finished_at or (run.last_at if run.ended is not None else now)
    return times.duration((end - refresh.started_at).total_seconds())


def what_happened(run: RunState) -> list[str]:
    """The end of a run, tab by tab, as lines of text: for the window, and for a copy."""
    cut_off = run.ended is None
    ends = [(tab, _state(run, tab, cut_off=cut_off)[1]) for tab in run.chosen]
    lines = [_("{where}: {outcome}").format(where=tabs.title(tab), outcome=words) for tab, words in ends]
    if run.matched is not None:
        lines.append(_("Do they match? {verdict}").format(verdict=match_told.verdict(run.matched)))
    return [_("Step 1: {outcome}").format(outcome=step_one(run, cut_off=cut_off)[1]), *lines]
