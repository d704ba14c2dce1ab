"""start-frozen: the start of the frozen program beside a frozen empty window; only where both were built."""

import os
import tempfile
from pathlib import Path

from tests.bench import homes
from tests.bench.environment import environ
from tests.bench.figures import Aim, Told, of, ratios
from tests.bench.screen import Shown, Watcher, x_server

# The two programs, each as the path of what is started.
OURS, EMPTY = "ONDEMAND_SYNC_FROZEN", "ONDEMAND_SYNC_FROZEN_EMPTY"


def measure(rounds: int) -> Told:
    """First damage of both in turns, warm."""
    programs = {"ours": os.environ.get(OURS), "empty window": os.environ.get(EMPTY)}
    if not all(programs.values()):
        return Told("start-frozen", not_measured=f"no frozen program is here ({OURS} and {EMPTY} name two)")
    with tempfile.TemporaryDirectory(prefix="ods-") as folder, x_server() as name:
        homes.with_companies(Path(folder))
        taken: dict[str, list[Shown]] = {what: [] for what in programs}
        watcher = Watcher(name)
        for number in range(rounds + 1):
            for what, program in programs.items():
                shown = watcher.start([str(program)], environ(Path(folder)), tells=False)
                if number:
                    taken[what].append(shown)
        watcher.close()
    damage = {what: [one.damage for one in found] for what, found in taken.items()}
    return Told(
        "start-frozen",
        (Aim("first damage: the frozen empty window", ratios(damage["ours"], damage["empty window"]), 1.5),),
        {f"{what}, first damage": of(values, "s") for what, values in damage.items()},
        rounds,
    )
