"""Short ways to write down what happened in a run, for tests that read as sentences."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.domain import events as ev
from app.domain.events import AnyEvent, Record
from app.domain.filters import Filters
from app.domain.looks import (
    Evidence,
    EvidenceKind,
    Phase,
    StepOneOutcome,
    SyncLook,
    TabLook,
    TabOutcome,
    Waiting,
)
from app.domain.run import RunState, apply, check, start
from app.domain.tabs import Job, Tab

BEGIN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
IDLE = SyncLook(Phase.DONE, "11", "Completed yesterday")
DONE = SyncLook(Phase.DONE, "12", "Completed 8:04")
QUIET = TabLook(Phase.DONE, "3", "Refreshed yesterday")
PROOF = Evidence(EvidenceKind.TRAINING, "Completed 8:04", "2026-11-24T08:04:00+00:00", "Completed yesterday")
JOBS = (Job("1", "24-001", "Clinic"), Job("2", "24-002", "École"), Job("3", "24-003", "Bridge"))


def planned(tabs: Iterable[Tab] = Tab, *, step_one: bool = True, go_on: bool = True) -> ev.RunPlanned:
    """A plan of the training company."""
    return ev.RunPlanned(
        "Acme",
        "training",
        True,
        "dana",
        "0.1.0",
        step_one,
        Filters(),
        tuple(tabs),
        None,
        go_on,
        proof_minutes=60,
    )


def through_step_one() -> list[AnyEvent]:
    """From the sign-ins to the open gate, all well."""
    return [
        ev.SignInRequested(ev.Site.HH2, "f1"),
        ev.SignedIn(ev.Site.HH2, "dana"),
        ev.SignInRequested(ev.Site.PROCORE, "f2"),
        ev.SignedIn(ev.Site.PROCORE, "dana"),
        ev.FiltersRead(Filters()),
        ev.FiltersApplied(Filters(), changed=False),
        ev.StepOneBaseline(IDLE),
        ev.SyncRequested(),
        ev.SyncAccepted(),
        ev.StepOneFinished(StepOneOutcome.DONE, PROOF),
        ev.GateOpened(PROOF, by_person=False),
    ]


def refreshed(
    tab: Tab, outcome: TabOutcome = TabOutcome.DONE, waiting: Waiting | None = None
) -> list[AnyEvent]:
    """One tab from its baseline to its end."""
    return [
        ev.TabBaseline(tab, QUIET),
        ev.RefreshRequested(tab),
        ev.RefreshAccepted(tab),
        ev.TabFinished(tab, outcome, None, PROOF, waiting or Waiting()),
    ]


def told(*events: AnyEvent, plan: ev.RunPlanned | None = None, seconds_apart: float = 1.0) -> RunState:
    """The state after these events, each of which had to be allowed."""
    return run_of(*events, plan=plan, seconds_apart=seconds_apart)[-1]


def run_of(
    *events: AnyEvent, plan: ev.RunPlanned | None = None, seconds_apart: float = 1.0
) -> list[RunState]:
    """The states after each of these events."""
    states = [start(Record(1, BEGIN, "run", plan or planned()))]
    for place, event in enumerate(events, start=2):
        record = Record(place, BEGIN + timedelta(seconds=(place - 1) * seconds_apart), "run", event)
        check(states[-1], record)
        states.append(apply(states[-1], record))
    return states


def next_record(state: RunState, event: AnyEvent, later: timedelta = timedelta(seconds=1)) -> Record:
    """The event as the next record of the run."""
    return Record(state.seq + 1, state.last_at + later, state.run_id, event)
