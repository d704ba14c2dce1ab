"""Every --help reads well: a sentence for the command and for each option, and no flag that only takes another back."""

import re

import pytest

from app.assembly.house import House
from app.cli.main import run
from app.cli.rooms import Rooms

COMMANDS = [
    [],
    ["window"],
    ["sync"],
    ["history"],
    ["profile"],
    ["profile", "list"],
    ["profile", "show"],
    ["profile", "create"],
    ["profile", "delete"],
    ["secret"],
    ["secret", "set"],
    ["training"],
    ["training", "serve"],
    ["training", "list"],
    ["match"],
    ["match", "forget"],
    ["portal"],
    ["portal", "check"],
    ["portal", "teach"],
    ["portal", "taught"],
]
ROOMS = Rooms(
    lambda: House("command line", person=0.0), lambda *_: 0, lambda: {"scenarios": None}, lambda *_: 0
)


def _help(command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    assert run([*command, "--help"], ROOMS) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_and_command_says_what_it_is_for(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _help(command, capsys, monkeypatch)
    assert "Usage: ondemand-sync " + " ".join(command) in said
    assert "--no-" not in said
    for line in said.splitlines():
        entry = re.match(r"│ \*?\s+(--[\w-]+|[a-z]+|NAME) {2,}\S", line)
        if entry:
            words = re.sub(r"<[^>]*>?|\[[^\]]*\]", "", line.strip("│ *")).split()[1:]
            assert len(words) >= 2, f"nothing is said of {entry[1]}: {line}"


def test_the_help_of_a_run_names_the_tabs_and_the_exit_codes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = " ".join(re.sub("[│╭╰─╮╯]", " ", _help(["sync"], capsys, monkeypatch)).split())
    for word in ("cost-codes", "prime-contracts", "job-costs", "10 finished", "64 wrong usage", "Ctrl-C"):
        assert word in said


def test_the_list_of_scenarios_for_people_has_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    listed: dict[str, object] = {
        "scenarios": [{"name": "ok", "exit": [0, 10], "about": "all goes well"}],
        "skins": [],
    }
    rooms = Rooms(ROOMS.workplace, ROOMS.serve_training, lambda: listed, ROOMS.window)
    assert run(["training", "list"], rooms) == 0
    assert capsys.readouterr().out.split() == ["ok", "0,", "10", "all", "goes", "well"]
    listed["skins"] = [{"name": "plain"}, {"name": "mixed-03"}]
    assert run(["training", "list"], rooms) == 0
    assert capsys.readouterr().out.endswith("\nSkins of the pages: plain, mixed-03\n")
