"""Files that are broken or of a newer version, disks that are full or may only be read, as a person meets them in the
window: said plainly, kept, never written over, and no run is begun."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.events import RunOutcome
from app.domain.profile import Hh2Settings, Profile
from app.domain.tabs import Tab
from app.storage import folders, ledger_file
from app.ui.history_view import HistoryView
from tests.end_to_end.company import NAME
from tests.storage.conftest import fill, mounted, read_only
from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.ui.conftest import Open
from tests.ui.person import Desktop, desktop
from tests.ui.test_fields import _settings

AMPLE = 20  # megabytes, of which a run asks for 16


@pytest.fixture
def disk(own_home: Path) -> Iterator[Path]:
    """The program's data on a disk of its own, small but large enough for a run."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = own_home / "data"
    mounted("data", place, "-t", "tmpfs", "-o", f"size={AMPLE}m,mode=700")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def _resize(disk: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(disk)], check=True)


def _cannot_start(shown: Desktop) -> None:
    assert shown.run is None
    assert not shown.view.held
    assert not shown.has("Start Sync")
    assert not shown.window.start_action.isEnabled()


# ---------------------------------------------------------------- broken, or newer


def test_a_profile_of_a_newer_version_is_said_and_left_as_it_is(qtbot: QtBot) -> None:
    path = folders.locate().profiles / "Alpha.toml"

    async def newer(house: House) -> None:
        assert await house.save(Profile("Alpha", hh2=Hh2Settings(site="x"))) == []
        path.write_text(path.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")

    with desktop(qtbot, prepare=newer) as shown:
        shown.wait_for("It was written by a newer version of this program")
        _cannot_start(shown)
        assert shown.has("Try again")
        before = path.read_bytes()
    assert path.read_bytes() == before
    assert b"version = 2" in before


def test_settings_of_a_newer_version_are_said_kept_aside_and_left_for_it(qtbot: QtBot) -> None:
    place = folders.locate().config
    place.mkdir(parents=True)
    newer = b'{"version": 2, "last_profile": ["Beaulieu", "Alpha"]}'
    (place / "settings.json").write_bytes(newer)

    async def one(house: House) -> None:
        assert await house.save(Profile("Alpha", hh2=Hh2Settings(site="x"))) == []

    with desktop(qtbot, prepare=one) as shown:
        shown.wait_for("It was written by a newer version of this program")
        shown.press("OK")
        wait_until(lambda: shown.view.held, "the company is open all the same")
    assert (place / "settings.json").read_bytes() == newer
    assert [kept.read_bytes() for kept in place.glob("settings.json.kept-*")] == [newer]


def _spoil(ledger: Path) -> None:
    ledger.write_bytes(b"this is a letter, not a ledger\n" * 200)


def _make_newer(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as made, made:
        made.execute(f"PRAGMA application_id={ledger_file.APPLICATION}")
        made.execute("PRAGMA user_version=99")
        made.execute("CREATE TABLE runs_of_tomorrow (x)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(_spoil, "a ledger as this program wrote it"), (_make_newer, "written by a newer version")],
)
def test_a_ledger_that_cannot_be_used_is_said_kept_aside_and_left_as_it_is(
    acme: Open, qtbot: QtBot, admin: Admin, spoil: object, words: str
) -> None:
    place = folders.locate().of_profile_ready(NAME)
    assert callable(spoil)
    spoil(place / "ledger.sqlite")
    before = (place / "ledger.sqlite").read_bytes()
    with acme() as shown:
        shown.wait_for("ledger.sqlite cannot be read.")
        assert shown.reads(words)
        assert shown.reads("It was kept aside as ledger.sqlite.kept-")
        _cannot_start(shown)
        shown.press("Try again")
        shown.wait_for("ledger.sqlite cannot be read.")
        shown.window.history_action.trigger()
        wait_until(shown.has_dialog, "the history")
        history = shown.dialog()
        assert isinstance(history, HistoryView)
        wait_until(lambda: "cannot be read" in history.empty.text(), "it says why")
        shown.press("Close")
        assert (place / "ledger.sqlite").read_bytes() == before
        shown.press("Begin a new history…")
        shown.wait_for("look in hh2 and in Procore first")
        shown.press("Leave it")
        assert (place / "ledger.sqlite").read_bytes() == before
        shown.press("Begin a new history…")
        shown.press("Begin it")
        wait_until(lambda: shown.view.held, "the company is open with a new history")
        assert shown.has("Start Sync")
    assert [kept.read_bytes() for kept in place.glob("ledger.sqlite.kept-*")] == [before]
    assert admin.presses() == []


# ---------------------------------------------------------------- full, or read-only


def test_a_disk_without_room_is_said_and_tried_again(disk: Path, acme: Open, admin: Admin) -> None:
    _resize(disk, 2)
    with acme() as shown:
        shown.wait_for("the disk is full")
        _cannot_start(shown)
        _resize(disk, AMPLE)
        shown.press("Try again")
        wait_until(lambda: shown.view.held, "the company opens")
        assert not shown.reads("the disk is full")
    assert admin.presses() == []


def test_a_disk_that_filled_up_while_the_window_stood_open_starts_no_run(
    disk: Path, acme: Open, admin: Admin
) -> None:
    with acme(tabs=(Tab.VENDORS,), go_on=True) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        ballast = fill(disk)
        shown.press("Start Sync")
        shown.wait_for("the disk is full")
        assert shown.run is None
        assert admin.presses() == []
        shown.press("OK")
        ballast.unlink()
        shown.press("Start Sync")
        assert shown.until_over().ended is not None


def test_a_disk_that_fills_up_during_a_run_cuts_it_off_and_it_goes_on_when_there_is_room(
    disk: Path, acme: Open, admin: Admin
) -> None:
    with acme("slow", pace=0.3, tabs=(Tab.VENDORS,), go_on=True) as shown:
        shown.press("Start Sync")
        wait_until(lambda: admin.presses("sync.start") != [], "step 1 is under way")
        ballast = fill(disk)
        shown.wait_for("the disk is full")
        assert not shown.view.busy
        assert admin.presses("tab.refresh") == []
        ballast.unlink()
        shown.press("OK")
        shown.press("Continue it (go on)")
        ended = shown.until_over().ended
        assert ended is not None
        assert ended.outcome is RunOutcome.OK
    assert len(admin.presses("sync.start")) == 1
    assert len(admin.presses("tab.refresh")) == 1


def test_a_folder_that_may_only_be_read_starts_no_run(acme: Open, admin: Admin) -> None:
    place = folders.locate().of_profile_ready(NAME)
    with read_only(place), acme() as shown:
        shown.wait_for("it can only be read")
        _cannot_start(shown)
    with acme() as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        with read_only(place):
            shown.press("Start Sync")
            shown.wait_for("it can only be read")
            assert shown.run is None
    assert admin.presses() == []


def test_a_company_that_cannot_be_saved_is_said_in_its_dialog_and_nothing_typed_is_lost(
    qtbot: QtBot,
) -> None:
    async def one(house: House) -> None:
        assert await house.save(Profile("Alpha", hh2=Hh2Settings(site="x"))) == []

    with desktop(qtbot, prepare=one) as shown:
        wait_until(lambda: shown.view.held, "it is ours")
        with read_only(folders.locate().profiles):
            shown.press("Edit this company")
            dialog = _settings(shown)
            shown.type(dialog.name.edit, "Gamma")
            shown.press("Save")
            wait_until(lambda: "it can only be read" in dialog.other.text(), "it is said in the dialog")
            assert (dialog.isVisible(), dialog.other.isVisible(), dialog.name.text) == (True, True, "Gamma")
        wait_until(lambda: shown.view.held, "the company is still open")
        shown.press("Save")
        wait_until(lambda: shown.view.profile is not None and shown.view.profile.name == "Gamma", "renamed")
