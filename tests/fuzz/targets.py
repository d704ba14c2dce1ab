"""Every decoder as a function of bytes: it returns, or refuses in the program's own words; anything else is a fault."""

import contextlib
import io
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec

from app.assembly import match_choice
from app.domain import events
from app.domain.decoding import BROKEN, toml
from app.domain.events import Site
from app.domain.laid_down import FLAGS
from app.domain.lists import Kind, Side
from app.domain.problems import NotReadable, Trouble
from app.hh2 import lists as hh2_lists
from app.hh2.reads import Failure, Operation
from app.hh2.session import SITE as HH2
from app.hh2.session import _Verdict, login_result
from app.http import Answer, decode, decode_rows
from app.match.files import FileSource
from app.match.headings import WANTED, propose
from app.match.sheet_reading import look
from app.portals.labels import LabelsBroken, read_labels
from app.portals.sign_in_state import SignInState
from app.procore import kept, list_rows, rest
from app.procore import lists as procore_lists
from app.procore.oauth import SITE as PROCORE
from app.procore.oauth import Tokens
from app.procore.permissions import Base, Manifest
from app.storage import (
    census,
    chain,
    deployed,
    job_list,
    ledger_file,
    movement,
    outlines,
    places,
    policy,
    profile_toml,
    sealed_files,
    settings,
)
from app.storage.folders import Folders
from app.storage.redact import redact

Target = Callable[[bytes], None]
_REFUSED = (Trouble, NotReadable)


def _answer(body: bytes, status: int = 200) -> Answer:
    return Answer(status, "application/json", body, httpx.Headers())


def _of_job(record: Callable[[Any, str], Any], row: Any) -> Any:
    return record(row, "job")


def _recorded(given: tuple[str, ...], row: Any) -> Any:
    return row.record(*given)


def hh2_json(data: bytes) -> None:
    """Every list of hh2's services, the verdict on a sign-in, failures and operations."""
    for one in hh2_lists._LISTS.values():
        with contextlib.suppress(*_REFUSED):
            decode_rows(_answer(data), one.row, partial(_of_job, one.record), HH2)
    for wanted in (_Verdict, list[Failure], list[Operation]):
        with contextlib.suppress(*_REFUSED):
            decode(_answer(data), wanted, HH2)


def soap_xml(data: bytes) -> None:
    """What the SOAP service answers."""
    with contextlib.suppress(*_REFUSED):
        login_result(data)


def procore_json(data: bytes) -> None:
    """Every list of Procore's REST, a budget row, what an error says, tokens, permissions."""
    for row in procore_lists._ROWS.values():
        for arguments in ((), ("project",)):
            with contextlib.suppress(*_REFUSED, TypeError):  # one of them takes a project
                decode_rows(_answer(data), row, partial(_recorded, arguments), PROCORE)
    heads: dict[int, list_rows.DirectCost] = {}
    with contextlib.suppress(*_REFUSED):
        procore_lists.heads_of(_answer(data), heads)
    with contextlib.suppress(*_REFUSED):
        procore_lists.lines_of(_answer(data), "project", heads)
    budget = procore_lists._records(
        msgspec.Raw, lambda row: procore_lists._budget_row(row, "project", ("a", "b"))
    )
    with contextlib.suppress(*_REFUSED):
        budget(_answer(data))
    assert len(rest.words(data)) <= 200
    for wanted in (Tokens, Manifest, Base, list[procore_lists._List], list[procore_lists._Column]):
        with contextlib.suppress(*_REFUSED):
            decode(_answer(data), wanted, PROCORE)
    with contextlib.suppress(*BROKEN):
        msgspec.json.decode(data, type=kept.Kept)


def label_table(data: bytes) -> None:
    """A table of the words on a site's pages."""
    with contextlib.suppress(LabelsBroken):
        read_labels(data)


def profile(data: bytes) -> None:
    """A company's settings."""
    with contextlib.suppress(Trouble):
        profile_toml.read(data, "Acme", "Acme.toml")


