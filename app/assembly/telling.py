"""Writes down how a run ended, beside the ledger: for a session that was disconnected, and for other programs."""

import logging
from pathlib import Path

import anyio.to_thread

from app.domain.problems import Trouble
from app.domain.result import file_name, written
from app.domain.run import RunState
from app.storage import results

_LOG = logging.getLogger(__name__)


async def write_result(folder: Path, state: RunState) -> None:
    """Both files of a run that has ended. Where they cannot be written the ledger knows all the same."""
    if state.ended is None:
        return

    def work() -> None:
        from app.words.ended import whole

        results.write(folder, file_name(state), whole(state), written(state))

    try:
        await anyio.to_thread.run_sync(work)
    except Trouble as met:
        _LOG.warning("the result of a run could not be written to its file: %s", met.problem)
