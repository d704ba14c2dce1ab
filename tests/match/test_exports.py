"""A report to take along: what the files hold, to the cent, and that nothing in them runs."""

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from app.domain.filters import Filters
from app.domain.lists import Kind, Side
from app.domain.looks import Waiting
from app.domain.match_question import Failed, Options, RunFacts
from app.domain.match_report import Report
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.tabs import Tab
from app.match import report as report_rows
from app.match.compare import accept, compare
from app.match.exports import CSV_TABLES, Export, csv_json, paper, remove_older, workbook, write
from app.match.exports.sheets import moment, sheets
from app.match.report import Pages
from app.match.store import Store, open_store
from app.words import match as words
from app.words.problems import title
from tests.match.lists import Company, differences

RUN = RunFacts(
    "run-7", Filters(), waiting={Tab.VENDORS: Waiting(3, 0), Tab.JOBS: Waiting(0, 2, "=cmd|' /C calc'!A0")}
)
OPTIONS = Options(run=RUN, who="dana", company="Érables & Fils", version="1.2.3")


def told(store: Store) -> Report:
    """A report of everything: money, vendors, what is accepted, names that begin like formulas."""
    company = Company(3)
    for job in ("25-001", "25-002", "25-003"):
        for code in ("01-010", "02-010"):
            for kind in "LM":
                company.cost("1000.10", job, code, kind)
                company.cost("0.20", job, code, kind)
    company.cost("500.05", "25-001", "01-010", "L", procore=False)
    company.cost("-12.34", "25-002", "02-010", "M", procore=False)
    company.cost("7.00", "25-003", "02-010", "L", procore="9.50")
    company.vendor("V0003", '=HYPERLINK("http://x")', procore=False)
    company.vendor("V0004", "@SUM(1)", procore=False)
    company.report(store, OPTIONS)
    one = next(found for found in differences(store) if found.job == "25-002")
    accept(store, one.key, one.amount, "-known", "dana", date(2027, 1, 1), datetime(2026, 11, 24, tzinfo=UTC))
    return compare(store, OPTIONS)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One report for all the tests that read it."""
    opened = open_store(tmp_path_factory.mktemp("told"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    return told(store)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A store for another report."""
    opened = open_store(tmp_path / "other")
    yield opened
    opened.close()


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def body(path: Path) -> list[list[str]]:
    """The rows below the headings."""
    rows = csv_rows(path)
    return rows[rows.index([]) + 2 :]


def test_each_file_is_named_with_its_sha_256(store: Store, report: Report, tmp_path: Path) -> None:
    written = write(report, Pages(store), tmp_path / "out")
    kinds = [one.kind for one in written]
    assert kinds == [Export.XLSX, *[Export.CSV] * len(CSV_TABLES), Export.JSON]  # nobody was given to print
    assert {Path(one.path) for one in written} == set((tmp_path / "out").iterdir())
    for one in written:
        assert one.sha256 == sha256(Path(one.path).read_bytes()).hexdigest()
        assert one.size == Path(one.path).stat().st_size
        assert Path(one.path).name.startswith("Érables-Fils-2026-")


def test_json_and_csv_are_exact(store: Store, report: Report, tmp_path: Path) -> None:
    written = write(report, Pages(store), tmp_path, (Export.CSV, Export.JSON))
    paths = {
        Path(one.path).name.removesuffix(".csv").split(f"{report.id[:8]}-")[-1]: Path(one.path)
        for one in written
    }
    told = json.loads(Path(written[-1].path).read_text(encoding="utf-8"))
    jobs = {node["job"]: node for node in told["money"] if node["depth"] == 1}
    assert jobs["25-001"]["sage"] == "4501.25"
    assert jobs["25-001"]["difference"] == "500.05"
    assert jobs["25-003"]["difference"] == "-2.50"
    assert told["report"]["totals"]["difference"] == "485.21"
    assert told["report"]["tolerance"] == "1.00"
    leaves = [node for node in told["money"] if node["depth"] == 4]
    assert sum(Decimal(node["sage"] or 0) for node in leaves) == report.totals.sage
    lines = [row for row in body(paths["money"]) if row[0] == words.entity("job")]
    assert [row[8] for row in lines] == ["500.05", "-12.34", "-2.50"]
    assert [one["name"] for one in told["differences"] if one["code"] == "V0003"] == [
        '=HYPERLINK("http://x")'
    ]
    found = [row for row in body(paths["differences"]) if row[5] == "V0003"]
    assert found[0][6] == '\'=HYPERLINK("http://x")'


