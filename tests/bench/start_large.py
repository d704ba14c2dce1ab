"""start-large: the start with 20 companies, one of which has 10,000 runs, beside that with one company and none."""

import tempfile
from pathlib import Path
from statistics import median

from tests.bench import homes
from tests.bench.environment import environ
from tests.bench.figures import Aim, Told, of, ratios
from tests.bench.screen import Shown, Watcher, subject, x_server


def measure(rounds: int) -> Told:
    """Both in turns. The target is the start's own spread in this run: its longest over its median."""
    with tempfile.TemporaryDirectory(prefix="ods-") as folder, x_server() as name:
        small, large = Path(folder, "small"), Path(folder, "large")
        homes.with_companies(small)
        homes.with_runs(large)
        taken: dict[str, list[Shown]] = {"small": [], "large": []}
        watcher = Watcher(name)
        for number in range(rounds + 1):
            for what, home in (("small", small), ("large", large)):
                shown = watcher.start(subject("ours"), environ(home), tells=True)
                if number:
                    taken[what].append(shown)
        watcher.close()
    answers = {what: [one.answers for one in found] for what, found in taken.items()}
    spread = max(answers["small"]) / median(answers["small"])
    return Told(
        "start-large",
        (
            Aim(
                "answers: the start, within its spread",
                ratios(answers["large"], answers["small"]),
                round(spread, 3),
            ),
        ),
        {
            **{f"{what}, answers": of(values, "s") for what, values in answers.items()},
            **{
                f"{what}, CPU until it answers": of([one.cpu for one in found], "s")
                for what, found in taken.items()
            },
        },
        rounds,
    )
