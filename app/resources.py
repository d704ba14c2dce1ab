"""Where the files that are not code lie: icons, label tables, translations, help pages."""

import sys
from pathlib import Path


class ResourceMissing(Exception):
    """The program was installed without one of its own files."""


def root() -> Path:
    """The folder of the resources: in a frozen program, in an installed package, or beside app/ in the source tree."""
    here = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [here / "_resources", here.parent / "resources"]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise ResourceMissing(f"no resources beside {here}")


def licences() -> Path | None:
    """The folder of the licence texts of all parts: in a frozen program only."""
    frozen = getattr(sys, "_MEIPASS", None)
    folder = Path(frozen) / "licences" if frozen else None
    return folder if folder is not None and folder.is_dir() else None


def resource(*parts: str) -> Path:
    """The path of one resource, such as resource("icons", "ondemand-sync.svg"). Raises ResourceMissing."""
    path = root().joinpath(*parts)
    if not path.exists():
        raise ResourceMissing(f"{'/'.join(parts)} is not among the resources")
    return path
