"""The browser that is installed on this computer: Edge, Chrome or Chromium. Nothing is ever downloaded."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec


class Installed(msgspec.Struct, frozen=True):
    """A browser that may be driven: its name for people, and its program."""

    name: str
    path: Path


# By preference: the one a company's server most likely has, and keeps up to date, comes first.
_WINDOWS = (
    ("Microsoft Edge", r"Microsoft\Edge\Application\msedge.exe"),
    ("Google Chrome", r"Google\Chrome\Application\chrome.exe"),
    ("Chromium", r"Chromium\Application\chrome.exe"),
)
_MAC = (
    ("Google Chrome", "Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("Microsoft Edge", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ("Chromium", "Chromium.app/Contents/MacOS/Chromium"),
)
_LINUX = (
    ("Microsoft Edge", ("microsoft-edge-stable", "microsoft-edge")),
    ("Google Chrome", ("google-chrome-stable", "google-chrome")),
    ("Chromium", ("chromium", "chromium-browser")),
)


def installed(
    platform: str = sys.platform, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> tuple[Installed, ...]:
    """Every browser found, the preferred one first; empty where there is none."""
    environment = os.environ if environment is None else environment
    if platform == "win32":
        found = _on_windows(environment)
    elif platform == "darwin":
        found = _on_mac(home or Path.home())
    else:
        found = _on_linux(environment)
    return tuple(found)


def installed_or_chosen(path: str) -> tuple[Installed, ...]:
    """The one browser that IT has laid down by its path, empty where it is not there; all that are installed for ""."""
    if not path:
        return installed()
    program = Path(path)
    return (Installed(_named(program), program),) if program.is_file() else ()


def _named(program: Path) -> str:
    """The name of a browser by that of its program: a policy that forbids driving it is found by it."""
    name = program.name.lower()
    if "edge" in name:
        return "Microsoft Edge"
    if "chromium" in name or "chromium" in (part.lower() for part in program.parts):
        return "Chromium"
    return "Google Chrome" if "chrome" in name else program.stem


def _on_windows(environment: Mapping[str, str]) -> Iterator[Installed]:
    folders = [environment.get(name, "") for name in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")]
    for name, below in _WINDOWS:
        for folder in filter(None, folders):
            path = Path(folder, *below.split("\\"))
            if path.is_file():
                yield Installed(name, path)
                break


def _on_mac(home: Path) -> Iterator[Installed]:
    for name, below in _MAC:
        for folder in (Path("/Applications"), home / "Applications"):
            if (folder / below).is_file():
                yield Installed(name, folder / below)
                break


def _on_linux(environment: Mapping[str, str]) -> Iterator[Installed]:
    for name, commands in _LINUX:
        for command in commands:
            found = shutil.which(command, path=environment.get("PATH"))
            if found:
                yield Installed(name, Path(found))
                break
