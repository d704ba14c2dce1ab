"""Tries the Windows setup under Wine: silently installed, started by its shortcut, synced, upgraded, removed.

`python -m tests.trials.windows FOLDER [NEWER]`, on the tests' desktop; NEWER holds a setup of a later version."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from installers import wine
from machine import ROOT
from PySide6.QtGui import QImage

from tests.trials.verdict import Trials

HOME = "C:\\Program Files\\On-Demand Sync"
CLI = f"{HOME}\\ondemand-sync-cli.exe"
MENU = "C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\On-Demand Sync"
UNINSTALL = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\ondemand-sync"
T = TypeVar("T")
SLOW = 1200.0  # seconds: Wine on a machine that does other things
# Tests that ask nothing of the system they run on
PORTABLE = (
    "tests/domain",
    "tests/words",
    "tests/test_resources.py",
    "tests/engine",
    "tests/portals/test_job_object.py",
)


class Windows:
    """The Wine prefix of the trials."""

    def __init__(self, folder: Path, pictures: Path) -> None:
        self.prefix = wine.Prefix(folder, os.environ["DISPLAY"])
        self.pictures = pictures
        pictures.mkdir(parents=True, exist_ok=True)

    def run(self, *words: str, given: str = "", code: int = 0) -> str:
        """What a program says. Raises AssertionError where it ends otherwise."""
        ended, said = self.prefix.run(words, seconds=SLOW, given=given)
        assert ended == code, f"{words[0]} ended with {ended}, not {code}: {said[-400:]}"
        return said

    def there(self, *places: str) -> bool:
        """Whether all of these are there, each under C:."""
        return all((self.prefix.drive / place).exists() for place in places)

    @property
    def data(self) -> Path:
        """The program's data of the user."""
        found = [
            path
            for path in (self.prefix.drive / "users").glob("*/AppData/Local")
            if "Public" not in str(path)
        ]
        return found[0] / "ondemand-sync"

    def registered(self) -> str:
        """The version that Windows has on its list of programs; "" for none."""
        ended, said = self.prefix.run(["reg", "query", UNINSTALL, "/v", "DisplayVersion"], seconds=120)
        return said.split()[-1] if ended == 0 and "REG_SZ" in said else ""

    def results(self) -> list[Path]:
        """What was written of each run."""
        return list(self.data.glob("companies/*/results/*.txt"))

    def processes(self) -> list[int]:
        """Those of the program in this prefix."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                ours = str(self.prefix.folder).encode() in (place / "environ").read_bytes()
                if ours and b"ondemand-sync" in (place / "cmdline").read_bytes().split(b"\0")[0]:
                    found.append(int(place.name))
            except OSError:
                continue
        return found

    def picture(self, name: str) -> Path:
        """What the screen shows now."""
        path = self.pictures / f"{name}.png"
        path.unlink(missing_ok=True)
        subprocess.run(["scrot", str(path)], check=True, timeout=60)
        return path


class Screen:
    """Wine's desktop, 1,200 by 900, as a picture tells it: Wine's windows are on no accessibility bus."""

    START = "#1f5f99"  # the ground of the main button in light colours
    PAPER = "#ffffff"  # that of Wine's task bar and balloons
    WIDE, HIGH = 1200, 900

    def __init__(self, at: Windows) -> None:
        self.at = at
        found = self.do("search", "--sync", "--onlyvisible", "--name", "Wine desktop").split()[0]
        self.do("windowactivate", "--sync", found)
        shown = dict(
            line.split("=")
            for line in self.do("getwindowgeometry", "--shell", found).splitlines()
            if "=" in line
        )
        self.left, self.top = int(shown["X"]), int(shown["Y"])

    @staticmethod
    def do(*words: str) -> str:
        """What xdotool says."""
        return subprocess.run(
            ["xdotool", *words], capture_output=True, text=True, check=True, timeout=120
        ).stdout

    def until(self, look: Callable[[], T | None], what: str, seconds: float) -> T:
        """Wait for what can be seen; a picture of what stands there instead, where it does not come."""
        until = time.monotonic() + seconds
        while not (found := look()):
            if time.monotonic() > until:
                instead = self.at.picture("wine-instead")
                raise AssertionError(
                    f"{what}: not within {seconds:g} s; {instead} shows what stands there instead"
                )
            time.sleep(0.5)
        return found

    def colours(
        self, left: int, top: int, right: int, bottom: int, step: int = 1
    ) -> dict[tuple[int, int], str]:
        """The colour of each point of a part of the desktop, by its place on the screen."""
        image = QImage(str(self.at.picture("wine-now")))
        return {
            (x, y): image.pixelColor(x, y).name()
            for x in range(self.left + left, self.left + right, step)
            for y in range(self.top + top, self.top + bottom, step)
        }

    def start_button(self) -> tuple[int, int] | None:
        """The middle of the main button; None where none can be pressed."""
        seen = [
            place
            for place, name in self.colours(0, 0, self.WIDE, self.HIGH - 30, 4).items()
            if name == self.START
        ]
        if len(seen) < 200:
            return None
        xs, ys = sorted(x for x, _y in seen), sorted(y for _x, y in seen)
        return xs[len(xs) // 2], ys[len(ys) // 2] - 8  # above the letters

    def tray_icon(self) -> bool:
        """Whether something is drawn where the first icon stands."""
        corner = self.colours(self.WIDE - 20, self.HIGH - 18, self.WIDE - 2, self.HIGH - 2)
        return sum(name != self.PAPER for name in corner.values()) > 60

    def balloon(self) -> bool:
        """Whether paper covers the desktop right above the tray."""
        above = self.colours(self.WIDE - 40, self.HIGH - 60, self.WIDE - 10, self.HIGH - 40)
        return sum(name == self.PAPER for name in above.values()) > len(above) * 0.8


def refuse_an_older_windows(at: Windows, setup: Path) -> str:
    at.run("winecfg", "-v", "win81")
    try:
        at.run(str(setup), "/S", code=5)
    finally:
        at.run("winecfg", "-v", "win10")
    assert not at.there("Program Files/On-Demand Sync")
    return "on Windows 8.1 setup ends with 5 and installs nothing"


def install(at: Windows, setup: Path, version: str) -> str:
    at.run(str(setup), "/S", "/DESKTOP=1", "/TRAY=1")
    assert at.there(
        "Program Files/On-Demand Sync/ondemand-sync.exe",
        "Program Files/On-Demand Sync/_internal/resources",
        "ProgramData/Microsoft/Windows/Start Menu/Programs/On-Demand Sync/On-Demand Sync.lnk",
        "users/Public/Desktop/On-Demand Sync.lnk",
    )
    assert at.registered() == version, at.registered()
    run = at.run("reg", "query", "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run")
    assert "--in-tray" in run, run
    said = at.run(CLI, "--version").strip()
    assert said.endswith(version), said
    return f"silent, with desktop icon and start at sign-in; {said}"


def install_elsewhere(at: Windows, setup: Path) -> str:
    at.run(str(setup), "/S", "/CurrentUser", *["/D=C:\\Elsewhere\\Sync", "of", "ours"])
    assert at.there("Elsewhere/Sync of ours/ondemand-sync-cli.exe")
    at.run(
        "C:\\Elsewhere\\Sync of ours\\uninstall.exe",
        "/CurrentUser",
        "/S",
        *["_?=C:\\Elsewhere\\Sync", "of", "ours"],
    )
    assert not at.there("Elsewhere/Sync of ours/ondemand-sync-cli.exe")
    return "/CurrentUser /D= installs for one user in a folder of their own, and its uninstaller removes it"


def sync(at: Windows) -> str:
    said = at.run(CLI, "sync", "--training", "--match")
    assert "All is done" in said, said[-400:]
    papers = list(at.data.rglob("*.pdf"))
    assert papers, "no PDF was written"
    return f"training sync and comparison by the console twin; PDF of {papers[0].stat().st_size // 1000} kB"


def start_by_the_shortcut(at: Windows) -> str:
    """The window in Wine's own desktop: begun by the pointer, ended by its menu; the screen is read."""
    shortcut = f"{MENU}\\Practise with the training company.lnk"
    before = set(at.results())
    desk = at.prefix.start(["explorer", "/desktop=trial,1200x900", "start", shortcut])
    try:
        screen = Screen(at)
        x, y = screen.until(screen.start_button, "the window with Start Sync", SLOW)
        screen.until(screen.tray_icon, "an icon beside the clock", 60)
        at.picture("wine-window")
        screen.do("mousemove", str(x), str(y), "click", "1")
        screen.until(screen.balloon, "a balloon beside the clock", SLOW)
        at.picture("wine-balloon")
        (result,) = set(at.results()) - before
        assert "-ok-" in result.name, result.read_text(encoding="utf-8")[-600:]
        screen.do("key", "alt+f")
        screen.do("key", "x")
        screen.until(lambda: not at.processes(), "the end of the program", 120)
        assert not screen.tray_icon(), "its icon stays behind in the tray"
    finally:
        desk.terminate()
        desk.wait(60)
    return "window, tray icon, run by a click with comparison, balloon: out/trials/wine-window.png, wine-balloon.png"


