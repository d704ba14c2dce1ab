"""The histories of the companies: their runs, event by event, and whether every one of them is as it was written."""

import logging
from collections.abc import Sequence
from datetime import datetime

from app.assembly.account import who
from app.assembly.companies import Companies
from app.assembly.practice import PRACTICE_NAME
from app.domain.audit import Verified
from app.domain.events import Record
from app.domain.habit import Habit, habit
from app.domain.history import RunSummary
from app.storage.ledger import Ledger
from app.storage.lock import Lock

_LOG = logging.getLogger(__name__)


class Histories:
    """Fulfils that part of `engine.faces.Workplace`."""

    def __init__(self, companies: Companies) -> None:
        self._companies = companies

    async def history(self, name: str | None, limit: int = 200) -> list[RunSummary]:
        """The latest runs of one profile or of all, newest first."""
        names = [name] if name is not None else [*await self._companies.profiles()]
        if name is None and PRACTICE_NAME not in names:
            names.append(PRACTICE_NAME)
        runs: list[RunSummary] = []
        for one in names:
            ledger = await self._companies.ledger_to_read(one)
            runs += await ledger.runs(limit)
        return sorted(runs, key=lambda run: run.started_at, reverse=True)[:limit]

    async def records(self, name: str, run_id: str) -> list[Record]:
        return await (await self._companies.ledger_to_read(name)).records(run_id)

    async def verify(self, name: str) -> Verified:
        company = await self._companies.use(name)
        ledger = await Ledger.open_to_read(company.folder, await self._companies.ledger_key(company))
        return await ledger.verify()

    async def begin_history_anew(self, name: str) -> str:
        """Put a ledger that cannot be used aside; "" where it can be, and nothing is done."""
        company = await self._companies.use(name)
        async with self._companies.opening:
            lock: Lock | None = None
            if company.lock is None:
                lock = await self._companies.lock(company.profile.name)
            try:
                kept = await Ledger.begin_anew(company.folder)
            finally:
                if lock is not None:
                    lock.release()
        if kept is None:
            return ""
        _LOG.info("a new history of %s was begun by %s; the old one is %s", company.profile.name, who(), kept)
        return kept.name

    async def interrupted(self, name: str) -> RunSummary | None:
        """The run that was cut off, if the last one was and nobody carries it out."""
        company = await self._companies.use(name)
        if company.conductor is not None and company.conductor.busy:
            return None
        return await (await self._companies.reading(company)).interrupted()

    async def habits(self, name: str, kinds: Sequence[str]) -> dict[str, Habit]:
        """How long this company's own runs took, for the kinds it has any for."""
        ledger = await self._companies.ledger_to_read(name)
        found = {kind: habit(await ledger.durations(kind)) for kind in kinds}
        return {kind: one for kind, one in found.items() if one.seconds}

    async def last_good(self, name: str) -> datetime | None:
        return await (await self._companies.ledger_to_read(name)).last_good()