def ledger(data: bytes) -> None:
    """An event, a row of the chain, a run's line, and a file that says it is a ledger."""
    with contextlib.suppress(*BROKEN):
        events.decode(data)
    text = data.decode("utf-8", "replace")
    row = chain.Row(1, "run", 1, "2026-11-24T14:00:00+00:00", text, bytes(32), bytes(32), "")
    found = chain.verify([row], [chain.Sealed("run", data, 1, data, "")], None, chain.FIRST)
    assert found.faults
    with contextlib.suppress(*BROKEN, ValueError):
        chain.record_of(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.sqlite")
        path.write_bytes(data)
        with contextlib.suppress(Trouble):
            connection = ledger_file.open_to_read(path)
            if connection is not None:
                with contextlib.closing(connection):
                    try:
                        connection.execute("SELECT * FROM runs").fetchall()
                    except sqlite3.Error as error:
                        raise ledger_file.said(error, path) from None


# What lies in a company's folders, and who reads it.
KEPT: dict[str, Callable[[Path], Any]] = {
    census.NAME: census.load,
    movement.NAME: movement.load,
    job_list.NAME: job_list.load,
    outlines.NAME: outlines.load,
    sealed_files.INDEX: sealed_files.read_index,
    places.NAME: places.load,
    match_choice.NAME: match_choice.load,
}


def kept_files(data: bytes) -> None:
    """What else lies in a company's folder: one that cannot be read is as if it were not there."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, read in KEPT.items():
            (folder / name).write_bytes(data)
            with contextlib.suppress(Trouble):
                read(folder)
    redact(data.decode("utf-8", "replace"))


def folders_under(made: Path) -> Folders:
    """The program's folders, in this one alone."""
    return Folders(made / "config", made / "data", made / "log", made / "run")


def settings_file(data: bytes) -> None:
    """What is remembered across companies: one that cannot be read is kept aside, and said."""
    with tempfile.TemporaryDirectory() as made:
        folders = folders_under(Path(made))
        folders.config.mkdir()
        (folders.config / settings.NAME).write_bytes(data)
        loaded = settings.load(folders)
        if loaded.problem is not None:
            line = loaded.problem.facts["line"]
            assert isinstance(line, int)
            assert 1 <= line <= data.count(b"\n") + 1
        settings.save(folders, loaded.settings)


def policy_file(data: bytes) -> None:
    """What IT lays down, and a company that it deploys: what cannot be understood forbids."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "profiles").mkdir()
        for name in ("policy.toml", "profiles/Acme.toml"):
            (folder / name).write_bytes(data)
        laid_down = policy.load(folders_under(folder), folder)
        try:
            toml((folder / "policy.toml").read_text(encoding="utf-8-sig"))
        except ValueError:
            assert not any(getattr(laid_down, name) for name in FLAGS)
        with contextlib.suppress(Trouble):
            deployed.read("Acme", folder)


class _Held:
    """A kept sign-in of these words; taking it up keeps nothing and forgets nothing."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def kept(self, _: Site) -> str:
        return self._text

    async def keep(self, _: Site, __: str) -> None:
        raise AssertionError("kept")

    async def forget(self, _: Site) -> None:
        raise AssertionError("forgotten")


_OURS = frozenset({"https://acme.hh2.example"})


def sign_in_state(data: bytes) -> None:
    """A sign-in that was kept for the next browser: nothing of anybody else's is taken from it."""
    state = taken_up(data)
    for cookie in (state or {}).get("cookies", []):
        assert cookie["domain"] in ("acme.hh2.example", ".acme.hh2.example", ".hh2.example", ".example")
    for laid in (state or {}).get("origins", []):
        assert laid["origin"].lower().startswith("https://acme.hh2.example")


def taken_up(data: bytes) -> Any:
    """What the next browser begins with."""
    held = _Held(data.decode("utf-8", "replace"))
    return anyio.run(SignInState(Site.HH2, _OURS, held).begin)


def _table(path: Path) -> None:
    try:
        table = look(path)
    except Trouble:
        return
    for kind in WANTED:
        layout = propose(kind, table.headings, table.samples)
        if layout.missing(kind):
            continue
        for side in Side:
            with contextlib.suppress(Trouble):
                for records, aside, _place, _last in FileSource(side, kind, table, layout)._blocks(0):
                    assert len(records) + len(aside) <= 1000
            if kind is not Kind.COSTS:
                break


def csv_file(data: bytes) -> None:
    """A CSV file in place of a list."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "costs.csv")
        path.write_bytes(data)
        _table(path)


_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f"{_FORMATS}/spreadsheetml/2006/main"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TIES = f"{_FORMATS}/officeDocument/2006/relationships"


def _xml(root: str, inside: str) -> str:
    return f'<?xml version="1.0"?><{root}>{inside}</{root.partition(" ")[0]}>'


def _kind(part: str, kind: str) -> str:
    return f'<Override PartName="/xl/{part}.xml" ContentType="{_KINDS}.{kind}+xml"/>'


def _ties(*parts: tuple[str, str]) -> str:
    ties = (
        f'<Relationship Id="rId{number}" Type="{_TIES}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, 1)
    )
    return _xml(f'Relationships xmlns="{_FORMATS}/package/2006/relationships"', "".join(ties))


def _text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


_PARTS = {
    "[Content_Types].xml": _xml(
        f'Types xmlns="{_FORMATS}/package/2006/content-types"',
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + _kind("workbook", "sheet.main")
        + _kind("worksheets/sheet1", "worksheet")
        + _kind("sharedStrings", "sharedStrings")
        + _kind("styles", "styles"),
    ),
    "_rels/.rels": _ties(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": _xml(
        f'workbook xmlns="{_MAIN}" xmlns:r="{_TIES}"',
        '<sheets><sheet name="Costs" sheetId="1" r:id="rId1"/></sheets>',
    ),
    "xl/_rels/workbook.xml.rels": _ties(
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    ),
    "xl/worksheets/sheet1.xml": _xml(
        f'worksheet xmlns="{_MAIN}"',
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
        + _text_cell("B1", "Amount")
        + _text_cell("C1", "Date")
        + '</row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>1234.5</v></c>'
        '<c r="C2" s="1"><v>45000</v></c></row></sheetData>',
    ),
    "xl/sharedStrings.xml": _xml(f'sst xmlns="{_MAIN}"', "<si><t>Job</t></si><si><t>25-001</t></si>"),
    "xl/styles.xml": _xml(
        f'styleSheet xmlns="{_MAIN}"',
        "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    ),
}
PART_NAMES = tuple(_PARTS)


def workbook(part: str, data: bytes) -> bytes:
    """A small workbook in which one part is these bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in _PARTS.items():
            packed.writestr(name, data if name == part else text)
    return made.getvalue()


def part_seed(part: str) -> bytes:
    """A good input of `xlsx_file` for one part."""
    return bytes([PART_NAMES.index(part)]) + _PARTS[part].encode()


def xlsx_file(data: bytes) -> None:
    """A workbook in place of a list: the first byte says which of its parts the others are; 255 all of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "costs.xlsx")
        which = data[0] if data else 255
        path.write_bytes(
            data[1:] if which == 255 else workbook(PART_NAMES[which % len(PART_NAMES)], data[1:])
        )
        _table(path)


ALL: dict[str, Target] = {
    one.__name__: one
    for one in (
        hh2_json, soap_xml, procore_json, label_table, profile, ledger, kept_files, settings_file, policy_file,
        sign_in_state, csv_file, xlsx_file,
    )
}  # fmt: skip
HERE = Path(__file__).parent


def seeds(name: str) -> list[Path]:
    """The good inputs of a target: those of its corpus, and of the tables of labels the program's own."""
    own = HERE.parents[1] / "resources" / "portals"
    tables = sorted(own.glob("*.toml")) if name == "label_table" else []
    return [*tables, *sorted((HERE / "corpus" / name).glob("*"))]


# What others write and a parser reads that is large or not ours
RISKIEST = ("procore_json", "soap_xml", "csv_file", "xlsx_file")
