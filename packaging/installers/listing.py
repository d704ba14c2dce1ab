"""What is in a frozen folder: every file with its SHA-256, a table of what takes the room, and sums of the packages."""

import hashlib
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import machine

from installers.freeze import Frozen
from installers.interpreter import Interpreter

SUMS, BUILT_FROM = "SHA256SUMS", "BUILT-FROM"

# The first that fits; the rest is told by its own name
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("browser driver (Playwright with Node.js)", ("playwright/",)),
    ("window (Qt, PySide6)", ("PySide6/", "shiboken6/", "libQt6", "libicu", "libpyside6", "libshiboken6")),
    ("comparison (DuckDB)", ("_duckdb", "duckdb/")),
    ("workbooks (XlsxWriter, openpyxl)", ("xlsxwriter/", "openpyxl/")),
    ("encryption (cryptography, OpenSSL)", ("cryptography/", "libcrypto", "libssl", "_cffi_backend", "cffi/")),
    ("countries (Babel)", ("babel/",)),
    ("our resources", ("resources/", "licences/")),
    ("Python", ("python3", "libpython", "base_library", "lib-dynload", "vcruntime", "ucrtbase", "api-ms-", "python31",
                "sqlite3", "libffi", "_", "unicodedata", "select", "pyexpat", "DLLs")),
)  # fmt: skip


# Where the libraries lie: in the folder, and in macOS's .app
_LIBRARIES = re.compile(r"^(_internal|Contents/(Frameworks|Resources))/")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def contents(folder: Path) -> dict[str, str]:
    """Place in the folder, with "/", to SHA-256, or "-> target" for a link; in one order on every system."""
    found = {}
    for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
        place = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[place] = f"-> {path.readlink().as_posix()}"
        elif path.is_file():
            found[place] = sha256(path)
    return found


def group_of(place: str) -> str:
    """Under which line of the table a file is counted."""
    inside = _LIBRARIES.sub("", place)
    if inside == place:
        return "the program (our code and its libraries in Python)"
    for name, starts in GROUPS:
        if inside.startswith(starts):
            return name
    return "other libraries"


def table(folder: Path) -> str:
    """What takes the room, in MB (a million bytes), the largest first."""
    sizes: dict[str, int] = defaultdict(int)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[group_of(path.relative_to(folder).as_posix())] += path.stat().st_size
    rows = sorted(sizes.items(), key=lambda row: -row[1])
    lines = [f"| {name} | {size / 1e6:.1f} |" for name, size in rows]
    return "\n".join(
        ["| part | MB |", "|---|---|", *lines, f"| **all** | **{sum(sizes.values()) / 1e6:.1f}** |"]
    )


def write_sbom(path: Path, python: Interpreter | None) -> None:
    """What the program is made of, as CycloneDX. Raises Refused where it could not be written."""
    words = [machine.need_venv("test"), "packaging/parts.py", "sbom", "--out", str(path)]
    words += python.words() if python else []
    done = subprocess.run(words, cwd=machine.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise machine.Refused(f"The list of parts could not be written:\n{done.stdout}{done.stderr}")


def write(frozen: Frozen, packages: list[Path], out: Path, name: str, folder: Path | None = None) -> None:
    """Beside the packages: the list of files, the table of sizes, what they were built from, and the sums; of another
    `folder` than the frozen one, where that is what is packed."""
    folder = folder or frozen.folder
    listed = contents(folder)
    lines = [f"{digest}  {place}\n" for place, digest in listed.items()]
    (out / f"{name}-files.txt").write_text("".join(lines), encoding="utf-8", newline="\n")
    text = table(folder) + "\n\n| package | MB |\n|---|---|\n"
    text += "".join(f"| {path.name} | {path.stat().st_size / 1e6:.1f} |\n" for path in packages)
    (out / f"{name}-sizes.md").write_text(text, encoding="utf-8", newline="\n")
    write_sbom(out / f"{name}-sbom.json", frozen.python)
    (out / BUILT_FROM).write_text(f"{frozen.inputs}\n", encoding="utf-8", newline="\n")
    beside = sorted(path for path in out.iterdir() if path.is_file() and path.name != SUMS)
    sums = "".join(f"{sha256(path)}  {path.name}\n" for path in beside)
    (out / SUMS).write_text(sums, encoding="utf-8", newline="\n")


def is_of(out: Path, made_from: str) -> bool:
    """Whether whole packages lie there that were built from just this tree, as `freeze.inputs` tells it."""
    try:
        told = (out / BUILT_FROM).read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return told == made_from and (out / SUMS).is_file()
