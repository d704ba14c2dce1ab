"""What packaging/run.py makes of its arguments."""

import os
import re
import subprocess
import sys
from pathlib import Path

import desktop
import pytest
import run

ROOT = Path(__file__).parents[2]


def test_the_demo_opens_the_window_where_there_is_a_display() -> None:
    options = run.demo_arguments(["--driver", "browser", "--scenario", "staged"])
    words = run.demo_command(options, display=True)
    assert words == ["-m", "app", "window", "--training", "--driver", "browser", "--scenario", "staged"]


def test_the_demo_runs_on_the_command_line_without_one() -> None:
    assert run.demo_command(run.demo_arguments([]), display=False) == [
        "-m",
        "app",
        "sync",
        "--match",
        "--training",
    ]


def test_all_tests_are_measured_and_some_are_not() -> None:
    assert run.pytest_words([], measured=True, slow=False, colour=False)[:5] == [
        "-m",
        "coverage",
        "run",
        "-m",
        "pytest",
    ]
    part = run.pytest_words(["-k", "gate"], measured=False, slow=False, colour=True)
    assert part[:2] == ["-m", "pytest"]
    assert part[-2:] == ["-k", "gate"]


def test_slow_tests_are_in_test_all_only() -> None:
    assert "" not in run.pytest_words([], measured=True, slow=False, colour=False)
    assert "--draw" in run.pytest_words([], measured=True, slow=False, colour=False)
    assert "--draw" not in run.pytest_words([], measured=True, slow=True, colour=False)
    assert "--draw" not in run.pytest_words(["tests"], measured=False, slow=False, colour=False)
    words = run.pytest_words([], measured=True, slow=True, colour=False)
    assert words[-4:] == ["-m", "", "-o", "faulthandler_timeout=3600"], (
        "a slow test may take longer than five minutes"
    )


def test_whole_tests_run_side_by_side_each_part_on_a_desktop_of_its_own(tmp_path: Path) -> None:
    both = [
        desktop.Place(
            tmp_path, {"DISPLAY": f":{n}", "PATH": "/bin", "DBUS_SESSION_BUS_ADDRESS": f"unix:path={n}"}
        )
        for n in (7, 8)
    ]
    words = run.worker_words(both)
    assert words == [
        "--dist", "loadfile",
        "--tx", "popen//env:DISPLAY=:7//env:DBUS_SESSION_BUS_ADDRESS=unix:path=7",
        "--tx", "popen//env:DISPLAY=:8//env:DBUS_SESSION_BUS_ADDRESS=unix:path=8",
    ]  # fmt: skip
    assert run.worker_words(both[:1]) == []


def test_a_part_on_a_desktop_of_its_own_has_its_display_and_its_home(tmp_path: Path) -> None:
    (tmp_path / "test_seen.py").write_text(
        "from os import environ\n"
        "def test_seen():\n    assert (environ['DISPLAY'], environ['HOME']) == (':77', '/elsewhere')\n",
        encoding="utf-8",
    )
    place = desktop.Place(tmp_path, {"DISPLAY": ":77", "HOME": "/elsewhere"})
    words = ["-m", "pytest", "-q", "--rootdir", str(tmp_path), "-c", "/dev/null", str(tmp_path)]
    env = {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, *words, *run.worker_words([place, place])],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main([]) == 0
    shown = capsys.readouterr().out
    for name in ("demo", "test", "test-all", "lint", "types", "lock", "contact-sheets"):
        assert re.search(rf"^  {name} +\w", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["danse"], 2, "There is no command danse."),
        (["lock", "everything"], 1, "lock takes only --upgrade."),
        (["desktop"], 1, "desktop needs a command"),
    ],
)
def test_a_wrong_word_is_named(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(words) == code
    assert said in capsys.readouterr().out


def test_an_older_python_is_told_in_a_sentence() -> None:
    script = (
        "import sys; sys.version_info = (3, 9, 2);"
        f"sys.argv = ['run.py']; exec(compile(open({str(ROOT / 'packaging/run.py')!r}).read(), 'run.py', 'exec'))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or later; this is Python 3.9." in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_passes_on_how_the_pages_are_built_and_their_language() -> None:
    options = run.demo_arguments(["--skin", "mixed-03", "--language", "fr"])
    words = run.demo_command(options, display=False)
    assert words[-4:] == ["--skin", "mixed-03", "--language", "fr"]
