"""Makes a ledger of many runs: every event chained and sealed as the program does it, without waiting for the disk."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from app.domain.conclusion import conclude
from app.domain.events import AnyEvent, Record
from app.domain.run import fold
from app.domain.tabs import Tab
from app.storage.ledger import Ledger
from app.storage.ledger_file import NAME
from app.storage.ledger_writer import Writer
from tests.domain.stories import BEGIN, planned, refreshed, through_step_one

EVENTS = 17  # of each run
TABS = (Tab.VENDORS,)


def _template() -> list[AnyEvent]:
    events: list[AnyEvent] = [planned(TABS), *through_step_one(), *refreshed(Tab.VENDORS)]
    state = fold(list(_records(events, 0)))
    assert state is not None
    return [*events, conclude(state)]


def _records(events: list[AnyEvent], number: int) -> Iterator[Record]:
    begin = BEGIN + timedelta(minutes=number)
    for place, event in enumerate(events, start=1):
        yield Record(place, begin + timedelta(seconds=place), f"run-{number}", event)


def fill(folder: Path, runs: int, key: bytes | None) -> int:
    """Write so many runs. Returns the number of events."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    writer = Writer(folder / NAME, key)
    try:
        writer._connection.execute("PRAGMA synchronous=OFF")
        events = _template()
        for number in range(runs):
            for record in _records(events, number):
                writer.append(record)
    finally:
        writer.close()
    return runs * len(events)


def holds(folder: Path, key: bytes | None) -> bool:
    """Is the chain of this ledger whole?"""

    async def work() -> bool:
        return (await (await Ledger.open_to_read(folder, key)).verify()).holds

    return asyncio.run(work())
