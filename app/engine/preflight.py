"""A preflight: everything that can be looked at before a run, at the same time, each within a deadline."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import anyio

from app.domain.problems import AT_SITE, problem_of
from app.domain.ready import Check, Level, Line, in_order

# A look at one thing: the lines it makes. It sends no password, changes nothing, and may be cut off.
Look = Callable[[], Awaitable[Sequence[Line]]]
DEADLINE = 8.0  # seconds: the whole is promised within ten


async def look_at_all(looks: Mapping[Check, Look], deadline: float = DEADLINE) -> tuple[Line, ...]:
    """Every look, side by side; one that has not ended by the deadline (seconds) is told as such, and left."""
    found: dict[Check, Sequence[Line]] = {}

    async def look(check: Check, work: Look) -> None:
        with anyio.move_on_after(deadline) as scope:
            try:
                found[check] = await work()
            except AT_SITE as met:
                found[check] = (Line(check, Level.LOOK, problem=problem_of(met, "hh2")),)
        if scope.cancelled_caught:
            found[check] = (Line(check, Level.LOOK, said="late", facts={"seconds": round(deadline)}),)

    async with anyio.create_task_group() as group:
        for check, work in looks.items():
            group.start_soon(look, check, work)
    return in_order([line for lines in found.values() for line in lines])
