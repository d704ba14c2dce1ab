"""The program's log: bounded, for this user only, without secrets, and never in anyone's way."""

import logging
import queue
import stat
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage import log
from app.storage.folders import Folders
from app.storage.redact import redact
from app.storage.secret_text import SecretText
from tests.storage.conftest import fill
from tests.support.waiting import wait_until

OURS = logging.getLogger("app.tests")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for name in ("httpx", "httpcore", "asyncio", "keyring", "filelock"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@contextmanager
def logging_to(folder: Path) -> Iterator[log.ProgramLog]:
    started = log.start(folder)
    try:
        yield started
    finally:
        started.close()


def empty_of(started: log.ProgramLog) -> Callable[[], bool]:
    waiting = started._handler.queue
    assert isinstance(waiting, queue.Queue)
    return waiting.empty


def written(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.glob("*.log*")))


def test_lines_tell_when_in_utc_and_from_where(folders: Folders) -> None:
    with logging_to(folders.log) as started:
        OURS.info("reading %s of %s", 3, "hh2")
        logging.getLogger("httpx").info("GET https://acme.hh2.com/")
        OURS.debug("too fine")
    line = started.path.read_text()
    assert line.endswith(" INFO    MainThread app.tests: reading 3 of hh2\n")
    assert time.strftime("%Y-%m-%d %H:", time.gmtime()) in line
    assert line.partition(" INFO")[0].endswith("Z")
    started.close()
    OURS.info("after the end")
    assert started.path.read_text() == line


