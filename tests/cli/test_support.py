"""`support-bundle`: all is shown before it is written, no secret is in it, and the file is for this user only."""

import stat
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from app.assembly.house import House
from app.domain import events as ev
from app.domain.match_report import Written
from app.domain.support import PageOutline
from app.engine.conductor import RunConductor
from app.storage import folders, log, outlines
from tests.cli.commands import run
from tests.end_to_end.company import NAME, Told, secrets_of
from tests.support.canaries import spellings, standing_in
from tests.training.admin import Admin

PARTS = {"versions.txt", "preflight.txt", "runs.txt", "outlines.txt", "log.txt"}


def read(path: Path) -> dict[str, bytes]:
    """The parts of a bundle by the names of their files."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def leak_everywhere(secrets: Mapping[str, str], home: Path) -> None:
    """As a fault of ours would: each secret stands in the log, on a page and in an event, in every spelling."""
    place = folders.make(folders.locate().log) / log.NAME
    with place.open("ab") as file:
        for secret in secrets.values():
            for at, written in enumerate(spellings(secret)):
                file.write(b"line %d: the answer was " % at + written + b" and that is all\n")
    company = next(home.rglob("ledger.sqlite")).parent
    now = datetime.now(UTC)
    outlines.add(company, [PageOutline("hh2", now, f"  button: {secret}") for secret in secrets.values()])
    anyio.run(_write_down, secrets)


async def _write_down(secrets: Mapping[str, str]) -> None:
    """An event of the last run tells every secret; what is no text stands in none."""
    house = House("command line", person=0.0)
    try:
        conductor = await house.conductor(NAME, Told())
        assert isinstance(conductor, RunConductor)
        (run, *_) = await house.history(NAME)
        for secret in secrets.values():
            texts = [one.decode() for one in spellings(secret) if b"\0" not in one]
            files = tuple(Written("pdf", f"/reports/{text}/line.pdf", "ab" * 32, 12) for text in texts)
            assert await conductor.write_down(run.run_id, ev.ReportSaved("b658", "dana", files))
    finally:
        await house.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the tests' keyring is the Secret Service")
def test_no_canary_is_in_a_bundle_even_where_a_fault_wrote_it_into_log_pages_and_ledger(
    acme: str, admin: Admin, own_home: Path, tmp_path: Path
) -> None:
    assert run("sync", "--profile", acme, "--tabs", "vendors").returncode == 0
    secrets = {secret.value: text for secret, text in secrets_of(admin.served).items()}
    leak_everywhere(secrets, own_home)
    ledger = {"ledger": b"".join(one.read_bytes() for one in own_home.rglob("ledger.sqlite*"))}
    assert {one.partition(" in ")[0] for one in standing_in(secrets, ledger)} == secrets.keys()
    path = tmp_path / "bundle.zip"
    ended = run("support-bundle", "--profile", acme.lower(), "--yes", "--out", str(path))
    assert ended.returncode == 0, ended.stderr
    found = read(path)
    assert set(found) == PARTS
    assert standing_in(secrets, {**found, "stdout": ended.stdout.encode()}) == []
    assert b"line 0: the answer was" in found["log.txt"]
    assert b"button: " in found["outlines.txt"]
    assert b"RunPlanned" in found["runs.txt"]
    assert b"SyncAccepted" in found["runs.txt"]
    assert found["runs.txt"].count(b"/line.pdf") >= len(secrets) * 5
    assert b"Python: CPython" in found["versions.txt"]
    assert b"Network" in found["preflight.txt"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_written_was_shown_before_and_no_means_nothing_is_written(
    own_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.zip"
    asked = ("support-bundle", "--out", str(path))
    ended = run(*asked, given="n\n")
    assert (ended.returncode, path.exists()) == (130, False)
    assert f"Write all of this to {path}?" in ended.stderr
    ended = run(*asked, given="y\n")
    assert ended.returncode == 0, ended.stderr
    found = read(path)
    assert set(found) == {"versions.txt", "log.txt"}  # no company
    for text in found.values():
        assert text.decode() in ended.stdout
    assert run(*asked).returncode == 130  # nobody there to answer


def test_a_folder_that_takes_no_file_is_told_with_its_card(own_home: Path, tmp_path: Path) -> None:
    ended = run("support-bundle", "--yes", "--out", str(tmp_path / "no" / "bundle.zip"))
    assert ended.returncode == 20
    assert "[DISK]" in ended.stderr


def test_a_company_that_there_is_not_is_told(own_home: Path) -> None:
    ended = run("support-bundle", "--profile", "Nobody", "--yes")
    assert ended.returncode == 30
    assert "Nobody" in ended.stderr


def test_a_ledger_that_cannot_be_read_is_told_in_its_part(acme: str, own_home: Path, tmp_path: Path) -> None:
    broken = folders.locate().of_profile(acme) / "ledger.sqlite"
    broken.write_bytes(b"this is no ledger " * 400)
    path = tmp_path / "bundle.zip"
    assert run("support-bundle", "--profile", acme, "--yes", "--out", str(path)).returncode == 0
    assert b"[FILE-BROKEN]" in read(path)["runs.txt"]


def test_where_the_keyring_does_not_answer_it_is_said_that_only_shapes_were_looked_for(
    acme: str, own_home: Path, tmp_path: Path, no_secret_service: Mapping[str, str]
) -> None:
    path = tmp_path / "bundle.zip"
    ended = run("support-bundle", "--profile", acme, "--yes", "--out", str(path))
    assert ended.returncode == 0, ended.stderr
    assert "by their shape alone" in ended.stdout


def test_the_newest_lines_of_the_log_are_told_across_its_files(tmp_path: Path) -> None:
    assert log.tail(tmp_path, 100) == ""
    for name, count in ((f"{log.NAME}.1", 0), (log.NAME, 10)):
        (tmp_path / name).write_text("".join(f"line {count + at}\n" for at in range(10)))
    assert log.tail(tmp_path, 1000).splitlines() == [f"line {at}" for at in range(20)]
    assert log.tail(tmp_path, 90).splitlines() == [f"line {at}" for at in range(9, 20)]
    assert log.tail(tmp_path, 20).splitlines() == ["line 18", "line 19"]


def test_the_outlines_of_a_page_are_kept_once_and_only_the_newest(tmp_path: Path) -> None:
    for day in range(1, 12):
        page = "the same page" if day < 4 else f"page {day}"
        outlines.add(tmp_path, [PageOutline("hh2", datetime(2026, 11, day, tzinfo=UTC), page)])
        if day == 3:
            assert [one.at.day for one in outlines.load(tmp_path)] == [3]
    assert [one.at.day for one in outlines.load(tmp_path)] == [11, 10, 9, 8, 7, 6]
    (tmp_path / outlines.NAME).write_text("{}")
    assert outlines.load(tmp_path) == []
