"""What a meter tells: figures held to targets, what was measured beside them, and how they are put together."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """A median with its spread: the least and the most that was measured."""

    value: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Figure":
        return cls(median(values), min(values), max(values))


class Aim(msgspec.Struct, frozen=True):
    """One figure held to one target. `what` says against which floor or peer, `unit` is "×" for a ratio."""

    what: str
    figure: Figure
    target: float
    unit: str = "×"

    @property
    def met(self) -> bool:
        """True where the median is no larger than the target."""
        return self.figure.value <= self.target


class Told(msgspec.Struct, frozen=True):
    """What one meter found. The first aim is the name's own; all have to be met.

    `measured` are figures without a target, with their unit. `not_measured` says why there are none."""

    name: str
    aims: tuple[Aim, ...] = ()
    measured: dict[str, tuple[Figure, str]] = {}
    rounds: int = 0
    not_measured: str = ""

    @property
    def met(self) -> bool:
        """True where every aim is met; nothing is met that was not measured."""
        return bool(self.aims) and all(aim.met for aim in self.aims)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """Ours over theirs, round by round: what disturbs a whole round disturbs both."""
    return Figure.of([one / other for one, other in zip(ours, theirs, strict=True)])


def in_turns(
    works: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
    repeat: int = 1,
) -> dict[str, list[float]]:
    """Seconds that each work took (by CPU time unless another clock is given), one after another in every round.

    Each runs once before, unmeasured. The collector runs between the works, never for one of them; of `repeat` calls in
    a row the mean counts. Every second round goes backwards, so that none always follows the same one."""
    for work in works.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        order = list(works) if number % 2 == 0 else list(works)[::-1]
        for name in order:
            work = works[name]
            gc.collect()
            began = clock()
            for _ in range(repeat):
                work()
            taken[name].append((clock() - began) / repeat)
    return taken


def of(values: Sequence[float], unit: str, times: float = 1.0) -> tuple[Figure, str]:
    """A figure without a target, scaled for reading."""
    return Figure.of([value * times for value in values]), unit
