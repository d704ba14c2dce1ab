"""The companies that IT deployed on this computer: `profiles/NAME.toml` in the machine's folder, which is only read."""

import tomllib
from pathlib import Path

from app import disk
from app.domain.laid_down import BEGUN_WITH, Deployed
from app.domain.profile import composed, name_key
from app.storage import profile_toml
from app.storage.policy import machine_folder

_ENDING = ".toml"


def names(machine: Path | None = None) -> list[str]:
    """The names of the deployed companies, in no order. A folder that cannot be read has none."""
    return [composed(path.name.removesuffix(_ENDING)) for path in _files(machine)]


def read(name: str, machine: Path | None = None) -> Deployed | None:
    """The deployed company of that name, however it is spelt; None where there is none.

    Raises Trouble(FILE_BROKEN) as a profile of one's own: a company that IT laid down wrongly is not used without."""
    for path in _files(machine):
        own = composed(path.name.removesuffix(_ENDING))
        data = disk.read(path) if name_key(own) == name_key(name) else None
        if data is None:
            continue
        profile = profile_toml.read(data, own, str(path))
        keys = _keys(tomllib.loads(data.decode("utf-8-sig")))
        return Deployed(profile, frozenset(keys) - BEGUN_WITH)
    return None


def _keys(values: dict[str, object]) -> list[str]:
    keys: list[str] = []
    for name, value in values.items():
        if isinstance(value, dict):
            keys += [f"{name}.{inner}" for inner in value]
        elif name != "version":
            keys.append(name)
    return keys


def _files(machine: Path | None) -> list[Path]:
    folder = (machine or machine_folder()) / "profiles"
    try:
        return [path for path in sorted(folder.iterdir()) if path.name.endswith(_ENDING) and path.is_file()]
    except OSError:
        return []
