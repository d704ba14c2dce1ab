"""Freezes the program into one folder: from a copy of the tree, with what a build needs to come out the same twice."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import machine
from machine import Refused

from installers import interpreter, version, version_resource
from installers.interpreter import Interpreter
from installers.wine import PYTHON, Prefix, windows_path

NAME = "ondemand-sync"
# What of the tree goes into a build; nothing else can change its result
TAKEN = ("app", "resources", "packaging", "LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml")
_PASSED_OVER = shutil.ignore_patterns("__pycache__", "*.pyc", ".mypy_cache", ".ruff_cache")


@dataclass(frozen=True)
class Frozen:
    """A frozen program: the copied `tree` it was made of, what was `made` for it (icons), its `folder`, its version,
    the commit's moment that it bears, what `inputs` said of the tree, and the Python in it."""

    tree: Path
    made: Path
    folder: Path
    version: str
    moment: int
    inputs: str = ""
    python: Interpreter | None = None


def inputs(root: Path) -> str:
    """A hash of what a build is made of, by content: two trees of one hash give the same packages. The catalogues as
    the program reads them are made from those that are counted."""
    whole = hashlib.sha256()
    for name in TAKEN:
        source = root / name
        found = sorted(source.rglob("*"), key=Path.as_posix) if source.is_dir() else [source]
        for path in found:
            inside = path.relative_to(root)
            left_out = _PASSED_OVER(str(path.parent), [*inside.parts])
            if path.is_file() and path.suffix != ".mo" and not left_out:
                whole.update(f"{inside.as_posix()}\0".encode())
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def copy_tree(root: Path, place: Path, wanted: str = "") -> str:
    """Copy what a build is made of; with another version where one is `wanted`. Returns the version."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in TAKEN:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=_PASSED_OVER)
        else:
            shutil.copy2(source, place / name)
    if wanted:
        version.write(place, wanted)
    return version.read(place)


def environment(tree: str, made: str, name: str, moment: int, outside: Mapping[str, str]) -> dict[str, str]:
    """What PyInstaller is run with: the same hash seed and the sources' moment, so that it comes out the same."""
    return {
        **outside,
        "ODS_ROOT": tree,
        "ODS_MADE": made,
        "ODS_VERSION": name,
        "PYTHONHASHSEED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": str(moment),
    }


def words(tree: Path, work: Path, out: Path) -> list[str]:
    """What is run, after the interpreter."""
    spec = tree / "packaging" / "installers" / "ondemand-sync.spec"
    return ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--workpath", str(work), "--distpath", str(out),
            str(spec)]  # fmt: skip


def icons(python: str, tree: Path, made: Path) -> None:
    """Draw the program's icon in the sizes and kinds that the systems want."""
    words = [python, str(tree / "packaging" / "installers" / "icons.py"), str(tree), str(made)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run(words, check=True, env=env)


def gather_licences(folder: Path, frozen: Interpreter) -> None:
    """The licence texts of everything that goes in; a part without a text stops the build."""
    words = [
        machine.need_venv("test"),
        "packaging/parts.py",
        "licences",
        "--collect",
        str(folder),
        *frozen.words(),
    ]
    done = subprocess.run(words, cwd=machine.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"The licences could not be gathered:\n{done.stdout}{done.stderr}")


def freeze(python: str, root: Path, place: Path, wanted: str = "", prefix: Prefix | None = None) -> Frozen:
    """Freeze the program of `root` with `python` in `place`, for this system or for Windows in a Wine prefix.

    Raises Refused with what went wrong."""
    tree, made, out = place / "tree", place / "made", place / "frozen"
    made_from = inputs(root)
    name = copy_tree(root, tree, wanted)
    for folder in (made, out):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    moment = version.moment(root)
    icons(python, tree, made)
    within_it = interpreter.ask(python) if prefix is None else interpreter.in_wine(prefix)
    gather_licences(made / "licences", within_it)
    version_resource.write(made / "version.txt", name, trial=prefix is not None)
    if prefix is not None:
        within = environment(windows_path(tree), windows_path(made), name, moment, {})
        spoken = [windows_path(Path(w)) if w.startswith("/") else w for w in words(tree, place / "work", out)]
        code, said = prefix.run([PYTHON, *spoken], seconds=5400, env=within)
        if code:
            raise Refused(f"PyInstaller failed under Wine:\n{said[-6000:]}")
        return Frozen(tree, made, out / NAME, name, moment, made_from, within_it)
    env = environment(str(tree), str(made), name, moment, os.environ)
    _run([python, *words(tree, place / "work", out)], cwd=tree, env=env)
    if sys.platform == "linux":
        # Python's own library brings its symbols for debuggers, which are three quarters of it
        for library in (out / NAME / "_internal").glob("libpython3*.so.*"):
            subprocess.run(["strip", "--strip-unneeded", str(library)], check=True)
    return Frozen(tree, made, out / NAME, name, moment, made_from, within_it)


def _run(words: list[str], cwd: Path, env: Mapping[str, str]) -> None:
    done = subprocess.run(
        words, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise Refused(f"PyInstaller failed:\n{done.stdout[-6000:]}")


def each_file(folder: Path, see: Callable[[Path], None]) -> None:
    """Every file under a folder, in one order on every system."""
    for path in sorted(folder.rglob("*"), key=lambda found: found.as_posix()):
        if path.is_file() and not path.is_symlink():
            see(path)
