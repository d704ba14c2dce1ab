"""The changes that `run.py mutants` tries: each is a real change of the module, and the list of survivors is held."""

import ast
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import __main__ as command
from tests.mutants import mutate
from tests.mutants.mutate import compiled, mutants

SOURCE = '''"""What is in the room."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain import tabs


def may(proof: int, looked: bool) -> bool:
    """May it?"""
    if proof < 60 and not looked:
        return True
    _log.info("no %d", 1)
    raise ValueError


class Gate:
    least: int = 3

    def __repr__(self) -> str:
        return "x" if self.least == 3 else ""
'''


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    (tmp_path / "room.py").write_text(SOURCE, encoding="utf-8")
    return "room"


def test_each_place_is_changed_in_each_way_and_what_is_for_the_eye_is_left(room: str) -> None:
    told = [(one.function, one.before, one.after) for one in mutants(room)]
    assert told == [
        (
            "may",
            "if proof < 60 and (not looked): return True",
            "if not (proof < 60 and (not looked)): return True",
        ),
        ("may", "proof < 60 and (not looked)", "proof < 60 or not looked"),
        ("may", "proof < 60 and (not looked)", "not looked"),
        ("may", "proof < 60 and (not looked)", "proof < 60"),
        ("may", "proof < 60", "proof <= 60"),
        ("may", "60", "61"),
        ("may", "not looked", "looked"),
        ("may", "return True", "return None"),
        ("may", "True", "False"),
        ("may", "raise ValueError", "pass"),
        ("Gate", "3", "4"),
    ]


def test_a_change_is_what_then_runs(room: str) -> None:
    (one,) = [one for one in mutants(room) if one.after == "proof <= 60"]
    made: dict[str, object] = {"_log": logging.getLogger()}
    exec(compiled(one), made)
    may = made["may"]
    assert callable(may)
    assert may(60, False) is True
    with pytest.raises(ValueError):  # noqa: PT011
        may(61, False)


def test_the_tests_run_on_the_module_as_it_is_and_notice_that_the_gate_stands_open(tmp_path: Path) -> None:
    """Without this a command whose tests fail for another reason would say that every change was noticed."""
    script = (
        "import sys; from pathlib import Path; from tests.mutants import __main__ as command\n"
        "from tests.mutants.mutate import mutants, unchanged\n"
        f"log = Path({str(tmp_path / 'log')!r})\n"
        "tests = ['tests/domain/test_gate.py']\n"
        "command._warm(tests, ['app.domain.gate'])\n"
        "open_, = [one for one in mutants('app.domain.gate') if one.after == 'self.shut is not None']\n"
        "slack, = [one for one in mutants('app.domain.gate') if one.line == 17]\n"
        "assert command.swaps(slack) is None and len(command.swaps(open_)) == 1\n"
        "for one in (unchanged('app.domain.gate'), open_, slack, unchanged('app.domain.gate')):\n"
        "    print(command.try_one(one, tests, {}, log).end, flush=True)\n"
    )
    words = [sys.executable, "-c", script]
    # On the bus of the tests the tray of this test's own process is there already.
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")
    }
    env["CI"] = "1"
    done = subprocess.run(words, cwd=mutate.ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["survived", "killed", "killed", "survived"], done.stderr


def test_every_survivor_in_the_list_is_a_change_that_there_is_and_has_its_reason() -> None:
    known = command.argued()
    modules = {key.partition(" ")[0] for key in known}
    there = {one.key for module in modules for one in mutants(module)}
    assert set(known) <= there
    assert all(len(why) > 20 for why in known.values())


def test_the_gate_and_what_it_stands_on_are_among_what_is_changed() -> None:
    assert set(command.FIRST) <= set(command.everything())
    for module in command.FIRST:
        assert len(mutants(module)) > 30
    ast.parse(mutate.path_of("app.domain.gate").read_text(encoding="utf-8"))
