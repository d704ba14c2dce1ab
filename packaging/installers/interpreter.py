"""The Python that is frozen: which one it is, where the packages beside it lie, and where its own licence stands."""

import argparse
import json
import platform
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from machine import Refused

from installers.wine import PYTHON, Prefix

_ASK = "import json, sys, sysconfig; print(json.dumps([sysconfig.get_path('purelib'), sysconfig.get_path('stdlib'), "
_ASK += "sys.base_prefix, sys.platform, '.'.join(map(str, sys.version_info[:3]))]))"


@dataclass(frozen=True)
class Interpreter:
    """`site`: where its packages lie; `system`: as sys.platform calls it; `text`: the file of its own licence."""

    site: Path
    system: str
    version: str
    text: Path

    def words(self) -> list[str]:
        """What tells `parts.py` of it."""
        of = {"site": self.site, "system": self.system, "python": self.version, "text": self.text}
        return [word for name, value in of.items() for word in (f"--{name}", str(value))]


def licence_in(*folders: Path) -> Path:
    """Where Python's licence stands; a file that is not there, where it is in none of these."""
    found = [folder / name for folder in folders for name in ("LICENSE.txt", "LICENSE")]
    return next((path for path in found if path.is_file()), found[0])


def here() -> Interpreter:
    """The one that runs this."""
    text = licence_in(Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    return Interpreter(Path(sysconfig.get_path("purelib")), sys.platform, platform.python_version(), text)


def ask(python: str) -> Interpreter:
    """The one of an environment of this system."""
    said = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, check=True).stdout
    site, library, home, system, version = json.loads(said)
    return Interpreter(Path(site), system, version, licence_in(Path(library), Path(home)))


def in_wine(prefix: Prefix) -> Interpreter:
    """The Windows Python of a Wine prefix, whose files this system reads. Raises Refused where it does not answer."""
    _code, said = prefix.run([PYTHON, "-V"], seconds=300)
    version = re.search(r"Python ([0-9]+\.[0-9]+\.[0-9]+)", said)
    if version is None:
        raise Refused(f"The Windows Python under Wine did not say which it is:\n{said[-2000:]}")
    home = prefix.drive / "Python311"
    return Interpreter(home / "Lib" / "site-packages", "win32", version[1], licence_in(home))


def add_options(parser: argparse.ArgumentParser) -> None:
    """The words by which a command is told of another one than that which runs it."""
    parser.add_argument("--site", type=Path, help="the packages of another Python, which lie in this folder")
    parser.add_argument("--system", default=sys.platform, help="its system, as Python calls it")
    parser.add_argument("--python", default=platform.python_version(), help="its version")
    parser.add_argument("--text", type=Path, help="the file of its own licence")


def told(given: argparse.Namespace) -> Interpreter | None:
    """The other one that these words tell of; None where there are none."""
    if given.site is None:
        return None
    return Interpreter(given.site, given.system, given.python, given.text or licence_in(given.site))
