"""What README.md tells is so: its profile is one, its commands and pictures are there, its codes are the program's."""

import re
import tomllib
from pathlib import Path

import pytest

from app.assembly.house import House
from app.cli.main import run
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, EXIT_INTERNAL, EXIT_USAGE
from app.domain.profile import Profile, faults
from app.storage import profile_toml, profile_writing
from app.training.scenarios import listing

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].split() for line in re.findall(r"^    ondemand-sync (\w.*)$", README, re.MULTILINE)
]
ROOMS = Rooms(lambda: House("command line", person=0.0), lambda *_: 0, dict, lambda *_: 0)


def test_its_profile_is_a_good_one_with_every_key() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    profile = profile_toml.read(block.encode(), "Acme", "README.md")
    assert faults(profile) == []
    told, usual = tomllib.loads(block), tomllib.loads(profile_writing.write_new(Profile("Acme")))
    assert told.keys() == usual.keys()
    for section in ("hh2", "procore", "run"):
        assert told[section].keys() == usual[section].keys()
    assert told["run"] == usual["run"], "what it shows as usual is usual"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_its_commands_have_the_options_it_names(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    words = command[:2] if command[0] in ("profile", "secret", "training", "portal") else command[:1]
    assert run([*words, "--help"], ROOMS) == 0
    said = capsys.readouterr().out
    for option in (word for word in command if word.startswith("--")):
        assert f"{option} " in said


def test_its_pictures_and_pages_are_there() -> None:
    pictures = set(re.findall(r"\]\((resources/pictures/[\w.-]+)\)", README))
    assert len(pictures) == 5
    there = {f"resources/pictures/{path.name}" for path in (ROOT / "resources" / "pictures").iterdir()}
    assert pictures == there
    assert all((ROOT / page).is_file() for page in re.findall(r"\]\((\w+(?:\.md)?)\)", README))
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in README.splitlines()
        if line.startswith("##")
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", README)) <= headings


def test_its_exit_codes_are_those_of_the_program() -> None:
    codes = README[README.index("| exit code | meaning |") :].split("\n\n")[0]
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", codes, re.MULTILINE)}
    assert table == {*EXIT_CODES.values(), EXIT_USAGE, EXIT_INTERNAL}


def test_its_scenarios_are_served() -> None:
    scenarios = listing()["scenarios"]
    assert isinstance(scenarios, list)
    named = set(re.findall(r"--scenario ([\w-]+)", README))
    assert len(named) >= 4
    assert named <= {one["name"] for one in scenarios}
