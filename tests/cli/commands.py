"""Commands as processes: to their end, or killed by themselves at a point of the run."""

import json
import subprocess
import sys
from typing import Any

from tests.training.servers import ROOT, environ


def run(*arguments: str, given: str = "", timeout: float = 60.0) -> "subprocess.CompletedProcess[str]":
    """One command, to its end."""
    return _process([sys.executable, "-m", "app", *arguments], given, timeout)


def killed(when: str, what: str, nth: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """One command that is killed at this point, as by a power cut: `killed("after", "write:SyncAccepted", 1, …)`."""
    command = [sys.executable, "-m", "tests.cli.killed", when, what, str(nth), *arguments]
    ended = _process(command, "", 60.0)
    assert ended.returncode == -9, f"it was not killed: {ended.stderr[-2000:]}"
    return ended


def _process(command: list[str], given: str, timeout: float) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        env=environ(),
        cwd=ROOT,
        check=False,
    )


def lines(output: str) -> list[dict[str, Any]]:
    """The JSON lines of stdout; anything else fails."""
    return [json.loads(line) for line in output.splitlines()]