def test_the_log_is_bounded_and_this_users_only(folders: Folders) -> None:
    with logging_to(folders.log):
        for number in range(7_000):
            OURS.info(f"line {number} {'x' * 1000}")  # as many messages as lines
    files = list(folders.log.iterdir())
    assert sorted(path.name for path in files) == sorted(
        ["ondemand-sync.log", *(f"ondemand-sync.log.{number}" for number in range(1, 5))]
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert 4_000_000 < sum(path.stat().st_size for path in files) <= 5_000_000
    assert "line 6999 " in (folders.log / "ondemand-sync.log").read_text()


def test_the_same_line_over_and_over_is_counted(folders: Folders) -> None:
    with logging_to(folders.log):
        for number in range(1000):
            OURS.warning("no answer, try %s", number)
        OURS.info("something else")
    lines = written(folders.log).splitlines()
    assert len([line for line in lines if "no answer" in line]) == 5
    assert lines[-1].endswith("something else")


def test_what_was_left_out_is_said_a_minute_later(folders: Folders) -> None:
    start = time.time()
    with logging_to(folders.log):
        for second in (0, 1, 2, 3, 4, 5, 6, 70):
            record = OURS.makeRecord(OURS.name, logging.INFO, "", 0, "again", (), None)
            record.created = start + second
            OURS.handle(record)
    lines = written(folders.log).splitlines()
    assert len(lines) == 6
    assert lines[-1].endswith("again (2 more like it were left out)")


def test_a_full_disk_costs_lines_and_nothing_else(tiny_disk: Path) -> None:
    with logging_to(tiny_disk / "log") as log_of:
        OURS.info("before")
        wait_until(lambda: "before" in written(tiny_disk / "log"), "the first line")
        ballast = fill(tiny_disk)
        for number in range(2000):
            OURS.info(f"line {number}")  # as many messages as lines
        started = time.perf_counter()
        OURS.info("not in anyone's way")
        assert time.perf_counter() - started < 0.1
        wait_until(empty_of(log_of), "what waited")
        ballast.unlink()
        OURS.info("room again")
    text = written(tiny_disk / "log")
    assert "before" in text
    assert text.endswith("room again\n")


def test_when_nobody_writes_lines_are_dropped_and_counted(folders: Folders) -> None:
    with logging_to(folders.log) as started:
        gate, begun = threading.Event(), threading.Event()

        class Blocking(logging.Filter):
            def filter(self, _record: logging.LogRecord) -> bool:
                begun.set()
                return gate.wait(10)

        blocking = Blocking()
        started._file.addFilter(blocking)
        OURS.info("held up")
        assert begun.wait(10)
        for number in range(10_050):
            OURS.info(f"line {number}")  # as many messages as lines
        gate.set()
        wait_until(empty_of(started), "the end of what waited")
        OURS.info("after")
    assert "after (50 earlier lines were dropped)" in written(folders.log)


def test_a_page_in_a_log_line_is_cut_and_quickly(folders: Folders) -> None:
    with logging_to(folders.log):
        started = time.perf_counter()
        OURS.info("%s", "a_page-of.words/" * 500_000)
        OURS.info("%s", "x" * 3_000_000)
    assert time.perf_counter() - started < 3
    assert len(written(folders.log)) < 40_000


# ---------------------------------------------------------------- secrets

CANARY = "c4n4ry-Zq9"
TELLING = [
    "Authorization: Bearer c4n4ry-Zq9.abc",
    "{'Authorization': 'Bearer c4n4ry-Zq9', 'Accept': '*/*'}",
    'headers=[("cookie", ".ASPXAUTH=c4n4ry-Zq9; x=1"), ("accept", "json")]',
    "headers=[(b'authorization', b'Basic c4n4ry-Zq9')]",
    "Set-Cookie: _session=c4n4ry-Zq9; path=/; HttpOnly",
    ".ASPXAUTH=c4n4ry-Zq9",
    '{"ApiKey": "c4n4ry-Zq9", "ApiSecret":"c4n4ry-Zq9", "Username": "dana", "Password": "c4n4ry-\\"Zq9"}',
    "{'client_secret': 'c4n4ry-Zq9', 'grant_type': 'refresh_token', 'refresh_token': 'c4n4ry-Zq9'}",
    "grant_type=password&username=dana&password=c4n4ry-Zq9&x=1",
    "client_secret=c4n4ry-Zq9",
    "POST /oauth/token?client_id=1&client_secret=c4n4ry-Zq9 HTTP/1.1",
    "GET http://localhost/?code=c4n4ry-Zq9&state=c4n4ry-Zq9 HTTP/1.1",
    "<ns:password>c4n4ry-Zq9</ns:password>",
    "<password xsi:type='string'>c4n4ry\n-Zq9</password>",
    "proxy http://dana:c4n4ry-Zq9@proxy.acme.example:3128",
    "password: c4n4ry-Zq9",
    "Tokens(access_token='c4n4ry-Zq9', expires_in=5400)",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjNG40cnkifQ.c4n4ry-Zq9",
]


@pytest.mark.parametrize("line", TELLING)
def test_what_has_the_shape_of_a_secret_is_not_written(folders: Folders, line: str) -> None:
    with logging_to(folders.log):
        OURS.error("%s", line)
        OURS.error(line.replace("%", "%%"))
        try:
            raise ValueError(line)
        except ValueError:
            OURS.exception("failed")
    text = written(folders.log)
    assert "failed" in text
    assert "Traceback" in text
    for part in ("c4n4ry", "Zq9", "eyJzdWIi"):
        assert part not in text


def test_a_secret_in_memory_is_found_by_its_very_text(folders: Folders) -> None:
    secret = SecretText("horse battery staple")
    with logging_to(folders.log):
        OURS.info("somebody wrote %s", secret.reveal())
        OURS.info("as it should be: %s %r %.3s", secret, secret, secret)
        try:
            raise RuntimeError("with horse battery staple in it")
        except RuntimeError:
            OURS.warning("%s", traceback.format_exc())
    assert "battery" not in written(folders.log)
    assert "as it should be" in written(folders.log)


def test_what_is_no_secret_stays_readable() -> None:
    for line in (
        "step 1 took 15 s; the token bucket has 3 left",
        "GET https://api.procore.com/rest/v1.0/vendors?company_id=12&page=3",
        "no password is kept for https://acme.hh2.com",
        "Job 24-001: cost code 01-100, state=running",
        'File "app/storage/profile_secrets.py", line 3, in keep',
        "the keyring could not be opened (why=locked)",
    ):
        assert redact(line) == line


@given(st.text(max_size=200), st.text(min_size=6, max_size=20))
def test_redaction_never_fails_and_leaves_no_known_secret(text: str, secret: str) -> None:
    shown = redact(text + secret + text, [secret])
    assert secret not in shown or secret in redact(text + "••••" + text)
