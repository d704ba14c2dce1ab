"""overhead-browser: a run of three jobs by the browser driver beside the same run by the training driver."""

import os
import sys
import tempfile

import anyio

from app.assembly.house import House
from app.training import process
from app.training.company import found
from app.training.news import News, week
from tests.bench.figures import Aim, Figure, Told, of
from tests.bench.meter import Taken, take
from tests.end_to_end.company import NAME, set_up
from tests.training.admin import Admin
from tests.training.servers import ALONE, ROOT, environ

JOBS = 3
PACE = 1.0  # the training company's own pace: what a sync and a refresh take there is not shortened
TARGET = 4.0  # seconds that the browser may add
MEGABYTE = 1_000_000


def measure(rounds: int) -> Told:
    """Both drivers in turn against one training company, `rounds` times each; the figures by the name of each."""
    served = process.start("ok", pace=PACE, program=ALONE, environ=environ())
    taken: dict[str, list[Taken]] = {"training": [], "browser": []}
    try:
        with tempfile.TemporaryDirectory(prefix="ods-") as home:
            os.environ["ONDEMAND_SYNC_HOME"] = home
            admin = Admin(served.served)
            admin.settings(hour=100_000, burst=100_000)
            anyio.run(_company, admin)
            for _ in range(rounds):
                for driver, runs in taken.items():
                    admin.play("ok", pace=PACE)
                    runs.append(take(_command(driver), environ(), ROOT))
            admin.close()
    finally:
        served.end()
    more = [b.seconds - t.seconds for b, t in zip(taken["browser"], taken["training"], strict=True)]
    return Told(
        "overhead-browser",
        (Aim("seconds more than by the training driver", Figure.of(more), TARGET, "s"),),
        {
            **{driver: of([one.seconds for one in runs], "s") for driver, runs in taken.items()},
            "memory of the program, by the browser": of(
                [one.ours / MEGABYTE for one in taken["browser"]], "MB"
            ),
            "memory of the browser and its driver": of(
                [one.others / MEGABYTE for one in taken["browser"]], "MB"
            ),
            "memory of the program, by the training driver": of(
                [one.ours / MEGABYTE for one in taken["training"]], "MB"
            ),
        },
        rounds,
    )


def _command(driver: str) -> list[str]:
    company = found()
    moved = sorted({company.jobs[cost.job_id].code for cost in week(company, News.CHANGES, 1).costs})
    words = [sys.executable, "-m", "app", "sync", "--profile", NAME, "--driver", driver, "--json"]
    return [*words, "--jobs", ",".join(moved[:JOBS])]


async def _company(admin: Admin) -> None:
    house = House("command line", person=0.0)
    await set_up(house, admin.served, remember=True, poll=PACE / 4)
    await house.close()
