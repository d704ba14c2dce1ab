"""What this machine has and lacks: the system's packages, a display, the environment made from a lock."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"

# What each lock is made of, smaller ones first: a larger one serves where a smaller one is asked for.
LOCKS = {
    "demo": ["--extra", "match"],
    "demo-browser": ["--extra", "match", "--extra", "browser"],
    "test": [
        "--extra",
        "match",
        "--extra",
        "browser",
        "--group",
        "test",
        "--group",
        "check",
    ],
}

# What the meters compare the program with, and the fuzzer, in environments of their own: nothing of it is beside the
# program.
PEERS = ROOT / ".venv-peers"
FUZZING = ROOT / ".venv-fuzz"

# What freezes the program has the program's own packages beside it, of the releases that the tests ran with, and
# nothing of the tests; the tools of a trial under Wine are kept apart from both.
BUILD = ROOT / ".venv-build"
WINE_TOOLS = ROOT / ".venv-wine"

APART = {
    "peers": ["--group", "peers"],
    "fuzz": ["--extra", "match", "--group", "fuzz"],
    "build": ["pyproject.toml", "--extra", "match", "--extra", "browser", "--group", "build",
              "--constraint", "packaging/locks/test.txt"],
    "wine": ["--group", "wine"],
}  # fmt: skip


class Refused(Exception):
    """Something a person has to do first; the sentence says what."""


def say(sentence: str) -> None:
    print(sentence, flush=True)


# ------------------------------------------------------------------ the system's packages


@dataclass(frozen=True)
class Package:
    """A package of Debian or Ubuntu, and the programs any one of which does as well."""

    name: str
    programs: tuple[str, ...] = ()
    by_name_only: bool = True


def _libraries(names: str) -> tuple[Package, ...]:
    return tuple(Package(name) for name in names.split())


def _tool(name: str, *programs: str) -> Package:
    return Package(name, programs or (name,), by_name_only=False)


def tools(names: str) -> tuple[Package, ...]:
    """Packages that are known by a program of the same name, or by their own."""
    return tuple(Package(name, (name,), by_name_only=False) for name in names.split())


QT_ON_X11 = _libraries(
    "libegl1 libgl1 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 "
    "libwayland-cursor0 fonts-dejavu-core"
)
A_BROWSER = (
    _tool(
        "chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
        "microsoft-edge-stable",
    ),
)  # fmt: skip
FOR_TESTS = (
    QT_ON_X11
    + A_BROWSER
    + (
        _tool("xvfb", "Xvfb"),
        _tool("dbus", "dbus-daemon"),
        _tool("openbox"),
        _tool("xdotool"),
        _tool("scrot"),
        _tool("gnome-keyring", "gnome-keyring-daemon"),
    )
    + _libraries("at-spi2-core python3-gi gir1.2-atspi-2.0")
)
# A second spreadsheet, and a second reader of PDF, to hold our reports to.
FOR_SLOW_TESTS = (*FOR_TESTS, _tool("libreoffice-calc-nogui", "soffice"), _tool("poppler-utils", "pdftotext"))
# What looks over the program's shoulder at the system's calls, and what compiles the shim that drops unsynced writes.
FOR_CRASHES = (*FOR_TESTS, _tool("strace"), _tool("gcc"), *_libraries("libc6-dev"))


def installed_names(listing: str) -> frozenset[str]:
    """The installed packages in dpkg-query's answer to `${db:Status-Abbrev}${Package}`, one a line."""
    return frozenset(line[3:].strip() for line in listing.splitlines() if line.startswith("ii "))


def missing(wanted: Sequence[Package], installed: frozenset[str]) -> list[Package]:
    """Those of `wanted` that are neither installed (under either of their names) nor stood in for by a program."""

    def there(package: Package) -> bool:
        if package.name in installed or package.name + "t64" in installed:
            return True
        return not package.by_name_only and any(shutil.which(program) for program in package.programs)

    return [package for package in wanted if not there(package)]


def need_system(wanted: Sequence[Package], why: str) -> None:
    """Install what is missing on Debian and Ubuntu; elsewhere, or without the right to, say what is missing."""
    if not wanted or sys.platform != "linux":
        return
    if not shutil.which("dpkg-query"):
        # Libraries go by other names there; Qt says itself what it lacks. Programs can be looked for.
        lacking = [p.name for p in missing(wanted, frozenset()) if not p.by_name_only]
        if lacking:
            raise Refused(f"For {why} install first: {', '.join(lacking)}.")
        return
    lacking = [package.name for package in missing(wanted, _ask_dpkg())]
    if lacking:
        _apt_install(lacking, why)


def _ask_dpkg() -> frozenset[str]:
    words = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package}\n"]
    return installed_names(subprocess.run(words, capture_output=True, text=True, check=False).stdout)


def _apt_install(names: list[str], why: str) -> None:
    by_hand = f"apt-get install --no-install-recommends {' '.join(names)}"
    if not shutil.which("apt-get"):
        raise Refused(f"For {why} install first: {', '.join(names)}.")
    as_root: list[str] = []
    if os.getuid() != 0:
        if (
            not shutil.which("sudo")
            or subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode
        ):
            raise Refused(
                f"For {why} some packages of the system are missing. Have them installed:\n  sudo {by_hand}"
            )
        as_root = ["sudo", "-n"]
    say(f"Installing for {why}: {', '.join(names)}")
    apt = [
        *as_root,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-y",
        "-o",
        "DPkg::Lock::Timeout=500",
    ]
    install = [*apt, "--no-install-recommends", "install"]
    lists = Path("/var/lib/apt/lists")
    known = lists.is_dir() and any(lists.glob("*_Packages*"))
    if known and _quietly([*install, *names]) is None:
        return
    # No list of packages, or one that has grown old
    _quietly([*apt, "update"])
    trouble = _quietly([*install, *names])
    if trouble is not None:
        raise Refused(f"{trouble}\nThe packages for {why} could not be installed. Try by hand:\n  {by_hand}")


