"""What README.md and docs tell is so: commands, options, pictures, pages and codes are the program's."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from app.assembly.house import House
from app.cli.main import build, run
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, EXIT_INTERNAL, EXIT_USAGE
from app.domain.profile import Profile, faults
from app.storage import profile_toml, profile_writing
from app.training.scenarios import listing

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
PAGES = {ROOT / "README.md": README, **DOCS}
ALL = "\n".join(PAGES.values())
COMMANDS = [
    line.split("  #")[0].split() for line in re.findall(r"^    ondemand-sync (\w.*)$", ALL, re.MULTILINE)
]
ROOMS = Rooms(lambda: House("command line", person=0.0), lambda *_: 0, dict, lambda *_: 0)


def _commands(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every command by its words, with its options."""
    options = [name for one in command.params for name in one.opts if name.startswith("--")]  # type: ignore[attr-defined]
    yield words, options
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*words, name))


PROGRAM = dict(_commands(typer.main.get_command(build(ROOMS))))


def test_every_command_and_every_option_is_told() -> None:
    untold = {word for words in PROGRAM for word in [" ".join(words)] if word and word not in ALL}
    told = set(re.findall(r"--[a-z][a-z0-9-]*", ALL))
    untold |= {option for options in PROGRAM.values() for option in options if option not in told}
    assert untold - {"--help", "--version"} == set()


def test_no_line_of_prose_is_longer_than_125() -> None:
    for path, text in PAGES.items():
        if path.name.endswith("-wire.md"):
            continue  # facts, a line each
        for line in text.splitlines():
            if not line.startswith(("|", "    ")) and "![" not in line:
                assert len(line) <= 125, (path.name, line)


def test_its_profile_is_a_good_one_with_every_key() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", ALL, re.DOTALL)
    profile = profile_toml.read(block.encode(), "Acme", "for-it.md")
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
    words = command[:2] if tuple(command[:2]) in PROGRAM else command[:1]
    assert tuple(words) in PROGRAM
    assert run([*words, "--help"], ROOMS) == 0
    said = capsys.readouterr().out
    for option in (word for word in command if word.startswith("--")):
        assert f"{option} " in said


def test_its_pictures_and_pages_are_there() -> None:
    pictures = set(re.findall(r"\]\((resources/pictures/[\w./-]+)\)", README))
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "resources" / "pictures").rglob("*")
        if path.is_file()
    }
    assert pictures == there != set()
    for path, text in PAGES.items():
        for page, part in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text):
            there_is = (path.parent / page).resolve() if page else path
            assert there_is.is_file(), (path.name, page)
            assert not part or part in _headings(there_is.read_text(encoding="utf-8")), (path.name, part)


def _headings(text: str) -> set[str]:
    """What a link to a part of the page may name."""
    return {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }


def test_the_letter_to_both_vendors_is_the_same_in_the_help() -> None:
    begins = r"(?:May |How does |Is there, |For reading )"
    question = re.compile(rf"^- ({begins}.*?)(?=^- |^\n|^#)", re.MULTILINE | re.DOTALL)

    def questions(text: str) -> list[str]:
        return [" ".join(one.split()) for one in question.findall(text)]

    help_page = (ROOT / "resources" / "help" / "en" / "first-time.md").read_text(encoding="utf-8")
    assert questions(README) == questions(help_page)
    assert len(questions(README)) == 8
    french = (ROOT / "resources" / "help" / "fr" / "first-time.md").read_text(encoding="utf-8")
    letter = french[french.index("### À hh2") : french.index("## La configuration")]
    assert len(re.findall(r"^- ", letter, re.MULTILINE)) == 8


def test_its_exit_codes_are_those_of_the_program() -> None:
    codes = ALL[ALL.index("| exit code | meaning |") :].split("\n\n")[0]
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", codes, re.MULTILINE)}
    assert table == {*EXIT_CODES.values(), EXIT_USAGE, EXIT_INTERNAL}


def test_its_scenarios_are_served() -> None:
    scenarios = listing()["scenarios"]
    assert isinstance(scenarios, list)
    named = set(re.findall(r"--scenario ([\w-]+)", ALL))
    assert len(named) >= 4
    assert named <= {one["name"] for one in scenarios}
