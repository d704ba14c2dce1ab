"""About: the version, and the licence of every part of a frozen program."""

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import __version__
from app.ui.about_dialog import AboutDialog


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "licences"
    (folder / "zipp-4.1.2").mkdir(parents=True)
    (folder / "zipp-4.1.2" / "LICENSE").write_text("MIT, of zipp", encoding="utf-8")
    (folder / "anyio-4.16.0").mkdir()
    (folder / "anyio-4.16.0" / "COPYING").write_text("first of anyio", encoding="utf-8")
    (folder / "anyio-4.16.0" / "NOTICE").write_bytes("second of anyio, by Ren\xe9".encode("latin-1"))
    (folder / "PARTS.txt").write_text("all parts", encoding="utf-8")
    (folder / "REPLACE-QT.txt").write_text("how to replace", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    return folder


def test_every_part_is_named_and_its_licence_shown(frozen: Path, qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    shown = [about.parts.item(at).text() for at in range(about.parts.count())]
    assert shown == ["PARTS.txt", "REPLACE-QT.txt", "anyio-4.16.0", "zipp-4.1.2"]
    assert about.text.toPlainText() == "all parts"
    about.parts.setCurrentRow(2)
    assert about.text.toPlainText() == "first of anyio\n\nsecond of anyio, by Ren\ufffd"
    about.parts.setCurrentRow(3)
    assert about.text.toPlainText() == "MIT, of zipp"


def test_the_version_and_what_qt_allows_are_said(frozen: Path, qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    said = about.said.text()
    assert f"On-Demand Sync {__version__}" in said
    assert "GNU Lesser General Public License 3" in said
    assert "Apache License 2.0" in said


def test_from_the_sources_it_says_where_the_licences_are(qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    assert not about.parts.isEnabled()
    assert "from its sources" in about.text.toPlainText()
