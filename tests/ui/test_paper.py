"""A report on paper: printed by a process without a window, with the system's fonts, nothing cut in two."""

import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPdfWriter, QTextTable
from pytestqt.qtbot import QtBot

from app.assembly.paper import print_pdf, qt_platform
from app.domain.match_reasons import ACTS, Reason
from app.domain.problems import ProblemId, Trouble
from app.match.compare import ENTITIES
from app.match.exports import paper as on_paper
from app.match.exports.report_columns import REASONS
from app.ui import paper
from app.words import match as words
from tests.support.languages import speak

ROW = "<tr><td>{n}</td><td>Fetched by Procore,<br>but not imported yet</td></tr>"
HEAD = "<thead><tr><td>Where</td><td>Probable reason</td></tr></thead>"


def page(rows: int, lines: int = 1) -> str:
    above = "<p>Do they match?</p>" * lines
    return f"{above}<table>{HEAD}{''.join(ROW.format(n=n) for n in range(rows))}</table>"


def test_a_report_is_printed_by_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "told.pdf"
    print_pdf(page(200), "Acme · {n}/{all}", path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") > 5


def test_without_a_screen_where_qt_finds_fonts_there_and_with_windows_own_fonts_on_windows() -> None:
    assert [qt_platform(system) for system in ("linux", "darwin", "win32")] == [
        "offscreen",
        "offscreen",
        "windows",
    ]


def test_what_cannot_be_printed_is_a_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as met:
        print_pdf(page(1), "", tmp_path / "nowhere" / "told.pdf")
    assert met.value.problem.id is ProblemId.DISK


@pytest.mark.parametrize("lines", [1, 13, 25, 40])  # a row, or the headings, would stand on two pages
def test_no_row_stands_on_two_pages_and_no_heading_alone(qtbot: QtBot, tmp_path: Path, lines: int) -> None:
    writer = QPdfWriter(str(tmp_path / "told.pdf"))
    writer.setResolution(600)
    height = 4000.0
    document = paper._document(page(60, lines), writer, QSizeF(5000, height))
    (table,) = [one for one in document.rootFrame().childFrames() if isinstance(one, QTextTable)]
    pages = [[edge // height for edge in paper._row(document, table, row)] for row in range(table.rows())]
    assert [row for row, (top, end) in enumerate(pages) if top != end] == []
    assert pages[0] == pages[1]  # the headings stand with the first row
    assert pages[-1][1] >= 2


@pytest.mark.parametrize("lines", range(20, 33))  # down to the foot of the page
@pytest.mark.parametrize("rows", [1, 3, 60])
def test_a_table_that_begins_on_the_next_page_begins_at_its_top(
    qtbot: QtBot, tmp_path: Path, lines: int, rows: int
) -> None:
    writer = QPdfWriter(str(tmp_path / "told.pdf"))
    writer.setResolution(600)
    height = 4000.0
    document = paper._document(page(rows, lines), writer, QSizeF(5000, height))
    (table,) = [one for one in document.rootFrame().childFrames() if isinstance(one, QTextTable)]
    top, _end = paper._row(document, table, 0)
    above = document.documentLayout().blockBoundingRect(document.findBlockByNumber(lines - 1)).bottom()
    begins = above if top // height == above // height else height
    assert 0 <= top - begins < 140  # less than a line between them


@pytest.mark.slow
def test_another_reader_finds_the_text_in_it(tmp_path: Path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("poppler-utils is not installed: nothing here can read a PDF")
    path = tmp_path / "told.pdf"
    print_pdf("<p>Pont des Érables, Мост</p>" + page(100), "Acme · {n}/{all}", path)
    text = subprocess.run([reader, str(path), "-"], check=True, capture_output=True, text=True).stdout
    assert "Pont des Érables, Мост" in text
    assert "Acme · 1/" in text
    assert text.count("Fetched by Procore,") == 100


def told() -> str:
    """Every sentence that the tables of differences and of reasons can hold, with large amounts."""
    amount = Decimal("-12345678.90")
    kinds = [words.entity(name) for name in (*ENTITIES, "job-costs")]
    places = "26-805 · 01-010 · L", "W0003 Entreprises générales de l'Est"
    days = [f"{words.since(name)} ({date(2026, 11, 24)})" for name in ("first", "new", "moved", "known")]
    rows = [
        (kinds[n % len(kinds)], places[n % 2], amount, amount, amount, words.reason(reason.value),
         words.to_do(reason.value), words.acts(ACTS[reason].value), days[n % 4])
        for n, reason in enumerate(Reason)
    ]  # fmt: skip
    reasons = [
        (words.reason(one.value), 1234, amount, words.acts(ACTS[one].value), words.to_do(one.value))
        for one in Reason
    ]
    return on_paper._table("differences", on_paper._DIFFERENCES, rows, 99) + on_paper._table(
        "reasons", REASONS, reasons, 99
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_word_of_a_report_is_cut_or_broken(tmp_path: Path, language: str) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("poppler-utils is not installed: nothing here can read a PDF")
    path = tmp_path / "told.pdf"
    speak(language)
    html = told()
    print_pdf(html, "", path)
    wanted = Counter(re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", html))))
    text = subprocess.run([reader, "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout
    found = Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text)))
    assert sum(wanted.values()) > 500
    assert {word for word, count in (wanted - found).items() if count} == set()