def credentials(at: Windows) -> str:
    words = ("--hh2", "trial", "--hh2-base", "https://127.0.0.1:9", "--hh2-user", "somebody")
    at.run(CLI, "profile", "create", "Trial", *words)
    at.run(CLI, "secret", "set", "hh2-password", "--profile", "Trial", given="kept by a trial\n")
    kept = at.run("reg", "query", "HKCU\\Software\\Wine\\Credential Manager", "/s")
    assert "ondemand-sync/Trial" in kept, kept[-400:]
    return "a password went into Windows' credential store"


def upgrade(at: Windows, newer: Path, older: Path) -> str:
    profile = at.data / "profiles" / "Trial.toml"
    ledgers = sorted(at.data.rglob("ledger.sqlite"))
    assert ledgers, "there is no ledger to carry over"
    held = {path: path.read_bytes() for path in (profile, *ledgers)}
    stale = at.prefix.drive / "Program Files" / "On-Demand Sync" / "_internal" / "of-an-older-version.txt"
    stale.touch()
    at.run(str(newer), "/S")
    version = at.registered()
    assert at.run(CLI, "--version").strip().endswith(version)
    assert not stale.exists(), "a file of the older version is left"
    assert {path: path.read_bytes() for path in held} == held
    assert "Trial" in at.run(CLI, "profile", "list"), "the newer version does not know the company"
    assert at.there("users/Public/Desktop/On-Demand Sync.lnk"), "the desktop icon is gone"
    at.run(str(older), "/S", code=3)
    assert at.registered() == version
    return f"{version} in place, profile and {len(ledgers)} ledgers as they were; the older setup ends with 3"


