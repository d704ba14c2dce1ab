"""Which jobs had cost movement: their job-to-date cost now, against the last reading whose costs were refreshed."""

from decimal import Decimal
from typing import Protocol

from app.hh2 import reads
from app.hh2.session import Hh2Session


class Kept(Protocol):
    """Where the last settled job-to-date cost of each job is kept, by job code."""

    async def load(self) -> dict[str, Decimal]: ...

    async def save(self, amounts: dict[str, Decimal]) -> None: ...


class JobMovement:
    """Reads jobs' `JobToDateCostAmount` [C] before step 1 and after it.

    A job has moved when its amount now is not the one that stood when its costs were last refreshed. A job that was
    never seen before counts from the amount it had when it was first read, and a job that is new in hh2 from nothing;
    so a movement whose refresh failed is still one in the next run."""

    def __init__(self, session: Hh2Session, kept: Kept) -> None:
        self._session = session
        self._kept = kept
        self._settled: dict[str, Decimal] = {}
        self._before: dict[str, Decimal] | None = None
        self._now: dict[str, Decimal] | None = None

    async def before(self) -> None:
        """Read where every job stands before the sync."""
        settled = await self._kept.load()
        self._before = await self._read()
        self._settled = await self._complete(settled, self._before)

    async def moved(self) -> frozenset[str] | None:
        """Codes of the jobs that moved; None where nothing was read before step 1."""
        if self._before is None:
            return None
        self._now = await self._read()
        new = dict.fromkeys(self._now, Decimal(0))
        self._settled = await self._complete(self._settled, new)
        return frozenset(code for code, amount in self._now.items() if amount != self._settled[code])

    async def since_settled(self) -> frozenset[str] | None:
        """Codes of the jobs that moved as hh2 stands now; None where nothing was ever kept. Keeps nothing itself."""
        settled = await self._kept.load()
        if not settled:
            return None
        now = await self._read()
        return frozenset(code for code, amount in now.items() if amount != settled.get(code, Decimal(0)))

    async def settle(self, job_code: str) -> None:
        """This job's costs have been refreshed: later movement counts from the amount read after step 1."""
        if self._now is None or job_code not in self._now:
            return
        self._settled = {**self._settled, job_code: self._now[job_code]}
        await self._kept.save(self._settled)

    async def _complete(self, settled: dict[str, Decimal], first: dict[str, Decimal]) -> dict[str, Decimal]:
        """With the first amount of every job that had none; kept when there was any such job."""
        whole = {**first, **settled}
        if len(whole) > len(settled):
            await self._kept.save(whole)
        return whole

    async def _read(self) -> dict[str, Decimal]:
        jobs = await reads.jobs(self._session)
        return {
            job.code: job.job_to_date_cost_amount for job in jobs if job.job_to_date_cost_amount is not None
        }
