"""Carries cells out: some at a time, each place with a training company of its own; those that turn the clock alone."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import time_machine

from tests.faults.cells import Cell, End, carry_out
from tests.faults.known import limit_of
from tests.faults.place import Place, hurry, unhurry
from tests.faults.rules import faults_of
from tests.faults.steering import Elsewhere, steering

HOSTS = ("127.0.0.2", "127.0.0.3")


@dataclass(frozen=True)
class Outcome:
    """What became of a cell: `wrong` is empty where it holds; `limit` is why not, where that is known."""

    cell: Cell
    end: End
    wrong: tuple[str, ...]
    limit: str
    seconds: float
    again: bool = False  # it was carried out a second time, alone

    @property
    def held(self) -> bool:
        return not self.wrong

    @property
    def may_be_the_machine(self) -> bool:
        """An end that a deadline of a loaded machine can lead to; what was sent twice never is."""
        return bool(self.wrong) and all(
            one.startswith(("ended ", "the fault never struck")) for one in self.wrong
        )

    @property
    def good(self) -> bool:
        """It holds, or stands in the list of known limits."""
        return self.held or bool(self.limit)

    @property
    def told(self) -> str:
        """How it ended, in one line."""
        return line(self.cell.name, self.end, self.wrong, self.limit, self.seconds)


def line(name: str, end: End, wrong: tuple[str, ...], limit: str, seconds: float) -> str:
    """A cell's outcome, exit code and cards, and what is wrong with them."""
    mark = "known limit" if limit else "DOES NOT HOLD" if wrong else "holds"
    said = f"{end.outcome} ({end.exit}) {' '.join(sorted(end.cards)) or 'no card'}"
    return f"{mark}: {name}: {said}{''.join(f'; {one}' for one in wrong)} ({seconds:.1f} s)"


@asynccontextmanager
async def places(count: int) -> AsyncIterator[list[Place]]:
    """So many places, and what the program trusts and asks by while they are there."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    elsewhere = Elsewhere(HOSTS, folder)
    made: list[Place] = []
    await elsewhere.open()
    hurry(elsewhere.trusted, elsewhere.proxy)
    try:
        with steering(elsewhere):
            for number in range(count):
                place = Place(number, elsewhere)
                made.append(place)
                await place.open()
            yield made
    finally:
        for place in made:
            await place.close()
        await elsewhere.close()
        unhurry()
        shutil.rmtree(folder)


async def judged(one: Cell, place: Place) -> Outcome:
    """One cell, carried out and held to the rules."""
    began = time.monotonic()
    if one.alone:
        with time_machine.travel(time.time(), tick=True) as machine:
            end = await carry_out(one, place, machine.shift)
    else:
        end = await carry_out(one, place)
    wrong = tuple(faults_of(one, end))
    return Outcome(one, end, wrong, limit_of(one) if wrong else "", time.monotonic() - began)


async def carried_out(
    some: Sequence[Cell], at_once: int, tell: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """All these cells, `at_once` at a time."""
    found: list[Outcome] = []
    left = [one for one in some if not one.alone]
    left.reverse()
    async with places(at_once) as made:

        async def work(place: Place) -> None:
            while left:
                outcome = await judged(left.pop(), place)
                found.append(outcome)
                tell(outcome)

        await asyncio.gather(*(work(place) for place in made))
        for one in some:
            if one.alone:
                found.append(await judged(one, made[0]))
                tell(found[-1])
        for place, outcome in enumerate(found):
            if outcome.may_be_the_machine:
                found[place] = replace(await judged(outcome.cell, made[0]), again=True)
                tell(found[place])
    return found
