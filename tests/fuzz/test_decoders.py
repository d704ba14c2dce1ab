"""Every decoder against bytes made to hurt: it refuses in the program's own words, at once, and in little memory."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from defusedxml.common import EntitiesForbidden
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.decoding import toml
from app.domain.laid_down import Policy
from app.domain.problems import NotReadable, ProblemId, Trouble
from app.hh2.session import login_result
from app.match import sheet_reading
from app.match.sheet_reading import look, rows
from app.portals.labels import read_labels
from app.storage import deployed, policy, profile_toml
from app.storage import settings as program_settings
from tests.fuzz import targets
from tests.fuzz.targets import ALL, PART_NAMES, part_seed, workbook

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"
SEEDS = {name: targets.seeds(name) for name in ALL}

SPEAK_JSON = ("hh2_json", "procore_json", "ledger", "kept_files", "settings_file", "sign_in_state")
NAMES = (
    "id", "Id", "Version", "version", "Amount", "amount", "Code", "code", "Name", "name", "origin_id", "updated_at",
    "deleted_at", "grand_total", "cost_code", "holder", "line_item_type", "direct_cost_date", "TransactionDate",
    "CreatedOnUtc", "Result", "AuthenticatedUser", "error", "errors", "message", "base", "fields", "a", "b", "type",
    "seq", "evidence", "filters", "tabs", "cookies", "origins", "origin", "domain", "value", "localStorage", "jobs",
    "source", "counts", "kept", "refused", "tolerance", "sage", "choices", "geometry",
)  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["2026-11-24", "2026-11-24T14:00:00Z", "0001-01-01T00:00:00+23:59", "NaN", "1e999999", "-0"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """A good input in which some bytes are others, or gone, or there again."""
    data = bytearray(draw(st.sampled_from([path.read_bytes() for path in SEEDS[name]])))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["other", "gone", "again", "new"])):
            case "other" if data:
                data[at] = draw(st.integers(0, 255))
            case "gone":
                del data[at : at + draw(st.integers(1, 40))]
            case "again":
                data[at:at] = data[at : at + draw(st.integers(1, 40))] * draw(st.integers(1, 50))
            case _:
                data[at:at] = draw(
                    st.binary(max_size=20) | st.sampled_from([b"<!DOCTYPE a>", b'"', b"\x00", b"&a;", b"[["])
                )
    return bytes(data)


@pytest.mark.parametrize("name", ALL)
def test_any_bytes(name: str) -> None:
    @given(st.binary(max_size=2_000))
    @settings(max_examples=60)
    def holds(data: bytes) -> None:
        ALL[name](data)

    holds()


@pytest.mark.parametrize("name", ALL)
def test_a_good_input_that_was_damaged(name: str) -> None:
    @given(damaged(name))
    @settings(max_examples=60)
    def holds(data: bytes) -> None:
        ALL[name](data)

    holds()


@pytest.mark.parametrize("name", SPEAK_JSON)
def test_json_of_other_shapes(name: str) -> None:
    @given(JSON | st.lists(JSON, max_size=4))
    def holds(value: Any) -> None:
        ALL[name](json.dumps(value).encode())

    holds()


@pytest.mark.parametrize("name", ALL)
def test_what_was_kept_of_earlier_searches(name: str) -> None:
    for path in SEEDS[name]:
        ALL[name](path.read_bytes())


DEEP = 200_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *((name, b"[" * DEEP) for name in SPEAK_JSON),
        *((name, b"[" * DEEP + b"]" * DEEP) for name in ("hh2_json", "procore_json")),
        *((name, b'{"errors":' * DEEP) for name in SPEAK_JSON),
        ("procore_json", b'[{"a":' + b"[" * DEEP + b"]" * DEEP + b"}]"),
        ("hh2_json", b'[{"Id":"a","x":' + b"[" * DEEP + b"]" * DEEP + b"}]"),
        ("profile", b"a = " + b"[" * DEEP),
        ("profile", b"a." * 100_000 + b"b = 1"),
        ("profile", b'["a' + b'"."a' * 60_000 + b'"]'),
        *((name, b'{"x":' + b"[" * DEEP) for name in SPEAK_JSON),
        *((name, b'{"x":"\xff"}') for name in SPEAK_JSON),
        ("policy_file", b"a = " + b"[" * DEEP),
        ("policy_file", b"a." * 100_000 + b"b = 1"),
        ("label_table", b"a = " + b"[" * DEEP),
        ("label_table", b"[" + b"a . " * 100_000 + b"b]"),
        ("soap_xml", b"<a>" * DEEP),
        ("soap_xml", b"<a>" * DEEP + b"</a>" * DEEP),
        ("csv_file", b'Job,Amount\n"' + b"a" * DEEP),
        ("csv_file", b"Job,Amount\n" + b"," * DEEP),
        ("xlsx_file", bytes([4]) + b"<a>" * DEEP),
        ("xlsx_file", bytes([5]) + b"<a>" * DEEP),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one[:12].decode(errors='replace')}…{len(one)}",
)  # fmt: skip
def test_what_is_nested_or_long_without_end_is_refused(name: str, data: bytes) -> None:
    ALL[name](data)


# Each entity is ten of the one before it
LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9))
    + b"]><a>&j;</a>"
)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux bounds it and says how much it was")
def test_the_memory_for_one_answer_is_bounded() -> None:
    """A process that may have no more than this reads what would take gigabytes if it were let."""
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))\n"
        "from tests.fuzz.targets import ALL\n"
        "ALL['profile'](b'a.' * 120_000 + b'b = 1')\n"
        "ALL['label_table'](b'a.' * 400_000 + b'b = 1')\n"
        "ALL['procore_json'](b'[' * 4_000_000)\n"
        f"ALL['soap_xml']({LAUGHS!r})\n"
        # Not the greatest of getrusage: that of a child begins with the memory of the process that started it.
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 400_000  # kB; the imports are most of it


# ---------------------------------------------------------------- XML without entities


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE a [<!ENTITY b "true">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">',
        "<!DOCTYPE a>",
    ],
)
def test_the_answer_to_a_sign_in_has_no_document_type(before: str) -> None:
    body = (CORPUS / "soap_xml" / "true").read_bytes()
    assert login_result(body) == "true"
    with pytest.raises(NotReadable) as refused:
        login_result(before.encode() + body)
    assert refused.value.problem.facts["what"] == "broken XML"


@pytest.mark.parametrize(
    "part", [name for name in PART_NAMES if name.startswith("xl/") and "rels" not in name]
)
def test_a_workbook_with_entities_is_refused(tmp_path: Path, part: str) -> None:
    good = part_seed(part)[1:].decode()
    entity = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname"><!ENTITY c "c">]>'
    path = tmp_path / "costs.xlsx"
    path.write_bytes(workbook(part, good.encode()))
    assert look(path).headings == ("Job", "Amount", "Date")
    path.write_bytes(workbook(part, good.replace("?>", "?>" + entity, 1).encode()))
    with pytest.raises(Trouble) as refused:
        look(path)
    reasons: list[BaseException | None] = [refused.value]
    while reasons[-1] is not None:
        reasons.append(reasons[-1].__cause__ or reasons[-1].__context__)
    assert any(isinstance(one, EntitiesForbidden) for one in reasons)


# ---------------------------------------------------------------- bombs


def refused_as(path: Path, why: str) -> None:
    with pytest.raises(Trouble) as met:
        list(rows(path))
    assert (met.value.problem.id, met.value.problem.facts["what"]) == (ProblemId.FILE_BROKEN, why)


def test_a_workbook_that_unpacks_to_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was unpacked")

    bombs = {
        "ratio": [("xl/worksheets/sheet1.xml", b" " * 30_000_000)],
        "parts": [(f"xl/media/{number}", b"") for number in range(sheet_reading.MOST_PARTS + 1)],
    }
    for name, parts in bombs.items():
        path = tmp_path / f"{name}.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for part, data in parts:
                packed.writestr(part, data)
        monkeypatch.setattr(zipfile.ZipFile, "open", never)
        refused_as(path, "too-large")
        monkeypatch.undo()


def test_texts_that_would_be_held_whole_are_refused_by_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "costs.xlsx"
    path.write_bytes(workbook("", b""))
    assert len(list(rows(path))) == 2
    monkeypatch.setattr(sheet_reading, "MOST_HELD", 150)
    refused_as(path, "too-large")
    monkeypatch.setattr(sheet_reading, "MOST_HELD", 3_000)
    sheet = part_seed("xl/worksheets/sheet1.xml")[1:].replace(
        b"</sheetData>", b"<row/>" * 1_000 + b"</sheetData>"
    )
    good = workbook("xl/worksheets/sheet1.xml", sheet)
    path.write_bytes(good)
    assert len(list(rows(path))) > 2  # a sheet is not held
    contents = part_seed("[Content_Types].xml")[1:]
    named = contents.replace(b"/xl/worksheets/sheet1.xml", b"/xl/other.xml")
    twice = contents.replace(b"/xl/sharedStrings.xml", b"/xl/worksheets/sheet1.xml")
    for said in (named, twice):
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
            zipfile.ZipFile(io.BytesIO(good)) as other,
        ):
            for name in other.namelist():
                packed.writestr(name, said if name == "[Content_Types].xml" else other.read(name))
        refused_as(path, "too-large")


def test_a_csv_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such module")
    path = tmp_path / "costs.csv"
    with path.open("wb") as file:
        file.truncate(sheet_reading.MOST_BYTES + 1)  # no room is taken on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused_as(path, "too-large")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_csv_file_of_one_endless_line_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_bytes(b"Job,Amount\n" + b"a" * 3 * sheet_reading.LONGEST_LINE)
    refused_as(path, "too-large")


def test_a_workbook_that_counts_its_rows_wrong_ends(tmp_path: Path) -> None:
    sheet = part_seed("xl/worksheets/sheet1.xml")[1:].replace(b'<row r="2">', b'<row r="2147483000">')
    path = tmp_path / "costs.xlsx"
    path.write_bytes(workbook("xl/worksheets/sheet1.xml", sheet))
    refused_as(path, "too-large")


def test_a_workbook_is_as_wide_as_what_stands_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the bound of cells would refuse a report of 80,000 rows."""
    monkeypatch.setattr(sheet_reading, "MOST_CELLS", 6)
    path = tmp_path / "costs.xlsx"
    path.write_bytes(workbook("", b""))
    assert list(rows(path)) == [["Job", "Amount", "Date"], ["25-001", "1234.50", "2023-03-15T00:00:00"]]


