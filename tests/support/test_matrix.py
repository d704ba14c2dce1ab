"""A matrix counts what held, what failed, what is a known limit, and what could not be tried."""

import json
import subprocess
import sys
from pathlib import Path

from tests.training.servers import ROOT, environ

CELLS = """
import pytest

@pytest.mark.parametrize("n", [1, 2, 3])
def test_three_are_kept(n):
    assert n {whole}

@pytest.mark.xfail(strict=True, reason="the sea is salt")
def test_a_limit():
    assert False

def test_elsewhere():
    pytest.skip("needs a moon")
"""


def _run(tmp_path: Path, cells: str, *words: str) -> "subprocess.CompletedProcess[str]":
    file = tmp_path / "test_cells.py"
    file.write_text(cells)
    command = [sys.executable, "-m", "tests.support.matrix", *words, "tides", str(file), "-p", "no:randomly"]
    return subprocess.run(command, capture_output=True, text=True, env=environ(), cwd=ROOT, check=False)


def test_what_held_and_what_is_a_known_limit_is_counted_with_its_reason(tmp_path: Path) -> None:
    ended = _run(tmp_path, CELLS.format(whole="> 0"), "--json")
    told = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert (told["matrix"], told["cells"], told["held"], told["failed"]) == ("tides", 5, 3, [])
    assert list(told["limits"].values()) == ["the sea is salt"]
    assert list(told["not_tried"].values()) == ["Skipped: needs a moon"]


def test_a_cell_that_fails_is_named_and_ends_the_command_with_one(tmp_path: Path) -> None:
    ended = _run(tmp_path, CELLS.format(whole="!= 2"))
    assert ended.returncode == 1
    assert "     3      2       1       0          0  three are kept" in ended.stdout
    assert "three_are_kept[2]" in ended.stdout
    assert "known limit, 1 cells: the sea is salt" in ended.stdout


def test_a_file_that_cannot_be_read_is_no_success(tmp_path: Path) -> None:
    assert _run(tmp_path, "import nothing_of_the_kind").returncode == 1


def test_where_nothing_was_tried_it_is_said_and_is_no_success(tmp_path: Path) -> None:
    skipped = "import pytest\n\ndef test_elsewhere():\n    pytest.skip('needs a moon')\n"
    for cells, words, count in (
        (skipped, (), 1),
        (skipped, ("--json",), 1),
        (CELLS.format(whole="> 0"), ("-ktypo",), 0),
    ):
        ended = _run(tmp_path, cells, *words)
        assert ended.returncode == 2, ended.stderr
        assert f"Nothing was tried of {count} cells: this says nothing of tides." in ended.stderr
