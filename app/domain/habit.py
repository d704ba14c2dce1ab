"""How long things take in this company, from its own history: what is usual, what is left, and what is too long.

Fewer than three runs are no habit: then nothing is claimed."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from app.domain.history import JOB_KIND, step_one_kind, tab_kind
from app.domain.run import Press, RunState
from app.domain.tabs import Tab

_LEAST = 3
_SLOWEST = 0.9  # what is slower than nine in ten, and clearly so, is slower than usual
_CLEARLY = 1.25
_BY_HALF = 1.5


class Habit(msgspec.Struct, frozen=True):
    """Seconds that one kind of thing took, sorted; of the latest runs of one company."""

    seconds: tuple[float, ...] = ()

    @property
    def is_known(self) -> bool:
        """Enough to tell what is usual."""
        return len(self.seconds) >= _LEAST

    @property
    def usual(self) -> float | None:
        """The median; None where it is not known."""
        return self.at(0.5) if self.is_known else None

    def at(self, part: float) -> float:
        """The time that `part` (0..1) of the runs did not exceed: one that was measured, none in between."""
        return self.seconds[max(0, math.ceil(part * len(self.seconds)) - 1)]

    def left(self, elapsed: float) -> "Left | None":
        """How long it still takes after `elapsed` seconds, by the runs that took longer than that; None where too few
        did: this one is slower than usual, and no honest time can be said."""
        if not self.is_known:
            return None
        longer = Habit(tuple(one for one in self.seconds if one > elapsed))
        if not longer.is_known:
            return None
        return Left(longer.at(0.5) - elapsed, longer.at(0.8) - elapsed)

    def is_long(self, elapsed: float) -> bool:
        """Slower than this company's own history: clearly more than nine runs in ten, and than what is usual."""
        if not self.is_known:
            return False
        return elapsed > max(_CLEARLY * self.at(_SLOWEST), _BY_HALF * self.at(0.5))


class Left(msgspec.Struct, frozen=True):
    """Seconds that are left: half of the runs took no longer than `likely`, four in five no longer than `most`."""

    likely: float
    most: float

    def __add__(self, other: "Left") -> "Left":
        return Left(self.likely + other.likely, self.most + other.most)


def habit(seconds: Iterable[float]) -> Habit:
    """The habit of these durations, in any order."""
    return Habit(tuple(sorted(seconds)))


def left_of_step_one(run: RunState, habits: Mapping[str, Habit], now: datetime) -> Left | None:
    """What is left of step 1; None where that is not known, or it has ended."""
    step = run.step_one
    if not run.plan.step_one or step.outcome is not None or step.theirs:
        return None
    known = habits.get(step_one_kind(run.plan.filters), Habit())
    begun = step.pressed_at or now
    return known.left(max(0.0, (now - begun).total_seconds()))


def left_of_run(run: RunState, habits: Mapping[str, Habit], now: datetime, job_pause: float) -> Left | None:
    """What is left of the whole run; None where anything of it is not known: a part alone would be no honest time.

    A comparison at the end is not known, nor which jobs Job Costs takes before they were found."""
    if run.ended is not None or run.plan.match or run.need is not None:
        return None
    whole = Left(0.0, 0.0)
    if run.plan.step_one and run.step_one.outcome is None:
        step = left_of_step_one(run, habits, now)
        if step is None:
            return None
        whole += step
    if run.opened is None and not run.plan.go_on:
        return whole if run.step_one.outcome is None else None
    for tab in run.chosen:
        if run.tabs[tab].outcome is not None:
            continue
        part = _jobs(run, habits, now, job_pause) if tab is Tab.JOB_COSTS else _tab(run, tab, habits, now)
        if part is None:
            return None
        whole += part
    return whole


def _tab(run: RunState, tab: Tab, habits: Mapping[str, Habit], now: datetime) -> Left | None:
    refresh = run.tabs[tab].refresh
    pressed = refresh.pressed_at if refresh.press is not Press.NONE else None
    return habits.get(tab_kind(tab), Habit()).left((now - pressed).total_seconds() if pressed else 0.0)


def _jobs(run: RunState, habits: Mapping[str, Habit], now: datetime, pause: float) -> Left | None:
    known = habits.get(JOB_KIND, Habit())
    costs = run.tabs[Tab.JOB_COSTS].jobs
    if not run.jobs or not known.is_known:
        return None
    whole, open_ones = Left(0.0, 0.0), 0
    for job in run.jobs:
        one = costs.get(job.key)
        if one is not None and one.outcome is not None:
            continue
        begun = one.pressed_at if one is not None and one.press is not Press.NONE else None
        part = known.left((now - begun).total_seconds() if begun else 0.0)
        if part is None:
            return None
        whole, open_ones = whole + part, open_ones + 1
    pauses = pause * max(0, open_ones - 1)
    return whole + Left(pauses, pauses)
