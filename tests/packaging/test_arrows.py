"""The import contracts hold the arrows of the house: each is broken once, in a copy, and says so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "app", copy / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(house: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=house, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/sabotage.py", "import time", "The domain knows nobody"),
        ("domain/sabotage.py", "import app.engine", "Arrows point one way"),
        ("engine/sabotage.py", "import app.storage", "Arrows point one way"),
        ("engine/sabotage.py", "import app.words", "The words for people"),
        ("hh2/sabotage.py", "import app.procore", "Arrows point one way"),
        ("training/sabotage.py", "import app.hh2", "Only the assembly knows the rooms"),
        ("ui/sabotage.py", "import app.storage", "The faces know"),
        ("ui/sabotage.py", "import app.cli", "Arrows point one way"),
        ("storage/sabotage.py", "import app.http", "The network client is for"),
        ("hh2/sabotage.py", "import httpx", "httpx is imported in one place"),
        ("engine/sabotage.py", "import PySide6.QtCore", "Only the window knows Qt"),
        ("ui/sabotage.py", "import playwright.async_api", "Only the portals drive a browser"),
        ("hh2/sabotage.py", "import keyring", "The keyring is called on its own thread"),
        ("engine/sabotage.py", "import sqlite3", "The engine reaches disk and network"),
        ("storage/sabotage.py", "import duckdb", "The column store and the workbooks"),
        ("hh2/sabotage.py", "import starlette", "Only the training company serves"),
        ("ui/sabotage.py", "import typer", "Only the command line knows"),
        ("room_without_a_place.py", "", "Arrows point one way"),
    ],
)
def test_a_wrong_arrow_is_named(house: Path, module: str, line: str, contract: str) -> None:
    sabotage = house / "app" / module
    sabotage.write_text(f'"""Wrong."""\n\n{line}\n', encoding="utf-8")
    try:
        code, said = lint(house)
    finally:
        sabotage.unlink()
    assert code == 1
    broken = [row for row in said.splitlines() if row.startswith(contract) and "BROKEN" in row]
    assert broken, said
