"""The package for macOS: the .app that PyInstaller bundles, in a zip. NOT BUILT YET: no Mac has been at hand."""

import os
import platform
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from machine import Refused

from installers.freeze import NAME, Frozen

APP = "On-Demand Sync.app"  # as the spec names it


def bundle(frozen: Frozen) -> Path:
    """The .app beside the frozen folder. Raises Refused where PyInstaller made none."""
    found = frozen.folder.parent / APP
    if not found.is_dir():
        raise Refused(f"PyInstaller made no {APP}.")
    return found


def pack(frozen: Frozen, out: Path) -> Path:
    """Write the zip into `out`; returns its path. Links stay links and programs can be started, as macOS asks of an
    .app; the same tree gives the same zip."""
    app = bundle(frozen)
    path = out / f"{NAME}-{frozen.version}-macos-{platform.machine()}.zip"
    when = datetime.fromtimestamp(frozen.moment, UTC).timetuple()[:6]
    with zipfile.ZipFile(path, "w") as packed:
        for one in sorted(app.rglob("*"), key=lambda found: found.as_posix()):
            if one.is_dir() and not one.is_symlink():
                continue
            entry = zipfile.ZipInfo(f"{APP}/{one.relative_to(app).as_posix()}", when)
            entry.create_system = 3  # Unix: how it may be used is told in its way
            if one.is_symlink():
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                packed.writestr(entry, one.readlink().as_posix())
                continue
            entry.external_attr = (stat.S_IFREG | (0o755 if os.access(one, os.X_OK) else 0o644)) << 16
            packed.writestr(entry, one.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return path
