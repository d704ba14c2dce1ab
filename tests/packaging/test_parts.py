"""What the program is made of: every licence known and taken, texts gathered, a CycloneDX list, reasons."""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import machine
import parts
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from installers import interpreter

ROOT = Path(__file__).parents[2]


@pytest.fixture
def told() -> dict[str, Any]:
    return deepcopy(parts.table())


def test_the_licence_of_every_locked_package_is_known_and_taken(told: dict[str, Any]) -> None:
    assert list(parts.wrong(told)) == []


def test_a_package_without_a_licence_or_of_one_that_is_not_taken_is_named(told: dict[str, Any]) -> None:
    known = told["packages"]
    del known["httpx"]
    known["anyio"] = "GPL-3.0-only"
    known["rich"] = "Not-A-Licence"
    known["leftover"] = "MIT"
    known["typer"] = "BSD-3-Clause"
    known["duckdb"] = "MIT AND GPL-3.0-only"
    known["keyring"] = "MIT OR GPL-3.0-only"  # one of them is enough, but it is not what it says
    del known["psutil"]
    told["unsaid"]["psutil"] = "only used"
    found = {line.partition(":")[0]: line for line in parts.wrong(told)}
    assert set(found) == {"httpx", "anyio", "rich", "leftover", "typer", "duckdb", "keyring", "psutil"}
    assert "it says BSD-3-Clause" in found["httpx"]
    assert "no lock holds it" in found["leftover"]
    assert "the package MIT" in found["typer"]


def test_what_is_only_a_tool_may_be_what_is_not_shipped(told: dict[str, Any]) -> None:
    assert told["packages"]["vorta"] == "GPL-3.0-only"
    assert "vorta" not in parts.locked(*parts.SHIPPED)
    shipped, tools = set(told["taken"]["shipped"]), set(told["taken"]["tools"])
    assert not shipped & tools
    assert parts.not_taken("GPL-3.0-only", shipped) != []
    assert parts.not_taken("LGPL-3.0-only OR GPL-3.0-only", shipped) == []
    assert parts.not_taken("(MIT OR GPL-3.0-only) AND GPL-2.0-only", shipped) != []


def test_the_texts_of_all_that_is_shipped_are_gathered(told: dict[str, Any], tmp_path: Path) -> None:
    lacking = parts.collect(tmp_path, told)
    texts = {path.parent.name.rpartition("-")[0] for path in tmp_path.glob("*/*")}
    assert texts == parts.shipped_with(interpreter.here()).keys() | {"python", "nodejs"}
    assert lacking == []
    assert (tmp_path / "LICENSE.txt").read_text(encoding="utf-8") == (ROOT / "LICENSE").read_text(
        encoding="utf-8"
    )
    listed = (tmp_path / "PARTS.txt").read_text(encoding="utf-8")
    assert re.search(r"^playwright [\d.]+: Apache-2\.0$", listed, re.MULTILINE)
    # The browser's driver brings parts of others
    assert any("ThirdParty" in path.name for path in tmp_path.glob("playwright-*/*"))
    assert len(list(tmp_path.glob("cryptography-*/*"))) == 3
    assert "pytest" not in listed
    (of_python,) = tmp_path.glob("python-*/*")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in of_python.read_text(encoding="utf-8")
    (of_node,) = tmp_path.glob("nodejs-*/*")
    assert of_node.read_text(encoding="utf-8").startswith("Node.js is licensed for use")


