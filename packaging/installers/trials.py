"""`run.py try-installers`: tries the packages in dist/, building those that are not there or not of this tree."""

import subprocess
import sys
from pathlib import Path

import desktop
import machine
from machine import ROOT, Refused, say

from installers import build, freeze, listing

# What starts a desktop entry as a desktop does
FOR_TRIALS = (*machine.FOR_TESTS, machine.Package("libglib2.0-bin", ("gio",), by_name_only=False))


def run(args: list[str]) -> int:
    """Try the packages of the systems that are named, or of both; returns an exit code."""
    wanted = args or ["linux", "windows"]
    if sys.platform != "linux" or not set(wanted) <= {"linux", "windows"}:
        raise Refused("try-installers takes linux or windows, and tries both on Linux: Windows under Wine.")
    machine.need_system(FOR_TRIALS, why="the trials")
    python = machine.need_venv("test")
    bad = 0
    for system in wanted:
        folder = need(system)
        say(f"Trying {folder.relative_to(ROOT)}")
        with desktop.desktop() as place:
            words = [python, "-m", f"tests.trials.{system}", str(folder)]
            if system == "windows":
                words.append(str(need_newer()))
            bad |= subprocess.run(words, cwd=ROOT, env=place.env, check=False).returncode
    return 1 if bad else 0


def need_newer() -> Path:
    """The folder of a setup of the same tree that bears a later version, to try an upgrade with."""
    folder = build.WORK / "newer"
    return _need(folder, ["windows", "--as-version", "99.0.0", "--out", str(folder), "--quick"])


def need(system: str) -> Path:
    """The folder of this system's packages, built first where there are none of this tree."""
    return _need(build.DIST / system, [system])


def _need(folder: Path, words: list[str]) -> Path:
    if not listing.is_of(folder, freeze.inputs(ROOT)):
        if folder.exists():
            say(f"{folder.relative_to(ROOT)} is not of this tree, or not whole: it is built anew")
        build.run(words)
    return folder
