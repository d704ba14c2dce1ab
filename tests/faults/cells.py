"""One cell of the matrix: a kind of request, a fault, once or every time; carried out, and what came of it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.domain.conclusion import without_a_run
from app.domain.events import Site
from app.domain.filters import DateRange, Filters
from app.domain.problems import AT_SITE, Problem, ProblemId, Trouble, problem_of
from app.domain.result import result
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.words import problems as words
from tests.end_to_end.company import Told
from tests.faults.front import Asked, Struck
from tests.faults.kinds import KINDS, By, Kind
from tests.faults.place import Place
from tests.faults.wire import BY_NAME, FAULTS, Way, WireFault

_REFUSED = (ProblemId.HH2_LOGIN, ProblemId.HH2_CLIENT, ProblemId.HH2_LOCKED, ProblemId.PRO_LOGIN)
ROOM = 45.0  # seconds for one cell: more is a hang


@dataclass(frozen=True)
class Cell:
    """One cell. `always`: every request of the kind is struck, not the first alone."""

    kind: Kind
    fault: WireFault
    always: bool

    @property
    def name(self) -> str:
        return f"{self.kind.name} × {self.fault.name} ({'always' if self.always else 'once'})"

    @property
    def alone(self) -> bool:
        """It turns the clock of this process, so no other cell may be under way."""
        return self.fault.name.startswith("clock-")


@dataclass(frozen=True)
class End:
    """What came of a cell: "good", "look", "failed", "person", or what should never be ("escaped", "hang").

    `cards` are the problems that are told, `says` their first sentences."""

    outcome: str
    exit: int
    cards: frozenset[str]
    says: tuple[str, ...] = ()
    asked: dict[str, list[Asked]] = field(default_factory=dict, repr=False)
    log: dict[str, Any] = field(default_factory=dict, repr=False)
    struck: int = 0
    given: object = field(default=None, repr=False)


def cells() -> list[Cell]:
    """Every cell that can be."""
    return [
        Cell(kind, fault, always)
        for kind in KINDS
        for fault in FAULTS
        for always in (False, True)
        if not (fault.proxy and kind.by is By.RUN)  # see NOT_MADE
        and not (always and fault.way is Way.SITE)
    ]


def cell(name: str) -> Cell:
    """The cell of this name."""
    return next(one for one in cells() if one.name == name)


async def carry_out(one: Cell, place: Place, jump: Callable[[float], None] = lambda _: None) -> End:
    """The cell, from a fresh start of the training company to its end. Never raises for what the program does."""
    kind = one.kind
    struck = Struck(one.fault, kind.target, always=one.always, after=kind.after)
    before = (
        [Struck(BY_NAME["cut-short"], kind.after_lost, always=False)] if kind.after_lost is not None else []
    )
    await place.begin(jump, *before, struck)
    try:
        async with asyncio.timeout(ROOM):
            found = await (_run(one, place) if kind.by is By.RUN else _call(one, place))
    except TimeoutError:
        found = End("hang", 70, frozenset())
    except AT_SITE as escaped:  # only a defect lets one of these out of a run
        found = End("escaped", 70, frozenset(), (repr(escaped),))
    except Exception as escaped:
        logging.getLogger(__name__).warning("%s", one.name, exc_info=True)
        found = End("escaped", 70, frozenset(), (repr(escaped)[:300],))
    asked = {site: list(front.asked) for site, front in place.fronts.items()}
    return End(
        found.outcome,
        found.exit,
        found.cards,
        found.says,
        asked,
        await place.log(),
        struck.met,
        found.given,
    )


async def _run(one: Cell, place: Place) -> End:
    kind = one.kind
    await place.profile(one.fault, soap=kind.soap, services=kind.service)
    jobs = ((await place.a_project())[1],) if kind.jobs else None
    tabs = (Tab.VENDORS, Tab.JOB_COSTS) if kind.jobs else (Tab.VENDORS,)
    conductor = await place.house.conductor(place.name, Told())
    try:
        state = await conductor.run(Wanted(Filters(DateRange.PAST_MONTH), tabs=tabs, jobs=jobs))
    except Trouble as untold:
        ended = without_a_run(untold.problem)
        return End(ended.outcome.value, ended.exit, frozenset({untold.problem.id.value}))
    ended_as = result(state)
    if any(met.problem.id in _REFUSED for met in state.problems):
        place.anew()
    told = [met.problem for met in state.problems if not met.noted]
    says = tuple(said(problem) for problem in told)
    return End(
        "good" if ended_as["exit"] == 0 else str(ended_as["outcome"]),
        int(str(ended_as["exit"])),
        frozenset(problem.id.value for problem in told),
        says,
    )


async def _call(one: Cell, place: Place) -> End:
    assert one.kind.call is not None
    site = Site(one.kind.target.site)
    try:
        given = await one.kind.call(place, one.fault)
    except AT_SITE as failed:
        problem = problem_of(failed, site.value)
        ended = without_a_run(problem)
        says = (said(problem),)
        return End(ended.outcome.value, ended.exit, frozenset({problem.id.value}), says)
    return End("good", 0, frozenset(), given=given)


def said(problem: Problem) -> str:
    """What the card tells, in two sentences."""
    card = words.card(problem)
    return f"{card.title} {card.why}"


def internal(end: End) -> bool:
    """True for an end that is a defect of the program, whatever the fault."""
    return end.exit == 70 or ProblemId.INTERNAL.value in end.cards
