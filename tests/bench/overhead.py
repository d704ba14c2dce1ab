"""overhead: wall time of a run against servers with realistic delays, beside the servers' own critical path."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from app.domain.events import JobFinished, RunEnded, RunPlanned, StepOneFinished, TabFinished
from app.domain.tabs import Tab
from tests.bench import critical_path
from tests.bench.figures import Aim, Figure, Told, of
from tests.bench.served_run import Run, carried_out

PACE = 30.0  # a sync of two minutes, a tab of half a minute, a job of nine seconds
POLL = 1.0


def measure(rounds: int) -> Told:
    """All rounds at once: nearly all of a run is waiting. Each has servers, a home and a company of its own."""
    with ThreadPoolExecutor(rounds) as threads:
        runs = list(threads.map(lambda n: carried_out(f"Acme {n}", PACE, POLL), range(rounds)))
    whole = [(run.at(RunEnded) - run.at(RunPlanned)).total_seconds() for run in runs]
    path = [critical_path.seconds(run.log) for run in runs]
    late = [seconds for run in runs for seconds in _noticed(run)]
    rate = [most for run in runs for most in _looks(run)]
    noticed = Figure.of(late)
    return Told(
        "overhead",
        (
            Aim(
                "the servers' critical path",
                Figure.of([one / other for one, other in zip(whole, path, strict=True)]),
                1.03,
            ),
            Aim("an end is noticed after: median", noticed, 0.5, "s"),
            Aim("an end is noticed after: worst", Figure(max(late), min(late), max(late)), 1.1, "s"),
            Aim(
                "looks at one tab or sync in a second: most", Figure(max(rate), min(rate), max(rate)), 1.0, ""
            ),
        ),
        {
            "a run": of(whole, "s"),
            "the servers' critical path": of(path, "s"),
            "ends noticed": of([len(late)], ""),
        },
        rounds,
    )


def _noticed(run: Run) -> list[float]:
    """Seconds from the end of each operation, by the servers' log, to its event in the ledger."""
    ended: dict[tuple[str, int], datetime] = {}
    jobs = 0
    for record in run.records:
        if isinstance(record.event, StepOneFinished):
            ended["", 0] = record.at
        elif isinstance(record.event, JobFinished):
            ended[Tab.JOB_COSTS.value, jobs] = record.at
            jobs += 1
        elif isinstance(record.event, TabFinished) and record.event.tab is not Tab.JOB_COSTS:
            ended[record.event.tab.value, 0] = record.at
    seen: dict[str, int] = {}
    late: list[float] = []
    for tab, _, _, ends in critical_path.operations(run.log):
        number = seen.get(tab, 0)
        seen[tab] = number + 1
        late.append((ended[tab, number] - ends).total_seconds())
    return late


def _looks(run: Run) -> list[float]:
    """Looks in a second at each sync and tab, from the first look after its press to the last before the next press."""
    found: list[float] = []
    looks: dict[str, list[datetime]] = {}
    for seen in run.log["requests"]:
        key, at = (
            seen["path"].removesuffix("/press").removesuffix("/start"),
            datetime.fromisoformat(seen["at"]),
        )
        if seen["call"] in ("hh2.sync.start", "procore.tab.press"):
            looks[key] = []
        elif seen["call"] in ("hh2.sync.look", "procore.tab.look") and key in looks:
            looks[key].append(at)
            times = looks[key]
            if len(times) > 2:
                found.append((len(times) - 1) / (times[-1] - times[0]).total_seconds())
    return found