def _quietly(words: list[str]) -> str | None:
    """None when it went well, else what it said."""
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return None if done.returncode == 0 else done.stdout.decode(errors="replace").strip()


def has_display() -> bool:
    """Whether a window can be shown: always on Windows and macOS, else when a display is named."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# ------------------------------------------------------------------ the environment


def venv_python(folder: Path = VENV) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def locked_names(lock: str) -> frozenset[str]:
    """The names of the packages in a lock or in pip's list, spelt as the index spells them (jaraco-context)."""
    found: list[str] = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*) *==", lock, re.MULTILINE)
    return frozenset(re.sub(r"[-_.]+", "-", name).lower() for name in found)


def lock_file(name: str) -> Path:
    return ROOT / "packaging" / "locks" / f"{name}.txt"


def stamp_for(name: str) -> dict[str, str]:
    """What an environment made now from this lock would be stamped with."""
    digest = hashlib.sha256(lock_file(name).read_bytes()).hexdigest()
    return {"lock": name, "sha256": digest, "python": ".".join(map(str, sys.version_info[:3]))}


def read_stamp(folder: Path) -> dict[str, str]:
    """The stamp of an environment; empty where there is none."""
    try:
        found = json.loads((folder / "made-from.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def lock_to_use(need: str, stamp: dict[str, str]) -> str:
    """The lock the environment is held to: the one that is needed, or the larger one it has already."""
    order = list(LOCKS)
    has = stamp.get("lock", "")
    return has if {has, need} <= set(order) and order.index(has) > order.index(need) else need


def need_venv(need: str) -> str:
    """The interpreter of .venv, brought up to its lock, with the catalogues as the program reads them."""
    python = _need_packages(need)
    need_words(python)
    return python


def need_words(python: str) -> None:
    """Make what the program reads of every catalogue, where one is newer; it is not kept in the tree."""
    for catalogue in (ROOT / "resources" / "translations").glob("*/LC_MESSAGES/*.po"):
        made = catalogue.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime <= catalogue.stat().st_mtime:
            subprocess.run([python, str(ROOT / "packaging" / "words.py"), "build"], cwd=ROOT, check=True)
            return


def need_peers() -> str:
    """The interpreter of the peers' environment, brought up to its lock."""
    return _need_packages("peers", PEERS)


def need_fuzzing() -> str:
    """The interpreter of the fuzzer's environment, brought up to its lock."""
    return _need_packages("fuzz", FUZZING)


def need_build() -> str:
    """The interpreter of the environment that freezes the program, with the catalogues made."""
    python = _need_packages("build", BUILD)
    need_words(python)
    return python


def need_wine_tools() -> str:
    """The interpreter beside what fills a Windows Python; that lies there as a package's files."""
    return _need_packages("wine", WINE_TOOLS)


def _need_packages(need: str, folder: Path = VENV) -> str:
    """The interpreter of an environment, made or brought up to its lock first where that has changed."""
    python = venv_python(folder)
    stamp = read_stamp(folder)
    name = lock_to_use(need, stamp)
    if python.exists() and stamp == stamp_for(name):
        return str(python)
    with _alone(ROOT / ".venv.lock"):
        stamp = read_stamp(folder)  # somebody else may have made it while we waited
        name = lock_to_use(need, stamp)
        wanted = stamp_for(name)
        if python.exists() and stamp == wanted:
            return str(python)
        if not python.exists() or stamp.get("python") != wanted["python"]:
            _make_empty(folder)
        _fill(python, name)
        (folder / "made-from.json").write_text(json.dumps(wanted), encoding="utf-8")
    return str(python)


def _make_empty(folder: Path) -> None:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        # Debian and Ubuntu keep it apart
        _apt_install([f"python3.{sys.version_info[1]}-venv"], "the environment")
    say(f"Making {folder.name}")
    venv.EnvBuilder(clear=True, with_pip=False, symlinks=sys.platform != "win32").create(folder)
    subprocess.run(
        [str(venv_python(folder)), "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL
    )


def _fill(python: Path, name: str) -> None:
    lock = lock_file(name)
    say(f"Installing the Python packages of packaging/locks/{name}.txt; the first time this takes a minute")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [*pip, "install", "-qq", "--require-hashes", "-r", str(lock)], cwd=ROOT, check=False
    )
    if done.returncode:
        raise Refused("The Python packages could not be installed; what pip said stands above.")
    listing = subprocess.run(
        [*pip, "list", "--format=freeze"], capture_output=True, text=True, check=True
    ).stdout
    allowed = locked_names(lock.read_text(encoding="utf-8")) | {"pip", "setuptools"}
    strangers = sorted(locked_names(listing) - allowed)
    if strangers:
        subprocess.run([*pip, "uninstall", "-qq", "-y", *strangers], check=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock on a file, so that two set-ups do not fill one environment at once."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
            yield
