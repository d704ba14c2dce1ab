"""A CSV file or a workbook as rows of texts: bombs refused before they are read, any usual encoding, amounts exact."""

import codecs
import csv
import itertools
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TextIO

import msgspec

from app.domain.problems import ProblemId, Trouble, trouble
from app.match.headings import score

MOST_BYTES = 400_000_000  # of a CSV file
MOST_UNPACKED = 1_500_000_000  # of all parts of a workbook together
MOST_HELD = 200_000_000  # of one part that is no sheet: texts, styles
_CONTENTS = "[Content_Types].xml"
MOST_RATIO = 250  # one part of a workbook, unpacked to packed
MOST_PARTS = 2_000
MOST_ROWS = 2_000_000
MOST_COLUMNS = 500
MOST_CELLS = 40_000_000
LONGEST_LINE = 1_000_000  # characters of a CSV file's line
HEADER_WITHIN = 40  # a report prints its title and its filters above the header

_CENT = Decimal("0.01")


class Table(msgspec.Struct, frozen=True):
    """A file's table: its headings, the row they stand in (from 1), and a few rows to show."""

    path: str
    headings: tuple[str, ...]
    header_row: int
    samples: tuple[tuple[str, ...], ...]
    sheet: str = ""


def look(path: Path, sheet: str = "") -> Table:
    """What a file holds, from its first rows. Raises Trouble(FILE_BROKEN) for one that cannot or may not be read."""
    first = list(itertools.islice(rows(path, sheet), HEADER_WITHIN + 20))
    if not first:
        raise _broken(path, "empty")
    best = max(range(min(len(first), HEADER_WITHIN)), key=lambda place: (score(first[place]), -place))
    samples = tuple(tuple(row) for row in first[best + 1 :] if any(row))
    return Table(str(path), _unique(first[best]), best + 1, samples, sheet)


def rows(path: Path, sheet: str = "") -> Iterator[list[str]]:
    """The rows as texts, one after another. Raises Trouble(FILE_BROKEN): too large, a bomb, not what its name says."""
    found = _workbook(path, sheet) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    cells = 0
    try:
        for number, row in enumerate(found, 1):
            cells += len(row)
            if number > MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                raise _broken(path, "too-large")
            yield row
    except Trouble:
        raise
    except OSError as error:
        raise _broken(path, type(error).__name__) from None
    except (ValueError, KeyError, csv.Error, zipfile.BadZipFile, EOFError) as error:
        raise _broken(path, type(error).__name__) from None
    except Exception as error:  # noqa: BLE001  # what reads workbooks raises what it likes for one that is none
        raise _broken(path, type(error).__name__) from None


def amount(text: str, decimal: str = ".") -> Decimal | None:
    """An amount as people write it: "1,234.50", "1 234,50", "(4.05)", "4.05-", "$12". None where it is no number."""
    bare = text.replace("−", "-").strip()
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()").strip()
    bare = re.sub(r"^(?:[A-Z]{3}|[$€£])\s*|\s*(?:[A-Z]{3}|[$€£])$", "", bare).strip()
    if bare.endswith("-"):
        negative, bare = not negative, bare[:-1].strip()
    if bare.startswith("-"):
        negative, bare = not negative, re.sub(r"^-\s*[$€£]?\s*", "", bare)
    thousands = "," if decimal == "." else r"\."
    point = re.escape(decimal)
    grouped = rf"\d{{1,3}}(?:[{thousands}\s'’]\d{{3}})+(?:{point}\d*)?"
    pattern = rf"{grouped}|\d+(?:{point}\d*)?|{point}\d+"
    if not bare or not re.fullmatch(pattern, bare):
        return None
    plain = re.sub(rf"[{thousands}\s'’]", "", bare).replace(decimal, ".")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return -found if negative else found


def day(text: str) -> date | None:
    """A date as ISO ("2026-11-24") or, where only one reading is possible, as month/day/year or day/month/year."""
    bare = text.strip()[:10]
    try:
        return date.fromisoformat(bare)
    except ValueError:
        pass
    parts = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", bare)
    if not parts:
        return None
    first, second, year = (int(part) for part in parts.groups())
    readings: set[date] = set()
    for month, in_month in ((first, second), (second, first)):
        try:
            readings.add(date(year, month, in_month))
        except ValueError:
            continue
    return readings.pop() if len(readings) == 1 else None


