"""What is written into a company's ledger outside a run: a match report that a person saved by hand."""

import logging
from collections.abc import Awaitable, Callable

from app.assembly.company import Company
from app.domain.events import Record, ReportAlone, ReportSaved
from app.domain.problems import Trouble
from app.domain.run import RunState
from app.engine.clock import SystemClock
from app.engine.recorder import Recorder, alone
from app.storage.ledger import Ledger

_LOG = logging.getLogger(__name__)


async def note_saved(
    company_of: Callable[[str], Awaitable[Company]],
    key_of: Callable[[Company], Awaitable[bytes | None]],
    name: str,
    saved: ReportSaved,
    *,
    locked: bool = False,
) -> bool:
    """With the company's last run, at the end of its events, so that the chain holds it too; by itself where there is
    no run yet, or the last was cut off and may go on. False where that cannot be: a run is under way, or the disk is
    full. The files are there all the same.

    `locked` says that the caller holds the company's lock: its ledger is then opened where it is not open already."""
    company = await company_of(name)
    if company.conductor is None and (not locked or company.ledger is not None):
        return False
    try:
        runs = await (company.ledger or await Ledger.open_to_read(company.folder)).runs(1)
        if not runs or runs[0].outcome is None:
            event = ReportAlone(saved.report_id, saved.who, saved.files)
            if company.conductor is not None:
                return await company.conductor.write_down_alone(event)
            await _write_down_alone(company, await key_of(company), event)
            return True
        if company.conductor is not None:
            return await company.conductor.write_down(runs[0].run_id, saved)
        await _write_down(company, await key_of(company), runs[0].run_id, saved)
    except Trouble as met:
        _LOG.warning("a saved report was not written into the ledger: %s", met.problem)
        return False
    return True


async def _write_down(company: Company, key: bytes | None, run_id: str, saved: ReportSaved) -> None:
    """Where nothing but this holds the ledger."""
    ledger = await Ledger.open(company.folder, key)
    try:
        recorder = Recorder(ledger, SystemClock(), _tell_nobody)
        recorder.take_up(await ledger.records(run_id))
        await recorder.add(saved)
    finally:
        await ledger.close()


async def _write_down_alone(company: Company, key: bytes | None, event: ReportAlone) -> None:
    ledger = await Ledger.open(company.folder, key)
    try:
        await ledger.append(alone(event, SystemClock().now()))
    finally:
        await ledger.close()


def _tell_nobody(_record: Record, _state: RunState) -> None:
    """The run that it stands with is over."""
