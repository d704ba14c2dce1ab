"""What is drawn: one in so many of each kind, the same by the same seed, and all of them without one."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.drawn import drawn

ROOT = Path(__file__).parents[2]

TESTS = """
import pytest

@pytest.mark.drawn(3)
@pytest.mark.parametrize("n", range(9))
def test_of_a_kind(n): ...

@pytest.mark.parametrize("n", [0, *(pytest.param(n, marks=pytest.mark.drawn(2)) for n in range(1, 5))])
def test_of_which_some(n): ...

def test_alone(): ...
"""


@given(st.integers(1, 50), st.integers(1, 9), st.text(max_size=5))
def test_one_in_so_many_is_drawn(cases: int, share: int, seed: str) -> None:
    run = drawn(cases, share, seed, "kind")
    assert len(run) == -(-cases // share)
    assert run <= set(range(cases))
    assert run == drawn(cases, share, seed, "kind")


def test_every_case_is_drawn_by_some_seed() -> None:
    assert set().union(*(drawn(9, 3, str(seed), "kind") for seed in range(50))) == set(range(9))


@pytest.mark.parametrize(("words", "passed"), [([], 15), (["--draw", "7"], 3 + 1 + 2 + 1)])
def test_a_whole_run_draws_and_a_named_test_does_not(tmp_path: Path, words: list[str], passed: int) -> None:
    (tmp_path / "test_many.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = drawn(share)\n", encoding="utf-8")
    plugins = ["-p", "tests.support.drawn", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *plugins,
            *words,
            "--rootdir",
            str(tmp_path),
            str(tmp_path / "test_many.py"),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert f"{passed} passed" in done.stdout, done.stdout + done.stderr
