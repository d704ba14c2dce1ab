"""A million transactions a side: how long, and how much memory."""

import faulthandler
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _as_long_as_the_mark_says() -> None:
    """On a busy machine this takes longer than any one test of the rest may."""
    faulthandler.cancel_dump_traceback_later()


_PROGRAM = """
import sys, time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from app.domain.lists import Block, Kind, ProcoreCost, ProcoreProject, SageCost, SageJob, Side
from app.match.compare import compare
from app.domain.match_question import Options
from app.domain.match_report import Narrowed
from app.match.report import Pages
from app.match.snapshot import List, finish, put
from app.match.store import open_store


# MB of this process alone at its largest: what getrusage tells counts who started it, too.
def peak():
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))

COUNT, JOBS = int(sys.argv[2]), 3000
AT, DAY = datetime(2026, 11, 24, tzinfo=UTC), date(2025, 1, 1)
store = open_store(Path(sys.argv[1]))
began = time.monotonic()

def lay(side, kind, rows, size=1000):
    block, n = [], 0
    for row in rows:
        block.append(row)
        if len(block) == size:
            n += len(block)
            put(store, List(side, kind), side.value, Block(tuple(block), str(n), False, True, AT))
            block = []
    put(store, List(side, kind), side.value, Block(tuple(block), "", True, True, AT))
    finish(store, side, kind, is_file=True)

def sage(n):
    return SageCost(id=f"tx{n}", version=n + 1, job_id=f"job{n % JOBS}", sub_job_id="", amount=Decimal(n % 99991) / 100,
        cost_code_id=f"{n // JOBS % 400:03}", cost_type_id="LM"[n % 2], posted=DAY + timedelta(n % 600))

def procore(n):
    amount = Decimal(n % 99991 + (5000 if n % 997 == 0 else 0)) / 100
    return ProcoreCost(id=f"5{n}", project_id=f"7{n % JOBS}", sub_job_id="", cost_code_id=f"{n // JOBS % 400:03}",
        cost_type_id="LM"[n % 2], posted=DAY + timedelta(n % 600), amount=amount)

jobs = range(JOBS)
lay(Side.SAGE, Kind.JOBS, (SageJob(id=f"job{n}", version=n + 1, code=f"25-{n:04}", name=f"Job {n}") for n in jobs))
lay(Side.PROCORE, Kind.JOBS,
    (ProcoreProject(id=f"7{n}", origin_id=f"job{n}", number=f"25-{n:04}", name=f"Job {n}") for n in jobs))
lay(Side.SAGE, Kind.COSTS, map(sage, range(COUNT)))
lay(Side.PROCORE, Kind.COSTS, map(procore, range(COUNT)))
read = time.monotonic() - began
after_read = peak()
began = time.monotonic()
report = compare(store, Options())
compared = time.monotonic() - began
began = time.monotonic()
pages = Pages(store)
node = pages.nodes(None, offset=2900, limit=50)[0]
rows = pages.differences(Narrowed(), offset=500, limit=50)
paged = time.monotonic() - began
most = peak()
size = (Path(sys.argv[1]) / "match" / "match.duckdb").stat().st_size // 1_000_000
print(report.verdict.differences, report.totals.sage_lines, report.totals.cells)
print(f"rows {COUNT} a side: read {read:.1f} s, compared {compared:.1f} s, two pages {paged * 1000:.0f} ms, "
      f"peak {after_read} MB while reading, {most} MB in all, file {size} MB")
store.close()
"""

_EXPORT = """
import sys, time
from pathlib import Path
from app.match.compare import last_report
from app.match.exports import Export, write
from app.match.report import Pages
from app.match.store import open_store


# MB of this process alone at its largest: what getrusage tells counts who started it, too.
def peak():
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))

store = open_store(Path(sys.argv[1]))
report, kind = last_report(store), Export(sys.argv[2])
began, working = time.monotonic(), time.process_time()
files = write(report, Pages(store), Path(sys.argv[1]) / "out", (kind,))
size = sum(one.size for one in files) // 1_000_000
most = peak()
took, worked = time.monotonic() - began, time.process_time() - working
print(f"{kind}: {took:.1f} s, {worked:.1f} s of work, {size} MB, peak {most} MB in all")
store.close()
"""


@pytest.mark.slow
@pytest.mark.timeout(2700)
@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_a_million_transactions_a_side_are_compared_in_flat_memory(tmp_path: Path, count: int) -> None:
    told = _run(_PROGRAM, str(tmp_path), str(count))
    differences, lines, cells = (int(word) for word in told.splitlines()[0].split())
    assert lines == count
    assert differences > 0
    assert cells > count // 2
    assert _peak(told) < 1500
    # The report is written in little memory too, however many lines it has; a workbook goes on in another tab.
    for kind in ("csv", "json", "xlsx"):
        assert _peak(_run(_EXPORT, str(tmp_path), kind)) < 400


def _run(program: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _peak(told: str) -> int:
    return int(told.split(" MB in all", maxsplit=1)[0].rsplit(maxsplit=1)[-1])
