"""The browser's processes end with ours: after a close, after kill -9, and at the next start; and only ours."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.portals import processes
from app.portals.browser import DrivenBrowser
from tests.support.waiting import wait_until
from tests.training.servers import environ

pytestmark = pytest.mark.anyio

OPENS = """
import sys, anyio
from pathlib import Path
from app.portals.browser import DrivenBrowser

async def main():
    browser = DrivenBrowser(Path(sys.argv[1]), headless=True)
    await browser.open()
    print("open", flush=True)
    await anyio.sleep_forever()

anyio.run(main)
"""


def bearing(marker: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and any(marker in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def notes(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def noted(folder: Path) -> processes.Noted:
    import msgspec

    (path,) = folder.glob("browser-*.json")
    return msgspec.json.decode(path.read_bytes(), type=processes.Noted)


# What a driver or a browser would print, keep or share when it is told to by these.
TALKATIVE = {
    "DEBUG": "pw:*",
    "PWDEBUG": "console",
    "PLAYWRIGHT_CHROMIUM_DEBUG_PORT": "1",
    "NODE_DEBUG": "http",
}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", processes.Noted]]:
    """Another run of the program, with an open browser."""
    command = [sys.executable, "-c", OPENS, str(tmp_path)]
    env = {**environ(), **TALKATIVE, "SSLKEYLOGFILE": str(tmp_path / "keys")}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdout.readline() == b"open\n"
    found = noted(tmp_path)
    yield child, found
    child.kill()
    child.wait()
    child.stdout.close()
    child.stderr.close()
    for process in bearing(found.marker):
        process.kill()


async def test_a_closed_browser_leaves_no_process_and_no_note(headless: None, tmp_path: Path) -> None:
    browser = DrivenBrowser(tmp_path, headless=True)
    await browser.open()
    marker = noted(tmp_path).marker
    assert bearing(marker)
    await browser.close()
    assert bearing(marker) == []
    assert notes(tmp_path) == []


async def test_closing_twice_or_before_opening_does_nothing(tmp_path: Path) -> None:
    browser = DrivenBrowser(tmp_path, headless=True)
    await browser.close()
    await browser.close()


def test_a_killed_program_leaves_no_browser(
    other: tuple["subprocess.Popen[bytes]", processes.Noted], tmp_path: Path
) -> None:
    child, found = other
    assert bearing(found.marker)
    child.kill()
    child.wait()
    wait_until(lambda: not bearing(found.marker), "the browser ends", 10)


def test_neither_driver_nor_browser_gets_what_would_make_it_talk(
    other: tuple["subprocess.Popen[bytes]", processes.Noted], tmp_path: Path
) -> None:
    child, found = other
    assert len(found.children) >= 2, "the driver and the browser"
    for one in found.children:
        assert not {*TALKATIVE, "SSLKEYLOGFILE"} & psutil.Process(one.pid).environ().keys()
    child.kill()
    assert child.stderr is not None
    assert b"pw:" not in child.stderr.read()
    assert not (tmp_path / "keys").exists()


def test_a_browser_that_was_left_behind_is_ended_at_the_next_start(
    other: tuple["subprocess.Popen[bytes]", processes.Noted], tmp_path: Path
) -> None:
    child, found = other
    held = [psutil.Process(one.pid) for one in found.children]
    for process in held:
        process.send_signal(signal.SIGSTOP)  # so that it cannot see that we are gone
    child.kill()
    child.wait()
    assert bearing(found.marker)
    assert Path(found.folder).is_dir()
    assert processes.sweep(tmp_path) > 0
    wait_until(lambda: not bearing(found.marker), "the browser ends", 10)
    assert list(tmp_path.iterdir()) == []
    assert not Path(found.folder).exists()


def test_the_browser_of_a_program_that_is_still_at_work_is_left_alone(
    other: tuple["subprocess.Popen[bytes]", processes.Noted], tmp_path: Path
) -> None:
    _, found = other
    assert processes.sweep(tmp_path) == 0
    assert bearing(found.marker)


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        started = psutil.Process(stranger.pid).create_time()
        for when in (started, started - 100.0):  # not our marker; not the same start
            note = {
                "owner": {"pid": 2**22 - 7, "started": 1.0},
                "marker": "m",
                "children": [{"pid": stranger.pid, "started": when}],
            }
            (tmp_path / "browser-1-m.json").write_text(json.dumps(note))
            assert processes.sweep(tmp_path) == 0
            assert stranger.poll() is None
    finally:
        assert stranger.stdin is not None
        stranger.stdin.close()
        stranger.wait()


@pytest.mark.parametrize("name", ["", "mine", "playwright_chromiumdev_profile-x"])
def test_only_a_folder_that_the_driver_made_is_taken_away(name: str, tmp_path: Path) -> None:
    notes, folder = tmp_path / "notes", tmp_path / "kept" / name
    folder.mkdir(parents=True)
    notes.mkdir()
    owner = {"pid": 2**22 - 7, "started": 1.0}
    note = {"owner": owner, "marker": "m", "children": [], "folder": str(folder) if name else ""}
    (notes / "browser-1-m.json").write_text(json.dumps(note))
    processes.sweep(notes)
    assert folder.exists() is not name.startswith("playwright")


def test_a_note_that_cannot_be_read_is_put_away(tmp_path: Path) -> None:
    (tmp_path / "browser-1-x.json").write_bytes(b"{half")
    assert processes.sweep(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []
    assert processes.sweep(tmp_path / "nowhere") == 0
