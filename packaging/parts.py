"""What the program is made of: the licence of every locked package, their texts, and the list as CycloneDX."""

import argparse
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import audit
import machine
from license_expression import ExpressionError, get_spdx_licensing

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom

TABLE = Path(__file__).parent / "licences.toml"
SHIPPED = (
    "demo",
    "demo-browser",
)  # what stands beside the program at a company's; the rest is for who works on it
_TEXT = re.compile(
    r"(?i)(^|/)(licen[cs]es?|copying|notice|authors|third-?party-?notices?)([^/]*\.(txt|md|rst|html)|[^/.]*|\.[A-Za-z]+)$"
)
# Texts that some packages name and do not bring; no system is asked for them
STANDARD = Path(__file__).parent / "licences"
_licensing = get_spdx_licensing()
# As packages say it that do not use SPDX's own names
_SPELT = {
    "MIT License": "MIT", "MIT license": "MIT", "BSD License": "BSD-3-Clause", "BSD 2-Clause License": "BSD-2-Clause",
    "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0", "ISC License": "ISC",
    "ISC License (ISCL)": "ISC", "PSFL": "PSF-2.0", "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "LGPLv2+": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}  # fmt: skip


def name_key(name: str) -> str:
    """A package's name as the locks spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(*locks: str) -> dict[str, str]:
    """The packages of these locks with their versions, by name."""
    found = [
        one for lock in locks for one in audit.locked(machine.lock_file(lock).read_text(encoding="utf-8"))
    ]
    return {name_key(name): version for name, version in sorted(found)}


# ------------------------------------------------------------------ licences


def table() -> dict[str, Any]:
    """`packaging/licences.toml`."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def wrong(told: dict[str, Any]) -> Iterator[str]:
    """Every locked package whose licence is not known, not taken, or another than it says itself."""
    known: dict[str, str] = told["packages"]
    everything, shipped = locked(*machine.LOCKS, *machine.APART), locked(*SHIPPED)
    unsaid = told.get("unsaid", {})
    for name in sorted(unsaid.keys() & shipped.keys() | unsaid.keys() - everything.keys()):
        yield f"{name}: what is shipped needs a licence, and what no lock holds needs no word"
    for name in sorted(everything.keys() - known.keys() - unsaid.keys()):
        yield f"{name}: its licence is not in licences.toml; it says {' / '.join(said_by(name)) or 'nothing here'}"
    for name in sorted(known.keys() - everything.keys()):
        yield f"{name}: no lock holds it any more"
    for name, expression in known.items():
        taken = set(told["taken"]["shipped"])
        if name not in shipped:
            taken |= set(told["taken"]["tools"])
        yield from (f"{name}: {why}" for why in not_taken(expression, taken))
        heard = {spdx(one) for one in said_by(name)} - {""}
        if heard and not any(_same(expression, one) for one in heard):
            yield f"{name}: licences.toml says {expression}, the package {' / '.join(sorted(heard))}"


def not_taken(expression: str, taken: set[str]) -> list[str]:
    """Why a licence cannot be taken: empty where one of its alternatives is taken whole."""
    try:
        parsed = _licensing.parse(expression, validate=True)
    except ExpressionError as no:
        return [str(no).replace("\n", " ")]
    return [] if _taken(parsed, taken) else [f"{expression} is not among the licences that are taken"]


def _taken(node: Any, taken: set[str]) -> bool:
    if node.isliteral:
        return str(node) in taken
    parts = [_taken(one, taken) for one in node.args]
    return any(parts) if node.operator.strip() in ("|", "OR") else all(parts)


def said_by(name: str) -> list[str]:
    """What an installed package says of its own licence, in its own words; nothing where it is not installed here."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    expressions = [str(one) for one in told.get_all("License-Expression") or []]
    if expressions:
        return expressions
    short = [str(one) for one in told.get_all("License") or [] if 0 < len(str(one)) < 80]
    classes = [
        one.split("::")[-1].strip()
        for one in told.get_all("Classifier") or []
        if one.startswith("License ::")
    ]
    return short + [one for one in classes if one not in ("OSI Approved", "DFSG approved")]


def spdx(said: str) -> str:
    """What a package says, as an expression of SPDX; "" where it cannot be understood."""
    expression = _SPELT.get(said, said)
    try:
        return str(_licensing.parse(expression, validate=True))
    except (ExpressionError, ValueError):
        return ""


def _same(one: str, other: str) -> bool:
    return bool(_licensing.is_equivalent(one, other))


def is_here(name: str) -> bool:
    """Is it installed on this system?"""
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def texts_of(name: str) -> list[Path]:
    """The files of an installed package in which its licences stand."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return []
    files = [
        file for file in found.files or [] if _TEXT.search(str(file)) and file.suffix not in (".py", ".pyc")
    ]
    return sorted(path for file in files if (path := Path(str(file.locate()))).is_file())


def collect(folder: Path, told: dict[str, Any]) -> list[str]:
    """Lay the texts of all that is shipped from this system into a folder, with a list; the packages without a text."""
    lacking: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "On-Demand Sync is under the Apache License 2.0. It stands on these parts, each under its own licence.",
        "",
    ]
    shutil.copyfile(machine.ROOT / "LICENSE", folder / "LICENSE.txt")
    for name, version in locked(*SHIPPED).items():
        if not is_here(name):  # a part of another system's
            continue
        place = folder / f"{name}-{version}"
        found = texts_of(name)
        standard = [STANDARD / f"{one}.txt" for one in told.get("texts", {}).get(name, [])]
        found += [path for path in standard if path.is_file()]
        if not found or not all(path.is_file() for path in standard):
            lacking.append(name)
        for path in found:
            place.mkdir(exist_ok=True)
            shutil.copyfile(path, place / _free(place, path))
        lines.append(f"{name} {version}: {told['packages'].get(name, 'not known')}")
    (folder / "PARTS.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lacking


def _free(place: Path, path: Path) -> str:
    """A name that is not taken there yet: several parts of one package may each have a LICENSE."""
    name, above = path.name, path.parent
    while (place / name).exists():
        name, above = f"{above.name}-{name}", above.parent
    return name


# ------------------------------------------------------------------ SBOM


def bom(told: dict[str, Any]) -> "Bom":
    """What is shipped, with versions, hashes of the lock, licences, and what needs what; the same for the same lock."""
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    licence = LicenseFactory()
    version = re.search(
        r'"(.+)"', (machine.ROOT / "app" / "__init__.py").read_text(encoding="utf-8").split("__version__")[1]
    )
    made = Bom()
    made.metadata.timestamp = None  # type: ignore[assignment]  # the same lock gives the same file
    own = Component(
        name="ondemand-sync",
        version=version.group(1) if version else "",
        type=ComponentType.APPLICATION,
        bom_ref="ondemand-sync",
        licenses=[licence.make_from_string("Apache-2.0")],
    )
    made.metadata.component = own
    parts: dict[str, Component] = {}
    shipped, hashes = locked(*SHIPPED), hashes_of(SHIPPED[-1])
    for name, number in shipped.items():
        sums = [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes.get(name, [])]
        address = PackageURL("pypi", name=name, version=number)
        # One of these is the file that was installed: which, depends on the system
        files = ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(str(address)),
            hashes=sums,
            comment="its files in the lock",
        )
        parts[name] = Component(
            name=name,
            version=number,
            type=ComponentType.LIBRARY,
            bom_ref=f"{name}=={number}",
            purl=address,
            licenses=[licence.make_from_string(told["packages"][name])],
            external_references=[files],
        )
        made.components.add(parts[name])
    direct = {name_key(one) for one in _required_by_us()}
    made.register_dependency(own, [parts[name] for name in sorted(direct & parts.keys())])
    for name, part in parts.items():
        made.register_dependency(part, [parts[one] for one in sorted(required_by(name) & parts.keys())])
    made.serial_number = uuid5(NAMESPACE_URL, repr(sorted(shipped.items())) + repr(sorted(hashes.items())))
    return made


