"""One run of the program's command line against a training company of its own, and what each side wrote down of it."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
import msgspec

from app.assembly.house import House
from app.domain.events import Record
from app.storage.ledger import Ledger
from app.training import process
from app.training.served import Served
from tests.bench.environment import environ
from tests.end_to_end.company import profile_for, secrets_of
from tests.training.admin import Admin
from tests.training.servers import ALONE, ROOT


@dataclass(frozen=True)
class Run:
    """The events of a run, and the servers' log of the same time."""

    records: list[Record]
    log: dict[str, Any]

    def at(self, event: type) -> datetime:
        """When the first event of a type happened."""
        return next(one.at for one in self.records if isinstance(one.event, event))


def carried_out(name: str, pace: float, poll: float, *words: str) -> Run:
    """`sync` by the training driver, in a process of its own, to its end; a home and servers of its own.

    `name` is the company's: the keyring is everybody's, so two at once have two names."""
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        env = environ(Path(folder))
        served = process.start("ok", pace=pace, program=ALONE, environ=env)
        admin = Admin(served.served)
        try:
            admin.settings(hour=100_000, burst=100_000)
            set_up = [sys.executable, "-m", "tests.bench.served_run", name, str(poll)]
            told = msgspec.json.encode(served.served)
            subprocess.run(set_up, input=told, env=env, cwd=ROOT, check=True)
            command = [sys.executable, "-m", "app", "sync", "--profile", name, "--json", *words]
            subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            return Run(anyio.run(_records, Path(folder), name), admin.log())
        finally:
            admin.close()
            served.end()


async def _records(folder: Path, name: str) -> list[Record]:
    found = await Ledger.open_to_read(folder / "data" / "companies" / name)
    run = (await found.runs(1))[0]
    return await found.records(run.run_id)


async def _set_up(name: str, poll: float) -> None:
    served = msgspec.json.decode(sys.stdin.buffer.read(), type=Served)
    house = House("command line", person=0.0)
    profile = msgspec.structs.replace(profile_for(served, poll=poll), name=name)
    assert await house.save(profile) == []
    for secret, text in secrets_of(served).items():
        await house.keep_secret(name, secret, text, remember=True)
    await house.close()


if __name__ == "__main__":
    anyio.run(_set_up, sys.argv[1], float(sys.argv[2]))
