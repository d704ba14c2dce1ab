"""The gate to step 2: one function over the state, and there is no other way to a refresh."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, final

import msgspec

from app.domain.looks import Evidence, StepOneOutcome
from app.domain.tabs import Job, Tab

if TYPE_CHECKING:
    from app.domain.run import RunState

# A clock that was set back a little is an adjustment; one set back further makes the age
# of a proof unknowable.
CLOCK_SLACK = timedelta(minutes=1)


class Shut(StrEnum):
    """Why step 2 may not begin."""

    NOT_FINISHED = "not-finished"
    FAILED = "failed"
    UNSURE = "unsure"
    OLD = "old"
    CANCELLED = "cancelled"


class Gate(msgspec.Struct, frozen=True):
    """Open with its evidence, or shut with its reason; never both."""

    evidence: Evidence | None = None
    by_person: bool = False
    shut: Shut | None = Shut.NOT_FINISHED

    @property
    def is_open(self) -> bool:
        """True only with evidence."""
        return self.shut is None and self.evidence is not None


def gate(state: "RunState", now: datetime) -> Gate:
    """May a tab be refreshed now? `now` is UTC. Proof and word alike grow old
    after the plan's `proof_minutes`."""
    if state.cancel_requested:
        return Gate(shut=Shut.CANCELLED)
    opened = state.opened
    if opened is None:
        outcome = state.step_one.outcome
        if outcome is None or outcome is StepOneOutcome.DONE:
            return Gate(shut=Shut.NOT_FINISHED)
        return Gate(shut=Shut.UNSURE if outcome is StepOneOutcome.UNSURE else Shut.FAILED)
    age = now - opened.at
    if age > timedelta(minutes=state.plan.proof_minutes) or age < -CLOCK_SLACK:
        return Gate(shut=Shut.OLD)
    return Gate(opened.evidence, opened.by_person, None)


@final
class Permit:
    """Leave to press one tab's button once. Made by `permit` alone; a portal presses nothing without one."""

    __slots__ = ("_used", "job", "tab")

    def __init__(self, tab: Tab, job: Job | None, *, _key: object) -> None:
        if _key is not _KEY:
            raise TypeError("a Permit is given by app.domain.gate.permit only")
        self.tab = tab
        self.job = job
        self._used = False

    def use(self) -> None:
        """Called by the portal at the press; a second call raises, so that one permit is one press."""
        if self._used:
            raise RuntimeError("this permit was used: a refresh is never pressed twice")
        self._used = True

    def was_used(self) -> bool:
        """True once the press has been made, whatever came of it."""
        return self._used


_KEY = object()


class GateShut(Exception):
    """A refresh was asked for while the gate is shut."""

    def __init__(self, why: Shut) -> None:
        super().__init__(why.value)
        self.why = why


def permit(state: "RunState", tab: Tab, job: Job | None, now: datetime) -> Permit:
    """The permit for a refresh that the state says was announced (`RefreshRequested`), if the gate
    is open at `now`.

    Raises GateShut, or RuntimeError when no announced press of this tab and job is waiting to be sent."""
    seen = gate(state, now)
    if seen.shut is not None or not seen.is_open:
        raise GateShut(seen.shut or Shut.NOT_FINISHED)
    if not state.is_announced(tab, job):
        raise RuntimeError("a press is announced in the ledger before it is sent")
    return Permit(tab, job, _key=_KEY)
