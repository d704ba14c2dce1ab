"""Runs a matrix of tests and counts its cells: `python -m tests.support.matrix [--json] TITLE PATH…`.

A cell is a case of a test. It holds, or it fails; one that is marked `xfail(strict=True, reason=…)` is a known limit
with its reason, and one that was skipped could not be tried on this machine. Ends with 1 where a cell failed, and with
2 where nothing was tried at all: that shows nothing."""

import argparse
import sys
import time
from collections import Counter, defaultdict

import msgspec
import pytest

NOTHING_TRIED = 2
_CARRIED_OUT = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)


class Row(msgspec.Struct):
    """What became of the cells of one test."""

    test: str
    cells: int
    held: int
    failed: int
    known_limits: int
    not_tried: int


class Told(msgspec.Struct):
    """What a matrix found. `limits`, `not_tried` give reasons by cell; `failed` names cells."""

    matrix: str
    cells: int
    held: int
    failed: list[str]
    limits: dict[str, str]
    not_tried: dict[str, str]
    seconds: float
    rows: list[Row]
    figures: dict[str, object]  # what the tests measured


class Counting:
    """A plugin of pytest that counts."""

    def __init__(self) -> None:
        self.ends: dict[str, str] = {}
        self.reasons: dict[str, str] = {}
        self.figures: dict[str, object] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid
        if report.when == "call":
            self.figures.update(report.user_properties)
        if report.when != "call" and report.passed:
            return
        if report.failed:
            self.ends[name] = "failed"
        elif report.skipped:
            limit = hasattr(report, "wasxfail")
            self.ends.setdefault(name, "limit" if limit else "not tried")
            self.reasons[name] = str(report.wasxfail if limit else _said(report)).removeprefix("reason: ")
        else:
            self.ends.setdefault(name, "held")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.ends[report.nodeid] = "failed"

    def told(self, title: str, seconds: float) -> Told:
        """All that was counted."""
        tests: dict[str, Counter[str]] = defaultdict(Counter)
        for name, end in self.ends.items():
            tests[_sentence(name)][end] += 1
        rows = [
            Row(test, sum(n.values()), n["held"], n["failed"], n["limit"], n["not tried"])
            for test, n in sorted(tests.items())
        ]
        by_end = {
            end: sorted(name for name, one in self.ends.items() if one == end)
            for end in ("failed", "limit", "not tried")
        }
        return Told(
            title,
            len(self.ends),
            sum(row.held for row in rows),
            by_end["failed"],
            {name: self.reasons[name] for name in by_end["limit"]},
            {name: self.reasons[name] for name in by_end["not tried"]},
            round(seconds, 1),
            rows,
            self.figures,
        )


def _said(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"


def _sentence(nodeid: str) -> str:
    return nodeid.partition("[")[0].rpartition("::")[2].removeprefix("test_").replace("_", " ")


def lines(told: Told) -> list[str]:
    """The table that is printed."""
    made = [f"{'cells':>6} {'held':>6} {'failed':>7} {'limits':>7} {'not tried':>10}  {told.matrix}"]
    made += [
        f"{r.cells:>6} {r.held:>6} {r.failed:>7} {r.known_limits:>7} {r.not_tried:>10}  {r.test}"
        for r in told.rows
    ]
    made.append(
        f"{told.cells:>6} {told.held:>6} {len(told.failed):>7} {len(told.limits):>7} {len(told.not_tried):>10}"
        f"  all, in {told.seconds:.0f} s"
    )
    made += [f"{name}: {value}" for name, value in told.figures.items()]
    made += [f"failed: {name}" for name in told.failed]
    for word, reasons in (("known limit", told.limits), ("not tried here", told.not_tried)):
        by_reason: dict[str, list[str]] = defaultdict(list)
        for name, reason in reasons.items():
            by_reason[reason].append(name)
        made += [f"{word}, {len(names)} cells: {reason}" for reason, names in by_reason.items()]
    return made


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.support.matrix")
    parser.add_argument("--json", action="store_true", help="the counts as JSON on standard output")
    parser.add_argument("title")
    parser.add_argument("paths", nargs="+")
    asked, for_pytest = parser.parse_known_args(arguments)
    counting = Counting()
    stdout = sys.stdout
    if asked.json:
        sys.stdout = sys.stderr  # what pytest says meanwhile is for people
    began = time.monotonic()
    try:
        code = pytest.main(["-m", "", "-q", *for_pytest, *asked.paths], plugins=[counting])
    finally:
        sys.stdout = stdout
    told = counting.told(asked.title, time.monotonic() - began)
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(told), indent=1).decode())
    else:
        print("\n".join(lines(told)))
    if told.failed or code not in _CARRIED_OUT:
        return 1
    if len(told.not_tried) == told.cells:
        sys.stderr.write(f"Nothing was tried of {told.cells} cells: this says nothing of {told.matrix}.\n")
        return NOTHING_TRIED
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
