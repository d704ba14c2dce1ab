"""The safety brake: before step 2, does hh2 list far fewer records than at the last run?"""

from collections.abc import Awaitable, Callable

from app.domain import events as ev
from app.domain.brake import Brake, first_felt
from app.domain.events import Site
from app.domain.problems import Problem, Trouble
from app.engine.work import Work


async def check_brake(work: Work, brake: Brake, ask: Callable[[Problem], Awaitable[None]]) -> None:
    """Count, compare, and let a person decide where too many are gone: `ask` returns on the person's word.

    Where nothing can be counted that is said, and the run goes on. What was found in this run is not asked again."""
    census, state = work.sources.census, work.recorder.state
    if census is None:
        if state.brake is None:
            await work.recorder.add(ev.BrakeChecked(why="no-service"))
        return
    try:
        now = await work.ask_service(Site.HH2, census.count)
    except Trouble:
        await work.recorder.add(ev.BrakeChecked(why="unreadable"))
        return
    before = await census.last()
    settled = state.brake is not None and not state.braked
    felt = None if settled else first_felt(before or {}, now, brake)
    await work.recorder.add(ev.BrakeChecked(now, before, felt))
    if felt is not None:
        await ask(felt)
    await census.keep(now)
