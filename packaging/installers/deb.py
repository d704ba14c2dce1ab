"""The Linux packages of a frozen folder: a .deb (zstd) with what a desktop wants to know of it, and a plain tar.zst."""

import gzip
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import machine

from installers import libraries
from installers.freeze import NAME, Frozen
from installers.icons_sizes import DESKTOP

LINUX = Path("packaging") / "installers" / "linux"
# Not linked, but opened by name by Qt while it runs
OPENED_BY_QT = tuple(package.name for package in machine.QT_ON_X11 if not package.name.startswith("fonts-"))


def pack(frozen: Frozen, out: Path) -> list[Path]:
    """Write both packages into `out`; returns their paths."""
    root = frozen.made / "deb"
    shutil.rmtree(root, ignore_errors=True)
    lay_out(frozen, root)
    same_time(root, frozen.moment)
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(frozen.moment)}
    package = out / f"{NAME}_{frozen.version}_amd64.deb"
    words = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(root), str(package)]
    subprocess.run(words, check=True, env=env, stdout=subprocess.DEVNULL)
    return [package, plain(frozen, out)]


def plain(frozen: Frozen, out: Path) -> Path:
    """The folder alone, for a system without dpkg."""
    name = f"{NAME}-{frozen.version}-linux-x86_64"
    path = out / f"{name}.tar.zst"
    same_time(frozen.folder, frozen.moment)
    words = ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u+w,go+rX,go-w", "--format=gnu",
             f"--mtime=@{frozen.moment}", f"--transform=flags=r;s,^{NAME},{name},", "-I", "zstd -9 -T2 -q", "-cf",
             str(path), "-C", str(frozen.folder.parent), NAME]  # fmt: skip
    subprocess.run(words, check=True)
    return path


def lay_out(frozen: Frozen, root: Path) -> None:
    """The tree of the .deb."""
    tree, share = frozen.tree, root / "usr" / "share"
    shutil.copytree(frozen.folder, root / "usr" / "lib" / NAME, symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    day = datetime.fromtimestamp(frozen.moment, UTC).date().isoformat()
    for name, place in (
        (f"{NAME}.desktop", share / "applications"),
        (f"{NAME}.metainfo.xml", share / "metainfo"),
        (f"{NAME}.1", share / "man" / "man1"),
    ):
        text = (tree / LINUX / name).read_text(encoding="utf-8")
        place.mkdir(parents=True)
        (place / name).write_text(
            text.replace("@VERSION@", frozen.version).replace("@DATE@", day), encoding="utf-8"
        )
    squeeze(share / "man" / "man1" / f"{NAME}.1")
    icons = share / "icons" / "hicolor"
    for size in DESKTOP:
        place = icons / f"{size}x{size}" / "apps"
        place.mkdir(parents=True)
        shutil.copyfile(frozen.made / f"{NAME}-{size}.png", place / f"{NAME}.png")
    (icons / "scalable" / "apps").mkdir(parents=True)
    shutil.copyfile(tree / "resources" / "icons" / f"{NAME}.svg", icons / "scalable" / "apps" / f"{NAME}.svg")
    doc = share / "doc" / NAME
    doc.mkdir(parents=True)
    shutil.copyfile(tree / "CHANGELOG.md", doc / "changelog")
    squeeze(doc / "changelog")
    (doc / "copyright").write_text(COPYRIGHT, encoding="utf-8")
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control(frozen, root), encoding="utf-8")
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


COPYRIGHT = f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: On-Demand Sync

Files: *
Copyright: the authors of On-Demand Sync
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.
 The libraries of others and their licences are in /usr/lib/{NAME}/_internal/licences,
 and are shown by the program under Help, About.
"""

RECOMMENDED = (
    "fonts-dejavu-core | fonts-liberation, gnome-keyring | kwalletmanager, "
    "chromium | google-chrome-stable | microsoft-edge-stable"
)


def control(frozen: Frozen, root: Path) -> str:
    """DEBIAN/control: what the folder needs of the system is looked up, not written down by hand."""
    folder = root / "usr" / "lib" / NAME
    needed = set(libraries.packages(libraries.of_the_system(folder))) - {"libc6"}
    depends = [f"libc6 (>= 2.{libraries.newest_glibc(folder)})", *sorted(needed | set(OPENED_BY_QT))]
    size = sum(p.stat().st_size for p in root.rglob("*") if p.is_file() and not p.is_symlink()) // 1024
    return f"""Package: {NAME}
Version: {frozen.version}
Architecture: amd64
Maintainer: On-Demand Sync <nobody@localhost>
Installed-Size: {size}
Depends: {", ".join(depends)}
Recommends: {RECOMMENDED}
Section: misc
Priority: optional
Description: bring Sage 300 CRE through hh2 to Procore, with proof of each step
 Step 1 syncs Sage 300 CRE to hh2; when its end is proven, step 2 refreshes the
 tabs of Procore's ERP Integrations. It accepts, imports and exports nothing.
 A training company to practise on is part of it.
"""


def squeeze(path: Path) -> None:
    """Replace a file by itself, gzipped, without a name or a time in it."""
    with path.open("rb") as file, gzip.GzipFile("", "wb", 9, open(f"{path}.gz", "wb"), 0) as squeezed:  # noqa: PTH123
        squeezed.write(file.read())
    path.unlink()


def same_time(folder: Path, moment: int) -> None:
    """Give everything in a folder one time."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (moment, moment), follow_symlinks=False)