@pytest.fixture
def of_windows(tmp_path: Path) -> interpreter.Interpreter:
    """A Windows Python as it lies in a Wine prefix: each package with a text, and the driver's own program."""
    site, text = tmp_path / "Lib" / "site-packages", tmp_path / "LICENSE.txt"
    python = interpreter.Interpreter(site, "win32", "3.11.9", text)
    text.parent.mkdir(exist_ok=True)
    for name, version in parts.shipped_with(python).items():
        place = site / f"{name.replace('-', '_')}-{version}.dist-info"
        (place / "licenses").mkdir(parents=True)
        (place / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n", encoding="utf-8")
        (place / "licenses" / "LICENSE.txt").write_text(f"of {name}", encoding="utf-8")
        (place / "RECORD").write_text(f"{place.name}/licenses/LICENSE.txt,,\n", encoding="utf-8")
    text.write_text("of Python", encoding="utf-8")
    (site / "playwright" / "driver").mkdir(parents=True)
    (site / "playwright" / "driver" / "LICENSE").write_text("of Node.js", encoding="utf-8")
    (site / "playwright" / "driver" / "node.exe").write_bytes(b"MZ.../node-v26.1.2/node-v26.1.2.tar.gz...")
    return python


def test_a_windows_package_carries_the_texts_of_what_is_in_it_and_of_nothing_else(
    told: dict[str, Any], tmp_path: Path, of_windows: interpreter.Interpreter
) -> None:
    """On Linux under Wine too, where other packages lie beside the Python that gathers them."""
    place = tmp_path / "texts"
    assert parts.collect(place, told, of_windows) == []
    listed = (place / "PARTS.txt").read_text(encoding="utf-8")
    for line in ("pywin32-ctypes 0.2.3: BSD-3-Clause", "colorama 0.4.6: BSD-3-Clause", "python 3.11.9: PSF-2.0",
                 "nodejs 26.1.2: MIT"):  # fmt: skip
        assert f"\n{line}\n" in listed
    assert "jeepney" not in listed
    assert "secretstorage" not in listed
    assert (place / "colorama-0.4.6" / "LICENSE.txt").read_text(encoding="utf-8") == "of colorama"
    assert (place / "python-3.11.9" / "LICENSE.txt").read_text(encoding="utf-8") == "of Python"
    named = {one["name"] for one in json.loads(parts.as_json(parts.bom(told, of_windows)))["components"]}
    assert {"pywin32-ctypes", "colorama", "python", "nodejs"} <= named
    assert not {"jeepney", "secretstorage"} & named


def test_what_a_windows_package_lacks_a_text_of_is_named(
    told: dict[str, Any], tmp_path: Path, of_windows: interpreter.Interpreter
) -> None:
    (of_windows.site / "colorama-0.4.6.dist-info" / "licenses" / "LICENSE.txt").unlink()
    (of_windows.site / "pywin32_ctypes-0.2.3.dist-info" / "RECORD").unlink()
    (of_windows.site / "playwright" / "driver" / "node.exe").unlink()
    of_windows.text.unlink()
    lacking = parts.collect(tmp_path / "texts", told, of_windows)
    assert lacking == ["colorama", "nodejs", "python", "pywin32-ctypes"]


def test_the_commands_are_told_of_another_python_by_its_own_words(
    of_windows: interpreter.Interpreter,
) -> None:
    parser = argparse.ArgumentParser()
    interpreter.add_options(parser)
    assert interpreter.told(parser.parse_args(of_windows.words())) == of_windows
    assert interpreter.told(parser.parse_args([])) is None


def test_what_belongs_beside_a_python_is_read_from_the_lock() -> None:
    def beside(system: str, version: str) -> set[str]:
        return set(parts.shipped_with(interpreter.Interpreter(ROOT, system, version, ROOT)))

    assert beside("linux", "3.11.7") - beside("win32", "3.11.7") == {"jeepney", "secretstorage"}
    assert beside("win32", "3.11.7") - beside("darwin", "3.11.7") == {"pywin32-ctypes", "colorama"}
    assert "importlib-metadata" in beside("linux", "3.11.7")
    assert "importlib-metadata" not in beside("linux", "3.12.0")
    with pytest.raises(ValueError, match="platform_machine == 'arm64', which is not understood"):
        parts._holds(" platform_machine == 'arm64'", interpreter.here())


def test_an_environment_of_this_system_is_asked_for_its_packages_and_its_licence() -> None:
    assert interpreter.ask(sys.executable) == interpreter.here()
    assert interpreter.here().text.is_file()


def test_qts_licences_lie_in_the_tree_and_no_system_is_asked_for_them(tmp_path: Path) -> None:
    """What Debian keeps for itself (/usr/share/common-licenses), Windows and macOS do not have."""
    script = (
        "import pathlib, sys, parts\n"
        "def refuse(event, details):\n"
        "    if event == 'open' and 'common-licenses' in str(details[0]):\n"
        "        raise FileNotFoundError(details[0])\n"
        "sys.addaudithook(refuse)\n"
        "sys.exit(', '.join(parts.collect(pathlib.Path(sys.argv[1]), parts.table())))"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT / "packaging", capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    for name in ("pyside6-essentials", "shiboken6"):
        (place,) = tmp_path.glob(f"{name}-*")
        assert {path.name for path in place.iterdir()} >= {"LGPL-3.txt", "GPL-3.txt"}
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in (place / "LGPL-3.txt").read_text(encoding="utf-8")
        assert (place / "GPL-3.txt").read_text(encoding="utf-8").endswith("why-not-lgpl.html>.\n")


def test_a_part_without_any_text_is_named(
    told: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "STANDARD", tmp_path / "none")
    assert parts.collect(tmp_path / "texts", told) == ["pyside6-essentials", "shiboken6"]


def test_the_list_is_cyclonedx_and_the_same_each_time(told: dict[str, Any]) -> None:
    text = parts.as_json(parts.bom(told))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert text == parts.as_json(parts.bom(told))
    made = json.loads(text)
    versions = {one["name"]: one["version"] for one in made["components"]}
    assert versions.pop("python") == ".".join(map(str, sys.version_info[:3]))
    assert re.fullmatch(r"\d+\.\d+\.\d+", versions.pop("nodejs"))
    assert versions == parts.locked(*parts.SHIPPED)
    lock = machine.lock_file("demo-browser").read_text(encoding="utf-8")
    for one in made["components"]:
        assert one["licenses"], one["name"]
        if one["name"] in told["brought"]:
            continue
        sums = one["externalReferences"][0]["hashes"]
        assert sums
        assert all(sum_["content"] in lock for sum_ in sums)
    needs = {one["ref"].partition("==")[0]: one.get("dependsOn", []) for one in made["dependencies"]}
    assert any(one.startswith("pyside6-essentials==") for one in needs["ondemand-sync"])
    assert any(one.startswith("httpcore==") for one in needs["httpx"])
    assert any(one.startswith("nodejs==") for one in needs["playwright"])
    assert "://" not in re.sub(r'"\$schema": "[^"]*"', "", text)


def test_every_direct_dependency_has_its_reason_in_contributing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *(one for group in project["dependency-groups"].values() for one in group),
    ]
    direct = {parts.name_key(re.split(r"[ <>=!~;\[]", one)[0]) for one in asked}
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = text[text.index("## What each dependency is for") :].split("\n## ")[0]
    told: set[str] = set()
    for line in rows.splitlines():
        if line.startswith("| ") and not line.startswith("| part |"):
            names, reason = (cell.strip() for cell in line.strip("|").split("|"))
            assert reason, names
            told |= {parts.name_key(name.split("(")[0].strip()) for name in names.split(",")}
    assert told == direct
