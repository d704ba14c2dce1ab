"""A thousand events a second reach a window: it answers, shows the last of them, and grows no larger."""

import sys
import time

import anyio
import pytest
from pytestqt.qtbot import QtBot

from app.domain.events import SyncProgress
from app.engine.clock import SystemClock
from app.engine.recorder import Recorder
from app.storage import folders
from app.storage.ledger import Ledger
from app.ui.run_log import MOST_LINES
from tests.bench.gui import Heard, listened, turn
from tests.end_to_end.company import NAME
from tests.load.held import Figures, held
from tests.ui.conftest import Open
from tests.ui.person import Desktop
from tests.ui.stories import Story

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="how long a thread waited is read as Linux tells it"),
]

A_SECOND = 1000
SECONDS = 30
EVENTS = A_SECOND * SECONDS
WARM = EVENTS // 4  # by then the window's log has lost its first lines


def test_a_window_takes_a_thousand_events_a_second_answers_and_grows_no_larger(
    qtbot: QtBot, acme: Open, record_property: Figures
) -> None:
    frames: list[int] = []
    with acme() as shown:
        shown.opened.desk.told.connect(lambda records: frames.append(len(records)))
        ledger, recorder = shown.ask(_under_way(shown))
        shown.opened.desk._change(busy=True)  # a run of this window: drawn as one that goes on
        try:
            _bring(shown, recorder, 0, WARM)
            before = held()
            frames.clear()
            with listened() as heard:
                rate = _bring(shown, recorder, WARM, EVENTS)
            turn(lambda: sum(frames) == EVENTS - WARM, 30)
            after = held()
            stands, lines = shown.reads(f"row {EVENTS - 1}"), shown.window.log.text.blockCount()
        finally:
            shown.opened.desk._change(busy=False)
            shown.ask(ledger.close())
    memory, handles, threads = (end - begin for end, begin in zip(after, before, strict=True))
    waited = _waited(heard)
    record_property("window: events a second", round(rate))
    record_property("window: events, and how often it was drawn", [sum(frames), len(frames)])
    record_property("window: its answer, ms: half, 99 of 100, the worst", waited)
    record_property("window: growth in MB, handles, threads", [round(memory / 1e6, 1), handles, threads])
    assert stands, "the last word stands in the window"
    assert lines <= MOST_LINES
    assert len(frames) < sum(frames) / 4, "many are drawn together"
    assert waited[0] < 50
    assert memory < 12e6
    assert handles <= 2
    assert threads <= 1


async def _under_way(shown: Desktop) -> tuple[Ledger, Recorder]:
    """A run in the middle of step 1, in a ledger of its own, told to this window."""
    ledger = await Ledger.open(folders.locate().of_profile_ready(f"{NAME} beside"), None)
    recorder = Recorder(ledger, SystemClock(), shown.opened.desk.bridge.listen)
    records = Story().syncing().records
    for record in records:
        await ledger.append(record)
    recorder.take_up(records)
    return ledger, recorder


def _bring(shown: Desktop, recorder: Recorder, first: int, last: int) -> float:
    """These events, written down and told as in a run, a thousand a second. Returns how many a second it were."""

    async def bring() -> float:
        begin = time.perf_counter()
        for row in range(first, last):
            late = time.perf_counter() - begin - (row - first) / A_SECOND
            if late < 0:
                await anyio.sleep(-late)
            await recorder.add(SyncProgress(f"row {row}", 0.5))
        return (last - first) / (time.perf_counter() - begin)

    future = shown.engine.submit(bring())
    turn(future.done)
    return future.result()


def _waited(heard: Heard) -> list[float]:
    ordered = sorted(heard.latencies)
    return [round(ordered[int(len(ordered) * part)], 1) for part in (0.5, 0.99)] + [round(ordered[-1], 1)]