def uninstall(at: Windows, setup: Path) -> str:
    def away(*more: str) -> None:
        at.run(f"{HOME}\\uninstall.exe", "/AllUsers", "/S", *more, *f"_?={HOME}".split())
        assert not at.there("Program Files/On-Demand Sync/ondemand-sync.exe")
        assert not at.there("ProgramData/Microsoft/Windows/Start Menu/Programs/On-Demand Sync")
        assert at.registered() == ""

    away()
    assert (at.data / "profiles" / "Trial.toml").is_file(), "the profile went without being asked for"
    at.run(str(setup), "/S")
    away("/REMOVEDATA")
    assert not at.data.exists(), "data are left"
    kept = at.prefix.run(["reg", "query", "HKCU\\Software\\Wine\\Credential Manager", "/s"], seconds=120)[1]
    assert "ondemand-sync/Trial" not in kept, "the password is left"
    return "keeps profiles and ledgers; with /REMOVEDATA they and the secrets are gone too"


def portable_tests(folder: Path) -> str:
    prefix = wine.need_prefix(folder, "test")
    place = prefix.drive / "tree"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name in ("app", "resources", "packaging", "tests"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, place / name)
    asked = [*PORTABLE, "-q", "-p", "no:xvfb"]
    script = f"import os, sys, pytest; os.chdir('C:\\\\tree'); sys.exit(pytest.main({asked!r}))"
    code, said = prefix.run([wine.PYTHON, "-c", script], seconds=SLOW, env={"QT_QPA_PLATFORM": "offscreen"})
    closing = [
        line for line in said.splitlines() if " passed" in line or " failed" in line or " error" in line
    ]
    assert code == 0, "\n".join(said.splitlines()[-15:])
    return f"{' '.join(PORTABLE)} under Windows Python: {closing[-1].strip('= ')}"


def main(folder: Path, newer: Path | None) -> int:
    """Try the setup in this folder."""
    (setup,) = folder.glob("*-setup.exe")
    version = setup.name.split("-")[2]
    trials = Trials()
    place = Path(tempfile.mkdtemp(prefix="ods-wine-"))
    at = Windows(place / "prefix", ROOT / "out" / "trials")
    try:
        at.prefix.make()
        trials.run("an older Windows", lambda: refuse_an_older_windows(at, setup))
        trials.run("for one user, in a given folder", lambda: install_elsewhere(at, setup))
        if trials.run("silent install", lambda: install(at, setup, version)):
            trials.run("training sync", lambda: sync(at))
            trials.run("shortcut, window, tray", lambda: start_by_the_shortcut(at))
            trials.run("credential store", lambda: credentials(at))
            if newer is not None:
                (later,) = newer.glob("*-setup.exe")
                trials.run("upgrade in place", lambda: upgrade(at, later, setup))
            trials.run("uninstall", lambda: uninstall(at, setup))
        trials.run("portable tests", lambda: portable_tests(ROOT / "build" / "wine-tests"))
    finally:
        at.prefix.end()
        shutil.rmtree(place, ignore_errors=True)
    return trials.end()


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
