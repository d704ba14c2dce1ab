"""The last match report of each company, laid open: its rows are read in worker threads, a few at a time."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio import to_thread

from app.assembly.account import who
from app.assembly.paper import print_pdf
from app.domain.events import ReportSaved
from app.domain.match_report import Difference, Line, Narrowed, Node, Report, Saved

if TYPE_CHECKING:
    from app.match.report import Pages
    from app.match.store import Store

T = TypeVar("T")


class MatchReports:
    """Fulfils `engine.match_rows.MatchReports`. `folder_of` gives the data folder of a company;
    `is_current` says whether what lies there is of the company as it is now; `note` writes into its ledger, where it
    can."""

    def __init__(
        self,
        folder_of: Callable[[str], Awaitable[Path]],
        is_current: Callable[[str], Awaitable[bool]],
        note: Callable[[str, ReportSaved], Awaitable[bool]],
    ) -> None:
        self._folder_of = folder_of
        self._note = note
        self._is_current = is_current
        self._open: dict[Path, list[OpenReport]] = {}

    async def open(self, name: str) -> "OpenReport | None":
        """None where there is none yet; nothing is made on the disk then. Raises Trouble(DISK, FILE_BROKEN)."""
        from app.match.compare import last_report
        from app.match.report import Pages
        from app.match.store import FOLDER, NAME, open_store

        folder = await self._folder_of(name)
        if not await self._is_current(name) or not await to_thread.run_sync((folder / FOLDER / NAME).exists):
            return None
        store = await to_thread.run_sync(open_store, folder)
        try:
            report = await to_thread.run_sync(last_report, store)
            if report is None:
                await to_thread.run_sync(store.close)
                return None
            pages = Pages(store)
            found = OpenReport(
                store, pages, report, await to_thread.run_sync(pages.depths), partial(self._note, name)
            )
        except BaseException:
            store.close()
            raise
        self._open.setdefault(folder, []).append(found)
        return found

    async def release(self, folder: Path) -> None:
        """Close what lies open of a company, so that its folder can be moved or deleted."""
        for one in self._open.pop(folder, []):
            await one.close()


class OpenReport:
    """Fulfils `engine.match_rows.MatchRows`."""

    def __init__(
        self,
        store: "Store",
        pages: "Pages",
        report: Report,
        depths: tuple[int, ...],
        note: Callable[[ReportSaved], Awaitable[bool]],
    ) -> None:
        self.report = report
        self.depths = depths
        self.who = who()
        self._store = store
        self._pages = pages
        self._note = note
        self._closed = False
        self._one_at_a_time = anyio.Lock()

    async def nodes(self, parent: Node | None, narrowed: Narrowed, offset: int, limit: int) -> list[Node]:
        """The children of a line of the tree, levels that say nothing passed over."""
        below = parent.depth if parent is not None else 0
        depth = next((one for one in self.depths if one > below), None)
        if depth is None:
            return []
        return await self._read(self._pages.nodes, parent, narrowed, offset, limit, depth)

    async def lines(self, node: Node, offset: int, limit: int) -> list[Line]:
        """The transactions of both sides under a line."""
        return await self._read(self._pages.lines, node, offset, limit)

    async def differences(self, narrowed: Narrowed, offset: int, limit: int) -> list[Difference]:
        """The differences, the largest first."""
        return await self._read(self._pages.differences, narrowed, offset, limit)

    async def accept(self, found: Sequence[Difference], note: str, who: str, expires: date | None) -> Report:
        """A person accepts differences; the report as it is judged then."""
        from app.match.accepting import accept_now

        work = (self._store, found, note, who, expires, datetime.now(UTC))
        return await self._judge(accept_now, *work)

    async def count_again(self, found: Sequence[Difference]) -> Report:
        """They count as differences again."""
        from app.match.accepting import count_again

        return await self._judge(count_again, self._store, found)

    async def write(self, folder: str, kinds: Sequence[str]) -> Saved:
        """Write the report, then note it in the ledger. Raises Trouble(DISK), and Trouble(INTERNAL) where it could
        not be printed."""
        from app.match.exports import Export, write

        asked = tuple(Export(kind) for kind in kinds)
        work = (self.report, self._pages, Path(folder), asked, print_pdf)
        async with self._one_at_a_time:
            files = () if self._closed else tuple(await to_thread.run_sync(write, *work))
        noted = bool(files) and await self._note(ReportSaved(self.report.id, who(), files))
        return Saved(files, noted)

    async def close(self) -> None:
        """Let go of the store as soon as what is under way has ended; what is asked for after it does not come."""
        async with self._one_at_a_time:
            if not self._closed:
                self._closed = True
                await to_thread.run_sync(self._store.close)

    async def _read(self, work: Callable[..., list[T]], *arguments: object) -> list[T]:
        async with self._one_at_a_time:
            return [] if self._closed else await to_thread.run_sync(work, *arguments)

    async def _judge(self, work: Callable[..., Report], *arguments: object) -> Report:
        async with self._one_at_a_time:
            if not self._closed:
                self.report = await to_thread.run_sync(work, *arguments)
        return self.report
