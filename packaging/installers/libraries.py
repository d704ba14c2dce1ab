"""What of the system's libraries a frozen folder still needs, and which Debian packages hold it."""

import re
import subprocess
from pathlib import Path

from machine import Refused

ELF = b"\x7fELF"
_GLIBC = re.compile(rb"GLIBC_2\.([0-9]+)\0")


def binaries(folder: Path) -> list[Path]:
    """The programs and libraries in there."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == ELF:
                    found.append(path)
    return found


def wanted_sonames(readelf: str) -> frozenset[str]:
    """The libraries that `readelf -d` says are needed."""
    return frozenset(re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", readelf))


def of_the_system(folder: Path) -> list[str]:
    """Names of libraries that something in the folder needs and that do not lie in it."""
    own = {path.name for path in folder.rglob("*")}
    needed: set[str] = set()
    for path in binaries(folder):
        said = subprocess.run(
            ["readelf", "-d", "-W", str(path)], capture_output=True, text=True, errors="replace", check=True
        )
        needed |= wanted_sonames(said.stdout)
    return sorted(needed - own)


def newest_glibc(folder: Path) -> int:
    """The second number of the newest GLIBC_2.x that something in the folder asks for."""
    return max((int(n) for path in binaries(folder) for n in _GLIBC.findall(path.read_bytes())), default=17)


def packages(sonames: list[str]) -> list[str]:
    """The Debian packages of this machine that hold these libraries. Raises Refused where one belongs to none."""
    found = set()
    for name in sonames:
        asked = subprocess.run(
            ["dpkg", "-S", f"*-linux-gnu*/{name}"], capture_output=True, text=True, check=False
        )
        owners = [line.split(":")[0] for line in asked.stdout.splitlines() if "diversion" not in line]
        if not owners:
            raise Refused(f"The frozen program needs {name}, which no installed package holds.")
        found.add(owners[0])
    return sorted(found)
