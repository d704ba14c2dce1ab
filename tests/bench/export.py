"""export: the workbook of a report with 100,000 differences, beside xlsxwriter writing the same cells."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.domain.match_question import Options
from app.domain.match_report import Report
from app.match.compare import compare
from app.match.exports import workbook
from app.match.exports.sheets import sheets
from app.match.report import Pages
from app.match.store import open_store
from tests.bench import snapshots
from tests.bench.figures import Aim, Told, in_turns, of, ratios

LINES = 260_000  # every second one of which differs: a little more than 100,000 cells
LEAST = 100_000
_WRITES = ("write_string", "write_number", "write_formula", "write_blank", "write_datetime")

Call = tuple[str, tuple[Any, ...]]


def measure(rounds: int) -> Told:
    """By CPU time. The floor has every value and every format ready, in the order of the cells; it asks no store."""
    with tempfile.TemporaryDirectory(prefix="ods-") as folder:
        store = open_store(Path(folder))
        snapshots.fill(store, LINES, odd=2)
        report = compare(store, Options())
        assert report.verdict.differences >= LEAST, report.verdict.differences
        pages = Pages(store)
        target = Path(folder, "ours.xlsx")
        tabs = _recorded(report, pages, target)
        cells = sum(len(calls) for calls in tabs.values())
        works: dict[str, Callable[[], object]] = {
            "ours": lambda: _ours(report, pages, target),
            "xlsxwriter": lambda: _replayed(tabs, Path(folder, "floor.xlsx")),
        }
        taken = in_turns(works, rounds)
        store.close()
    return Told(
        "export",
        (Aim("xlsxwriter writing the same cells", ratios(taken["ours"], taken["xlsxwriter"]), 1.3),),
        {
            **{name: of(values, "s") for name, values in taken.items()},
            "cells": of([cells], ""),
            "differences": of([report.verdict.differences], ""),
        },
        rounds,
    )


def _ours(report: Report, pages: Pages, target: Path) -> None:
    """The workbook with the table of differences alone: rows from the store, their words, their cells."""
    writing = workbook.begun(report, pages, target)
    for sheet in sheets(report, pages):
        if sheet.key == "differences":
            writing.table(sheet)
    writing.book.close()


def _recorded(report: Report, pages: Pages, target: Path) -> dict[str, list[Call]]:
    """What our workbook asks of the library, tab by tab; formats by their properties."""
    tabs: dict[str, list[Call]] = {}
    kept = {name: getattr(Worksheet, name) for name in (*_WRITES, "set_row")}

    def recording(name: str) -> Callable[..., Any]:
        def called(tab: Any, *arguments: Any) -> Any:
            tabs.setdefault(tab.name, []).append((name, arguments))
            return kept[name](tab, *arguments)

        return called

    for name in kept:
        setattr(Worksheet, name, recording(name))
    try:
        _ours(report, pages, target)
    finally:
        for name, method in kept.items():
            setattr(Worksheet, name, method)
    return tabs


def _replayed(tabs: dict[str, list[Call]], target: Path) -> None:
    book = xlsxwriter.Workbook(
        str(target),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": str(target.parent),
        },
    )
    ours = workbook.tab_class()
    plain = [book.add_format({"num_format": "#,##0.00"}), book.add_format({"bold": True})]
    for name, calls in tabs.items():
        tab = book.add_worksheet(name, ours)
        methods = {method: getattr(tab, method) for method in (*_WRITES, "set_row")}
        for method, arguments in calls:
            # A format belongs to its workbook: another one stands for it.
            methods[method](
                *[plain[0] if isinstance(one, xlsxwriter.format.Format) else one for one in arguments]
            )
    book.close()
