"""What a company's IT has laid down for everybody on this computer: `policy.toml`, which this program only reads."""

from pathlib import Path
from typing import Any

import msgspec
from platformdirs import PlatformDirs

from app.domain.decoding import toml
from app.domain.laid_down import FLAGS, LONGEST_KEPT, Policy
from app.storage.folders import APP, Folders

_NAME = "policy.toml"


def machine_folder() -> Path:
    """The machine's folder for settings, which IT alone can write; nothing in the environment moves it on Windows."""
    return PlatformDirs(APP, appauthor=False).site_config_path


def files(folders: Folders, machine: Path | None = None) -> tuple[str, str]:
    """Where the policy is read: the machine's file, and the one beside this user's own settings."""
    return str((machine or machine_folder()) / _NAME), str(folders.config / _NAME)


def load(folders: Folders, machine: Path | None = None) -> Policy:
    """What both files lay down together: beside this user's own settings, and in the machine's folder.

    What either forbids is forbidden. A file that cannot be read or understood forbids: somebody meant to lay something
    down. Never raises."""
    own, system = _read(folders.config / _NAME), _read((machine or machine_folder()) / _NAME)
    kept = [one.keep_days for one in (system, own) if one.keep_days is not None]
    return Policy(
        **{name: getattr(own, name) and getattr(system, name) for name in FLAGS},
        keep_days=min(kept) if kept else None,
        browser=system.browser or own.browser,
        wrong=(*system.wrong, *own.wrong),
    )


def may_teach(folders: Folders, machine: Path | None = None) -> bool:
    """May labels be taught, and those that were taught be used?"""
    return load(folders, machine).teach


def _read(path: Path) -> Policy:
    try:
        laid_down = toml(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return Policy()
    except (OSError, ValueError):
        return msgspec.structs.replace(Policy(wrong=(str(path),)), **dict.fromkeys(FLAGS, False))
    return _understood(laid_down, path)


def _understood(laid_down: dict[str, Any], path: Path) -> Policy:
    """A value of the wrong kind forbids where something can be forbidden, and is named; so is a name nobody knows."""
    known = {*FLAGS, "keep_days", "browser"}
    wrong = [name for name in laid_down if name not in known]
    flags = {}
    for name in FLAGS:
        value = laid_down.get(name, True)
        flags[name] = value is True
        if not isinstance(value, bool):
            wrong.append(name)
    days, browser = laid_down.get("keep_days"), laid_down.get("browser", "")
    if days is not None and (type(days) is not int or not 1 <= days <= LONGEST_KEPT):
        days = None
        wrong.append("keep_days")
    if not isinstance(browser, str):
        browser = ""
        wrong.append("browser")
    return Policy(**flags, keep_days=days, browser=browser, wrong=tuple(f"{path}: {one}" for one in wrong))
