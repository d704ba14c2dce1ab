"""What lies behind a company, beside its runs: the verdicts of its match reports, and the history as a file."""

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import anyio.to_thread
import msgspec

from app import disk
from app.domain.events import Site
from app.domain.freshness import Freshness
from app.domain.history import PastVerdict, RunSummary
from app.domain.looks import SUCCESSES, StepOneOutcome
from app.domain.match_report import Report
from app.domain.run import fold
from app.domain.tabs import Tab
from app.storage.ledger import Ledger
from app.storage.results import FOLDER

_LOOKED_BACK = 500  # runs; what was refreshed before them is as good as not known
_COLUMNS = (
    "run", "company", "training", "begun", "ended", "seconds", "outcome", "step_1", "date_range", "depth", "tabs",
    "problems", "by", "driver",
)  # fmt: skip


class Past:
    """Fulfils `engine.faces.Past`. `folder_of` gives the data folder of a company, `ledger_of` its ledger to read."""

    def __init__(
        self,
        folder_of: Callable[[str], Awaitable[Path]],
        is_current: Callable[[str], Awaitable[bool]],
        ledger_of: Callable[[str], Awaitable[Ledger]],
    ) -> None:
        self._folder_of = folder_of
        self._is_current = is_current
        self._ledger_of = ledger_of

    async def verdicts(self, name: str) -> list[PastVerdict]:
        """The verdicts of the reports that are kept, oldest first. Raises Trouble(DISK, FILE_BROKEN)."""
        folder = await self._folder_of(name)
        if not await self._is_current(name):
            return []
        return await anyio.to_thread.run_sync(_verdicts, folder)

    async def freshness(self, name: str) -> Freshness:
        """How old the data in hh2 and in Procore are, as far as the latest runs know. Raises Trouble(DISK,
        FILE_BROKEN)."""
        ledger = await self._ledger_of(name)
        known = Freshness()
        wanted: set[object] = {Site.HH2, *Tab}
        for line in await ledger.runs(_LOOKED_BACK):
            told: set[object] = {tab for tab, end in line.tabs.items() if end in SUCCESSES}
            if line.step_one is StepOneOutcome.DONE:
                told.add(Site.HH2)
            if not told & wanted:
                continue
            run = fold(await ledger.records(line.run_id))
            known = known.with_run(run) if run is not None else known
            wanted -= told
        return known

    async def results(self, name: str) -> str:
        """The folder where the end of each run is written; it may not be there yet."""
        return str(await self._folder_of(name) / FOLDER)

    async def write(self, path: str, runs: Sequence[RunSummary]) -> None:
        """Write runs as CSV, or as JSON where the path ends so. Raises Trouble(DISK)."""
        made = as_json(runs) if Path(path).suffix.lower() == ".json" else as_csv(runs)
        await anyio.to_thread.run_sync(disk.write, Path(path), made)


def _verdicts(folder: Path) -> list[PastVerdict]:
    from app.match import store as kept

    if not (folder / kept.FOLDER / kept.NAME).exists():
        return []
    store = kept.open_store(folder)
    try:
        found = store.execute("SELECT header FROM report ORDER BY made")
    finally:
        store.close()
    verdicts: list[PastVerdict] = []
    for (header,) in found:
        try:
            report = msgspec.json.decode(header, type=Report)
        except msgspec.ValidationError:  # another version made it
            continue
        verdicts.append(PastVerdict(report.at, report.verdict))
    return verdicts


def as_csv(runs: Sequence[RunSummary]) -> bytes:
    """A line for each run under its headings; times ISO 8601 in UTC. UTF-8 with its mark, so that a spreadsheet reads
    the accents; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    from app.match.exports.csv_json import harmless

    lines = io.StringIO(newline="")
    out = csv.writer(lines)
    out.writerow(_COLUMNS)
    for run in runs:
        tabs = "; ".join(
            f"{tab.value}={end.value if end is not None else ''}" for tab, end in run.tabs.items()
        )
        out.writerow(
            [
                run.run_id,
                harmless(run.profile),
                "yes" if run.training else "",
                _utc(run.started_at),
                _utc(run.ended_at) if run.ended_at is not None else "",
                "" if run.seconds is None else f"{run.seconds:.1f}",
                run.outcome.value if run.outcome is not None else "cut-off",
                run.step_one.value if run.step_one is not None else "",
                run.filters.date_range.value,
                run.filters.depth.value,
                tabs,
                " ".join(run.problems),
                harmless(run.who),
                run.driver,
            ]
        )
    return lines.getvalue().encode("utf-8-sig")


def as_json(runs: Sequence[RunSummary]) -> bytes:
    """A list with an object for each run, as the ledger keeps its line."""
    return msgspec.json.format(msgspec.json.encode(list(runs)), indent=2) + b"\n"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
