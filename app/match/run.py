"""Do they match? Both sides are read, as far as they moved; then compared; progress is told with counts on the way."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
import msgspec

from app.domain.lists import Kind, Side, Source
from app.domain.match_progress import Estimate, Progress
from app.domain.match_question import Failed, Options
from app.domain.match_report import Report
from app.domain.problems import NotReadable, Problem, ProblemId, SessionLost, SlowDown, Trouble
from app.match import wanted
from app.match.compare import compare
from app.match.snapshot import finish, forget_older, put
from app.match.store import Store
from app.match.wanted import Work

T = TypeVar("T")

# So many lists of a kind that fail one after another: the rest of that kind is not tried.
GIVE_UP = 5

Tell = Callable[[Progress], None]


async def how_much(sources: Sequence[Source], store: Store, options: Options) -> Estimate:
    """What a comparison will ask of the sites; asks nobody itself."""
    return await anyio.to_thread.run_sync(wanted.estimate, sources, store, options)


async def match(
    sources: Sequence[Source],
    store: Store,
    options: Options,
    tell: Tell,
    foresee: Callable[[Estimate], None] = lambda _: None,
) -> Report:
    """Read both sides and compare them. `tell` and `foresee` are called in the caller's loop and must return at once.

    `foresee` hears what will be asked before anything is; where the jobs were not known then, once more when they are.

    Cancelling stops it: what was read in complete blocks stays, and the next call goes on from there. Raises
    Trouble(SAFE) where a list lost more than the brake allows (nothing of it replaced the snapshot), Trouble(DISK).
    What could not be read is in the report."""
    began = anyio.current_time()
    reading = _Reading(sources, store, options, tell)
    # First, so that what still counts is read anew for this very report.
    await anyio.to_thread.run_sync(forget_older, store, options.retention_days, datetime.now(UTC))
    before = await how_much(sources, store, options)
    foresee(before)
    await reading.all(await anyio.to_thread.run_sync(wanted.short_lists, sources, store, options))
    by_job = await anyio.to_thread.run_sync(wanted.job_lists, sources, store, options)
    if not before.whole:
        foresee(wanted.of_work(sources, by_job))
    await reading.all(by_job)
    tell(reading.progress("comparing"))
    report = await _in_thread(store, partial(compare, store, options, tuple(reading.failed)))
    seconds = anyio.current_time() - began
    return msgspec.structs.replace(report, requests=reading.requests, seconds=seconds)


async def _in_thread(store: Store, work: Callable[[], T]) -> T:
    """Work in a thread; when it is cancelled the statement under way is broken off."""
    done = False

    async def watch() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            if not done:
                store.interrupt()

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        try:
            result = await anyio.to_thread.run_sync(work)
        finally:
            done = True
        group.cancel_scope.cancel()
    return result


class _Reading:
    """The reading of one comparison: what was read so far, and what failed."""

    def __init__(self, sources: Sequence[Source], store: Store, options: Options, tell: Tell) -> None:
        self.sources = sources
        self.store = store
        self.options = options
        self.tell = tell
        self.failed: list[Failed] = []
        self._asked_before = sum(source.asked for source in sources)
        self._lists = self._done = self._rows = self._aside = 0
        self._in_a_row: dict[tuple[Side, Kind], int] = {}
        self._given_up: dict[tuple[Side, Kind], Problem] = {}
        self._safe: Trouble | None = None

    @property
    def requests(self) -> int:
        """How many were made for this comparison."""
        return sum(source.asked for source in self.sources) - self._asked_before

    def progress(self, step: str, work: Work | None = None) -> Progress:
        one = work.one if work else None
        return Progress(
            step,
            one.side if one else None,
            one.kind if one else None,
            one.scope if one else "",
            self._lists,
            self._done,
            self._rows,
            self._aside,
            self.requests,
        )

    async def all(self, work: list[Work]) -> None:
        """Read these lists, each source as many at once as it allows, and lay in place what is whole."""
        self._lists += len(work)
        async with anyio.create_task_group() as group:
            for place, source in enumerate(self.sources):
                mine = [one for one in work if one.place == place]
                send, receive = anyio.create_memory_object_stream[Work](max(len(mine), 1))
                for one in mine:
                    send.send_nowait(one)
                send.close()
                for _ in range(max(1, source.at_once)):
                    group.start_soon(self._reader, source, receive.clone())
                receive.close()
        for side, kind, place in dict.fromkeys((one.one.side, one.one.kind, one.place) for one in work):
            await self._finish(side, kind, self.sources[place])
        if self._safe is not None:
            raise self._safe

    async def _reader(self, source: Source, work: "anyio.abc.ObjectReceiveStream[Work]") -> None:
        async with work:
            async for one in work:
                await self._list(source, one)

    async def _list(self, source: Source, work: Work) -> None:
        group = (work.one.side, work.one.kind)
        if group in self._given_up:
            self._done += 1
            return
        try:
            async for block in source.read(work.one.kind, work.one.scope, work.cursor):
                taken = await anyio.to_thread.run_sync(put, self.store, work.one, source.name, block)
                self._rows += taken.rows
                self._aside += len(taken.aside)
                self.tell(self.progress("reading", work))
        except NotReadable as error:
            self._in_a_row[group] = self._in_a_row.get(group, 0) + 1
            if self._in_a_row[group] >= GIVE_UP:
                self._give_up(group, error.problem)
            self.failed.append(Failed(*group, work.one.scope, error.problem))
        except SlowDown as error:  # the source has waited already, and was asked to wait again
            self._give_up(group, Problem(ProblemId.LIMIT, {"site": error.site, "seconds": error.seconds}))
        except SessionLost as error:
            self._give_up(group, Problem(ProblemId.SESSION, {"site": error.site}))
        except Trouble as error:
            if error.problem.id is ProblemId.DISK:
                raise
            self._give_up(group, error.problem)
        else:
            self._in_a_row[group] = 0
        self._done += 1
        self.tell(self.progress("reading", work))

    def _give_up(self, group: tuple[Side, Kind], problem: Problem) -> None:
        """Nothing more of this kind can be read: it is told once, for all its lists."""
        if group not in self._given_up:
            self._given_up[group] = problem
            self.failed = [one for one in self.failed if (one.side, one.kind) != group]
            self.failed.append(Failed(*group, "", problem))

    async def _finish(self, side: Side, kind: Kind, source: Source) -> None:
        work = partial(finish, self.store, side, kind, is_file=source.is_file, brake=self.options.brake)
        try:
            await anyio.to_thread.run_sync(work)
        except Trouble as error:
            if error.problem.id is not ProblemId.SAFE:
                raise
            self._safe = self._safe or error
