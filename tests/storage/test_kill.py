"""A process is killed in the middle of its appends: nothing that was acknowledged is missing, and the next goes on."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain import events as ev
from app.domain.events import AnyEvent, Record
from app.domain.looks import TabOutcome
from app.domain.run import fold
from app.domain.tabs import Tab
from app.storage.ledger import Ledger
from tests.domain.stories import BEGIN, PROOF, QUIET, planned

KEY = bytes(range(32))

pytestmark = pytest.mark.anyio

WRITER = """
import anyio, sys
from pathlib import Path
from app.storage.ledger import Ledger
from tests.storage.test_kill import KEY, endless

async def main():
    ledger = await Ledger.open(Path(sys.argv[1]), KEY)
    for record in endless(int(sys.argv[2])):
        await ledger.append(record)
        print(record.seq, flush=True)

anyio.run(main)
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def endless(first: int) -> list[Record]:
    """A very long run, from its event number `first` on: vendors asked for again and again."""
    again: list[AnyEvent] = [
        ev.TabBaseline(Tab.VENDORS, QUIET),
        ev.RefreshRequested(Tab.VENDORS),
        ev.RefreshAccepted(Tab.VENDORS),
        ev.TabFinished(Tab.VENDORS, TabOutcome.DONE, None, PROOF),
        ev.RetryAsked(Tab.VENDORS, "dana"),
    ]
    events: list[AnyEvent] = [planned([Tab.VENDORS]), *again * 4000]
    return [
        Record(place, BEGIN + timedelta(seconds=place), "run-1", event)
        for place, event in enumerate(events, start=1)
        if place >= first
    ]


@pytest.mark.parametrize("stop_after", [1, 2, 7, 150, 400])
async def test_no_acknowledged_event_is_lost_to_a_kill(company: Path, stop_after: int) -> None:
    kept = 0
    for _ in range(2):  # and once more, on what the first kill left
        writer = subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-c", WRITER, str(company), str(kept + 1)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        acknowledged = kept
        try:
            for line in writer.stdout:
                acknowledged = int(line)
                if acknowledged - kept >= stop_after:
                    break
        finally:
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().splitlines()
            writer.stdout.close()
            writer.wait()
        acknowledged = max([acknowledged, *(int(line) for line in rest if line.isdigit())])
        assert acknowledged - kept >= stop_after
        ledger = await Ledger.open_to_read(company, KEY)
        records = await ledger.records("run-1")
        assert records == endless(1)[: len(records)]
        assert acknowledged <= len(records) <= acknowledged + 1, (
            "at most the one event that was being written"
        )
        found = await ledger.interrupted()
        state = fold(records)
        assert found is not None
        assert state is not None
        assert found.tabs == {Tab.VENDORS: state.tabs[Tab.VENDORS].outcome}
        assert (await ledger.verify()).holds
        kept = len(records)
