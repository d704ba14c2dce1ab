"""overhead-browser: a run of three jobs by the browser driver beside the same run by the training driver."""

import os
import sys
import tempfile

import anyio
import msgspec

from app.assembly.house import House
from app.training import process
from app.training.company import found
from app.training.news import News, week
from tests.bench.meter import Figure, Taken, take
from tests.end_to_end.company import NAME, set_up
from tests.training.admin import Admin
from tests.training.servers import ALONE, ROOT, environ

ROUNDS = 7
JOBS = 3
PACE = 1.0  # the training company's own pace: what a sync and a refresh take there is not shortened
TARGET = 4.0  # seconds that the browser may add
MEGABYTE = 1_000_000


def measure(rounds: int = ROUNDS) -> dict[str, object]:
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
    added = Figure.of(more)
    return {
        "name": "overhead-browser",
        "value": round(added.value, 2),
        "spread": [round(added.least, 2), round(added.most, 2)],
        "target": TARGET,
        "met": added.value <= TARGET,
        "seconds": {name: _shown([one.seconds for one in runs]) for name, runs in taken.items()},
        "megabytes": {name: _shown([one.ours / MEGABYTE for one in runs]) for name, runs in taken.items()},
        "megabytes of the browser": _shown([one.others / MEGABYTE for one in taken["browser"]]),
    }


def _command(driver: str) -> list[str]:
    company = found()
    moved = sorted({company.jobs[cost.job_id].code for cost in week(company, News.CHANGES, 1).costs})
    words = [sys.executable, "-m", "app", "sync", "--profile", NAME, "--driver", driver, "--json"]
    return [*words, "--jobs", ",".join(moved[:JOBS])]


async def _company(admin: Admin) -> None:
    house = House("command line", person=0.0)
    await set_up(house, admin.served, remember=True, poll=PACE / 4)
    await house.close()


def _shown(values: list[float]) -> list[float]:
    figure = Figure.of(values)
    return [round(one, 1) for one in (figure.value, figure.least, figure.most)]


if __name__ == "__main__":
    told = measure(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
    print(msgspec.json.format(msgspec.json.encode(told)).decode())
    sys.exit(0 if told["met"] else 10)