def test_a_dotted_key_of_a_few_parts_is_read_and_one_without_end_is_not() -> None:
    assert toml('[a.b."c.d"]\ne.f = ["1.2.3.4.5.6.7.8.9.10.11.12.13.14", 1]') != {}
    with pytest.raises(ValueError, match="line 2"):
        toml("a = 1\n" + "b." * 80 + "c = 2\n")
    with pytest.raises(Trouble) as met:
        profile_toml.read(b"driver = 'browser'\n" + b"hh2." * 80 + b"x = 1", "Acme", "Acme.toml")
    assert (met.value.problem.facts["line"], met.value.problem.facts["expected"]) == (2, "toml")


def test_the_four_riskiest_are_targets_and_have_seeds() -> None:
    import fuzz

    assert fuzz.RISKIEST == targets.RISKIEST
    for name in fuzz.RISKIEST:
        files = SEEDS[name]
        assert 2 <= len(files) <= fuzz._KEPT + 15
        assert sum(path.stat().st_size for path in files) < 200_000


def test_every_target_has_a_good_input_to_damage() -> None:
    assert [name for name in ALL if not SEEDS[name]] == []
    assert {path.name for path in CORPUS.iterdir()} <= ALL.keys(), "a corpus that no target reads"


def test_the_good_inputs_of_a_companys_folder_are_read_as_what_they_are(tmp_path: Path) -> None:
    """Else what is damaged would be refused at its first byte."""
    assert {path.name for path in SEEDS["kept_files"]} == targets.KEPT.keys()
    for path in SEEDS["kept_files"]:
        nothing, folder = tmp_path / f"no {path.name}", tmp_path / path.name
        nothing.mkdir()
        folder.mkdir()
        (folder / path.name).write_bytes(path.read_bytes())
        read = targets.KEPT[path.name]
        assert read(folder) != read(nothing), path.name
        assert [one.name for one in folder.iterdir()] == [path.name], "it was kept aside as broken"