def test_each_export_says_what_it_is_of(store: Store, report: Report, tmp_path: Path) -> None:
    written = write(report, Pages(store), tmp_path)
    age = next(one.oldest for one in report.ages if one.kind == "vendors")
    needed = (report.id, "run-7", "Past Week", "1.00", "1.2.3", f"Vendors {moment(age)}")
    for one in written:
        if one.kind == Export.XLSX:
            book = openpyxl.load_workbook(one.path)
            text = " ".join(str(cell.value) for row in book.worksheets[0] for cell in row)
        else:
            text = Path(one.path).read_text(encoding="utf-8")
        assert [fact for fact in needed if fact not in text] == [], one.path
    page = paper.html(report, Pages(store))
    assert [fact for fact in needed if fact not in page] == []


def test_what_changed_since_the_last_report_and_what_failed_have_tables_of_their_own(other: Store) -> None:
    company = Company(4)
    for job in ("25-001", "25-002"):
        company.cost("100.00", job, procore="90.00")
    company.report(other, OPTIONS)
    company.cost("10.00", "25-001", sage=False)
    for number in range(60):
        company.vendor(f"V1{number:03}", f"New vendor {number}")
    problem = Problem(ProblemId.NO_MATCH_SOURCE, {"site": "procore", "what": "cost-types"})
    failed = [Failed(Side.PROCORE, Kind.COST_TYPES, "", problem)]
    report = company.report(other, OPTIONS, failed)
    tables = {one.key: list(one.rows()) for one in sheets(report, Pages(other))}
    assert [amount for _title, amount in tables["cleared"]] == [Decimal("10.00")]
    assert tables["movements"] == [
        (one.job, one.name, one.before, one.now, one.moved) for one in report.changes.movements
    ]
    named = len(report.changes.first_appeared)
    assert named == 50  # the rest is counted, not named
    assert [row[1] for row in tables["appeared"]] == [*(f"V1{n:03}" for n in range(named)), "…"]
    assert tables["appeared"][-1] == (words.entity("vendors"), "…", words.and_more(10))
    (line,) = [one for one in tables["not-compared"] if one[0] == words.entity("cost-types")]
    assert str(line[-1]).endswith(title(problem))


def test_the_workbook_read_anew_holds_the_same_amounts(store: Store, report: Report, tmp_path: Path) -> None:
    (written,) = write(report, Pages(store), tmp_path, (Export.XLSX,))
    values = openpyxl.load_workbook(written.path, data_only=True)
    formulas = openpyxl.load_workbook(written.path)
    tab, said = values[words.sheet("money")], formulas[words.sheet("money")]
    rows = [row for row in tab.iter_rows(min_row=2, values_only=True) if row[0] == words.entity("job")]
    assert [(row[1], row[6], row[7], row[8]) for row in rows] == [
        ("25-001", 4501.25, 4001.20, 500.05),
        ("25-002", 3988.86, 4001.20, -12.34),
        ("25-003", 4008.20, 4010.70, -2.5),
    ]
    level, cost_type = words.entity("job"), words.entity("cost-type")
    by_level = {row[0].value: row for row in said.iter_rows(min_row=2, max_row=5)}
    assert by_level[level][6].value == f'=ROUND(SUMIF(A3:A8,"{cost_type}",G3:G8),2)'
    assert by_level[words.entity("cost-code")][6].value == "=ROUND(SUM(G4:G5),2)"
    total = list(tab.iter_rows(values_only=True))[-1]
    assert (total[0], total[8], total[9], total[10]) == (words.heading("total"), 485.21, 500.05, -14.84)
    assert tab["A3"].value == words.entity("cost-code")
    assert said.row_dimensions[3].outlineLevel == 1


