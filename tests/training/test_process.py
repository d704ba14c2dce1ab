"""The training company as a child: it comes up, ends when asked, and never outlives its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import anyio
import httpx
import msgspec
import psutil
import pytest

from app import self_start
from app.domain.problems import ProblemId, Trouble
from app.training import process
from app.training.served import Served
from tests.support.waiting import wait_until
from tests.training.servers import ALONE, ROOT, environ


def answers(served: Served) -> bool:
    try:
        return httpx.get(f"{served.hh2.address}/training/who", trust_env=False).status_code == 302
    except httpx.TransportError:
        return False


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_it_comes_up_answers_and_ends() -> None:
    company = process.start("staged", seed=3, pace=0.5, program=ALONE, environ=environ())
    served = company.served
    try:
        assert company.running
        assert answers(served)
        assert (served.scenario, served.seed, served.pace) == ("staged", 3, 0.5)
        assert served.hh2.address.rpartition(":")[0] != served.procore.address.rpartition(":")[0]
    finally:
        company.end()
    assert company._child.poll() == 0
    assert not answers(served)
    company.end()  # once more is no trouble


def test_two_starts_share_neither_ports_nor_secrets() -> None:
    one = process.start(program=ALONE, environ=environ())
    two = process.start(program=ALONE, environ=environ())
    try:
        assert one.served.hh2.address != two.served.hh2.address
        assert one.served.hh2.password != two.served.hh2.password
        assert one.served.admin_token != two.served.admin_token
    finally:
        one.end()
        two.end()


@pytest.mark.anyio
async def test_in_a_task_it_is_ended_however_the_task_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(process, "command", lambda: list(ALONE))
    with anyio.CancelScope() as scope:
        async with process.started(pace=0.1) as company:
            assert company.running
            scope.cancel()
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    assert not company.running


def test_it_can_be_started_from_a_thread() -> None:
    found: list[process.TrainingCompany] = []
    thread = threading.Thread(target=lambda: found.append(process.start(program=ALONE, environ=environ())))
    thread.start()
    thread.join()
    try:
        assert answers(found[0].served)
    finally:
        found[0].end()


@pytest.mark.parametrize(
    "program",
    [
        (sys.executable, "-c", "print('no json')"),
        (sys.executable, "-c", "raise SystemExit(3)"),
        (sys.executable, "-c", "print('{}', flush=True); import time; time.sleep(60)"),
    ],
)
def test_a_child_that_does_not_come_up_is_said_and_ended(
    program: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "END_SECONDS", 0.2)
    with pytest.raises(Trouble) as failed:
        process.start(program=program)
    assert failed.value.problem.id is ProblemId.INTERNAL
    assert failed.value.problem.facts["what"] == "training-company"


def test_a_child_that_says_nothing_is_ended_after_the_deadline() -> None:
    began = time.monotonic()
    with pytest.raises(Trouble):
        process.start(program=(sys.executable, "-c", "import time; time.sleep(60)"), timeout=0.3)
    assert time.monotonic() - began < 10


def test_a_scenario_that_does_not_exist_does_not_come_up(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Trouble):
        process.start("no such scenario", program=ALONE, environ=environ())
    assert "NoSuchScenario" in capfd.readouterr().err


ONE_ADDRESS = """
import app.training.serve as s
s._ADDRESSES = ("127.0.0.2", "192.0.2.1")  # the second is no address of this computer
from tests.training.alone import main
raise SystemExit(main())
"""


def test_where_a_system_has_one_loopback_address_two_names_keep_the_cookies_apart() -> None:
    program = (sys.executable, "-c", ONE_ADDRESS)
    company = process.start(program=program, environ=environ())
    served = company.served
    try:
        assert served.hh2.address.startswith("http://127.0.0.1:")
        assert served.procore.address.startswith("http://localhost:")
        with httpx.Client(trust_env=False) as client:
            for one in (served.hh2, served.procore):
                body = {"user": one.user, "password": one.password}
                assert client.post(f"{one.address}/training/sign-in", json=body).json()["Result"] == 5
                assert client.get(f"{one.address}/training/who").status_code == 200
    finally:
        company.end()


PARENT = """
import sys, time
from app.training import process
company = process.start(program={program!r})
print(company.served.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="kill -9 is of Unix; elsewhere the pipe closes all the same"
)
def test_it_ends_when_its_parent_is_killed() -> None:
    code = PARENT.format(program=ALONE)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environ(), cwd=ROOT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        assert not gone(child)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        wait_until(lambda: gone(child), "the end of the training company", 10)
    finally:
        parent.stdout.close()
        if not gone(child):
            os.kill(child, signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM for another process")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_is_no_failure(number: signal.Signals, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [*ALONE, "training", "serve"], stdout=subprocess.PIPE, env=environ(), cwd=tmp_path
    )
    assert child.stdout is not None
    served = msgspec.json.decode(child.stdout.readline(), type=Served)
    assert served.pid == child.pid
    child.send_signal(number)
    assert child.wait(10) == 0
    assert child.stdout.read() == b""
    child.stdout.close()
    assert list(tmp_path.iterdir()) == []  # it keeps nothing


def test_its_line_is_utf_8_where_the_system_writes_other_letters_into_a_pipe() -> None:
    company = process.start(environ={**environ(), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    try:
        assert "École" in company.served.procore.company_name
    finally:
        company.end()


def test_frozen_it_starts_its_own_executable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert self_start.command() == [sys.executable, "-m", "app"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert self_start.command() == [sys.executable]


def test_frozen_on_windows_it_starts_the_twin_that_has_streams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "ondemand-sync.exe"))
    assert self_start.command() == [str(tmp_path / "ondemand-sync.exe")]
    (tmp_path / "ondemand-sync-cli.exe").touch()
    assert self_start.command() == [str(tmp_path / "ondemand-sync-cli.exe")]
