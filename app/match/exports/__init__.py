"""A report to take along: workbook, CSV, JSON, PDF; each says what it is of, and is known by its SHA-256."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from app.disk import disk_trouble, sync_folder
from app.domain.match_report import Report, Written
from app.match.exports import csv_json, paper, workbook
from app.match.exports.sheets import sheets
from app.match.report import Pages


class Export(StrEnum):
    """The kinds of file."""

    XLSX = "xlsx"
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"


# Makes a PDF of a page: (HTML, the foot of each page with {n} and {all}, where to). This room knows no toolkit that
# could draw one.
Printer = Callable[[str, str, Path], None]

# The tables that go into CSV files of their own; what is small stands in the workbook and in JSON.
CSV_TABLES = ("populations", "money", "differences", "accepted", "keys")


def write(
    report: Report,
    pages: Pages,
    folder: Path,
    kinds: Sequence[Export] = tuple(Export),
    printer: Printer | None = None,
) -> list[Written]:
    """Write the report into a folder, which is made where there is none; blocks as long as it takes.

    Without a `printer` no PDF is made. A file stands there whole or not at all. Raises Trouble(DISK)."""
    name = stem(report)
    written: list[Written] = []
    with _troubles(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _remove_half_written(folder, datetime.now(UTC))
        if Export.XLSX in kinds:
            with _whole(folder / f"{name}.xlsx", Export.XLSX, written) as aside:
                workbook.write(report, pages, aside)
        if Export.PDF in kinds and printer is not None:
            with _whole(folder / f"{name}.pdf", Export.PDF, written) as aside:
                printer(paper.html(report, pages), paper.foot(report), aside)
        if Export.CSV in kinds:
            for sheet in sheets(report, pages):
                if sheet.key in CSV_TABLES:
                    with _whole(folder / f"{name}-{sheet.key}.csv", Export.CSV, written) as aside:
                        csv_json.write_csv(report, sheet, aside)
        if Export.JSON in kinds:
            with _whole(folder / f"{name}.json", Export.JSON, written) as aside:
                csv_json.write_json(report, pages, aside)
    return written


def stem(report: Report) -> str:
    """The name of a report's files: the company, the day and time in UTC, and the report's own number."""
    company = re.sub(r"[^\w-]+", "-", report.company).strip("-_")[:40] or "match"
    return f"{company}-{report.at:%Y-%m-%d-%H%M}-{report.id[:8]}"


_HALF = re.compile(r"\.[0-9a-f]{32}(\.[a-z]+)?")  # a place beside, as `_whole` makes it
_HALF_KEPT = timedelta(days=1)  # nothing is written for that long
_STAMP = re.compile(r"-(\d{4}-\d\d-\d\d-\d{4})-[0-9a-f]{8}(-[a-z]+)?\.[a-z]+")


def remove_older(folder: Path, days: int, now: datetime) -> int:
    """Retention: remove the files of reports, by the time in their names, made more than `days` ago; 0: none. What a
    crash left half written goes in any case.

    What bears no name of ours stays. Returns how many. Raises Trouble(DISK)."""
    if not folder.is_dir():
        return 0
    with _troubles(folder):
        gone = _remove_half_written(folder, now)
        for path in list(folder.iterdir()) if days else ():
            stamp = _STAMP.search(path.name)
            if stamp is None or stamp.end() != len(path.name):
                continue
            with suppress(ValueError):  # digits that are no day
                made = datetime.strptime(stamp[1], "%Y-%m-%d-%H%M").replace(tzinfo=UTC)
                if made < now - timedelta(days=days):
                    path.unlink()
                    gone += 1
    return gone


def _remove_half_written(folder: Path, now: datetime) -> int:
    """Remove what a writer that died left beside: it bears no report's name, and nobody would ever read it."""
    gone = 0
    for path in list(folder.iterdir()):
        if not _HALF.fullmatch(path.name):
            continue
        if now - datetime.fromtimestamp(path.lstat().st_mtime, UTC) < _HALF_KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
        gone += 1
    return gone


@contextmanager
def _whole(path: Path, kind: Export, written: list[Written]) -> Iterator[Path]:
    """A place in a folder beside, with room for what is written on the way; laid in its own when it is whole and on the
    disk."""
    beside = path.with_name(f".{uuid4().hex}")
    beside.mkdir(mode=0o700)
    try:
        aside = beside / path.name
        yield aside
        with aside.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        size = aside.stat().st_size
        aside.replace(path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    written.append(Written(kind.value, str(path.absolute()), digest, size))


@contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_trouble(error, folder) from None
