"""Every kind of file that the program writes: how a first and a second one of it are written, and what then stands."""

import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import msgspec

from app.assembly import match_choice
from app.assembly.paper import print_pdf
from app.assembly.past import as_csv
from app.disk import write as write_whole
from app.domain.events import Record
from app.domain.filters import Filters
from app.domain.lists import Kind, Side
from app.domain.match_question import Asked, Options, RunFacts
from app.domain.profile import Hh2Settings, Profile, Secret
from app.domain.support import PageOutline
from app.domain.tabs import Job
from app.match import headings
from app.match.compare import compare
from app.match.exports import Export
from app.match.exports import write as write_report
from app.match.headings import Layout
from app.match.report import Pages
from app.match.store import Store, open_store
from app.portals import processes
from app.storage import (
    census,
    job_list,
    movement,
    outlines,
    places,
    profiles,
    results,
    sealed_files,
    settings,
)
from app.storage.census import Census
from app.storage.folders import Folders, check_writable
from app.storage.ledger import Ledger
from app.storage.lock import lock_profile
from app.storage.movement import Reading
from app.storage.sealed_files import Index, Place
from app.storage.settings import Settings
from app.storage.turn import turn
from tests.match.lists import Company
from tests.storage.test_kill import KEY, endless

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Writing:
    """One kind of file. `write(folder, n)` writes the n-th of it, `read(folder)` is what stands there then.

    `modules` are those of the program that do so."""

    modules: tuple[str, ...]
    write: Callable[[Path, int], object]
    read: Callable[[Path], object]


def folders(disk: Path) -> Folders:
    """All folders of the program, on one disk."""
    return Folders(disk / "config", disk / "data", disk / "log", disk / "run")


def _run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return anyio.run(work)


def _ledger(disk: Path, n: int) -> None:
    async def work() -> None:
        ledger = await Ledger.open(disk, KEY)
        try:
            for record in endless(1)[: 4 * n]:
                if record.seq > 4 * (n - 1):
                    await ledger.append(record)
        finally:
            await ledger.close()

    _run(work)


def _records(disk: Path) -> list[Record]:
    async def work() -> list[Record]:
        ledger = await Ledger.open_to_read(disk, KEY)
        assert (await ledger.verify()).holds
        return await ledger.records("run-1")

    found: list[Record] = _run(work)
    return found


def _profile(disk: Path, n: int) -> None:
    assert profiles.save(folders(disk), Profile("Acme", hh2=Hh2Settings(f"acme{n}"))) == []


def _outlines(disk: Path, n: int) -> None:
    outlines.add(disk, [PageOutline("hh2", AT + timedelta(days=n), f"button {n}")])


def _lock(disk: Path, n: int) -> None:
    taken = lock_profile(folders(disk), "Acme", "window" if n == 1 else "command line")
    taken.release()


def _turn(disk: Path, n: int) -> None:
    async def work() -> None:
        async with turn(folders(disk), "tokens"):
            pass

    _run(work)


def _nothing(_disk: Path) -> None:
    return None


def _store(disk: Path) -> Store:
    return open_store(disk)


def _lines(disk: Path, n: int) -> None:
    store = _store(disk)
    try:
        company = Company(1)
        for number in range(20 * n):
            company.cost(f"{number}.10", f"25-{number:03}", "01-010", "L")
        company.report(store, _options(n))
    finally:
        store.close()


def _reports(disk: Path) -> object:
    store = _store(disk)
    try:
        return store.one("SELECT count(*) FROM report")
    finally:
        store.close()


def _options(n: int) -> Options:
    return Options(run=RunFacts(f"run-{n}", Filters()), who="dana", company="Acme", version="1.2.3")


def _report(kind: Export) -> Callable[[Path, int], object]:
    def write(disk: Path, n: int) -> None:
        beside = (
            disk.parent / f"store-{kind.value}-{n}"
        )  # what a report is made of lies on a disk that is well
        if not beside.exists():
            _lines(beside, n)
        store = _store(beside)
        try:
            report = compare(store, _options(n))
            pages = Pages(store)
            # Both of one name, as two reports made within a minute are.
            write_report(msgspec.structs.replace(report, at=AT), pages, disk, (kind,), print_pdf)
        finally:
            store.close()

    return write


def _files(pattern: str) -> Callable[[Path], object]:
    def read(disk: Path) -> object:
        return {path.name: path.read_bytes() for path in sorted(disk.rglob(pattern)) if path.is_file()}

    return read


def _written_whole(data: Callable[[int], bytes]) -> Callable[[Path, int], object]:
    return lambda disk, n: write_whole(disk / "file", data(n))


