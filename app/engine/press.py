"""Sending what must not be sent twice: announced before, sent once, and its answer written down as what it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio

from app.domain.events import AnyEvent, Site
from app.domain.problems import (
    AnswerLost,
    Declined,
    NotPressed,
    NotReadable,
    NotSent,
    Problem,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
    Unpressed,
)
from app.engine.person import GaveUp
from app.engine.work import Work


@dataclass(frozen=True)
class Told:
    """How the three ends of a press are written down: answered, declined by the site, or without an answer."""

    accepted: Callable[[str], AnyEvent]
    declined: Callable[[Problem], AnyEvent]
    lost: Callable[[str], AnyEvent]


@dataclass(frozen=True)
class NotStarted:
    """The site said, or it is certain, that nothing was started. `again`: what kept us from it has been seen to."""

    problem: Problem
    again: bool = False


async def press(
    work: Work,
    site: Site,
    send: Callable[[], Awaitable[str]],
    told: Told,
    *,
    was_sent: Callable[[], bool] = lambda: False,
) -> NotStarted | None:
    """Send once. None: answered, or without an answer; either way it is to be watched, never sent again.

    `was_sent` tells, when the driver stopped with a problem, whether it had pressed by then: a problem after the press
    says nothing of what the press did. Raises that problem as Trouble when nothing was sent."""
    add, seen = work.recorder.add, work.sign_ins(site)
    try:
        answer = await work.deadline(send, site)
    except AnswerLost as lost:
        await add(told.lost(lost.cause))
    except NotReadable as lost:
        await add(told.lost(lost.problem.id.value))
    except (NotSent, Declined) as unstarted:
        await add(told.declined(unstarted.problem))
        return NotStarted(unstarted.problem)
    except NotPressed as left:
        problem = _unpressed(site, left.action, left.why)
        await add(told.declined(problem))
        if left.why is Unpressed.NOBODY:
            await work.met(problem)
            raise GaveUp from None
        return NotStarted(problem, again=left.why is Unpressed.OTHER)
    except SlowDown as slow:
        await add(told.declined(Problem(ProblemId.LIMIT, {"site": site.value})))
        await work.press_later(slow)
        return NotStarted(Problem(ProblemId.LIMIT, {"site": site.value}), again=True)
    except SessionLost:
        await add(told.declined(Problem(ProblemId.SESSION, {"site": site.value})))
        await work.sign_in_again(site, seen)
        return NotStarted(Problem(ProblemId.SESSION, {"site": site.value}), again=True)
    except Trouble as stopped:
        if not was_sent():
            await add(told.declined(stopped.problem))
            raise
        await add(told.lost(stopped.problem.id.value))
    except anyio.get_cancelled_exc_class():
        need = work.recorder.state.need
        if need is not None and need.by_hand is not None:
            # Still asked: nothing was pressed that the page shows.
            await add(told.declined(_unpressed(site, need.by_hand.action, Unpressed.STOPPED)))
        else:
            await add(told.lost("stopped"))
        raise
    else:
        await add(told.accepted(answer))
    work.was_pressed(site)
    return None


def _unpressed(site: Site, action: str, why: Unpressed) -> Problem:
    return Problem(ProblemId.NOT_PRESSED, {"site": site.value, "action": action, "why": why.value})
