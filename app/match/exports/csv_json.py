"""CSV and JSON: every amount exact, as decimal digits."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from app.domain.match_report import Narrowed, Report
from app.match.exports.sheets import Sheet, Value, facts
from app.match.report import Pages

# What a spreadsheet that opens the file would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(report: Report, sheet: Sheet, path: Path) -> None:
    """One table: first what the report is of, line by line, then an empty line, then headings and rows.

    UTF-8 with its mark, so that a spreadsheet reads the accents. Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([sheet.title])
        out.writerows([heading, harmless(text)] for heading, text in facts(report))
        out.writerow([])
        out.writerow([column.heading for column in sheet.columns])
        out.writerows([as_text(value) for value in line] for line in sheet.rows())


def as_text(value: Value) -> str:
    """A cell of a CSV file: amounts as they are, texts that a spreadsheet would run made harmless."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    return (
        str(value)
        if isinstance(value, int)
        else f"{value:f}"
        if not hasattr(value, "isoformat")
        else value.isoformat()
    )


def harmless(text: str) -> str:
    """A text that begins like a formula gets an apostrophe before it; as in every spreadsheet it then is a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_json(report: Report, pages: Pages, path: Path) -> None:
    """All of the report in one object; amounts are strings of digits, times ISO 8601 in UTC. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"match-report",\n"report":')
        file.write(_encoded(report))
        file.write(',\n"facts":')
        file.write(json.dumps(dict(facts(report)), ensure_ascii=False))
        _array(file, "money", (node for block in pages.all_nodes(pages.depths()) for node in block))
        _array(file, "differences", (one for block in pages.all_differences(Narrowed()) for one in block))
        _array(file, "records", _records(pages))
        _array(file, "cleared", _cleared(pages))
        file.write("}\n")


def _array(file: TextIO, name: str, items: Iterable[object]) -> None:
    file.write(f',\n"{name}":[')
    for place, item in enumerate(items):
        file.write(",\n" if place else "\n")
        file.write(_encoded(item))
    file.write("]")


def _encoded(item: object) -> str:
    return msgspec.json.encode(item).decode()


_RECORD = (
    "entity",
    "key",
    "job",
    "code",
    "sage_name",
    "procore_name",
    "sage",
    "procore",
    "fields",
    "state",
    "expected",
)


def _records(pages: Pages) -> Iterator[dict[str, object]]:
    for block in pages.all_records():
        for row in block:
            yield dict(zip(_RECORD, row, strict=True))


def _cleared(pages: Pages) -> Iterator[dict[str, object]]:
    for block in pages.all_cleared():
        for key, title, amount in block:
            yield {"key": key, "title": title, "amount": amount}