@pytest.mark.slow
def test_a_spreadsheet_adds_up_to_the_same_totals(store: Store, report: Report, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed: nothing here can add the workbook up anew")
    path = tmp_path / "told.xlsx"
    workbook.write(report, Pages(store), path, most_rows=20)
    _without_kept_values(path)
    anew = tmp_path / "anew"
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [
        soffice,
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(anew),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=100)
    written = openpyxl.load_workbook(path)
    added = openpyxl.load_workbook(anew / path.name, data_only=True)
    names = words.sheet("money"), f"{words.sheet('money')} (2)"
    tree: list[tuple[object, ...]] = []
    for name in names:
        assert any(cell.data_type == "f" for row in written[name] for cell in row)
        tree += list(added[name].iter_rows(min_row=2, values_only=True))
    told = [node for block in Pages(store).all_nodes(Pages(store).depths()) for node in block]
    rows = [row for row in tree if row[0] != words.heading("total")]
    for row, node in zip(rows, told, strict=True):
        amounts = (node.sage, node.procore, node.difference, node.plus, node.minus)
        for cell, amount in zip(row[6:11], amounts, strict=True):
            assert cell is None if amount is None else Decimal(str(cell)) == amount, row
    cover = {row[0].value: row[1].value for row in added.worksheets[0]}
    for key in ("sage", "procore", "difference", "plus", "minus"):
        assert Decimal(str(cover[words.heading(key)])) == getattr(report.totals, key)


def _without_kept_values(path: Path) -> None:
    """Take the results of the formulas out of a workbook, so that whoever opens it has to add up."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            parts[name] = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", packed.read(name))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)


def test_no_cell_runs_whatever_it_begins_with(store: Store, report: Report, tmp_path: Path) -> None:
    (written,) = write(report, Pages(store), tmp_path, (Export.XLSX,))
    book = openpyxl.load_workbook(written.path)
    seen = 0
    for tab in book.worksheets:
        for row in tab:
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(
                    ("=HYPER", "@SUM", "=cmd", "-known")
                ):
                    assert cell.data_type in ("s", "inlineStr")
                    assert cell.quotePrefix
                    seen += 1
    assert seen == 6  # two vendors, among the differences and among the keys; the queue's failure; the note


def test_a_table_that_fills_its_tab_goes_on_in_another(store: Store, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "small.xlsx"
    workbook.write(report, Pages(store), path, most_rows=13)
    book = openpyxl.load_workbook(path, data_only=True)
    tabs = [tab for tab in book.worksheets if tab.title.startswith(words.sheet("money"))]
    assert [tab.title for tab in tabs] == [
        words.sheet("money"),
        f"{words.sheet('money')} (2)",
        f"{words.sheet('money')} (3)",
    ]
    assert [list(tab.iter_rows(values_only=True))[-1][8] for tab in tabs] == [500.05, -12.34, -2.5]
    formulas = openpyxl.load_workbook(path)
    cover = [row[1].value for row in formulas.worksheets[0] if row[0].value == words.heading("difference")]
    name = words.sheet("money")
    assert cover == [f"=ROUND(SUM('{name}'!I9,'{name} (2)'!I9,'{name} (3)'!I9),2)"]
    notes = [row[1].value for row in formulas.worksheets[0]]
    assert words.goes_on("money", 3) in notes
    assert words.goes_on("money", 2) not in notes


def test_a_job_that_alone_fills_more_than_a_tab_is_one_line_and_the_totals_are_whole(
    store: Store, report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "small.xlsx"
    workbook.write(report, Pages(store), path, most_rows=8)  # each job has a line and six below it
    book = openpyxl.load_workbook(path)
    tabs = [tab for tab in book.worksheets if tab.title.startswith(words.sheet("money"))]
    rows = [row for tab in tabs for row in tab.iter_rows(min_row=2, values_only=True)]
    assert {row[0] for row in rows} == {words.entity("job"), words.heading("total")}
    assert sum(Decimal(str(row[8])) for row in rows if row[0] == words.heading("total")) == Decimal("485.21")
    cover = {row[0].value: row[1].value for row in book.worksheets[0]}
    assert Decimal(str(cover[words.heading("difference")])) == Decimal("485.21")
    told = [row[1].value for row in book.worksheets[0]]
    assert words.too_long_for_a_tab("25-001", 6) in told
    # Where all of them do stand.
    (money,) = [one for one in sheets(report, Pages(store)) if one.key == "money"]
    csv_json.write_csv(report, money, tmp_path / "money.csv")
    assert len(body(tmp_path / "money.csv")) == 21


@pytest.mark.parametrize("at_once", [1, 7, 12, 50_000])
def test_lines_are_read_in_their_order_however_few_jobs_at_once(
    store: Store, report: Report, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(report_rows, "_CELLS_AT_ONCE", at_once)
    pages = Pages(store)
    read = [node for block in pages.all_nodes() for node in block]
    order = [(node.job, node.sub_job, node.cost_code, node.cost_type) for node in read]
    assert len(order) == store.one("SELECT count(*) FROM node")
    assert order == sorted(order)
    assert len({node.job for node in read}) == report.totals.jobs
    parts = [one for block in pages.all_nodes_with_parts((1, 3, 4)) for one in block]
    assert [count for node, count in parts if node.depth == 1] == [6, 6, 6]


def test_more_digits_than_a_spreadsheet_knows_are_written_as_text(other: Store, tmp_path: Path) -> None:
    company = Company(1)
    company.cost("12345678901234.56", "25-001")
    company.cost("0.01", "25-001", procore=False)
    report = company.report(other, OPTIONS)
    (written,) = write(report, Pages(other), tmp_path, (Export.XLSX,))
    rows = list(openpyxl.load_workbook(written.path)[words.sheet("money")].iter_rows(values_only=True))
    assert rows[1][6] == "12345678901234.57"
    assert rows[-1][6] == "12345678901234.57"
    assert rows[1][8] == 0.01


def test_what_is_printed_is_escaped_and_says_where_the_rest_is(
    other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Company(4)
    for n in range(5):
        company.vendor(f"W{n}", "<b>&</b> <img src='file:///etc/passwd'>", procore=False)
    report = company.report(other, OPTIONS)
    monkeypatch.setattr(paper, "MOST_DIFFERENCES", 3)  # of 5
    page = paper.html(report, Pages(other))
    assert "<b>&</b>" not in page
    assert "<img" not in page
    assert words.cut(2) in page
    assert page.count(words.reason("staged")) >= 3


def test_a_folder_that_cannot_be_written_is_said_and_nothing_half_stays(
    store: Store, report: Report, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(Trouble) as met:
        write(report, Pages(store), blocked)
    assert met.value.problem.id.value == "DISK"

    def no_printer(html: str, foot: str, path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(Trouble) as met:
        write(report, Pages(store), tmp_path / "out", (Export.PDF,), no_printer)
    assert met.value.problem.facts["why"] == "full"
    assert list((tmp_path / "out").iterdir()) == []


# A writer that ends on the way, without a chance to put anything away.
_CUT_OFF = """
import os, sys
from pathlib import Path
from app.match.exports import Export, _whole
with _whole(Path(sys.argv[1]), Export.PDF, []) as aside:
    aside.write_text("half", encoding="utf-8")
    os._exit(9)
"""


def test_what_a_crash_left_half_written_goes_a_day_later_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", _CUT_OFF, str(tmp_path / "report.pdf")], check=False)
    assert ended.returncode == 9
    (left,) = tmp_path.iterdir()
    assert [path.suffix for path in left.iterdir()] == [".pdf"]
    (tmp_path / f".{'0' * 32}.xlsx").write_text("as an earlier version left it", "utf-8")
    (tmp_path / ".my-own-notes").write_text("x", "utf-8")
    now = datetime.now(UTC)
    assert remove_older(tmp_path, 0, now) == 0  # perhaps somebody still writes it
    assert remove_older(tmp_path, 0, now + timedelta(days=2)) == 2
    assert [path.name for path in tmp_path.iterdir()] == [".my-own-notes"]


def test_files_of_reports_older_than_the_retention_are_removed_and_nothing_else(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    old = ["Acme-2026-10-24-0759-0a1b2c3d.xlsx", "Acme-2025-01-01-0000-0a1b2c3d-money.csv"]
    stay = [
        "Acme-2026-10-25-0801-0a1b2c3d.json",
        "Acme-2026-99-99-0000-0a1b2c3d.pdf",
        "Acme-2020-01-01-0000-0a1b2c3d.xlsx.bak.zip",
        "my notes 2020-01-01.txt",
    ]
    for name in (*old, *stay):
        (tmp_path / name).write_text("x", "utf-8")
    assert remove_older(tmp_path, 0, now) == 0
    assert remove_older(tmp_path / "none", 30, now) == 0
    assert remove_older(tmp_path, 30, now) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(stay)
