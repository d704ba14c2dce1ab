"""start: from the start of the process to the first damage, and to a Start Sync that can be pressed and answers."""

import os
import tempfile
from pathlib import Path

from tests.bench import homes
from tests.bench.environment import environ
from tests.bench.figures import Aim, Told, of, ratios
from tests.bench.screen import Shown, Watcher, subject, x_server

PEERS = "ONDEMAND_SYNC_PEERS"


def measure(rounds: int) -> Told:
    """Ours, an empty QMainWindow and vorta in turns on one X server, warm: each was started once before."""
    with tempfile.TemporaryDirectory(prefix="ods-") as folder, x_server() as name:
        homes.with_companies(Path(folder, "home"))
        env = environ(Path(folder, "home"))
        works = {"ours": (subject("ours"), env, True), "empty window": (subject("empty"), env, True)}
        peers = os.environ.get(PEERS)
        if peers:
            vorta = str(Path(peers).with_name("vorta"))
            works["vorta"] = ([vorta], _vorta(Path(folder, "vorta")), False)
        taken: dict[str, list[Shown]] = {what: [] for what in works}
        watcher = Watcher(name)
        for number in range(rounds + 1):
            for what in works if number % 2 else reversed(works):
                words, its, tells = works[what]
                shown = watcher.start(words, its, tells=tells)
                if number:
                    taken[what].append(shown)
        watcher.close()
    ours, empty = taken["ours"], taken["empty window"]
    damage = {what: [one.damage for one in found] for what, found in taken.items()}
    answers = {"ours": [one.answers for one in ours], "empty window": [one.answers for one in empty]}
    aims = [
        Aim("answers: the empty window", ratios(answers["ours"], answers["empty window"]), 2.0),
        Aim("first damage: the empty window", ratios(damage["ours"], damage["empty window"]), 1.4),
    ]
    if peers:
        aims.append(Aim("first damage: vorta", ratios(damage["ours"], damage["vorta"]), 0.5))
    return Told(
        "start",
        tuple(aims),
        {
            **{f"{what}, first damage": of(values, "s") for what, values in damage.items()},
            **{f"{what}, answers": of(values, "s") for what, values in answers.items()},
            "ours, CPU until it answers": of([one.cpu for one in ours], "s"),
            "empty window, CPU until it answers": of([one.cpu for one in empty], "s"),
        },
        rounds,
    )


def _vorta(folder: Path) -> dict[str, str]:
    """A home of its own for vorta, and nothing of ours in its environment."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("ONDEMAND", "PYTHON"))}
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        env[name] = str(folder / name.lower())
        (folder / name.lower()).mkdir(parents=True)
    return env
