"""A desktop for the tests: X server, window manager, session bus, unlocked keyring and home, all ended after."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from machine import Refused

KEYRING_PASSWORD = "tests"
KEYRING = ["gnome-keyring-daemon", "--components=secrets", "--foreground"]
# What differs from one desktop to another that stands beside it
OWN = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "DISPLAY",
       "DBUS_SESSION_BUS_ADDRESS")  # fmt: skip
# What the tests on Linux may see of the environment they were started in: nothing that bends Python, Qt or TLS
KEPT = {"PATH", "TERM", "CI", "USER", "LOGNAME", "SHELL", "TMPDIR", "COLUMNS"}
KEPT_PREFIXES = ("ONDEMAND_SYNC_FROZEN", "OPENBLAS_", "HYPOTHESIS_", "PYTEST_")
# Elsewhere the system itself needs too much of it to name: what bends is taken out
BENDING = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY",
           "ALL_PROXY", "NO_PROXY", "LANG", "LANGUAGE"}  # fmt: skip
BENDING_PREFIXES = ("PYTHON", "QT_", "LC_", "ONDEMAND_SYNC_")


@dataclass(frozen=True)
class Place:
    """A folder that is removed at the end, and the environment of what runs there."""

    folder: Path
    env: dict[str, str]


def clean_environment(outside: Mapping[str, str], *, system: str = sys.platform) -> dict[str, str]:
    """Only what the tests may see of the environment outside."""
    if system == "linux":
        env = {k: v for k, v in outside.items() if k in KEPT or k.startswith(KEPT_PREFIXES)}
    else:
        env = {
            k: v
            for k, v in outside.items()
            if k.upper() not in BENDING and not k.upper().startswith(BENDING_PREFIXES)
        }
    env["LANG"] = "C.UTF-8"
    env["PYTHONUTF8"] = "1"
    return env


def home_environment(folder: Path) -> dict[str, str]:
    """A home of its own under `folder`, by the names of the XDG base directories; the folders are made."""
    names = {
        "HOME": "home",
        "XDG_CONFIG_HOME": "home/.config",
        "XDG_DATA_HOME": "home/.local/share",
        "XDG_STATE_HOME": "home/.local/state",
        "XDG_CACHE_HOME": "home/.cache",
        "XDG_RUNTIME_DIR": "run",
    }
    for name in names.values():
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "run").chmod(0o700)
    return {key: str(folder / name) for key, name in names.items()}


@contextmanager
def desktop(screen: str = "1280x1024x24") -> Iterator[Place]:
    """The tests' desktop on Linux; on Windows and macOS the person's own, with only the environment cleaned."""
    with ExitStack() as ending:
        folder = Path(tempfile.mkdtemp(prefix="ods-"))
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        env = clean_environment(os.environ)
        if sys.platform != "linux":
            yield Place(folder, env)
            return
        _adopt_orphans()
        ending.callback(_end_orphans)
        env |= home_environment(folder)
        env["QT_QPA_PLATFORM"] = "xcb"
        env["DISPLAY"] = ":" + start_x(ending, env, screen)
        _unlock_when_started_again(env)
        env["DBUS_SESSION_BUS_ADDRESS"] = start_bus(ending, env)
        start_keyring(ending, env)
        _start(ending, ["openbox", "--sm-disable"], env)
        yield Place(folder, env)


def _start(
    ending: ExitStack,
    words: list[str],
    env: Mapping[str, str],
    *,
    pass_fds: Sequence[int] = (),
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        words, env=dict(env), stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, pass_fds=pass_fds,
        start_new_session=True,
    )  # fmt: skip
    ending.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass
        try:
            process.wait(timeout=5)
            return
        except subprocess.TimeoutExpired:
            continue


def _read_line(fd: int, what: str) -> str:
    """The first line that comes, within ten seconds."""
    import select

    got = b""
    until = time.monotonic() + 10
    while not got.endswith(b"\n"):
        ready, _, _ = select.select([fd], [], [], max(0.0, until - time.monotonic()))
        more = os.read(fd, 4096) if ready else b""
        if not more:
            raise Refused(f"{what} did not start.")
        got += more
    return got.decode().strip()


def start_x(ending: ExitStack, env: Mapping[str, str], screen: str) -> str:
    """An X server that chooses a free number itself, so that any number of desktops can start at once."""
    read, write = os.pipe()
    try:
        words = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            screen,
            "-nolisten",
            "tcp",
            "-noreset",
            "-dpi",
            "96",
        ]
        _start(ending, words, env, pass_fds=[write])
        os.close(write)
        write = -1
        return _read_line(read, "The X server Xvfb")
    finally:
        os.close(read)
        if write >= 0:
            os.close(write)


BUS_WITHOUT_SERVICES = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def start_bus(ending: ExitStack, env: Mapping[str, str], *, services: bool = True) -> str:
    """A session bus, started after the X server so that what it starts has the display; or one that starts nothing."""
    words = ["dbus-daemon", "--nofork", "--nopidfile", "--nosyslog", "--print-address=1"]
    if services:
        words.append("--session")
    else:
        config = Path(env["XDG_RUNTIME_DIR"]) / "bus.conf"
        config.write_text(BUS_WITHOUT_SERVICES, encoding="utf-8")
        words.append(f"--config-file={config}")
    process = _start(ending, words, env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    ending.callback(process.stdout.close)
    return _read_line(process.stdout.fileno(), "The session bus")


def _unlock_when_started_again(env: Mapping[str, str]) -> None:
    """What the bus starts for secrets when nobody answers for them any more.

    gnome-keyring-daemon (42.1 seen) crashes at times when a client is killed in the middle of a call, which tests of a
    cut off run do. The bus then starts it anew by the system's file, locked, and every later call waits for a prompt
    that nobody answers. A file of the user's own is found before the system's."""
    services = Path(env["XDG_DATA_HOME"]) / "dbus-1" / "services"
    services.mkdir(parents=True, exist_ok=True)
    (services / "org.freedesktop.secrets.service").write_text(
        "[D-BUS Service]\nName=org.freedesktop.secrets\n"
        f"Exec=/bin/sh -c 'printf {KEYRING_PASSWORD} | {' '.join(KEYRING)} --unlock'\n",
        encoding="utf-8",
    )


def start_keyring(ending: ExitStack, env: Mapping[str, str], *, created: bool = True) -> None:
    """A real Secret Service with an unlocked collection of its own, or with none created yet."""
    process = _start(ending, KEYRING + ["--unlock"] * created, env, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(KEYRING_PASSWORD.encode() if created else b"")
    process.stdin.close()
    ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
           "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]  # fmt: skip
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        if b"true" in subprocess.run(ask, env=dict(env), capture_output=True, check=False).stdout:
            return
        time.sleep(0.02)
    raise Refused("The keyring gnome-keyring-daemon did not start.")


def _adopt_orphans() -> None:
    """Let what the desktop's programs leave behind become our children, so that it can be ended too."""
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def _children() -> list[int]:
    return [
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]


