"""A profile as TOML: read strictly, every wrong value named with its line; written with the person's comments kept."""

import re
import tomllib
from enum import StrEnum
from typing import Any

import msgspec
import tomlkit
from tomlkit.items import Table

from app.domain.addresses import hh2_site, origin
from app.domain.events import Site
from app.domain.filters import DateRange, Depth
from app.domain.problems import Fact, ProblemId, Trouble, trouble
from app.domain.profile import PROFILE_VERSION, DriverName, Profile, faults
from app.domain.tabs import Tab
from app.storage.profile_notes import HEADER, NOTES
from app.storage.toml_lines import Path as SettingPath
from app.storage.toml_lines import line_of

LARGEST = 256 * 1024  # bytes; a profile has two or three thousand
_SHOWN = 80

_CHOICES: dict[str, type[StrEnum]] = {
    "driver": DriverName,
    "run.date_range": DateRange,
    "run.depth": Depth,
    "run.tabs": Tab,
    "labels.site": Site,
}
_EXPECTED = {
    "int": "whole-number",
    "float": "number",
    "str": "text",
    "bool": "true-or-false",
    "array": "list",
    "object": "section",
}
_WHERE = re.compile(r" - at `\$\.?(.*)`$")
_SECTIONS = ("hh2", "procore", "run")


def read(data: bytes, name: str, file: str) -> Profile:
    """The profile in the bytes of its file; `name` is the file's own name without its ending.

    Raises Trouble(FILE_BROKEN, file, line, what, value, expected, choices, more): `what` is the setting's path
    ("procore.company_id"), `expected` an id as of `FieldFault` or one of toml, utf-8, small-file, known-setting,
    one-of, whole-number, number, text, true-or-false, list, section; `more` how many other faults there are.
    A file of a newer version: Trouble(FILE_BROKEN, newer=True, version)."""
    if len(data) > LARGEST:
        raise _broken(file, 1, "", "", "small-file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken(file, data.count(b"\n", 0, error.start) + 1, "", "", "utf-8") from None
    values = _parsed(text, file)
    version = values.get("version", 1)
    if isinstance(version, int) and version > PROFILE_VERSION:
        line = line_of(text, ("version",))
        raise _broken(file, line, "version", str(version), "version", newer=True, version=version)
    if "name" in values:
        raise _broken(file, line_of(text, ("name",)), "name", _short(values["name"]), "known-setting")
    try:
        profile = msgspec.convert({**values, "name": name}, Profile)
    except msgspec.ValidationError as error:
        raise _explained(str(error), values, text, file) from None
    wrong = faults(profile)
    if wrong:
        first = wrong[0]
        line = line_of(text, _path(first.path))
        raise _broken(file, line, first.path, _short(first.value), first.expected, more=len(wrong) - 1)
    return exact(profile)


def exact(profile: Profile) -> Profile:
    """The profile with its addresses as they are used: a pasted hh2 site is its name, every address an origin.

    The profile has no faults."""
    hh2, procore = profile.hh2, profile.procore
    return msgspec.structs.replace(
        profile,
        hh2=msgspec.structs.replace(
            hh2, site=hh2_site(hh2.site) if hh2.site else "", base=origin(hh2.base) if hh2.base else ""
        ),
        procore=msgspec.structs.replace(
            procore, login=origin(procore.login), api=origin(procore.api), web=origin(procore.web)
        ),
    )


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
        same = read(text.encode(), profile.name, "") == profile
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


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        lines = text.split("\n")
        line = int(found[1]) if found else len(lines)
        # Only the key is shown: what follows it is not known to be harmless.
        key = lines[line - 1].partition("=")[0].strip() if line <= len(lines) else ""
        raise _broken(file, line, "", _short(key), "toml") from None


def _explained(message: str, values: dict[str, Any], text: str, file: str) -> Trouble:
    where = _WHERE.search(message)
    path = _path(where[1]) if where else ()
    unknown = re.search(r"unknown field `(.*?)`(?: - at|$)", message)
    if unknown:
        path = (*path, unknown[1])
        return _broken(file, line_of(text, path), _dotted(path), "", "known-setting")
    shown: Any = values
    for part in path:
        shown = shown[part]
    choices = _CHOICES.get(_dotted(tuple(part for part in path if isinstance(part, str))))
    kind = re.search(r"Expected `(\w+)", message)
    facts: dict[str, Fact] = {}
    if choices is not None and not (kind and kind[1] == "array"):
        expected = "one-of"
        facts["choices"] = ", ".join(choice.value for choice in choices)
    else:
        expected = _EXPECTED.get(kind[1] if kind else "", "text")
    return _broken(file, line_of(text, path), _dotted(path), _short(shown), expected, **facts)


def _path(written: str) -> SettingPath:
    """`run.tabs[2]` as its parts."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"\w+", written))


def _dotted(path: SettingPath) -> str:
    return ".".join(str(part) if isinstance(part, str) else f"[{part}]" for part in path).replace(".[", "[")


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _broken(file: str, line: int, what: str, value: str, expected: str, **facts: Fact) -> Trouble:
    return trouble(
        ProblemId.FILE_BROKEN, file=file, line=line, what=what, value=value, expected=expected, **facts
    )
