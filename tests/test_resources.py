"""The files that are not code are found by one function."""

import re
import sys
from pathlib import Path

import pytest

from app import resources
from app.resources import ResourceMissing, resource


def test_the_icon_is_there() -> None:
    assert resource("icons", "ondemand-sync.svg").read_text(encoding="utf-8").startswith("<svg")


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(ResourceMissing, match=r"icons/nothing\.svg is not among the resources"):
        resource("icons", "nothing.svg")


def test_a_frozen_program_finds_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.root() == tmp_path / "resources"


def test_an_installed_package_finds_its_own_and_says_when_they_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "app" / "resources.py"))
    with pytest.raises(ResourceMissing, match="no resources beside"):
        resources.root()
    (tmp_path / "app" / "_resources").mkdir(parents=True)
    assert resources.root() == tmp_path / "app" / "_resources"


def test_every_behaviour_of_the_real_sites_says_how_well_it_is_known() -> None:
    text = (resources.root() / "help" / "what-is-known.md").read_text(encoding="utf-8")
    rows = [
        line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| behaviour")
    ]
    assert len(rows) > 30
    for row in rows:
        _empty, _behaviour, mark, _otherwise, _end = (cell.strip() for cell in row.split("|"))
        assert re.match(r"\[(C|C1|C3|I|\?)\]", mark), row
    assert "resources/help/what-is-known.md" in (Path(__file__).parent.parent / "README.md").read_text(
        encoding="utf-8"
    )
