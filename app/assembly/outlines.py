"""Where the outlines of pages on which something was not found are kept for support: with the company's data."""

import logging
from collections.abc import Mapping
from pathlib import Path

import anyio
import anyio.to_thread

from app.domain.events import Site
from app.domain.page_check import PageCheck
from app.domain.problems import Trouble
from app.domain.support import PageOutline
from app.engine.clock import SystemClock
from app.storage import outlines

_log = logging.getLogger(__name__)


class KeptOutlines:
    """Those of one company. A disk that takes none costs the outlines, never a run or a check."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, drawn: Mapping[Site, str]) -> None:
        """What a driver last drew of each site, where something was not found."""
        now = SystemClock().now()
        await self._add([PageOutline(site.value, now, text) for site, text in drawn.items()])

    async def keep_check(self, report: PageCheck | None) -> None:
        """What a check of the pages drew."""
        if report is not None:
            await self._add(
                [
                    PageOutline(site.site.value, report.at, one.text, one.action)
                    for site in report.sites
                    for one in site.outlines
                ]
            )

    async def _add(self, found: list[PageOutline]) -> None:
        with anyio.CancelScope(shield=True):  # a run that is stopped ends its driver too
            try:
                await anyio.to_thread.run_sync(outlines.add, self._folder, found)
            except Trouble as lost:
                _log.warning("page outlines are not kept: %s", lost.problem.id.value)
