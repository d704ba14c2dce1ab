"""Nothing grows without a bound, and nothing becomes slow with the years."""

import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.assembly.house import House
from app.domain.events import Record, RunPlanned, SyncProgress
from app.domain.filters import Filters
from app.domain.history import step_one_kind
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.storage import folders, log
from app.storage.ledger import Ledger
from app.storage.ledger_file import NAME as LEDGER
from tests.domain.stories import BEGIN, planned
from tests.end_to_end.company import NAME, Told, set_up
from tests.load.held import Figures, held
from tests.load.many_runs import fill, holds
from tests.storage.test_log import OURS, empty_of, logging_to
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform == "win32", reason="handles are counted as Linux and macOS count them"),
]

RUNS = 10_000
KEY = bytes(range(32))


async def _seconds(work: Callable[[], Awaitable[object]], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        await work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


async def _asked_at_a_start(house: House) -> dict[str, float]:
    """What the faces ask of the ledger when a company is opened, in seconds each. `run.py bench start-large` starts the
    window itself with as many runs."""
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "history": lambda: house.history(NAME, 200),
        "cut off": lambda: house.interrupted(NAME),
        "usual times": lambda: house.habits(NAME, [step_one_kind(Filters())]),
        "last good": lambda: house.last_good(NAME),
        "freshness": lambda: house.past.freshness(NAME),
        "conductor": lambda: house.conductor(NAME, Told()),
    }
    return {name: await _seconds(work) for name, work in asked.items()}


async def test_a_start_and_the_history_are_not_slower_with_ten_thousand_runs(
    house: House, record_property: Figures
) -> None:
    place = folders.locate().of_profile(NAME)
    taken: dict[int, dict[str, float]] = {}
    for runs in (10, RUNS):
        await house.release(NAME)
        for left in place.glob(f"{LEDGER}*"):
            left.unlink()
        fill(place, runs, None)
        taken[runs] = await _asked_at_a_start(house)
        assert len(await house.history(NAME, RUNS + 1)) == runs
    size = sum(path.stat().st_size for path in place.glob(f"{LEDGER}*"))
    begin = time.perf_counter()
    assert (await house.verify(NAME)).events == RUNS * 17
    record_property("verify, seconds", round(time.perf_counter() - begin, 1))
    record_property("ledger, MB", round(size / 1e6, 1))
    for name, seconds in taken[RUNS].items():
        record_property(f"{name}, ms with 10 and with 10,000 runs",
                        [round(1000 * taken[10][name], 1), round(1000 * seconds, 1)])  # fmt: skip
    slower = {name: one for name, one in taken[RUNS].items() if one > 2 * taken[10][name] + 0.15}
    # Two hundred lines instead of ten are drawn, which takes its time; nothing reads the other 9,800.
    assert slower == {}


def test_the_command_that_shows_the_history_is_not_slower(own_home: Path, record_property: Figures) -> None:
    taken: dict[int, list[float]] = {50: [], RUNS: []}
    for runs in taken:
        fill(own_home / f"with {runs}" / "data" / "companies" / NAME, runs, KEY)
    words = [sys.executable, "-m", "app", "history", "--profile", NAME, "--limit", "50", "--json"]
    for _ in range(5):  # in turns: what else the machine does meets both
        for runs, times in taken.items():
            env = {**environ(), "ONDEMAND_SYNC_HOME": str(own_home / f"with {runs}")}
            begin = time.perf_counter()
            done = subprocess.run(words, capture_output=True, env=env, cwd=ROOT, check=True)
            times.append(time.perf_counter() - begin)
            assert done.stdout.count(b'"run_id"') == 50
    place = own_home / f"with {RUNS}" / "data" / "companies" / NAME
    assert holds(place, KEY)
    record_property(
        "history --json, s with 50 and with 10,000 runs", [round(min(one), 2) for one in taken.values()]
    )
    assert min(taken[RUNS]) < 1.5 * min(taken[50]) + 0.2


async def test_a_thousand_events_a_second_are_taken_and_few_of_them_kept(
    own_home: Path, record_property: Figures
) -> None:
    ledger = await Ledger.open(folders.locate().of_profile_ready(NAME), KEY)
    try:
        await ledger.append(Record(1, BEGIN, "run", planned([Tab.VENDORS])))
        before = held()
        begin = time.perf_counter()
        for place in range(2, 30_002):  # thirty seconds of a thousand a second
            at = BEGIN + timedelta(milliseconds=place)
            await ledger.append(Record(place, at, "run", SyncProgress(f"row {place}", 0.5)))
        rate = 30_000 / (time.perf_counter() - begin)
        kept = await ledger.records("run")
    finally:
        await ledger.close()
    after = held()
    record_property("events a second", round(rate))
    record_property("kept of 30,000", len(kept) - 1)
    record_property("growth, MB", round((after[0] - before[0]) / 1e6, 1))
    assert rate > 1000
    assert isinstance(kept[0].event, RunPlanned)
    assert len(kept) <= 1 + 30 // 5 + 1, "one in five seconds"
    assert after[0] - before[0] < 10e6


HOURS = 8
EVERY = 15  # minutes between two runs
POLLS = HOURS * 60 // EVERY * 180  # three minutes a run, a look each second


@pytest.mark.timeout(3600)  # on a machine that much else runs on; alone it takes a quarter of it
async def test_eight_hours_of_runs_and_polls_leave_nothing_behind(
    admin: Admin, record_property: Figures
) -> None:
    house = House("window", person=0.0)
    await set_up(house, admin.served, poll=0.02)
    try:
        await _eight_hours(house, admin, record_property)
    finally:
        await house.close()


async def _eight_hours(house: House, admin: Admin, record_property: Figures) -> None:
    told = Told()
    told.records, told.states = _Nothing(), _Nothing()  # a face keeps the last state, not all of them
    conductor = await house.conductor(NAME, told)
    runs, polls, warm = HOURS * 60 // EVERY, 0, (0, 0, 0)
    wanted = Wanted(tabs=(Tab.VENDORS,))
    done = 0
    while done < runs or polls < POLLS:
        admin.play("ok", pace=0.5)
        state = await conductor.run(wanted)
        assert state.ended is not None
        assert state.ended.exit == 0
        polls += len(admin.calls("hh2.sync.look")) + len(admin.calls("procore.tab.look"))
        done += 1
        if done == runs // 4:
            warm = held()
    end = held()
    memory, handles, threads = (after - before for after, before in zip(end, warm, strict=True))
    record_property("runs", done)
    record_property("polls", polls)
    record_property("memory at the end, MB", round(end[0] / 1e6, 1))
    record_property(
        "growth after the first quarter: MB, handles, threads", [round(memory / 1e6, 1), handles, threads]
    )
    assert memory < 12e6
    assert handles <= 2
    assert threads <= 1


class _Nothing(list):  # type: ignore[type-arg]
    def append(self, _one: object) -> None:
        return


def test_eight_hours_of_lines_in_the_log_take_five_megabytes(
    own_home: Path, record_property: Figures
) -> None:
    place = own_home / "log"
    with logging_to(place) as started:
        for number in range(60_000):
            OURS.info(f"line {number} {'x' * 100}")  # as many messages as lines
            if number % 5_000 == 0:  # nobody writes thousands of lines at once
                wait_until(empty_of(started), "what waits")
    files = [path for path in place.iterdir() if path.name.startswith(log.NAME)]
    size = sum(path.stat().st_size for path in files)
    record_property("log, files and MB", [len(files), round(size / 1e6, 1)])
    assert len(files) == 5
    assert size <= 5_000_000
