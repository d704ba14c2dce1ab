"""What is rare on a command line: faults of the program, questions answered no, and lists that are empty."""

import dataclasses
import io
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from app.assembly.house import House
from app.cli.main import run
from app.cli.rooms import Rooms
from app.engine.faces import Practice, Workplace
from app.storage.lock import Face


async def _fault(*_arguments: object, **_named: object) -> Any:
    """A fault of the program, whose text holds what nobody should read."""
    raise RuntimeError("canary-4711")


class _Broken(House):
    """A workplace whose shelf of companies has a fault."""

    def __init__(self, face: Face, *, person: float) -> None:
        super().__init__(face, person=person)
        for broken in (self, self._companies):
            broken.profiles = broken.profile = _fault  # type: ignore[method-assign]


def _rooms(
    workplace: Callable[[], Workplace] | None = None, opened: list[tuple[Practice | None, str]] | None = None
) -> Rooms:
    def window(practice: Practice | None, profile: str) -> int:
        (opened if opened is not None else []).append((practice, profile))
        return 0

    def serve(practice: Practice, until_stdin_closes: bool) -> int:
        return 7 if until_stdin_closes and practice.scenario == "slow" and practice.skin == "plain" else 0

    return Rooms(workplace or (lambda: House("command line", person=0.0)), serve, dict, window)


