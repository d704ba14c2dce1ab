"""A profile as TOML, read: strictly, every wrong value named with its line. It is written by `profile_writing`."""

import re
import tomllib
from enum import StrEnum
from typing import Any

import msgspec

from app.domain.addresses import hh2_site, origin
from app.domain.decoding import toml
from app.domain.events import Site
from app.domain.filters import DateRange, Depth
from app.domain.problems import Fact, ProblemId, Trouble, trouble
from app.domain.profile import PROFILE_VERSION, DriverName, Profile, faults
from app.domain.tabs import Tab
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


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return toml(text.replace("\r\n", "\n"))
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
