"""Small files of the program's own: found again exactly, and a broken one is kept aside and said."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.filters import DateRange, Depth, Filters
from app.domain.problems import ProblemId, Trouble
from app.domain.tabs import Tab
from app.storage import movement
from app.storage import settings as preferences
from app.storage.folders import Folders
from app.storage.movement import Reading
from app.storage.settings import Choices, Settings
from tests.storage.conftest import fill

LAST = Settings(
    last_profile="Acme",
    language="fr",
    geometry={"main": "AdnQywADAAA="},
    said=("closing-to-tray",),
    choices={"Acme": Choices(Filters(DateRange.ALL, Depth.DEEP), (Tab.VENDORS,), ("24-001",), True, False)},
)


def test_settings_are_found_again(folders: Folders) -> None:
    assert preferences.load(folders).settings == Settings()
    preferences.save(folders, LAST)
    assert preferences.load(folders) == preferences.Loaded(LAST)


@pytest.mark.parametrize(
    ("data", "line", "newer"),
    [
        (b"", 1, False),
        (b'{\n"version": 1,\n"said": 5,', 3, False),
        (b"[]", 1, False),
        (b'{"version": 2, "said": {}}', 1, True),
    ],
)
def test_settings_that_cannot_be_read_are_kept_aside_and_said(
    folders: Folders, data: bytes, line: int, newer: bool
) -> None:
    path = folders.config / "settings.json"
    path.write_bytes(data)
    loaded = preferences.load(folders)
    assert loaded.settings == Settings()
    assert loaded.problem is not None
    assert loaded.problem.id is ProblemId.FILE_BROKEN
    assert loaded.problem.facts["line"] == line
    assert loaded.problem.facts.get("newer", False) is newer
    assert (folders.config / str(loaded.problem.facts["copy"])).read_bytes() == data
    preferences.save(folders, LAST)
    assert [each.read_bytes() for each in folders.config.glob("settings.json.kept-*")] == [data]
    if newer:
        assert path.read_bytes() == data, "the newer version finds what it kept"
    else:
        assert preferences.load(folders) == preferences.Loaded(LAST)


def test_settings_broken_since_they_were_loaded_are_kept_too(folders: Folders) -> None:
    (folders.config / "settings.json").write_bytes(b"half of someth")
    preferences.save(folders, LAST)
    assert [each.read_bytes() for each in folders.config.glob("settings.json.kept-*")] == [b"half of someth"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=20), st.decimals(allow_nan=False, allow_infinity=False), max_size=6))
def test_every_digit_of_the_last_reading_comes_back(company: Path, jobs: dict[str, Decimal]) -> None:
    reading = Reading("https://acme.hh2.com", datetime(2026, 11, 24, tzinfo=UTC), jobs)
    movement.save(company, reading)
    found = movement.load(company).reading
    assert found == reading
    assert {code: str(cost) for code, cost in found.jobs.items()} == {
        code: str(cost) for code, cost in jobs.items()
    }


def test_without_a_reading_there_is_none(company: Path) -> None:
    assert movement.load(company) == movement.LoadedReading(None)


@pytest.mark.parametrize(
    "data", [b"{", b'{"source": "x", "at": "2026-11-24T00:00:00Z", "jobs": {}, "version": 2}']
)
def test_a_reading_that_cannot_be_used_is_kept_aside_and_said(company: Path, data: bytes) -> None:
    (company / movement.NAME).write_bytes(data)
    loaded = movement.load(company)
    assert loaded.reading is None
    assert loaded.problem is not None
    assert (company / str(loaded.problem.facts["copy"])).read_bytes() == data


def test_a_full_disk_leaves_the_old_reading(tiny_disk: Path) -> None:
    old = Reading("https://acme.hh2.com", datetime(2026, 11, 24, tzinfo=UTC), {"24-001": Decimal("10.00")})
    movement.save(tiny_disk / "Acme", old)
    fill(tiny_disk)
    with pytest.raises(Trouble) as caught:
        movement.save(tiny_disk / "Acme", Reading(old.source, old.at, {"24-001": Decimal("11.00")}))
    assert caught.value.problem.facts["why"] == "full"
    assert movement.load(tiny_disk / "Acme").reading == old
