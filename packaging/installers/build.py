"""`run.py build`: makes the packages of this system, or, on Linux under Wine, those of Windows for trials."""

import argparse
import shutil
import sys
from pathlib import Path

import machine
from machine import ROOT, Refused, say

DIST = ROOT / "dist"
WORK = ROOT / "build"
LARGEST_SETUP = 100_000_000  # bytes
OLDEST_ON_WINDOWS = (3, 12, 4)  # app/storage/folders.py says why
FOR_LINUX = (*machine.QT_ON_X11, *machine.tools("zstd binutils dpkg-dev"))


def arguments(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py build")
    parser.add_argument("system", nargs="?", choices=["linux", "windows", "macos"], help="default: this one")
    parser.add_argument("--as-version", default="", help="another version, to try an upgrade with")
    parser.add_argument("--quick", action="store_true", help="squeeze the setup less, to try it sooner")
    parser.add_argument("--out", type=Path, help="where the packages are put; default: dist/SYSTEM")
    return parser.parse_args(args)


def this_system() -> str:
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def run(args: list[str]) -> int:
    """Build; returns an exit code."""
    options = arguments(args)
    system = options.system or this_system()
    out = (options.out or DIST / system).absolute()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    if system == "linux" and sys.platform == "linux":
        packages = build_linux(out, options.as_version)
    elif system == "windows" and sys.platform in {"linux", "win32"}:
        packages = build_windows(out, options.as_version, quick=options.quick)
    elif system == "macos" and sys.platform == "darwin":
        packages = build_macos(out, options.as_version)
    else:
        raise Refused(f"Packages for {system} are built on {system} only.")
    for path in packages:
        say(
            f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {path.stat().st_size / 1e6:.1f} MB"
        )
    return 0


def build_linux(out: Path, wanted: str) -> list[Path]:
    """The .deb and the tar.zst."""
    from installers import deb, freeze, listing

    machine.need_system(FOR_LINUX, why="the packages")
    python = machine.need_build()
    frozen = freeze.freeze(python, ROOT, WORK / "linux", wanted)
    packages = deb.pack(frozen, out)
    listing.write(frozen, packages, out, f"{freeze.NAME}-{frozen.version}-linux")
    say((out / f"{freeze.NAME}-{frozen.version}-linux-sizes.md").read_text(encoding="utf-8"))
    return packages


def build_windows(out: Path, wanted: str, *, quick: bool = False) -> list[Path]:
    """The setup; on Linux a TRIAL, made under Wine."""
    from installers import freeze, listing, nsis, wine

    if sys.platform == "win32":
        need_python(sys.version_info[:3])
    prefix = None if sys.platform == "win32" else wine.need_prefix(WORK / "wine", "build")
    frozen = freeze.freeze(machine.need_build(), ROOT, WORK / "windows", wanted, prefix)
    packages = [nsis.pack(frozen, out, trial=prefix is not None, quick=quick)]
    if not quick:
        hold_to_size(packages[0], listing.table(frozen.folder))
    listing.write(frozen, packages, out, packages[0].stem)
    say((out / f"{packages[0].stem}-sizes.md").read_text(encoding="utf-8"))
    return packages


def need_python(version: tuple[int, int, int]) -> None:
    """Raise Refused where a Windows release would keep its folders from nobody: an older `mkdir` sets no rights."""
    if version < OLDEST_ON_WINDOWS:
        wanted, has = (".".join(map(str, one)) for one in (OLDEST_ON_WINDOWS, version))
        raise Refused(f"A setup is built with Python {wanted} or later on Windows; this is {has}.")


def hold_to_size(setup: Path, table: str) -> None:
    """Raise Refused where a Windows setup has grown larger than it may be."""
    size = setup.stat().st_size
    if size > LARGEST_SETUP:
        raise Refused(
            f"{setup.name} has {size / 1e6:.1f} MB, and a Windows setup may have {LARGEST_SETUP / 1e6:.0f}. "
            f"Before it is squeezed this takes the room:\n{table}"
        )


def build_macos(out: Path, wanted: str) -> list[Path]:
    """The .app in a zip. NOT BUILT YET: no Mac has been at hand."""
    from installers import freeze, listing, macos

    frozen = freeze.freeze(machine.need_build(), ROOT, WORK / "macos", wanted)
    bundle = macos.bundle(frozen)
    packages = [macos.pack(frozen, out)]
    listing.write(frozen, packages, out, packages[0].stem, bundle)
    say((out / f"{packages[0].stem}-sizes.md").read_text(encoding="utf-8"))
    return packages
