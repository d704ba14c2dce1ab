"""A large company: a full report from snapshots, and a second one that asks both sites for the changes alone."""

import faulthandler
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import pytest

from app.assembly.house import House
from app.domain.lists import Side
from app.domain.match_progress import Estimate, Progress
from app.domain.match_question import Asked, Options
from app.domain.match_report import Report
from app.domain.match_verdict import Match
from app.engine.faces import Wanted
from app.match.compare import compare
from app.match.store import open_store
from app.storage import folders as where
from app.training import process
from app.training.process import TrainingCompany
from app.training.world import World
from tests.end_to_end.company import NAME, carry_out, set_up
from tests.end_to_end.snapshots import Snapshots
from tests.training.admin import Admin
from tests.training.servers import ALONE, environ

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(autouse=True)
def _as_long_as_the_mark_says() -> None:
    """On a busy machine this takes longer than any one test of the rest may."""
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture
def large() -> Iterator[TrainingCompany]:
    """A training company of a million transactions, whose Procore keeps to 600 requests in a second."""
    began = time.monotonic()
    started = process.start("ok", pace=0.02, size="large", hour=1.0, program=ALONE, environ=environ())
    print(f"\nserved after {time.monotonic() - began:.1f} s")
    yield started
    started.end()


@pytest.fixture
async def house(large: TrainingCompany) -> AsyncIterator[House]:
    opened = House("command line", person=0.0)
    await set_up(opened, large.served)
    yield opened
    await opened.close()


async def test_a_second_report_on_a_large_company_reads_only_the_changes(
    large: TrainingCompany, house: House
) -> None:
    served = large.served
    folder = where.locate().of_profile_ready(NAME)
    store = open_store(folder)
    began = time.monotonic()
    snapshots = Snapshots(
        World(size="large"), f"hh2 ({served.hh2.site})", f"Procore ({served.procore.company_id})"
    )
    snapshots.lay(store)
    laid = time.monotonic()
    working = time.process_time()
    report = compare(store, Options())
    compared, working = time.monotonic(), time.process_time() - working
    store.close()
    print(
        f"snapshots of {snapshots.rows} rows laid in {laid - began:.0f} s, compared in {compared - laid:.0f} s "
        f"({working:.0f} s of work): "
        f"{report.totals.sage_lines} transactions of Sage, {report.totals.cells} cells, {report.totals.jobs} jobs; "
        f"peak {_peak()} MB"
    )
    assert report.verdict.match is Match.MATCHES, (report.reasons, report.not_compared)
    assert report.totals.sage_lines == 1_000_000
    assert report.totals.jobs == 3_000

    admin = Admin(served)
    run, _ = await carry_out(house, Wanted())
    await house.release(NAME)
    asked = Counter(seen["site"] for seen in admin.log()["requests"])
    estimates: list[Estimate] = []

    def tell(told: Progress | Estimate) -> None:
        if isinstance(told, Estimate):
            estimates.append(told)

    began = time.monotonic()
    second = (await house.matching.match(NAME, Asked(), tell)).report
    seconds = time.monotonic() - began
    requests = Counter(seen["site"] for seen in admin.log()["requests"])
    requests.subtract(asked)
    admin.close()
    print(f"second report in {seconds:.0f} s: {dict(requests)} requests, foreseen {estimates[-1].requests}")
    assert second.verdict.match is Match.MATCHES, (second.reasons, second.not_compared)
    assert second.totals.sage > report.totals.sage
    whole = await foreseen_for_all(house)
    print(f"all of it anew would be {whole.requests} requests")
    assert whole.requests[procore_of(second)] > 100 * requests["procore"]
    # The lists of the company by what changed in them, and the lists of the jobs that moved: not those of 3,000.
    moved = len(run.jobs)
    assert 0 < moved <= 15
    assert requests["hh2"] <= 10 + moved
    assert requests["procore"] <= 20 + 8 * moved


async def foreseen_for_all(house: House) -> Estimate:
    """What is said before everything is read anew; it is not begun."""
    heard: list[Estimate] = []
    with anyio.CancelScope() as scope:

        def stop(told: Progress | Estimate) -> None:
            if isinstance(told, Estimate):
                heard.append(told)
                scope.cancel()

        await house.matching.match(NAME, Asked(fresh=True), stop)
    return heard[0]


def procore_of(report: Report) -> str:
    """What the report calls Procore."""
    return next(age.source for age in report.ages if age.side is Side.PROCORE)


def _peak() -> int:
    """MB of this process alone at its largest: what getrusage tells counts who started it, too."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