@pytest.mark.parametrize(
    "arguments", [["profile", "list"], ["profile", "show", "Acme"], ["history"]], ids=" ".join
)
def test_a_fault_of_the_program_is_one_sentence_and_its_details_are_in_the_log(
    arguments: list[str], own_home: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert run(arguments, _rooms(lambda: _Broken("command line", person=0.0))) == 70
    said = capsys.readouterr()
    assert said.err.startswith("A fault of the program ended this command (RuntimeError).")
    assert "Traceback" not in said.err
    assert "canary-4711" not in said.err + said.out
    assert (
        "the command ended on a fault of the program" in (own_home / "log" / "ondemand-sync.log").read_text()
    )


def test_a_fault_in_a_run_is_its_result_too(
    own_home: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    broken = _rooms(lambda: _Broken("command line", person=0.0))
    assert run(["sync", "--profile", "Acme", "--json"], broken) == 70
    result = json.loads(capsysbinary.readouterr().out)
    assert (result["type"], result["run_id"], result["exit"]) == ("result", None, 70)
    assert result["problems"] == [{"id": "INTERNAL", "facts": {"what": "RuntimeError"}, "noted": False}]


def test_a_fault_before_there_is_a_log_is_said_all_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Workplace:
        raise OSError("canary-4711")

    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert run(["profile", "list"], _rooms(none)) == 70
    said = capsys.readouterr().err
    assert "(OSError)" in said
    assert "canary-4711" not in said


def test_without_a_command_and_by_its_name_the_window_opens() -> None:
    opened: list[tuple[Practice | None, str]] = []
    rooms = _rooms(opened=opened)
    assert run([], rooms) == 0
    assert run(["window", "--profile", "Acme"], rooms) == 0
    assert run(["window", "--training", "--scenario", "staged"], rooms) == 0
    assert opened[:2] == [(None, ""), (None, "Acme")]
    practice = opened[2][0]
    assert practice is not None
    assert (practice.scenario, practice.driver.value) == ("staged", "training")
    assert run(["window", "--training", "--profile", "Acme"], rooms) == 64
    unseen: list[str] = []

    def in_the_tray(_practice: Practice | None, profile: str) -> int:
        unseen.append(profile)
        return 5

    hidden = dataclasses.replace(rooms, in_the_tray=in_the_tray)
    assert run(["window", "--profile", "Acme", "--in-tray"], hidden) == 5
    assert (unseen, len(opened)) == (["Acme"], 3)


def test_the_training_company_is_served_as_asked() -> None:
    rooms = _rooms()
    assert run(["training", "serve", "--scenario", "slow", "--until-stdin-closes"], rooms) == 7
    assert run(["training", "serve"], rooms) == 0


def test_a_profile_is_not_deleted_when_the_person_says_no(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = _rooms()
    assert run(["profile", "create", "Acme", "--hh2", "acme"], rooms) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert run(["profile", "delete", "Acme"], rooms) == 130
    assert "its history on this computer?" in capsys.readouterr().out
    assert (own_home / "config" / "profiles" / "Acme.toml").exists()
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert run(["profile", "delete", "acme"], rooms) == 0
    assert not (own_home / "config" / "profiles" / "Acme.toml").exists()


def test_a_profile_that_is_not_there_cannot_be_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", "delete", "Nobody", "--yes"], _rooms()) == 30
    assert "Nobody cannot be read." in capsys.readouterr().err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="the test reads the Secret Service")
def test_on_a_terminal_a_secret_is_asked_for_unseen(
    secret_service: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(*_: object, **how: object) -> str:
        assert how["hide_input"] is True
        return "canary-4711"

    rooms = _rooms()
    run(["profile", "create", "Acme", "--hh2", "acme", "--hh2-user", "dana"], rooms)
    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr(typer, "prompt", typed)
    assert run(["secret", "set", "hh2-password", "--profile", "acme"], rooms) == 0
    assert "canary-4711" not in "".join(capsys.readouterr())
    assert any("canary-4711" in item.secret.decode() for item in secret_service.items())


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["secret", "set", "hh2-password", "--profile", "Acme"], "\n", "nothing was given on standard input"),
        (["secret", "set", "ledger-key", "--profile", "Acme"], "x\n", "known: hh2-password"),
        (["history", "--profile", "Nobody"], "", "There is no company of the name Nobody."),
        (["history", "--limit", "0"], "", "--limit"),
        (["profile", "create", "con", "--hh2", "acme"], "", "con"),
        (["profile", "create", "../Acme"], "", "../Acme"),
        (["sync", "--profile", "Acme", "--driver", "training"], "", "works with the training company only"),
        (["sync", "--profile", "Acme", "--tabs", ""], "", "nothing; known: all, none"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_said_and_ends_with_64(
    arguments: list[str],
    given: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rooms = _rooms()
    assert run(["profile", "create", "Acme", "--hh2", "acme"], rooms) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert run(arguments, rooms) == 64
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_a_secret_without_an_address_it_could_be_bound_to_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = _rooms()
    assert run(["profile", "create", "Acme"], rooms) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("canary-4711\n"))
    assert run(["secret", "set", "hh2-password", "--profile", "Acme"], rooms) == 30
    assert "[SECRET-MISSING]" in capsys.readouterr().err


def test_a_profile_is_shown_as_its_settings_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    rooms = _rooms()
    run(["profile", "create", "Acme", "--hh2", "acme", "--procore-user", "dana@acme.example"], rooms)
    assert run(["profile", "show", "ACME"], rooms) == 0
    shown = capsys.readouterr().out.splitlines()
    assert {'name = "Acme"', 'hh2.site = "acme"', "hh2.services = false", "run.jobs = []"} <= set(shown)
    assert any(line.startswith("secrets.hh2-password = ") for line in shown)


def test_profiles_are_listed_for_people_and_for_scripts(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    rooms = _rooms()
    for name in ("Zimmer", "acme"):
        run(["profile", "create", name], rooms)
    assert run(["profile", "list", "--json"], rooms) == 0
    assert json.loads(capsysbinary.readouterr().out) == ["acme", "Zimmer"]


def test_a_history_without_runs_is_empty_and_no_fault(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rooms = _rooms()
    run(["profile", "create", "Acme"], rooms)
    assert run(["history", "--profile", "Acme", "--json"], rooms) == 0
    assert json.loads(capsysbinary.readouterr().out) == []
    assert run(["history"], rooms) == 0


@pytest.mark.parametrize("words", [["--skin", "velvet"], ["--language", "de"]], ids=" ".join)
@pytest.mark.parametrize(
    "command",
    [
        ["sync", "--training"],
        ["training", "serve"],
        ["window", "--training"],
        ["portal", "check", "--training"],
    ],
    ids=" ".join,
)
def test_pages_that_the_training_company_does_not_have_are_wrong_usage(
    command: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = _rooms()
    listed: dict[str, object] = {"skins": [{"name": "plain"}, {"name": "mixed-01"}]}
    assert (
        run([*command, *words], Rooms(rooms.workplace, rooms.serve_training, lambda: listed, rooms.window))
        == 64
    )
    assert "known: " in capsys.readouterr().err


def test_the_window_opens_on_the_pages_that_were_asked_for() -> None:
    opened: list[tuple[Practice | None, str]] = []
    rooms = _rooms(opened=opened)
    listed: dict[str, object] = {"skins": [{"name": "mixed-01"}]}
    words = ["window", "--training", "--skin", "mixed-01", "--language", "fr"]
    assert run(words, Rooms(rooms.workplace, rooms.serve_training, lambda: listed, rooms.window)) == 0
    practice = opened[0][0]
    assert practice is not None
    assert (practice.skin, practice.language) == ("mixed-01", "fr")
