"""The tests are collected on every system: what only Unix has is imported where it is used, or behind a question."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
OF_UNIX = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}


def asked_at_once(source: str) -> set[str]:
    """The modules that are imported as soon as a module is, with nothing asked before."""
    found = set()
    for line in ast.parse(source).body:
        if isinstance(line, ast.Import):
            found |= {one.name.partition(".")[0] for one in line.names}
        elif isinstance(line, ast.ImportFrom) and line.module and not line.level:
            found.add(line.module.partition(".")[0])
    return found


def test_no_test_needs_a_module_of_unix_to_be_collected() -> None:
    files = sorted(TESTS.rglob("*.py"))
    assert len(files) > 200
    found = {
        str(path.relative_to(TESTS)): sorted(asked_at_once(path.read_text(encoding="utf-8")) & OF_UNIX)
        for path in files
    }
    assert {place: names for place, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import resource", {"resource"}),
        ("import json, pty as other", {"json", "pty"}),
        ("from termios import tcgetattr", {"termios"}),
        ("from . import pwd", set()),
        ("if True:\n    import fcntl", set()),
        ("try:\n    import grp\nexcept ImportError:\n    grp = None", set()),
        ("def test() -> None:\n    import pty", set()),
    ],
)
def test_an_import_behind_a_question_or_in_a_function_is_let_be(source: str, found: set[str]) -> None:
    assert asked_at_once(source) == found
