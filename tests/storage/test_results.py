"""How a run ended, on the disk: for this user alone, without secrets, and never more than are kept."""

import json
import stat
import sys
from pathlib import Path

import pytest

from app.storage import results

pytestmark = pytest.mark.anyio


def test_both_files_are_this_users_only_and_a_secret_never_reaches_them(tmp_path: Path) -> None:
    made = {"exit": 20, "problems": [{"text": "cookie: abc.def; password=hunter2", "n": 3}]}
    path = results.write(
        tmp_path, "20261124T140512Z-failed-5fd8", "Authorization: Bearer aaaabbbbcccc\n", made
    )
    assert path.parent == tmp_path / "results"
    text, plain = path.read_text(), path.with_suffix(".json").read_text()
    assert "aaaabbbbcccc" not in text
    assert "hunter2" not in plain
    assert "abc.def" not in plain
    assert json.loads(plain)["problems"][0]["n"] == 3
    if sys.platform != "win32":
        for one in (path, path.with_suffix(".json")):
            assert stat.S_IMODE(one.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_oldest_go_and_what_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "KEPT", 3)
    (tmp_path / "results").mkdir(mode=0o700)
    note = tmp_path / "results" / "notes.txt"
    note.write_text("mine")
    for day in range(1, 6):
        results.write(tmp_path, f"202611{day:02}T140512Z-ok-5fd8", "ended\n", {"exit": 0})
    left = sorted(one.name[:8] for one in (tmp_path / "results").glob("[0-9]*"))
    assert left == [f"202611{day:02}" for day in (3, 3, 4, 4, 5, 5)]
    assert note.read_text() == "mine"