def _csv(path: Path) -> Iterator[list[str]]:
    if path.stat().st_size > MOST_BYTES:
        raise _broken(path, "too-large")
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(64_000)
        if "\x00" in start:
            raise _broken(path, "not-text")
        file.seek(0)
        yield from csv.reader(_lines(file, path), delimiter=_delimiter(start))


def _lines(file: TextIO, path: Path) -> Iterator[str]:
    """The lines without NUL. A file of one endless line is refused before it is all in memory."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise _broken(path, "too-large")
        yield line.replace("\x00", "")


def _encoding(path: Path) -> str:
    """By its mark; else UTF-8 where the whole file is; else what Windows in English and French writes."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if len(start) == 4 and start[1] == start[3] == 0:
            return "utf-16-le"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The mark that cuts the most lines into the same number of parts."""
    lines = [line for line in text.splitlines()[:HEADER_WITHIN] if line.strip()]
    return max(",;\t|", key=lambda mark: sum(line.count(mark) > 0 for line in lines) * 1000 + sum(
        line.count(mark) for line in lines
    ) // max(len(lines), 1))  # fmt: skip


def _workbook(path: Path, sheet: str) -> Iterator[list[str]]:
    _refuse_bombs(path)
    import openpyxl

    # It leaves a file open that it cannot read: on Windows nobody could then move or mend it.
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        found = book[sheet] if sheet else book.worksheets[0]
        # What a workbook says of its own size may be wrong; it is counted as it is read. Nor is a width asked for: each
        # of the rows that a wrong number leaves out would be filled up to it.
        found.reset_dimensions()
        for row in found.iter_rows(values_only=True):
            yield _trimmed([_cell(value) for value in row])


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at its end: a row is as wide as what stands in it, not as the widest that may be."""
    last = len(row)
    while last and not row[last - 1]:
        last -= 1
    return row[:last]


def _refuse_bombs(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _broken(path, "too-large")
        for part in parts:
            if part.file_size > 1_000_000 and part.file_size > MOST_RATIO * max(part.compress_size, 1):
                raise _broken(path, "too-large")
        # The cells of a sheet are read one after another; any other part is held in memory whole.
        large = {part.filename for part in parts if part.file_size > MOST_HELD}
        if large and (_CONTENTS in large or not large <= _sheets(packed.read(_CONTENTS))):
            raise _broken(path, "too-large")


def _sheets(contents: bytes) -> set[str]:
    """The parts that a workbook's list of contents calls a sheet, and nothing else besides."""
    kinds: dict[str, set[bytes]] = {}
    for entry in re.findall(rb"<(?:\w+:)?Override\b[^>]*>", contents):
        name = re.search(rb"""\bPartName\s*=\s*["']/?([^"']*)""", entry)
        kind = re.search(rb"""\bContentType\s*=\s*["']([^"']*)""", entry)
        if name and kind:
            kinds.setdefault(name[1].decode("utf-8", "replace"), set()).add(kind[1])
    return {name for name, said in kinds.items() if all(one.endswith(b".worksheet+xml") for one in said)}


def _cell(value: object) -> str:
    """A cell as text. A workbook's numbers are doubles: one that is cents but for its last bits is cents."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return value.strip()
    try:
        exact = Decimal(repr(value))
        near = exact.quantize(_CENT)
        return f"{near if abs(exact - near) < Decimal('0.000001') else exact:f}"
    except InvalidOperation:
        return str(value)


def _unique(headings: list[str]) -> tuple[str, ...]:
    """Headings told apart: a second "Amount" is "Amount (2)", one without a name is its column's number."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for place, heading in enumerate(headings, 1):
        name = " ".join(heading.split()) or f"#{place}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)


def _broken(path: Path, why: str) -> Trouble:
    return trouble(ProblemId.FILE_BROKEN, file=path.name, expected="table", what=why)
