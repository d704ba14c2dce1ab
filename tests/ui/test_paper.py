"""A report on paper: printed by a process without a window, with the system's fonts, nothing cut in two."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPdfWriter, QTextTable
from pytestqt.qtbot import QtBot

from app.assembly.paper import print_pdf
from app.domain.problems import Trouble
from app.ui import paper

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


def test_what_cannot_be_printed_is_a_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as met:
        print_pdf(page(1), "", tmp_path / "nowhere" / "told.pdf")
    assert met.value.problem.facts["exit"] == paper.NOT_WRITTEN


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
