"""A million transactions a side: how long, and how much memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import resource, sys, time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from app.domain.ledgers import Block, Kind, ProcoreCost, ProcoreProject, SageCost, SageJob, Side
from app.match.compare import compare
from app.domain.match_question import Options
from app.domain.match_report import Narrowed
from app.match.report import Pages
from app.match.snapshot import List, finish, put
from app.match.store import open_store

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
after_read = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
began = time.monotonic()
report = compare(store, Options())
compared = time.monotonic() - began
began = time.monotonic()
pages = Pages(store)
node = pages.nodes(None, offset=2900, limit=50)[0]
rows = pages.differences(Narrowed(), offset=500, limit=50)
paged = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
size = (Path(sys.argv[1]) / "match" / "match.duckdb").stat().st_size // 1_000_000
print(report.verdict.differences, report.totals.sage_lines, report.totals.cells)
print(f"rows {COUNT} a side: read {read:.1f} s, compared {compared:.1f} s, two pages {paged * 1000:.0f} ms, "
      f"peak {after_read} MB while reading, {peak} MB in all, file {size} MB")
store.close()
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_a_million_transactions_a_side_are_compared_in_flat_memory(tmp_path: Path, count: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path), str(count)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-2000:]
    differences, lines, _ = (int(word) for word in done.stdout.splitlines()[0].split())
    assert lines == count
    assert differences > 0
    peak = int(done.stdout.split(" MB in all")[0].split()[-1])
    assert peak < 1500