def test_the_good_inputs_of_settings_policy_and_sign_in_are_read_too(tmp_path: Path) -> None:
    folders = targets.folders_under(tmp_path)
    folders.config.mkdir()
    for name, read, nothing in (
        (
            "settings.json",
            lambda: program_settings.load(folders),
            program_settings.Loaded(program_settings.Settings()),
        ),
        ("policy.toml", lambda: policy.load(folders, tmp_path), Policy()),
    ):
        assert read() == nothing
        seed = "settings_file/settings" if name == "settings.json" else "policy_file/policy"
        (folders.config / name).write_bytes((CORPUS / seed).read_bytes())
        assert read() != nothing
        assert not getattr(read(), "wrong", ())
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "Acme.toml").write_bytes((CORPUS / "policy_file" / "deployed").read_bytes())
    assert deployed.read("Acme", tmp_path) is not None
    state = targets.taken_up((CORPUS / "sign_in_state" / "state").read_bytes())
    assert state is not None
    assert len(state["cookies"]) == 2
    assert len(state["origins"]) == 1  # the other one is somebody else's


def test_the_tables_that_are_damaged_are_those_the_program_reads() -> None:
    own = SEEDS["label_table"][:2]
    assert [path.name for path in own] == ["hh2.toml", "procore.toml"]
    for path in own:
        assert len(read_labels(path.read_bytes()).controls) > 3
