"""The files that are not code are found by one function."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import resources
from app.assembly import match_choice
from app.match import headings, store
from app.resources import ResourceMissing, resource
from app.storage import (
    census,
    job_list,
    ledger_file,
    log,
    movement,
    outlines,
    places,
    results,
    sealed_files,
    settings,
)
from app.storage.folders import locate
from app.storage.secret_store import service_name


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


def _marks(tongue: str) -> list[str]:
    """The mark of each behaviour, as a page tells it."""
    text = (resources.root() / "help" / tongue / "what-is-known.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [row.split("|")[2].strip() for row in rows if "[" in row.split("|")[2]]


def test_every_behaviour_of_the_real_sites_says_how_well_it_is_known() -> None:
    for tongue in ("en", "fr"):
        text = (resources.root() / "help" / tongue / "what-is-known.md").read_text(encoding="utf-8")
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        assert all(len(row.split("|")) == 5 for row in rows), tongue
        assert len(rows) - 2 == len(_marks(tongue)) > 30, "only the two heads have no mark"
        for mark in _marks(tongue):
            assert re.match(r"\[(C|C1|C3|I|\?)\]", mark)
    bare = [re.findall(r"\[.*?\]", mark) for mark in _marks("en")]
    assert bare == [re.findall(r"\[.*?\]", mark) for mark in _marks("fr")]
    assert "resources/help/en/what-is-known.md" in (Path(__file__).parent.parent / "README.md").read_text(
        encoding="utf-8"
    )


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """What is kept, and where, of both tables."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("| what |", "| quoi |")):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == 5, line
            assert all(cells), line
            yield cells[0], cells[1]


@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_what_lies_where_names_every_file_as_the_program_names_it(tongue: str, tmp_path: Path) -> None:
    text = (resources.root() / "help" / tongue / "what-lies-where.md").read_text(encoding="utf-8")
    told = {path for _what, place in _rows(text) for path in re.findall(r"`([^`]+)`", place)}
    folders = locate({"ONDEMAND_SYNC_HOME": str(tmp_path)})
    company, match = folders.of_profile("NAME"), folders.of_profile("NAME") / store.FOLDER
    kept = [
        *(company / name for name in (ledger_file.NAME, census.NAME, movement.NAME, job_list.NAME)),
        company / outlines.NAME,
        company / places.NAME,
        company / results.FOLDER,
        *(company / name for name in (sealed_files.INDEX, f"…{sealed_files.SEALED}")),
        *(match / name for name in (store.NAME, headings.NAME, match_choice.NAME, store.REPORTS)),
        folders.locks,
    ]
    in_code = {
        *(path.relative_to(folders.data).as_posix() for path in kept),
        (folders.profiles / "NAME.toml").relative_to(folders.config).as_posix(),
        settings.NAME,
        log.NAME,
        service_name("NAME", "…"),
    }
    assert told == in_code
    assert "resources/help/en/what-lies-where.md" in (Path(__file__).parent.parent / "README.md").read_text(
        encoding="utf-8"
    )


def test_readme_shows_every_view_in_both_languages() -> None:
    tree = Path(__file__).parent.parent
    text = (tree / "README.md").read_text(encoding="utf-8")
    pictures = tree / "resources" / "pictures"
    english = {path.name for path in pictures.glob("*.png")}
    assert english == {path.name for path in (pictures / "fr").glob("*.png")}
    assert len(english) >= 9
    for name in english:
        assert f"(resources/pictures/{name})" in text
        assert f"(resources/pictures/fr/{name})" in text
