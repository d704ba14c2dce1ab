"""What is told of a run once it lies behind: its line in the history, and how long its parts took."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from app.domain import events as ev
from app.domain.events import Record, RunOutcome
from app.domain.filters import Filters
from app.domain.looks import SUCCESSES, StepOneOutcome, TabOutcome
from app.domain.match_verdict import Verdict
from app.domain.run import Refresh, RunState
from app.domain.tabs import Tab


class RunSummary(msgspec.Struct, frozen=True):
    """One line of the history. The ledger keeps it as JSON and checks it against the run's events: a new field changes
    that format, and comes with a step of the ledger's schema that makes the old lines anew from their events."""

    run_id: str
    profile: str
    training: bool
    driver: str
    who: str
    started_at: datetime
    ended_at: datetime | None
    outcome: RunOutcome | None
    step_one: StepOneOutcome | None
    filters: Filters
    tabs: dict[Tab, TabOutcome | None]
    problems: tuple[str, ...]
    resumable: bool

    @property
    def seconds(self) -> float | None:
        """How long it took; None for one without an end."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at is not None else None


class PastVerdict(msgspec.Struct, frozen=True):
    """The verdict of a match report that is kept."""

    at: datetime
    verdict: Verdict


def summary(state: RunState) -> RunSummary:
    """The run's line in the history, as its state stands. `tabs` holds the chosen tabs only."""
    plan = state.plan
    return RunSummary(
        run_id=state.run_id,
        profile=plan.profile,
        training=plan.training,
        driver=plan.driver,
        who=plan.who,
        started_at=state.planned_at,
        ended_at=state.last_at if state.ended else None,
        outcome=state.ended.outcome if state.ended else None,
        step_one=state.step_one.outcome,
        filters=plan.filters,
        tabs={tab: state.tabs[tab].outcome for tab in state.chosen},
        problems=tuple(met.problem.id.value for met in state.problems),
        resumable=state.ended is None or bool(state.left),
    )


def job_codes(state: RunState) -> tuple[str, ...]:
    """The codes of the jobs this run chose for Job Costs: those found, or else those asked for."""
    if state.jobs:
        return tuple(job.code for job in state.jobs)
    return state.plan.jobs or ()


def step_one_kind(filters: Filters) -> str:
    """The kind under which the duration of step 1 is remembered: "step-one:past-week:shallow"."""
    return f"step-one:{filters.date_range.value}:{filters.depth.value}"


def tab_kind(tab: Tab) -> str:
    """The kind under which the duration of a tab is remembered: "tab:vendors"."""
    return f"tab:{tab.value}"


JOB_KIND = "job"


def durations(state: RunState, record: Record, since: datetime) -> Iterator[tuple[str, float]]:
    """The durations (kind, seconds) that become known by this record, `state` being the state after it.

    Only what ended well tells how long the next one may take. `since` is when this run was planned or last
    resumed: what was pressed before that was interrupted, and its time tells nothing."""
    event = record.event
    if isinstance(event, ev.StepOneFinished):
        step = state.step_one
        ours = step.outcome is StepOneOutcome.DONE and not step.theirs
        if ours and step.pressed_at is not None and step.pressed_at >= since:
            yield step_one_kind(step.filters_now or state.plan.filters), _seconds(step.pressed_at, record.at)
    elif isinstance(event, ev.JobFinished):
        yield from _refresh(JOB_KIND, state.refresh_of(Tab.JOB_COSTS, event.job), since)
    elif isinstance(event, ev.TabFinished):
        yield from _refresh(tab_kind(event.tab), state.refresh_of(event.tab, None), since)


def _refresh(kind: str, refresh: Refresh, since: datetime) -> Iterator[tuple[str, float]]:
    begun = refresh.pressed_at or refresh.started_at
    if (
        refresh.outcome in SUCCESSES
        and begun is not None
        and refresh.finished_at is not None
        and begun >= since
    ):
        yield kind, _seconds(begun, refresh.finished_at)


def _seconds(begun: datetime, ended: datetime) -> float:
    return max(0.0, (ended - begun).total_seconds())
