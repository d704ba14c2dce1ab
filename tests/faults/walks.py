"""Carries the steps on pages out: some at a time, each in a browser, with a training company and folders of its own."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.assembly.house import House
from app.storage.folders import Folders
from app.training import process
from tests.end_to_end.company import set_up
from tests.faults.pages import PACE, PageCell, PageOutcome, carried_out
from tests.training.admin import Admin
from tests.training.servers import ALONE, environ


async def walked(
    steps: Sequence[PageCell], at_once: int, home: Path, tell: Callable[[PageOutcome], None]
) -> list[PageOutcome]:
    """These steps, `at_once` at a time, in their order, and those once more alone that a loaded
    machine may have brought to their end; no browser shows a window. Files are made under `home`."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)
    left = list(reversed(steps))
    found: list[PageOutcome] = []

    async def work(number: int) -> None:
        root = home / f"walker-{number}"
        folders = Folders(root / "config", root / "data", root / "log", root / "run")
        company = await asyncio.to_thread(process.start, "ok", pace=PACE, program=ALONE, environ=environ())
        admin = Admin(company.served)
        house = House("command line", person=0.0, folders=folders)
        try:
            await set_up(house, company.served, poll=PACE / 4)
            while left:
                outcome = await carried_out(left.pop(), house, admin)
                found.append(outcome)
                tell(outcome)
        finally:
            await house.close()
            admin.close()
            await asyncio.to_thread(company.end)

    await asyncio.gather(*(work(number) for number in range(at_once)))
    again = [one for one in found if one.may_be_the_machine]
    if again and at_once > 1:  # alone: the machine may have been too busy for a deadline
        once_more = await walked([one.cell for one in again], 1, home / "alone", tell)
        found = [
            *(one for one in found if one not in again),
            *(replace(one, again=True) for one in once_more),
        ]
    return found
