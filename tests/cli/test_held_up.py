"""A process that was stopped and goes on, as when a computer slept: what it waited for is looked at again."""

import json
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.support.waiting import wait_until
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals that stop and continue a process")
LONGER_THAN_A_REQUEST = 4.0  # seconds; a request to the training company has three


@pytest.mark.slow
@pytest.mark.parametrize("when", ["SyncAccepted", "RefreshRequested"])
def test_a_process_that_was_stopped_and_continued_looks_again_and_goes_on(
    acme: str, admin: Admin, when: str
) -> None:
    admin.play("ok", pace=0.1)
    command = [sys.executable, "-m", "app", "sync", "--profile", acme, "--tabs", "vendors", "--json"]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ(), cwd=ROOT
    )
    assert child.stdout is not None
    told: list[dict[str, Any]] = []
    for line in child.stdout:
        told.append(json.loads(line))
        if told[-1]["type"] == when:
            child.send_signal(signal.SIGSTOP)
            until = time.monotonic() + LONGER_THAN_A_REQUEST
            wait_until(lambda: time.monotonic() > until, "the time of every request is over", 10)  # noqa: B023
            child.send_signal(signal.SIGCONT)
    child.stdout.close()
    assert child.wait() in (0, 10), told[-1]
    tab = told[-1]["tabs"][0]
    assert (told[-1]["step1"]["outcome"], tab["tab"]) == ("done", "vendors")
    assert tab["outcome"] in ("done", "unknown"), "an answer that was lost is not taken for a success"
    assert len(admin.presses("sync.start")) == 1
    # Where it was stopped between the announcement and the sending, the request's time was over before it left.
    pressed = len(admin.presses("tab.refresh"))
    assert pressed == 1 or (pressed, tab["outcome"]) == (0, "unknown")
