"""What a company's IT has laid down for everybody on this computer: `policy.toml`, which this program only reads."""

import tomllib
from pathlib import Path

from platformdirs import PlatformDirs

from app.storage.folders import APP, Folders

_NAME = "policy.toml"


def may_teach(folders: Folders, machine: Path | None = None) -> bool:
    """May labels be taught, and those that were taught be used? `teach = false` in either file forbids it.

    The files: beside this user's own settings, and in the machine's folder for settings, which IT alone can write.
    One that cannot be read or understood forbids: somebody meant to lay something down."""
    system = machine or PlatformDirs(APP, appauthor=False).site_config_path
    return all(_allows(folder / _NAME) for folder in (folders.config, system))


def _allows(path: Path) -> bool:
    try:
        laid_down = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return laid_down.get("teach", True) is True
