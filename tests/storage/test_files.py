"""Files survive power cuts, full disks and read-only folders; and are this user's only."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app import disk
from app.domain.problems import ProblemId, Trouble
from app.storage.folders import Folders, check_writable, locate, make
from tests.storage.conftest import fill, read_only
from tests.support.waiting import wait_until

WRITES_FOR_EVER = """
import sys
from pathlib import Path
from app import disk
path, turn = Path(sys.argv[1]), 0
while True:
    turn += 1
    disk.write(path, (f"{turn}\\n" * 5000).encode())
"""


def reason(caught: pytest.ExceptionInfo[Trouble]) -> object:
    assert caught.value.problem.id is ProblemId.DISK
    return caught.value.problem.facts["why"]


def test_a_writer_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for moment in range(6):
        writer = subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, str(path)])
        try:
            path.unlink(missing_ok=True)
            wait_until(path.exists, "the first write")
            time.sleep(0.003 * moment)  # not waited for anything: another moment of the write each time
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        lines = path.read_text().splitlines()
        assert len(lines) == 5000
        assert len(set(lines)) == 1


def test_what_a_killed_writer_left_beside_is_swept_away_a_day_later(tmp_path: Path) -> None:
    path, young, old = tmp_path / "f", tmp_path / ".f.1.part", tmp_path / ".f.2.part"
    young.write_text("at work")
    old.write_text("dead")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    disk.write(path, b"new")
    assert {each.name for each in tmp_path.iterdir()} >= {"f", ".f.1.part"}
    assert not old.exists()


def test_files_and_folders_are_this_users_only(folders: Folders) -> None:
    path = folders.config / "file"
    disk.write(path, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(disk.keep_aside(path).stat().st_mode) == 0o600
    for folder in (
        folders.config,
        folders.data,
        folders.log,
        folders.runtime,
        folders.of_profile_ready("Acme"),
    ):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_others_could_look_into_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    make(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(Trouble) as caught:
        make(folder)
    assert reason(caught) == "not-ours"


def test_all_folders_lie_under_the_one_that_is_named(own_home: Path) -> None:
    folders = locate()
    assert all(
        folder.is_relative_to(own_home)
        for folder in (folders.config, folders.data, folders.log, folders.runtime)
    )
    assert not own_home.exists(), "looking makes nothing"


def test_without_a_named_folder_the_systems_own_are_used() -> None:
    folders = locate({})
    assert folders.config.name == folders.data.name == "ondemand-sync"
    assert len({folders.config, folders.data, folders.log, folders.runtime}) == 4 or sys.platform != "linux"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system always has such a folder")
def test_where_nobody_logged_in_what_lives_only_while_it_runs_is_beside_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    folders = locate({})
    assert folders.runtime == folders.data / "run"


def test_a_full_disk_is_said_and_the_old_file_stands(tiny_disk: Path) -> None:
    path = tiny_disk / "file"
    disk.write(path, b"old")
    check_writable(tiny_disk, room=1000)
    fill(tiny_disk)
    with pytest.raises(Trouble) as caught:
        disk.write(path, b"new" * 10_000)
    assert reason(caught) == "full"
    assert path.read_bytes() == b"old"
    assert [each.name for each in tiny_disk.iterdir() if each.name.endswith(".part")] == []
    with pytest.raises(Trouble) as caught:
        check_writable(tiny_disk)
    assert reason(caught) == "full"


def test_a_disk_with_too_little_room_for_a_run_is_said_before_it(tiny_disk: Path) -> None:
    with pytest.raises(Trouble) as caught:
        check_writable(tiny_disk, room=10_000_000)
    assert reason(caught) == "full"
    assert list(tiny_disk.iterdir()) == []


def test_a_read_only_folder_is_said_and_the_old_file_stands(tmp_path: Path) -> None:
    folder = make(tmp_path / "still")
    path = folder / "file"
    disk.write(path, b"old")
    with read_only(folder):
        attempts: list[Callable[[], object]] = [
            lambda: disk.write(path, b"new"),
            lambda: disk.remove(path),
            lambda: disk.keep_aside(path),
            lambda: check_writable(folder),
        ]
        for attempt in attempts:
            with pytest.raises(Trouble) as caught:
                attempt()
            assert reason(caught) in ("read-only", "not-allowed")
        assert path.read_bytes() == b"old"


def test_a_file_is_kept_aside_once_for_each_content(tmp_path: Path) -> None:
    path = tmp_path / "a [odd] name"
    path.write_bytes(b"one")
    first = disk.keep_aside(path)
    assert first.name.startswith("a [odd] name.kept-2")
    assert disk.keep_aside(path) == first
    path.write_bytes(b"two")
    second = disk.keep_aside(path)
    assert (first.read_bytes(), second.read_bytes(), path.read_bytes()) == (b"one", b"two", b"two")
