"""What is missing on a machine, and which lock an environment is held to."""

import json
import re
import tomllib
from pathlib import Path

import machine
import pytest
from machine import Package

LISTING = """ii libegl1
ii libgl1t64
rc xvfb
un openbox
ii  dbus
"""


def test_only_installed_packages_count() -> None:
    assert machine.installed_names(LISTING) == {"libegl1", "libgl1t64", "dbus"}


def test_a_package_may_go_by_its_newer_name() -> None:
    wanted = [Package("libegl1"), Package("libgl1"), Package("libxcb-xkb1")]
    assert machine.missing(wanted, machine.installed_names(LISTING)) == [Package("libxcb-xkb1")]


def test_a_program_of_another_name_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.missing(machine.A_BROWSER, frozenset()) == list(machine.A_BROWSER)
    edge = tmp_path / "microsoft-edge"
    edge.write_text("#!/bin/sh\n", encoding="utf-8")
    edge.chmod(0o755)
    assert machine.missing(machine.A_BROWSER, frozenset()) == []


@pytest.mark.parametrize(
    ("need", "has", "used"),
    [
        ("demo", "", "demo"),
        ("demo", "test", "test"),
        ("demo-browser", "demo", "demo-browser"),
        ("demo", "demo-browser", "demo-browser"),
        ("test", "demo", "test"),
        ("demo", "of another time", "demo"),
        ("peers", "peers", "peers"),
        ("peers", "test", "peers"),
        ("test", "peers", "test"),
    ],
)
def test_the_larger_environment_serves_the_smaller_need(need: str, has: str, used: str) -> None:
    assert machine.lock_to_use(need, {"lock": has} if has else {}) == used


def test_a_changed_lock_changes_the_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "packaging" / "locks" / "demo.txt"
    lock.parent.mkdir(parents=True)
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    lock.write_text("anyio==4.9\n", encoding="utf-8")
    stamp = machine.stamp_for("demo")
    (tmp_path / "made-from.json").write_text(json.dumps(stamp), encoding="utf-8")
    assert machine.read_stamp(tmp_path) == machine.stamp_for("demo")
    lock.write_text("anyio==4.10\n", encoding="utf-8")
    assert machine.read_stamp(tmp_path) != machine.stamp_for("demo")


@pytest.mark.parametrize("text", ["", "{", "[]", '"lock"'])
def test_a_broken_stamp_is_no_stamp(tmp_path: Path, text: str) -> None:
    (tmp_path / "made-from.json").write_text(text, encoding="utf-8")
    assert machine.read_stamp(tmp_path) == {}


def test_names_are_compared_as_the_index_spells_them() -> None:
    lock = "anyio==4.9 \\\n    --hash=sha256:0\njaraco-context==6.1 ; python_full_version < '3.12' \\\n"
    assert machine.locked_names(lock) == {"anyio", "jaraco-context"}
    assert machine.locked_names("jaraco.context==6.1\nPySide6_Essentials==6.11\n") == {
        "jaraco-context",
        "pyside6-essentials",
    }


def test_the_locks_name_no_host_and_hold_a_hash_for_each_package() -> None:
    for name in (*machine.LOCKS, *machine.APART):
        text = machine.lock_file(name).read_text(encoding="utf-8")
        assert "://" not in text
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert packages
        assert all(line.endswith("\\") for line in packages)
        assert text.count("--hash=sha256:") >= len(packages)


def test_each_lock_holds_all_of_the_smaller_ones() -> None:
    demo, browser, test = (machine.lock_file(name).read_text(encoding="utf-8") for name in machine.LOCKS)
    assert machine.locked_names(demo) < machine.locked_names(browser) < machine.locked_names(test)
    assert "playwright" not in machine.locked_names(demo)
    assert "pytest" not in machine.locked_names(browser)


def test_everything_the_project_file_asks_for_is_in_its_lock() -> None:
    project = tomllib.loads((machine.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    base = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    asked = {
        "demo": base + extras["match"],
        "demo-browser": base + extras["match"] + extras["browser"],
        "test": base + [name for part in extras.values() for name in part] + groups["test"] + groups["check"],
        "peers": groups["peers"],
        "fuzz": base + extras["match"] + groups["fuzz"],
        "build": base + [name for part in extras.values() for name in part] + groups["build"],
        "wine": groups["wine"],
    }
    assert set(asked) == {*machine.LOCKS, *machine.APART}
    for lock, requirements in asked.items():
        bare = "\n".join(re.split(r"[<>=!~;\[ ]", requirement)[0] + "==" for requirement in requirements)
        missing = machine.locked_names(bare) - machine.locked_names(
            machine.lock_file(lock).read_text("utf-8")
        )
        assert not missing, "python3 packaging/run.py lock"
