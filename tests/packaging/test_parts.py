"""What the program is made of: every licence known and taken, texts gathered, a CycloneDX list, reasons."""

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
    here = {name for name in parts.locked(*parts.SHIPPED) if parts.is_here(name)}
    assert texts == here
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
        assert {path.name for path in place.iterdir()} == {"LGPL-3.txt", "GPL-3.txt"}
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
    assert {one["name"]: one["version"] for one in made["components"]} == parts.locked(*parts.SHIPPED)
    lock = machine.lock_file("demo-browser").read_text(encoding="utf-8")
    for one in made["components"]:
        assert one["licenses"], one["name"]
        sums = one["externalReferences"][0]["hashes"]
        assert sums
        assert all(sum_["content"] in lock for sum_ in sums)
    needs = {one["ref"].partition("==")[0]: one.get("dependsOn", []) for one in made["dependencies"]}
    assert any(one.startswith("pyside6-essentials==") for one in needs["ondemand-sync"])
    assert any(one.startswith("httpcore==") for one in needs["httpx"])
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
