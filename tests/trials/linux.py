"""Tries the .deb and the tar.zst: installed, started by the desktop entry, run by clicks with both drivers, removed.

`python -m tests.trials.linux FOLDER`, on the tests' desktop, with the right to install packages."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.support.atspi import COMPONENT, Atspi, Gone, Seen, wait_for
from tests.support.tray_host import TrayHost
from tests.trials.verdict import Trials

NAME = "ondemand-sync"
INSTALLED = Path("/usr/lib") / NAME
ENTRY = Path("/usr/share/applications") / f"{NAME}.desktop"
BENDING = ("LD_", "QT_", "QML")  # variables by which a program finds its libraries and plugins
PATIENCE = 180.0  # a run by pages takes half a minute; a machine that does other things takes longer


class Person:
    """Sees the program as AT-SPI tells it, and clicks with the X server's own pointer."""

    def __init__(self, bus: Atspi, pid: int) -> None:
        self.bus, self.pid = bus, pid
        self.program = wait_for(lambda: bus._of(pid), "the program's window", PATIENCE)

    def find(self, role: str, name: str, *states: str) -> Seen | None:
        for one in self.program.all():
            try:
                if one.role == role and one.name == name and one.has("showing", *states):
                    return one
            except Gone:
                continue
        return None

    def wait(self, role: str, name: str, *states: str, seconds: float = 60.0) -> Seen:
        return wait_for(lambda: self.find(role, name, *states), f"{role} “{name}” {states}", seconds)

    def click(self, role: str, name: str, *states: str, seconds: float = 60.0) -> None:
        """Where it lies in its window, with the pointer; the window is the one that has the keyboard."""
        one = self.wait(role, name, *states, seconds=seconds)
        x, y, wide, high = one._call(COMPONENT, "GetExtents", "u", (1,))[0]
        window = self.window()
        pointed = ["xdotool", "windowactivate", "--sync", window, "mousemove", "--window", window,
                   str(x + wide // 2), str(y + high // 2), "click", "1"]  # fmt: skip
        subprocess.run(pointed, check=True, capture_output=True, timeout=20)

    def window(self) -> str:
        """The X server's number of the window that has the keyboard: the main one, or the dialog before it."""
        words = ["xdotool", "getactivewindow"]
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=20).stdout.strip()

    def reads(self, words: str) -> bool:
        return any(words in one.name for one in self.program.all())


def of_the_program() -> list[int]:
    """The processes of the installed program, the oldest first."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "exe").readlink() == INSTALLED / NAME:
                found.append(int(place.name))
        except OSError:
            continue
    return sorted(found)


@contextmanager
def started(words: list[str], env: dict[str, str]) -> Iterator[int]:
    """The program, started by these words; the id of its first process. Ended after."""
    before = set(of_the_program())
    launched = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield wait_for(lambda: next((p for p in of_the_program() if p not in before), None), "a process", 60)
    finally:
        for pid in of_the_program():
            if pid not in before:
                os.kill(pid, 15)
        launched.wait(30)
        wait_for(lambda: not set(of_the_program()) - before, "the end of the program", 30)


def as_root(*words: str) -> str:
    """Run as root, by sudo where we are not. Raises AssertionError with what it said."""
    sudo = [] if os.getuid() == 0 else ["sudo", "-n"]
    done = subprocess.run([*sudo, *words], capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout


def said_by(*words: str, given: str = "", seconds: float = 300) -> str:
    """What the installed program says on standard output. Raises AssertionError where it ends otherwise than with 0."""
    done = subprocess.run(
        [NAME, *words], input=given, capture_output=True, text=True, check=False, timeout=seconds
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"
    return done.stdout


# ------------------------------------------------------------------ the trials


def install(package: Path) -> str:
    as_root("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=500",
            "--no-install-recommends", "install", str(package))  # fmt: skip
    version = said_by("--version").strip()
    assert version.split()[-1] in package.name, version
    return f"{package.name} installed, `{NAME} --version` says {version}"


def start_and_sync_by_clicks(bus: Atspi, tray: TrayHost, env: dict[str, str]) -> str:
    launcher = shutil.which("gio")
    assert launcher, "gio (libglib2.0-bin) starts desktop entries, and is not here"
    tray.forget()
    with started([launcher, "launch", str(ENTRY)], env) as pid:
        person = Person(bus, pid)
        person.wait("frame", "On-Demand Sync")
        tray.item(60)
        # The assistant of a first start stands before the window
        person.click("push button", "Practise with the training company", "sensitive", seconds=PATIENCE)
        person.click("push button", "Start Sync", "sensitive", seconds=PATIENCE)
        notice = all_done(person, tray)
    return f"window and tray icon by the desktop entry; run of all six tabs by clicks; told: {notice}"


def all_done(person: Person, tray: TrayHost) -> str:
    """Wait for the end of a run in which all went well, on the screen and beside the clock."""
    wait_for(lambda: person.reads("Finished. All is done."), "all is done", PATIENCE)
    notice = tray.notice("", 60)
    return f"{notice.summary} {notice.body}".strip().replace("\n", " ")


def sync_on_pages(bus: Atspi, tray: TrayHost, env: dict[str, str]) -> str:
    tray.forget()
    words = [NAME, "window", "--training", "--driver", "browser"]
    with started(words, env) as pid:
        person = Person(bus, pid)
        person.click("push button", "Start Sync", "sensitive", seconds=PATIENCE)
        bent = partial(_bent_child, pid)
        browser = wait_for(bent, "a browser", PATIENCE)
        all_done(person, tray)
    return f"run of all six tabs on pages in {browser}, whose environment names none of our libraries"


def _bent_child(pid: int) -> str:
    """The name of the browser that the program started. Raises AssertionError where our libraries would be its own."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            name = (place / "comm").read_text().strip()
            environ = (place / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if (
            name.startswith(("chrom", "msedge"))
            and f"ONDEMAND_TRIAL={os.environ['ONDEMAND_TRIAL']}" in environ
        ):
            bent = [
                line for line in environ.split("\0") if line.startswith(BENDING) and str(INSTALLED) in line
            ]
            assert not bent, f"{name}, started by {pid}, would take our libraries: {bent}"
            return name
    return ""


IN_THE_KEYRING = """
import secretstorage
store = secretstorage.get_default_collection(secretstorage.dbus_init())
for item in store.get_all_items():
    if b"kept by a trial" in item.get_secret():
        print(item.get_attributes())
"""


def keyring() -> str:
    words = ("--hh2", "trial", "--hh2-base", "https://127.0.0.1:9", "--hh2-user", "somebody")
    said_by("profile", "create", "Trial", *words)
    said_by("secret", "set", "hh2-password", "--profile", "Trial", given="kept by a trial\n")
    look = [sys.executable, "-c", IN_THE_KEYRING]
    found = subprocess.run(look, capture_output=True, text=True, check=True, timeout=60).stdout
    assert NAME in found, f"not in the Secret Service: {found}"
    said_by("secret", "forget", "hh2-password", "--profile", "Trial")
    after = subprocess.run(look, capture_output=True, text=True, check=True, timeout=60).stdout
    assert NAME not in after, f"still in the Secret Service: {after}"
    return "a password went into the Secret Service and out of it again"


def report_on_paper(home: Path) -> str:
    said_by("sync", "--training", "--match")
    papers = [path for path in home.rglob("*.pdf") if path.read_bytes().startswith(b"%PDF")]
    assert papers, "no PDF was written"
    books = list(home.rglob("*.xlsx"))
    assert books, "no workbook was written"
    return f"the report as PDF ({papers[0].stat().st_size // 1000} kB) and workbook"


def french() -> str:
    said = said_by("--language", "fr", "--help")
    assert "Les secrets vont dans le trousseau" in said, said
    return "`--language fr --help` is French"


def remove() -> str:
    as_root("dpkg", "-r", NAME)
    left = [str(place) for place in (INSTALLED, ENTRY, Path("/usr/bin") / NAME) if place.exists()]
    assert not left, left
    profile = Path(os.environ["XDG_CONFIG_HOME"]) / NAME / "profiles" / "Trial.toml"
    assert profile.is_file(), "the company's profile went with it"
    return "nothing of the program is left; the company's profile is"


def plain_folder(archive: Path) -> str:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", place], check=True, timeout=300)
        (folder,) = Path(place).iterdir()
        done = subprocess.run(
            [str(folder / NAME), "--version"], capture_output=True, text=True, check=True, timeout=60
        )
    return f"{folder.name} runs where it is unpacked: {done.stdout.strip()}"


def main(folder: Path) -> int:
    """Try what lies in this folder."""
    (package,), (archive,) = folder.glob("*.deb"), folder.glob("*.tar.zst")
    os.environ["ONDEMAND_TRIAL"] = str(time.time_ns())
    env = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    trials, tray, bus = Trials(), TrayHost(), Atspi()
    try:
        if trials.run("install the .deb", lambda: install(package)):
            trials.run("desktop entry, training driver", lambda: start_and_sync_by_clicks(bus, tray, env))
            trials.run("browser driver", lambda: sync_on_pages(bus, tray, env))
            trials.run("keyring", keyring)
            trials.run("paper and workbook", lambda: report_on_paper(Path(os.environ["HOME"])))
            trials.run("French", french)
            trials.run("uninstall", remove)
        trials.run("plain folder", lambda: plain_folder(archive))
    finally:
        tray.stop()
        bus.close()
    return trials.end()


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