def hashes_of(lock: str) -> dict[str, list[str]]:
    """The hashes of every file of each package in a lock."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in machine.lock_file(lock).read_text(encoding="utf-8").splitlines():
        begun = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*) *==", line)
        name = name_key(begun.group(1)) if begun else name
        found.setdefault(name, []).extend(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


def required_by(name: str) -> set[str]:
    """What an installed package asks for, by name; extras that nobody asked for too: the lock says what is there."""
    try:
        asked = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return set()
    return {name_key(re.split(r"[ <>=!~;\[(]", one)[0]) for one in asked if "extra ==" not in one}


def _required_by_us() -> list[str]:
    project = tomllib.loads((machine.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    return [re.split(r"[ <>=!~;\[]", one)[0] for one in asked]


def as_json(made: "Bom") -> str:
    """The list as CycloneDX 1.6 in JSON."""
    from cyclonedx.output.json import JsonV1Dot6

    return JsonV1Dot6(made).output_as_string(indent=2) + "\n"


# ------------------------------------------------------------------ the commands


def main(argv: list[str]) -> int:
    """`licences [--collect FOLDER]`, `sbom [--out FILE]`."""
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("licences")
    asked.add_argument("--collect", type=Path, help="lay the texts of all that is shipped into this folder")
    commands.add_parser("sbom").add_argument(
        "--out", type=Path, help="write it there instead of to standard output"
    )
    given = parser.parse_args(argv)
    told = table()
    found = list(wrong(told))
    for line in found:
        sys.stderr.write(f"{line}\n")
    if given.command == "sbom":
        if found:
            return 1
        text = as_json(bom(told))
        if given.out is None:
            sys.stdout.write(text)
        else:
            given.out.write_text(text, encoding="utf-8")
        return 0
    if not found:
        print(f"{len(told['packages'])} locked packages: every licence is known and taken.")
    if given.collect is not None:
        lacking = collect(given.collect, told)
        for name in lacking:
            sys.stderr.write(f"{name}: the text of its licence was not found\n")
        found += lacking
        print(
            f"The texts of {sum(map(is_here, locked(*SHIPPED))) - len(lacking)} parts are in {given.collect}."
        )
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
