"""The command line in French: a whole sync, the help, and how the language is chosen."""

import os
import re
from collections.abc import Iterator

import pytest
import typer

from app.assembly.house import House
from app.cli.main import build
from app.cli.main import run as main
from app.cli.rooms import Rooms
from app.storage import folders, settings
from app.storage.language import chosen
from app.words import language
from tests.cli.commands import run
from tests.cli.test_help import ROOMS

HARD = "\N{NO-BREAK SPACE}"


def _commands(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*words, name))


@pytest.fixture(autouse=True)
def _back() -> Iterator[None]:
    yield
    language.choose("en")


def _lines(said: str) -> set[str]:
    """The lines for people without the time before each."""
    return {re.sub(r"^\d\d:\d\d:\d\d  ", "", line).strip() for line in said.splitlines() if line.strip()}


def test_a_whole_sync_is_told_in_french_and_no_line_of_it_is_english() -> None:
    words = ("sync", "--training", "--pace", "0.05", "--match")
    english, french = run(*words), run("--language", "fr", *words)
    assert (english.returncode, french.returncode) == (0, 0), french.stderr
    assert len(_lines(english.stderr)) > 20
    assert _lines(english.stderr) & _lines(french.stderr) == set()
    for word in ("Fournisseurs", "Coûts du projet", f"Projets{HARD}: Fait"):
        assert word in french.stderr, french.stderr
    assert "Procore et Sage concordent." in french.stderr


def test_a_card_is_told_in_french() -> None:
    ended = run(
        "--language=fr_CA", "sync", "--training", "--scenario", "client-offline", "--pace", "0.05", "--anyway"
    )
    assert ended.returncode == 20
    assert "hh2 a accepté la demande" in ended.stderr


def test_the_system_says_the_language_and_a_choice_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr_CA")
    assert "Les entreprises" in run("--help").stdout
    assert run("language").stdout.strip() == "system"
    assert "anglais" not in run("language", "en").stdout
    assert "The companies" in run("--help").stdout
    assert chosen(folders.locate()) == "en"
    assert run("language").stdout.strip() == "en"
    assert run("language", "fr").stdout.strip() == "Le programme parle français à partir de maintenant."
    monkeypatch.setenv("LANGUAGE", "en_US")
    assert "Les entreprises" in run("--help").stdout
    assert run("language", "system").returncode == 0
    assert "The companies" in run("--help").stdout


def test_a_language_that_there_is_not_is_wrong_usage() -> None:
    for words in (("--language", "xx", "profile", "list"), ("language", "xx")):
        ended = run(*words)
        assert ended.returncode == 64
        assert "en, fr" in ended.stderr


@pytest.mark.parametrize("command", sorted(_commands(typer.main.get_command(build(ROOMS)))), ids=" ".join)
def test_the_help_is_french(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = {}
    for name in ("en", "fr"):
        monkeypatch.setenv("TERMINAL_WIDTH", "300")
        assert main(["--language", name, *command, "--help"], ROOMS) == 0
        said[name] = {line.strip() for line in capsys.readouterr().out.splitlines() if len(line.split()) > 4}
    names = (
        "ondemand-sync",
        "cost_code",
        "text, code",
        "hh2-",
        "procore-",
    )  # names of commands and columns are the same in both
    both = {line for line in said["en"] & said["fr"] if not any(one in line for one in names)}
    assert both == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sync --nope", "Option inconnue : --nope"),
        ("sync --nopenope", "Option inconnue : --nopenope"),
        ("sync --training --depth bottomless", "'bottomless' n'est pas l'un de 'shallow', 'deep'."),
        ("sync --training --seed one", "Valeur non valide pour '--seed' : Un nombre entier est attendu."),
        ("sync --training --pace slow", "Valeur non valide pour '--pace' : Un nombre est attendu."),
        ("sync --training extra", "Non compris : extra"),
        ("sync --profile", "L'option '--profile' exige une valeur."),
        ("sync", "Valeur non valide : donnez --profile"),
        ("nonsense", "Commande inconnue : 'nonsense'"),
        ("training list --json=1", "L'option '--json' ne prend pas de valeur."),
        ("training serve --hour 0", "Au moins 1 est attendu."),
        ("secret set hh2-password", "Il manque l'option '--profile'."),
        ("profile create", "Il manque l'argument 'NAME'."),
    ],
)
def test_a_mistake_is_told_in_french(
    words: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what the library says of it now: another wording of a newer one would be English, and is found here."""
    monkeypatch.setenv("TERMINAL_WIDTH", "300")
    assert main(["--language", "fr", *words.split()], ROOMS) == 64
    told = " ".join(capsys.readouterr().err.replace("│", "").split())
    assert said in told.replace(HARD, " "), told
    assert "Usage" not in told


def test_how_a_command_is_used_is_told_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "fr", "training", "--help"], ROOMS) == 0
    said = capsys.readouterr().out.replace(HARD, " ")
    assert "Utilisation : ondemand-sync training [OPTIONS] COMMANDE [ARGS]..." in said


def test_broken_settings_are_the_systems_language(monkeypatch: pytest.MonkeyPatch) -> None:
    place = folders.locate()
    place.config.mkdir(parents=True)
    for text in ("{", "[]", '{"language": 7}'):
        (place.config / "settings.json").write_text(text, "utf-8")
        assert chosen(place) == ""
    settings.save(place, settings.Settings(language="fr"))
    assert chosen(place) == "fr"
    rooms = Rooms(lambda: House("command line", person=0.0), lambda *_: 0, dict, lambda *_: 0, lambda: "fr")
    assert main(["--version"], rooms) == 0
    assert language.language() == "fr"
    assert "ONDEMAND_SYNC_HOME" in os.environ
