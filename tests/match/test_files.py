"""A file in place of a side: columns found, amounts exact, bombs refused, rows that are no rows left out."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import anyio
import pytest
import xlsxwriter

from app.domain import lists
from app.domain.lists import Aside, Kind, ProcoreVendor, SageCost, Side
from app.domain.match_question import Options
from app.domain.match_report import Report
from app.domain.match_verdict import Match
from app.domain.problems import ProblemId, Trouble
from app.match.files import FileSource
from app.match.headings import propose, remember, remembered
from app.match.run import match
from app.match.sheet_reading import amount, day, look, rows
from app.match.store import Store

REPORT = """Training Construction
JC Cost Report,,,,11/24/2026
,,,,
Job,Extra,Cost Code,Category,Accounting Date,JTD Cost
25-001,,01-010,L,11/02/2026,"1,234.50"
,,,M,11/13/2026,(4.05)
,001,02-010,L,2026-11-03,100.00-
Job Total,,,,,"1,130.45"
25-002,,01-010,L,,12
,,,,Total of all extras,7
Grand Total,,,,,"1,142.45"
"""


def source(path: Path, side: Side = Side.SAGE, kind: Kind = Kind.COSTS) -> FileSource:
    table = look(path)
    return FileSource(side, kind, table, propose(kind, table.headings, table.samples))


def read(one: FileSource, cursor: str = "") -> tuple[list[object], list[Aside]]:
    async def main() -> tuple[list[object], list[Aside]]:
        records: list[object] = []
        aside: list[Aside] = []
        async for block in one.read(one.kind, "", cursor):
            records += block.rows
            aside += block.aside
        return records, aside

    return anyio.run(main)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_job_cost_report_is_read_whatever_wrote_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(REPORT.replace("Training Construction", "Béton École, inc.").encode(encoding))
    records, aside = read(source(path))
    assert aside == []
    costs = [one for one in records if isinstance(one, SageCost)]
    assert [
        (one.job_id, one.sub_job_id, one.cost_code_id, one.cost_type_id, one.amount) for one in costs
    ] == [
        ("25-001", "", "01-010", "L", Decimal("1234.50")),
        ("25-001", "", "01-010", "M", Decimal("-4.05")),
        ("25-001", "001", "02-010", "L", Decimal("-100.00")),
        ("25-002", "", "01-010", "L", Decimal(12)),
    ]
    # The second of November or the eleventh of February: not told, rather than guessed.
    assert [one.posted for one in costs] == [None, date(2026, 11, 13), date(2026, 11, 3), None]


def test_french_headings_and_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "coûts.csv"
    path.write_text(
        "Projet;Code de coût;Montant\n25-001;01-010;1 234,50\n25-001;02-010;-0,99\n", encoding="cp1252"
    )
    records, aside = read(source(path))
    assert [getattr(one, "amount") for one in records] == [Decimal("1234.50"), Decimal("-0.99")]  # noqa: B009
    assert getattr(records[0], "cost_type_id") is None  # noqa: B009 - the file does not tell it
    assert aside == []


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1 234,50 $", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("(12.00)", ".", "-12.00"),
        ("-$12.00", ".", "-12.00"),
        ("12.00-", ".", "-12.00"),
        ("−12", ".", "-12"),
        ("CAD 7.5", ".", "7.5"),
        (".5", ".", "0.5"),
        ("0", ".", "0"),
        ("", ".", None),
        ("n/a", ".", None),
        ("1,23", ".", None),
        ("12,34,567.00", ".", None),
        ("1.2.3", ".", None),
        ("1e5", ".", None),
        ("NaN", ".", None),
        ("=1+1", ".", None),
    ],
)
def test_an_amount_is_exact_or_none(text: str, decimal: str, expected: str | None) -> None:
    assert amount(text, decimal) == (None if expected is None else Decimal(expected))


def test_a_date_with_two_readings_is_none() -> None:
    assert day("11/24/2026") == day("24/11/2026") == day("2026-11-24T00:00:00") == date(2026, 11, 24)
    assert day("11/02/2026") is None
    assert day("11/11/2026") == date(2026, 11, 11)
    assert day("soon") is None


def test_a_line_with_a_code_of_its_own_is_no_total(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Job,Cost code,Description,Amount\n25-001,01-010,Total Station,3.00\n,,Sous-total,3.00\n")
    records, aside = read(source(path))
    assert (len(records), aside) == (1, [])


def test_rows_that_cannot_be_read_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Job,Amount\n25-001,ten\n25-001,1.005\n25-001,3.00\n")
    records, aside = read(source(path))
    assert [(one.row, one.fault.value) for one in aside] == [(1, "amount"), (2, "amount")]
    assert len(records) == 1


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Our own list"])
    sheet.write_row(2, 0, ["Job", "Cost code", "Amount"])
    sheet.write_row(3, 0, ["25-001", "01-010", 0.1 + 0.2])
    sheet.write_row(4, 0, ["25-001", "=1+1", 5])
    sheet.write_string(5, 0, "25-002")
    sheet.write_string(5, 1, "=HYPERLINK(0)")
    sheet.write_formula(5, 2, "=SUM(C4:C5)", None, 5.3)
    book.close()
    return path


def test_a_workbook_gives_whole_cents_and_formulas_their_results(tmp_path: Path) -> None:
    records, aside = read(source(workbook(tmp_path / "a.xlsx")))
    assert [getattr(one, "amount") for one in records] == [Decimal("0.30"), Decimal(5), Decimal("5.30")]  # noqa: B009
    assert getattr(records[2], "cost_code_id") == "=HYPERLINK(0)"  # noqa: B009
    assert aside == []


def test_a_reading_of_a_file_goes_on_below_the_rows_already_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Job,Amount\n25-001,1.00\n" + ",2.00\n" * 2500)
    whole, _ = read(source(path))
    rest, _ = read(source(path), "2000")
    assert len(whole) == 2501
    assert rest == whole[2000:]
    assert getattr(rest[0], "job_id") == "25-001"  # noqa: B009


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bomb.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.xml", b"\0" * 50_000_000)
    with pytest.raises(Trouble) as caught:
        look(path)
    assert caught.value.problem.id is ProblemId.FILE_BROKEN
    assert caught.value.problem.facts["what"] == "too-large"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b"not a workbook"),
        ("b.csv", b"\x89PNG\x00\x00\x00\x00binary"),
        ("c.csv", b""),
        ("d.xlsx", b"PK"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Trouble) as caught:
        look(tmp_path / name)
    assert caught.value.problem.facts["file"] == name


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("," * 600)
    with pytest.raises(Trouble):
        list(rows(tmp_path / "wide.csv"))


def test_a_mapping_is_proposed_corrected_and_remembered(tmp_path: Path) -> None:
    headings = ("Chantier", "Phase", "Montant")
    proposed = propose(Kind.COSTS, headings)
    assert proposed.columns == {"cost_code": "Phase", "amount": "Montant"}
    assert proposed.missing(Kind.COSTS) == ["job"]
    corrected = type(proposed)({**proposed.columns, "job": "Chantier"}, ",")
    remember(tmp_path, Side.SAGE, Kind.COSTS, headings, corrected)
    assert remembered(tmp_path, Side.SAGE, Kind.COSTS, ("CHANTIER ", "phase", "Montant")) == corrected
    assert remembered(tmp_path, Side.PROCORE, Kind.COSTS, headings) is None
    (tmp_path / "columns.json").write_text("{broken")
    assert remembered(tmp_path, Side.SAGE, Kind.COSTS, headings) is None


def test_a_list_of_vendors_is_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    path.write_text("Vendor ID\tVendor Name\nV0001\tBéton\n", encoding="utf-8")
    records, _ = read(source(path, Side.PROCORE, Kind.VENDORS))
    assert records == [ProcoreVendor(id="V0001", origin_code="V0001", name="Béton", synced=True)]


LISTED = {
    (Kind.JOBS, Side.SAGE): lists.SageJob(id="24-001", code="24-001", name="Elm Park"),
    (Kind.JOBS, Side.PROCORE): lists.ProcoreProject(id="24-001", number="24-001", name="Elm Park"),
    (Kind.VENDORS, Side.SAGE): lists.SageVendor(id="24-001", code="24-001", name="Elm Park"),
    (Kind.COST_CODES, Side.SAGE): lists.SageCostCode(id="24-001", code="24-001", name="Elm Park"),
    (Kind.COST_CODES, Side.PROCORE): lists.ProcoreCostCode(
        id="24-001", code="24-001", full_code="24-001", name="Elm Park"
    ),
    (Kind.COST_TYPES, Side.SAGE): lists.SageCostType(id="24-001", code="24-001", name="Elm Park"),
    (Kind.COST_TYPES, Side.PROCORE): lists.ProcoreCostType(id="24-001", code="24-001", name="Elm Park"),
}


@pytest.mark.parametrize(("kind", "side"), LISTED)
def test_a_list_of_codes_and_names_is_that_sides_list(tmp_path: Path, kind: Kind, side: Side) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Code,Name\n24-001,Elm Park\n")
    records, aside = read(source(path, side, kind))
    assert (records, aside) == ([LISTED[kind, side]], [])


AMOUNT = Decimal("12.50")
IN_A_JOB = {
    (Kind.SUB_JOBS, Side.SAGE): lists.SageSubJob(id="row 2", job_id="24-001", code="01", name="Annex"),
    (Kind.SUB_JOBS, Side.PROCORE): lists.ProcoreSubJob(
        id="row 2", project_id="24-001", code="01", name="Annex"
    ),
    (Kind.PRIME_CONTRACTS, Side.SAGE): lists.SagePrimeContract(
        id="row 2", job_id="24-001", code="01", name="Annex", amount=AMOUNT
    ),
    (Kind.PRIME_CONTRACTS, Side.PROCORE): lists.ProcorePrimeContract(
        id="row 2", project_id="24-001", number="01", name="Annex", amount=AMOUNT
    ),
    (Kind.COMMITMENTS, Side.SAGE): lists.SageCommitment(
        id="row 2", job_id="24-001", code="01", name="Annex", amount=AMOUNT
    ),
    (Kind.COMMITMENTS, Side.PROCORE): lists.ProcoreCommitment(
        id="row 2", project_id="24-001", number="01", name="Annex", amount=AMOUNT
    ),
}


@pytest.mark.parametrize(("kind", "side"), IN_A_JOB)
def test_what_belongs_to_a_job_is_read_with_its_job_and_what_has_none_is_named(
    tmp_path: Path, kind: Kind, side: Side
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Job,Number,Title,Amount\n,02,Lost,1.00\n24-001,01,Annex,12.50\n")
    records, aside = read(source(path, side, kind))
    assert records == [IN_A_JOB[kind, side]]
    assert [(one.row, one.fault) for one in aside] == [(1, lists.Fault.TYPE)]


def test_a_contract_whose_amount_is_blank_is_there_without_one(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Job,Number,Amount\n24-001,01,\n")
    records, aside = read(source(path, Side.PROCORE, Kind.COMMITMENTS))
    assert (records, aside) == (
        [lists.ProcoreCommitment(id="row 1", project_id="24-001", number="01", name="", amount=None)],
        [],
    )


def test_a_file_that_lacks_a_needed_column_is_no_source(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Amount\nElm Park,1.00\n")
    with pytest.raises(ValueError, match="no column for job"):
        source(path)


def test_two_files_are_compared_without_any_right(store: Store, tmp_path: Path) -> None:
    here, there = tmp_path / "sage.csv", tmp_path / "procore.csv"
    here.write_text(REPORT)
    there.write_text(
        "Project Number,Sub Job,Full Code,Cost Type,Amount\n25-001,,01-010,L,1234.50\n25-001,,01-010,M,-4.05\n"
        "25-001,001,02-010,L,-100\n25-002,,01-010,L,13.00\n"
    )

    async def main() -> Report:
        return await match((source(here), source(there, Side.PROCORE)), store, Options(), lambda _: None)

    report = anyio.run(main)
    assert (report.verdict.match, report.verdict.differences, report.verdict.amount) == (
        Match.DIFFERS,
        1,
        Decimal("1.00"),
    )
    assert report.not_compared == ()
    assert report.levels == ("job", "sub-job", "cost-code", "cost-type")
    there.write_text(there.read_text().replace("13.00", "12.00"))
    report = anyio.run(main)
    assert report.verdict.match is Match.MATCHES
