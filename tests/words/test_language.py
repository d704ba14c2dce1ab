"""A catalogue is found by the person's language, and English stands where there is none."""

import ast
import gettext
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import app
from app.words import language, times
from app.words.language import _, choose


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small French catalogue, as a later part of the program will bring a whole one."""
    folder = tmp_path / "translations" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog("fr")
    catalogue.add("just now", "à l'instant")
    catalogue.add(("{n} minute ago", "{n} minutes ago"), ("il y a {n} minute", "il y a {n} minutes"))
    with (folder / "ondemand-sync.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "root", lambda: tmp_path)
    yield
    choose("en")
    gettext._translations.clear()  # type: ignore[attr-defined]


def test_english_is_what_stands_in_the_sources() -> None:
    assert choose("en") == "en"
    assert _("just now") == "just now"
    assert language.language() == "en"


@pytest.mark.usefixtures("french")
def test_canadian_french_falls_back_to_french() -> None:
    assert choose("fr_CA") == "fr"
    assert language.available() == ["en", "fr"]
    assert _("just now") == "à l'instant"
    assert language.ngettext("{n} minute ago", "{n} minutes ago", 4).format(n=4) == "il y a 4 minutes"


@pytest.mark.usefixtures("french")
def test_a_sentence_that_is_not_in_the_catalogue_is_said_in_english() -> None:
    choose("fr")
    assert times.about(30) == "less than a minute"


@pytest.mark.usefixtures("french")
def test_the_system_says_which_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert language.system_language() == "en"
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert choose() == "fr"
    monkeypatch.setenv("LC_ALL", "C")
    assert choose() == "en"


def test_an_unknown_language_is_english() -> None:
    assert choose("xx") == "en"


def test_no_sentence_is_glued_together_before_it_is_translated() -> None:
    """A translator sees whole sentences with named blanks: never `_(f"…")`, never `_("…" + name)`, never `{}`."""
    for file in Path(app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("_", "N_", "ngettext"):
                where = f"{file.name}:{node.lineno}"
                for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
                    assert not isinstance(argument, ast.JoinedStr | ast.BinOp), where
                    if isinstance(argument, ast.Constant):
                        assert "{}" not in str(argument.value), where
