"""One comparison of snapshots that lie on disk, in a process of its own: seconds, CPU, memory at its largest, counts.

`python -m tests.bench.match_work ours|join|next FOLDER`; `next` compares twice, a week later the second time."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.domain.match_question import Options
from app.match.compare import compare
from app.match.store import Store, open_store
from tests.bench import snapshots

# What no comparison can do without: the lines of both sides under their cells, and the cells side by side.
_JOIN = """
WITH sage AS (
    SELECT job_id, cost_code_id, cost_type_id, sum(amount) AS amount, count(*) AS lines
    FROM sage_costs GROUP BY ALL),
procore AS (
    SELECT project.origin_id AS job_id, cost_code_origin_id AS cost_code_id, cost_type_origin_id AS cost_type_id,
           sum(amount) AS amount, count(*) AS lines
    FROM procore_costs AS cost JOIN procore_jobs AS project ON project.id = cost.project_id GROUP BY ALL)
SELECT count(*), count(*) FILTER (sage.amount IS DISTINCT FROM procore.amount)
FROM sage FULL JOIN procore USING (job_id, cost_code_id, cost_type_id)
"""


def main(what: str, folder: str) -> None:
    """Print what it took as JSON. The store is opened before the clock starts: a program has it open."""
    store = open_store(Path(folder))
    told = _taken(store, what == "join")
    if what == "next":
        snapshots.a_week_later(store, datetime.now(UTC))
        told = {**_taken(store, bare=False), "first": told}
    store.close()
    print(msgspec.json.encode(told).decode())


def _taken(store: Store, bare: bool) -> dict[str, object]:
    began, cpu = time.perf_counter(), time.process_time()
    if bare:
        cells, differences = store.execute(_JOIN)[0]
    else:
        report = compare(store, Options())
        cells, differences = report.totals.cells, report.verdict.differences
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak": _peak(),
        "cells": cells,
        "differences": differences,
    }


def _peak() -> int:
    """Bytes of memory of this process at its largest. (What getrusage tells counts who started it, too.)"""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(*sys.argv[1:])
