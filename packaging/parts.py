"""What the program is made of: the licence of every locked package, their texts, and the list as CycloneDX."""

import argparse
import mmap
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
from installers import interpreter
from installers.interpreter import Interpreter
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


def shipped_with(python: Interpreter) -> dict[str, str]:
    """Those of the shipped packages that belong beside this Python on its system."""
    out = set()
    for name, marker in re.findall(
        r"^([A-Za-z0-9][A-Za-z0-9._-]*) *==[^;\n]*;([^\\\n]*)",
        "\n".join(machine.lock_file(lock).read_text(encoding="utf-8") for lock in SHIPPED),
        re.MULTILINE,
    ):
        if not all(_holds(term, python) for term in marker.split(" and ")):
            out.add(name_key(name))
    return {name: version for name, version in locked(*SHIPPED).items() if name not in out}


def _holds(term: str, python: Interpreter) -> bool:
    """One term of a lock's marker. Raises ValueError where it asks for something that is not known here."""
    found = re.fullmatch(r" *(\w+) *(==|!=|<|>=) *'([^']*)' *", term)
    known = {
        "sys_platform": python.system,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_full_version": python.version,
    }
    if found is None or found[1] not in known:
        raise ValueError(f"a lock asks for {term.strip()}, which is not understood")
    name, how, wanted = found.groups()
    if name == "python_full_version":
        has, than = ([int(one) for one in text.split(".")] for text in (known[name], wanted))
        return has < than if how == "<" else has >= than
    return (known[name] == wanted) is (how == "==")


def installed(name: str, python: Interpreter | None = None) -> metadata.Distribution | None:
    """What is installed of a package beside this Python, or beside the one that runs this; None where nothing is."""
    path = sys.path if python is None else [str(python.site)]
    return next(iter(metadata.distributions(name=name, path=path)), None)


_NODE = re.compile(rb"node-v([0-9]+\.[0-9]+\.[0-9]+)")


def node_of(python: Interpreter) -> tuple[str, Path]:
    """The version of Node.js that the browser's driver brings, as its program names it, and the file of its licence;
    ("", …) where there is none."""
    driver = python.site / "playwright" / "driver"
    program = driver / ("node.exe" if python.system == "win32" else "node")
    if not program.is_file():
        return "", driver / "LICENSE"
    with program.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = _NODE.search(data)
        version = found[1].decode() if found else ""
    return version, driver / "LICENSE"


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
    for name, expression in told["brought"].items():
        yield from (f"{name}: {why}" for why in not_taken(expression, set(told["taken"]["shipped"])))
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


def texts_of(name: str, python: Interpreter | None = None) -> list[Path]:
    """The files of an installed package in which its licences stand."""
    found = installed(name, python)
    files = [
        file
        for file in (found.files if found else None) or []
        if _TEXT.search(str(file)) and file.suffix not in (".py", ".pyc")
    ]
    return sorted(path for file in files if (path := Path(str(file.locate()))).is_file())


def collect(folder: Path, told: dict[str, Any], python: Interpreter | None = None) -> list[str]:
    """Lay the texts of all that is shipped with this Python, or with the one that runs this, into a folder, with a
    list; the parts without a text."""
    python = python or interpreter.here()
    lacking: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "On-Demand Sync is under the Apache License 2.0. It stands on these parts, each under its own licence.",
        "",
    ]
    shutil.copyfile(machine.ROOT / "LICENSE", folder / "LICENSE.txt")
    node, of_node = node_of(python)
    parts = {"python": (python.version, [python.text]), "nodejs": (node, [of_node])}
    for name, version in shipped_with(python).items():
        standard = [STANDARD / f"{one}.txt" for one in told.get("texts", {}).get(name, [])]
        parts[name] = (version, texts_of(name, python) + standard)
    for name, (version, found) in sorted(parts.items()):
        if not (found and version and all(path.is_file() for path in found)):
            lacking.append(name)
            continue
        place = folder / f"{name}-{version}"
        place.mkdir()
        for path in found:
            shutil.copyfile(path, place / _free(place, path))
        lines.append(f"{name} {version}: {licence_of(name, told)}")
    (folder / "PARTS.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lacking


def licence_of(name: str, told: dict[str, Any]) -> str:
    """What licences.toml says of a part."""
    return str(told["brought"].get(name) or told["packages"].get(name, "not known"))


def _free(place: Path, path: Path) -> str:
    """A name that is not taken there yet: several parts of one package may each have a LICENSE."""
    name, above = path.name, path.parent
    while (place / name).exists():
        name, above = f"{above.name}-{name}", above.parent
    return name


# ------------------------------------------------------------------ SBOM


def bom(told: dict[str, Any], python: Interpreter | None = None) -> "Bom":
    """What is shipped, with versions, hashes of the lock, licences, and what needs what; the same for the same lock.

    Of the package that is made with `python`; without one of all systems together, with the Python that runs this."""
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
    shipped, hashes = shipped_with(python) if python else locked(*SHIPPED), hashes_of(SHIPPED[-1])
    beside = python or interpreter.here()
    brought = {"python": beside.version, "nodejs": node_of(beside)[0]}
    for name, number in brought.items():
        parts[name] = Component(
            name=name,
            version=number,
            type=ComponentType.PLATFORM,
            bom_ref=f"{name}=={number}",
            purl=PackageURL("generic", name=name, version=number),
            licenses=[licence.make_from_string(told["brought"][name])],
        )
        made.components.add(parts[name])
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
    direct = {name_key(one) for one in _required_by_us()} | {"python"}
    made.register_dependency(own, [parts[name] for name in sorted(direct & parts.keys())])
    for name, part in parts.items():
        needs = {"nodejs"} if name == "playwright" else set()
        if name not in brought:
            needs |= required_by(name, python)
        made.register_dependency(part, [parts[one] for one in sorted(needs & parts.keys())])
    listed = sorted((shipped | brought).items())
    made.serial_number = uuid5(NAMESPACE_URL, repr(listed) + repr(sorted(hashes.items())))
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


def required_by(name: str, python: Interpreter | None = None) -> set[str]:
    """What an installed package asks for, by name; extras that nobody asked for too: the lock says what is there."""
    found = installed(name, python)
    asked = (found.requires if found else None) or []
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
    listed = commands.add_parser("sbom")
    listed.add_argument("--out", type=Path, help="write it there instead of to standard output")
    for one in (asked, listed):
        interpreter.add_options(one)
    given = parser.parse_args(argv)
    python = interpreter.told(given)
    told = table()
    found = list(wrong(told))
    for line in found:
        sys.stderr.write(f"{line}\n")
    if given.command == "sbom":
        if found:
            return 1
        text = as_json(bom(told, python))
        if given.out is None:
            sys.stdout.write(text)
        else:
            given.out.write_text(text, encoding="utf-8")
        return 0
    if not found:
        print(f"{len(told['packages'])} locked packages: every licence is known and taken.")
    if given.collect is not None:
        lacking = collect(given.collect, told, python)
        for name in lacking:
            sys.stderr.write(f"{name}: the text of its licence was not found\n")
        found += lacking
        gathered = sum(path.is_dir() for path in given.collect.iterdir())
        print(f"The texts of {gathered} parts are in {given.collect}.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
