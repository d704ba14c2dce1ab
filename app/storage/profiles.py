"""The profiles of this user: one TOML file each, found by name, never written over while they cannot be read."""

import shutil
from pathlib import Path

import msgspec

from app import disk
from app.domain.problems import ProblemId, Trouble, trouble
from app.domain.profile import FieldFault, Profile, composed, faults, name_key
from app.storage import profile_toml
from app.storage.folders import Folders, make

_ENDING = ".toml"


def names(folders: Folders) -> list[str]:
    """The names of all profiles, sorted as people sort; those that cannot be read too. Raises Trouble(DISK)."""
    return sorted((_name_of(path) for path in _files(folders)), key=name_key)


def spelt(folders: Folders, name: str) -> str | None:
    """The name as the company's file spells it, however it was typed; None: there is none. Raises Trouble(DISK)."""
    path = file_of(folders, name)
    return None if path is None else _name_of(path)


def file_of(folders: Folders, name: str) -> Path | None:
    """The file of the profile of that name, however it is spelt; None where there is none."""
    return next((path for path in _files(folders) if name_key(_name_of(path)) == name_key(name)), None)


def read(folders: Folders, name: str) -> Profile:
    """The profile, its addresses made exact. Raises LookupError where there is none of that name, Trouble(DISK), and
    Trouble(FILE_BROKEN, …) as `profile_toml.read` tells."""
    path = file_of(folders, name)
    data = None if path is None else disk.read(path)
    if path is None or data is None:
        raise LookupError(name)
    return profile_toml.read(data, _name_of(path), str(path))


def save(folders: Folders, profile: Profile, replaces: str = "") -> list[FieldFault]:
    """Write the profile, unless it has faults: then they are returned and nothing is written.

    `replaces` is the name it had before: file and data folder are renamed first. A file there that is broken or of a
    newer version is kept aside as a copy before. The fault "profile-name-taken": another profile has this name, in
    whatever case. Raises Trouble(DISK); the old file then stands."""
    profile = _named(profile)
    wrong = faults(profile)
    if wrong:
        return wrong
    profile = profile_toml.exact(profile)
    make(folders.profiles)
    there = file_of(folders, profile.name)
    old = file_of(folders, replaces) if replaces else None
    if there is not None and there != old and _is_another(there, profile, replaces):
        return [FieldFault("name", profile.name, "profile-name-taken")]
    path = folders.profiles / (profile.name + _ENDING)
    if old is not None and old != path:
        _rename(folders, old, path)
    elif there is not None and there != path:
        path = there  # the same name, composed in another way
    disk.write(path, _text(path, profile).encode())
    return []


def delete(folders: Folders, name: str) -> None:
    """The profile's file and its data folder. Its secrets in the keyring go first: `Secrets.forget_all`.

    Raises Trouble(DISK)."""
    path = file_of(folders, name)
    if path is None:
        return
    folder = folders.of_profile(_name_of(path))
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
    except OSError as error:
        raise disk.disk_trouble(error, folder) from None
    disk.remove(path)


def _text(path: Path, profile: Profile) -> str:
    """What to write: over a good file its own text with the changes, otherwise a new, documented text."""
    from app.storage import profile_writing

    data = disk.read(path)
    if data is None:
        return profile_writing.write_new(profile)
    try:
        profile_toml.read(data, profile.name, str(path))
    except Trouble:
        disk.keep_aside(path)
        return profile_writing.write_new(profile)
    text = profile_writing.rewrite(data.decode("utf-8-sig"), profile)
    if text is None:
        disk.keep_aside(path)
        return profile_writing.write_new(profile)
    return text


def _rename(folders: Folders, old: Path, new: Path) -> None:
    """Folder, then file; a folder that could be renamed goes back when its file could not."""
    old_folder = folders.of_profile(_name_of(old))
    new_folder = folders.of_profile(_name_of(new))
    moved = old_folder.is_dir()
    if moved:
        if new_folder.exists() and not new_folder.samefile(old_folder):
            raise trouble(ProblemId.DISK, file=str(new_folder), why="in-the-way")
        disk.rename(old_folder, new_folder)
    try:
        disk.rename(old, new)
    except Trouble:
        if moved:
            disk.rename(new_folder, old_folder)
        raise


def _is_another(there: Path, profile: Profile, replaces: str) -> bool:
    """A save without `replaces` over the very name is a change of that profile; any other meeting is a clash."""
    return bool(replaces) or _name_of(there) != profile.name


def _files(folders: Folders) -> list[Path]:
    try:
        return [
            path
            for path in folders.profiles.iterdir()
            if path.name.endswith(_ENDING) and not path.name.startswith(".") and path.is_file()
        ]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise disk.disk_trouble(error, folders.profiles) from None


def _named(profile: Profile) -> Profile:
    return msgspec.structs.replace(profile, name=composed(profile.name.strip()))


def _name_of(path: Path) -> str:
    return composed(path.name.removesuffix(_ENDING))
