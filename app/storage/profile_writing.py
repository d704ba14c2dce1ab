"""A profile as TOML, written: a new text that explains every setting, or the old one with the person's comments kept.

It is imported when a profile is written: the library that keeps comments takes longer to come than any other here."""

from typing import Any

import msgspec
import tomlkit
from tomlkit.items import Table

from app.domain.profile import Profile
from app.storage import profile_toml
from app.storage.profile_notes import HEADER, NOTES

_SECTIONS = ("hh2", "procore", "run", "match")


def write_new(profile: Profile) -> str:
    """The text of a new file: every setting, with a comment that says what it means and its default."""
    wanted = _values(profile)
    usual = _values(Profile(name=profile.name))
    lines = [*(f"# {line}" for line in HEADER), ""]
    for key in ("version", "driver"):
        lines += _documented(key, wanted[key], usual[key])
    for section in _SECTIONS:
        lines += [*(f"# {line}" for line in NOTES[section]), f"[{section}]", ""]
        for key, value in wanted[section].items():
            lines += _documented(f"{section}.{key}", value, usual[section][key])
    if profile.labels:
        lines += [*(f"# {line}" for line in NOTES["labels"]), tomlkit.dumps({"labels": wanted["labels"]})]
    return "\n".join(lines).rstrip() + "\n"


def rewrite(old: str, profile: Profile) -> str | None:
    """The old text with the values that changed, and with everything the person wrote around them.

    None where that cannot be done so that the profile is read back the same; then only a new text helps."""
    try:
        document = tomlkit.parse(old)
        _update(document, profile)
        text = tomlkit.dumps(document)
        same = profile_toml.read(text.encode(), profile.name, "") == profile
    except Exception:  # noqa: BLE001  # whatever the library meets in a person's text, there is the new text
        return None
    return text if same else None


def _update(document: tomlkit.TOMLDocument, profile: Profile) -> None:
    wanted = _values(profile)
    usual = _values(Profile(name=profile.name))
    for key in ("version", "driver"):
        _set(document, key, wanted[key], usual[key])
    for section in _SECTIONS:
        if section not in document:
            if wanted[section] == usual[section]:
                continue
            document.add(section, tomlkit.table())
        table = document[section]
        for key, value in wanted[section].items():
            _set(table, key, value, usual[section][key], f"{section}.{key}")
    _set_labels(document, wanted["labels"])


def _set_labels(document: tomlkit.TOMLDocument, wanted: list[dict[str, str]]) -> None:
    current = document["labels"].unwrap() if "labels" in document else []
    if current == wanted:
        return
    if "labels" in document:
        del document["labels"]
    if wanted:
        tables = tomlkit.aot()
        for one in wanted:
            tables.append(tomlkit.item(one))
        document.append("labels", tables)


def _set(table: Any, key: str, value: Any, usual: Any, path: str = "") -> None:
    if key in table:
        current = table[key]
        plain = current.unwrap() if hasattr(current, "unwrap") else current
        # true == 1 in Python, not in TOML; and `60` stays as it is written where 60.0 is meant
        if plain != value or isinstance(plain, bool) != isinstance(value, bool):
            table[key] = value
    elif value != usual:
        if isinstance(table, Table):
            for line in NOTES.get(path, ()):
                table.add(tomlkit.comment(line))
        table[key] = value


def _documented(path: str, value: Any, usual: Any) -> list[str]:
    notes = [f"# {line}" for line in NOTES[path]]
    if path != "version":
        notes.append(f"# Default: {_toml(usual)}")
    return [*notes, f"{path.rpartition('.')[2]} = {_toml(value)}", ""]


def _toml(value: Any) -> str:
    text: str = tomlkit.item(value).as_string()
    return text


def _values(profile: Profile) -> dict[str, Any]:
    """The profile as plain values, without its name, which is the file's."""
    values: dict[str, Any] = msgspec.to_builtins(profile)
    del values["name"]
    for section in _SECTIONS:
        values[section] = {
            key: list(value) if isinstance(value, tuple) else value for key, value in values[section].items()
        }
    return values