WRITINGS = {
    "ledger": Writing(("storage.ledger_file",), _ledger, _records),
    "profile": Writing(
        ("storage.profiles", "disk"), _profile, lambda disk: profiles.read(folders(disk), "Acme")
    ),
    "settings": Writing(
        ("storage.settings",),
        lambda disk, n: settings.save(folders(disk), Settings(last_profile=f"Acme {n}")),
        lambda disk: settings.load(folders(disk)),
    ),
    "sealed secret": Writing(
        ("storage.sealed_files",),
        lambda disk, n: sealed_files.seal(disk, Secret.PROCORE_TOKENS, KEY, f"token {n}"),
        lambda disk: sealed_files.unseal(disk, Secret.PROCORE_TOKENS, KEY),
    ),
    "index of secrets": Writing(
        ("storage.sealed_files",),
        lambda disk, n: sealed_files.write_index(disk, Index({"x": Place(f"https://{n}.example", "file")})),
        sealed_files.read_index,
    ),
    "result of a run": Writing(
        ("storage.results",),
        lambda disk, n: results.write(disk, "20261124-run", f"text {n}", {"n": n}),
        _files("*.txt"),
    ),
    "census": Writing(
        ("storage.census",),
        lambda disk, n: census.save(disk, Census("https://acme.example", AT, {"jobs": n})),
        census.load,
    ),
    "list of jobs": Writing(
        ("storage.job_list",),
        lambda disk, n: job_list.save(disk, [Job("1", f"25-{n:03}", "Hall")]),
        job_list.load,
    ),
    "movement": Writing(
        ("storage.movement",),
        lambda disk, n: movement.save(disk, Reading("https://acme.example", AT, {"25-001": Decimal(n)})),
        movement.load,
    ),
    "places of pages": Writing(
        ("storage.places",),
        lambda disk, n: places.save(disk, {"hh2": f"https://acme.example/{n}"}),
        places.load,
    ),
    "outlines of pages": Writing(("storage.outlines",), _outlines, outlines.load),
    "holder of a lock": Writing(("storage.lock",), _lock, _files("*")),
    "turn": Writing(("storage.turn",), _turn, _nothing),
    "probe before a run": Writing(
        ("storage.folders",), lambda disk, _n: check_writable(disk, room=4096), _files("*")
    ),
    "match store": Writing(("match.store",), _lines, _reports),
    "columns of a file": Writing(
        ("match.headings",),
        lambda disk, n: headings.remember(
            disk, Side.SAGE, Kind.VENDORS, ["No"], Layout({"vendor": f"No {n}"})
        ),
        lambda disk: headings.remembered(disk, Side.SAGE, Kind.VENDORS, ["No"]),
    ),
    "what was chosen to compare": Writing(
        ("assembly.match_choice",),
        lambda disk, n: match_choice.save(disk, Asked(jobs=(f"25-{n:03}",))),
        match_choice.load,
    ),
    "report as a workbook": Writing(
        ("match.exports", "match.exports.workbook"), _report(Export.XLSX), _files("*.xlsx")
    ),
    "report as CSV": Writing(("match.exports.csv_json",), _report(Export.CSV), _files("*.csv")),
    "report as JSON": Writing(("match.exports.csv_json",), _report(Export.JSON), _files("*.json")),
    "report on paper": Writing(("ui.paper",), _report(Export.PDF), _files("*.pdf")),
    "history as a file": Writing(
        ("assembly.past",), _written_whole(lambda n: as_csv([]) * n), _files("file")
    ),
    "support bundle": Writing(("assembly.support",), _written_whole(lambda n: b"PK" * n), _files("file")),
    "note of a browser": Writing(
        ("portals.processes",),
        lambda disk, _n: processes.note(disk, "marker"),
        lambda disk: sorted(path.name for path in disk.glob("browser-*.json")),
    ),
}


def writing_modules(app: Path) -> set[str]:
    """The modules of the program that write a file, by the words with which one is written."""
    import re

    words = re.compile(
        r"\bdisk\.write\b|\.write_bytes\(|\.write_text\(|O_CREAT|\.open\(\"[wax]|\.open\(\"rb\+"
        r"|(?:sqlite3|duckdb)\.connect\(|\bWorkbook\(|FileLock\(|QPdfWriter\(|QSaveFile"
    )
    found = set()
    for path in app.rglob("*.py"):
        parts = path.relative_to(app).with_suffix("").parts
        if parts[0] != "training" and words.search(path.read_text(encoding="utf-8")):
            found.add(".".join(part for part in parts if part != "__init__"))
    return found


def size_of(disk: Path) -> int:
    """What is free there, in bytes."""
    return os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
