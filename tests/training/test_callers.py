"""Who called a training server: a driven browser may be killed, whoever else it was is left alone."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.training.callers import SWITCH, kill_browser
from tests.support.waiting import wait_until

_CALL = """
import socket, sys
ours = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
ours.recv(1)
"""


@contextmanager
def caller(*words: str) -> Iterator[tuple["subprocess.Popen[bytes]", tuple[str, int]]]:
    """A process with a connection to a server of this test, and the address that it calls from."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        command = [sys.executable, "-c", _CALL, str(server.getsockname()[1]), *words]
        with subprocess.Popen(command) as process:
            try:
                connection, address = server.accept()
                with connection:
                    yield process, address
            finally:
                process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="a killed process says so otherwise there")
def test_the_driven_browser_behind_a_connection_is_killed() -> None:
    with caller(f"{SWITCH}run-1") as (process, address):
        assert kill_browser(address) == 1
        assert process.wait(10) == -9


def test_a_persons_own_browser_is_left_alone() -> None:
    with caller("--some-other-switch") as (process, address):
        assert kill_browser(address) == 0
        assert process.poll() is None


def test_a_connection_that_nobody_has_kills_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = free.getsockname()[:2]
    wait_until(lambda: kill_browser(nobody) == 0, "nothing was killed")