def _end_orphans() -> None:
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
        for pid in _children():
            os.kill(pid, number)
        until = time.monotonic() + patience
        while _children() and time.monotonic() < until:
            try:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    time.sleep(0.02)
            except ChildProcessError:
                return


CLOSING = re.compile(
    r"^=+ (.*\b(?:passed|failed|errors?|skipped|deselected|no tests ran)\b.* in [0-9.:]+s.*) =+$"
)


def closing_line(output: str) -> str:
    """Pytest's own closing line, without its frame; empty where it never came to one."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    for line in reversed(plain.splitlines()):
        found = CLOSING.match(line.strip())
        if found:
            return "=" * 5 + " " + found[1] + " " + "=" * 5
    return ""


def run_and_remember(words: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run the tests, show what they print as it comes, and return their exit code and closing line."""
    process = subprocess.Popen(
        words, cwd=cwd, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    out = process.stdout
    tail = bytearray()

    def show() -> None:
        while more := os.read(out.fileno(), 65536):
            sys.stdout.buffer.write(more)
            sys.stdout.buffer.flush()
            tail.extend(more)
            del tail[:-20000]

    # A program that a test left behind may hold the pipe open: the tests end when pytest ends.
    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    shower.join(timeout=5)
    if not shower.is_alive():
        out.close()
    return code, closing_line(tail.decode(errors="replace"))
