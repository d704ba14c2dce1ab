"""Homes of the program: with a company, and with ten thousand runs of one of twenty companies."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio

from app.assembly.house import House
from app.domain.events import Record, RunEnded, RunOutcome, RunPlanned
from app.domain.filters import Filters
from app.domain.profile import DriverName, Hh2Settings, ProcoreSettings, Profile
from app.domain.tabs import Tab
from app.storage.folders import locate
from app.storage.ledger import Ledger
from tests.bench.environment import home

COMPANIES = 20
RUNS = 10_000
AT = datetime(2024, 1, 2, 8, tzinfo=UTC)


def with_companies(folder: Path, count: int = 1) -> None:
    """Save so many companies; the first one is called Acme."""
    with home(folder):
        anyio.run(_save, count)


def with_runs(folder: Path, runs: int = RUNS) -> None:
    """The same with twenty companies and so many ended runs of the first."""
    with_companies(folder, COMPANIES)
    with home(folder):
        anyio.run(_fill, runs)


async def _save(count: int) -> None:
    house = House("command line", person=0.0)
    for number in range(count):
        name = f"Acme {number}" if number else "Acme"
        profile = Profile(
            name,
            DriverName.BROWSER,
            Hh2Settings("acme", "https://acme.hh2.com", "controller"),
            ProcoreSettings(1000 + number, name, "controller@acme.example"),
        )
        assert await house.save(profile) == []
    await house.close()


async def _fill(runs: int) -> None:
    ledger = await Ledger.open(locate().of_profile_ready("Acme"), None)
    for number in range(runs):
        at = AT + timedelta(hours=2 * number)
        run = f"run{number:06}"
        planned = RunPlanned(
            "Acme", "browser", False, "someone", "0", True, Filters(), tuple(Tab), None, True
        )
        await ledger.append(Record(1, at, run, planned))
        await ledger.append(Record(2, at + timedelta(minutes=9), run, RunEnded(RunOutcome.FAILED, 1)))
    await ledger.close()
