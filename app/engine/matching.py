"""After step 2: do they match? What a comparison tells on the way becomes events of the run."""

import time

import anyio

from app.domain import events as ev
from app.domain.match_progress import Estimate, Progress
from app.engine.ports import Matcher
from app.engine.recorder import Recorder

_APART = 0.5  # seconds between two tellings of the same list


async def do_they_match(recorder: Recorder, matcher: Matcher) -> None:
    """Compare, and write the verdict down. Raises Trouble as the matcher does; a stop stops it."""
    send, receive = anyio.create_memory_object_stream[Progress | Estimate](1000)
    last: tuple[object, float] = (None, 0.0)

    def tell(told: Progress | Estimate) -> None:
        nonlocal last
        if isinstance(told, Progress):
            mark, now = (told.step, told.side, told.kind), time.monotonic()
            if mark == last[0] and now - last[1] < _APART:
                return
            last = (mark, now)
        send.send_nowait(told)

    async def write() -> None:
        async with receive:
            async for told in receive:
                await recorder.add(_event(told))

    async with anyio.create_task_group() as group:
        group.start_soon(write)
        async with send:
            summary = await matcher.match(recorder.state, tell)
    await recorder.add(ev.Matched(summary))


def _event(told: Progress | Estimate) -> ev.MatchForeseen | ev.MatchProgress:
    if isinstance(told, Estimate):
        return ev.MatchForeseen(told.all_requests, round(told.seconds, 1), told.jobs, told.whole)
    return ev.MatchProgress(told)
