"""requests: how many a run and an incremental match make, beside the least that would do."""

import os
import tempfile
from pathlib import Path
from typing import Any

import anyio

from app.assembly.house import House
from app.domain.match_progress import Estimate, Progress
from app.domain.match_question import Asked
from app.domain.match_report import Report
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training import process
from tests.bench import critical_path
from tests.bench.environment import VARIABLE, environ
from tests.bench.figures import Aim, Figure, Told, of
from tests.end_to_end.company import NAME, carry_out, set_up
from tests.training.admin import Admin
from tests.training.servers import ALONE

PACE = 1.0
POLL = 0.25 * PACE
# Sign-ins: at hh2's page and service, at Procore's page and service (its token), who we are at Procore.
SIGN_INS = 5
# Asked once: Procore's permissions by both ways, hh2's filters, Procore's jobs; four short lists that are counted
# before step 2; and the jobs that moved, before and after the sync.
ONCE = 4 + 4 + 2
# Of a job that moved: its transactions at hh2; at Procore its sub jobs, its cost codes, its direct costs, their lines,
# and its rows of the budget view.
OF_A_JOB = 6
# At Procore the cost codes' list has to be found before it is read, and the column of job costs before its rows are.
FOUND_FIRST = 3


def measure(rounds: int) -> Told:
    """Counts do not depend on the machine, but looks depend on how long it takes; so as many rounds as elsewhere. Each
    has a company and a home of its own: what a run moved once, it does not move again."""
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="ods-") as folder:
            os.environ[VARIABLE] = folder
            served = process.start("ok", pace=PACE, program=ALONE, environ=environ(Path(folder)))
            admin = Admin(served.served)
            try:
                admin.settings(hour=100_000, burst=100_000)
                found.append(anyio.run(_round, admin))
            finally:
                admin.close()
                served.end()
    runs, least, match, match_least = (list(one) for one in zip(*found, strict=True))
    return Told(
        "requests",
        (
            Aim("a run: the least", Figure.of([a / b for a, b in zip(runs, least, strict=True)]), 1.2),
            Aim(
                "an incremental match: the least",
                Figure.of([a / b for a, b in zip(match, match_least, strict=True)]),
                1.2,
            ),
        ),
        {
            "a run": of(runs, ""),
            "a run, at least": of(least, ""),
            "an incremental match": of(match, ""),
            "an incremental match, at least": of(match_least, ""),
        },
        rounds,
    )


async def _round(admin: Admin) -> tuple[int, int, int, int]:
    house = House("command line", person=0.0)
    await set_up(house, admin.served, poll=POLL)
    await house.matching.match(NAME, Asked(fresh=True), _nobody)
    before = len(admin.log()["requests"])
    await carry_out(house, Wanted())
    await house.release(NAME)
    log = admin.log()
    report = (await house.matching.match(NAME, Asked(), _nobody)).report
    await house.close()
    run = {**log, "requests": log["requests"][before:]}
    return len(run["requests"]), _least(run), report.requests, _least_of_match(report, run)


def _nobody(_told: Progress | Estimate) -> None:
    """Nobody listens."""


def _least(log: dict[str, Any]) -> int:
    """Sign-ins, what is asked once; for each operation one look before its press, the press, and a look at each of the
    moments that are waited for until it has ended."""
    total = SIGN_INS + ONCE
    for _, _, pressed, ends in critical_path.operations(log):
        total += 2 + 1 + int((ends - pressed).total_seconds() / POLL)
    return total


def _least_of_match(report: Report, run: dict[str, Any]) -> int:
    """A request for each list that is read as a whole, and those of each job that the run refreshed."""
    whole = sum(1 for age in report.ages if age.lists == 1)
    moved = {job for tab, job, _, _ in critical_path.operations(run) if tab == Tab.JOB_COSTS.value}
    return whole + FOUND_FIRST + OF_A_JOB * len(moved)
