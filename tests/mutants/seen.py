"""Which test runs which line, and how long it takes: found once, before any change is tried."""

import json
import sys
import time
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest


class Seen:
    """A plugin of pytest. `files` are those whose lines are noted."""

    def __init__(self, files: list[str]) -> None:
        self.coverage = coverage.Coverage(data_file=None, include=files, branch=False, config_file=False)
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        name = item.nodeid.partition("[")[0]
        began = time.perf_counter()
        self.coverage.switch_context(name)
        try:
            return (yield)
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def lines(self) -> dict[str, dict[int, list[str]]]:
        """By file and line the tests that ran it."""
        data = self.coverage.get_data()
        return {
            file: {
                line: [one for one in tests if one] for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }


def main() -> int:
    """`python -m tests.mutants.seen OUT FILE… -- TESTS…`: writes what was seen as JSON; the code is pytest's."""
    out, *rest = sys.argv[1:]
    at = rest.index("--")
    seen = Seen(rest[:at])
    seen.coverage.start()
    code = pytest.main(
        ["-q", "-p", "no:xvfb", "-p", "no:randomly", "--no-header", *rest[at + 1 :]], plugins=[seen]
    )
    seen.coverage.stop()
    told = {"seconds": seen.seconds, "lines": seen.lines(), "failed": seen.failed}
    Path(out).write_text(json.dumps(told), encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
