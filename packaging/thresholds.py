"""How much of the program the tests ran, room by room, against what they must have run."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import say

# Lines and branches alike.
OVERALL = 90.0
ROOMS = {"domain": 98.0, "engine": 98.0}


@dataclass
class Tally:
    """Counts of one room. A room without code has run all it has."""

    lines: int = 0
    lines_run: int = 0
    branches: int = 0
    branches_run: int = 0

    def add(self, summary: Mapping[str, int]) -> None:
        self.lines += summary["num_statements"]
        self.lines_run += summary["covered_lines"]
        self.branches += summary.get("num_branches", 0)
        self.branches_run += summary.get("covered_branches", 0)

    @property
    def line_percent(self) -> float:
        return 100.0 * self.lines_run / self.lines if self.lines else 100.0

    @property
    def branch_percent(self) -> float:
        return 100.0 * self.branches_run / self.branches if self.branches else 100.0

    def reaches(self, percent: float) -> bool:
        return min(self.line_percent, self.branch_percent) >= percent


def tally(report: Mapping[str, Any]) -> dict[str, Tally]:
    """Counts by room (the folder or module under app/), and under "" the whole, from coverage's JSON report."""
    rooms: dict[str, Tally] = {"": Tally()}
    for name, entry in report["files"].items():
        parts = Path(name.replace("\\", "/")).parts
        if "app" not in parts:
            continue
        below = parts[parts.index("app") + 1 :]
        room = below[0].removesuffix(".py")
        rooms.setdefault(room, Tally()).add(entry["summary"])
        rooms[""].add(entry["summary"])
    return rooms


def table(rooms: Mapping[str, Tally]) -> tuple[list[str], bool]:
    """The lines to print, and whether every floor was reached."""
    lines = [f"{'room':<12} {'lines':>8} {'branches':>9} {'floor':>6}"]
    good = True
    for name in [*sorted(room for room in rooms if room), ""]:
        floor = ROOMS.get(name) if name else OVERALL
        counted = rooms[name]
        verdict = ""
        if floor is not None and not counted.reaches(floor):
            good = False
            verdict = "  too little"
        shown = "" if floor is None else f"{floor:.0f}"
        lines.append(
            f"{name or 'all':<12} {counted.line_percent:>7.1f}% {counted.branch_percent:>8.1f}% {shown:>6}{verdict}"
        )
    return lines, good


def report(python: str, root: Path, env: Mapping[str, str], folder: Path) -> bool:
    """Put the data of all processes together, print the table, and say whether the floors were reached."""
    answer = folder / "report.json"
    coverage = [python, "-m", "coverage"]
    for words in ([*coverage, "combine", "-q"], [*coverage, "json", "-q", "-i", "-o", str(answer)]):
        done = subprocess.run(words, cwd=root, env=dict(env), capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            if "No data" in said:
                say("Nothing of the program was run by the tests.")
                return False
            say(f"coverage: {said}")
            return False
    lines, good = table(tally(json.loads(answer.read_text(encoding="utf-8"))))
    for line in lines:
        say(line)
    return good
