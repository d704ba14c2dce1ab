"""The catalogues hold what the sources say, all of it and nothing else, and a translator sees whole sentences."""

from pathlib import Path

import pytest
import words
from babel.messages.catalog import Catalog


def _catalogue(*said: tuple[words.Id, str | tuple[str, ...]]) -> Catalog:
    found = Catalog("fr")
    for sentence, string in said:
        found.add(sentence, string, locations=[("app/words/said.py", 1)])
    return found


def test_a_marked_sentence_is_found_where_it_is_said_and_where_it_stands_in_a_table() -> None:
    source = (
        '_T = {1: N_("Done")}\nprint(_("Step 2 "\n"opens"), _(_T[1]), ngettext("{n} job", "{n} jobs", n))\n'
    )
    assert list(words.marked(source, "x.py")) == [
        (1, "Done"),
        (2, "Step 2 opens"),
        (3, ("{n} job", "{n} jobs")),
    ]


def test_a_counted_sentence_of_a_card_is_one_entry_for_one_and_for_many() -> None:
    source = 'Counted(N_("{n} record waits."), N_("{n} records wait."))'
    assert list(words.marked(source, "x.py")) == [(1, ("{n} record waits.", "{n} records wait."))]


@pytest.mark.parametrize("source", ["N_(name)", '_(f"{n} jobs")', "Counted(one, many)"])
def test_a_sentence_that_no_catalogue_can_hold_is_refused(source: str) -> None:
    with pytest.raises(words.NotAWord, match=r"x\.py:1"):
        list(words.marked(source, "x.py"))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((), "missing: 'Open {site}'"),
        ((("Open {site}", ""),), "missing"),
        ((("Open {site}", "Ouvrir {sites}"),), "other blanks"),
        ((("Open {site}", "&Ouvrir {site}"),), "a letter for Alt"),
        ((("Open {site}", "Ouvrir {site}"), ("Shut", "Fermer")), "stale: 'Shut'"),
    ],
)
def test_what_does_not_fit_is_named(said: tuple[tuple[str, str], ...], fault: str) -> None:
    source = _catalogue(("Open {site}", ""))
    found = words.faults(_catalogue(*said), source)
    assert len(found) == 1
    assert fault in found[0]


def test_what_fits_has_no_fault() -> None:
    source = _catalogue(("&Open && go", ""), (("{n} job", "{n} jobs"), ("", "")))
    french = _catalogue(
        ("&Open && go", "&Ouvrir && partir"), (("{n} job", "{n} jobs"), ("{n} projet", "{n} projets"))
    )
    assert words.faults(french, source) == []


def test_a_renewed_catalogue_keeps_what_it_said_and_forgets_what_is_said_no_more() -> None:
    old = _catalogue(("Open", "Ouvrir"), ("Shut", "Fermer"))
    new = words.renewed(old, _catalogue(("Open", ""), ("Wait", "")))
    assert [(one.id, one.string) for one in new if one.id] == [("Open", "Ouvrir"), ("Wait", "")]


def test_french_is_typeset_as_canada_writes_it() -> None:
    assert words.typeset("« {x} » : l’heure ? https://a:1", "fr") == "«\xa0{x}\xa0»\xa0: l'heure? https://a:1"
    assert words.typeset("« {x} » : l’heure ?", "en") == "« {x} » : l’heure ?"
    once = words.typeset("Pourquoi : « {why} » ; 5 %)", "fr")
    assert words.typeset(once, "fr") == once
    found = words.faults(_catalogue(("Who: {x}", "Qui : {x}")), _catalogue(("Who: {x}", "")))
    assert len(found) == 1
    assert "typeset" in found[0]


@pytest.mark.parametrize("path", words.catalogues(), ids=lambda path: path.parent.parent.name)
def test_nothing_is_missing_in_a_catalogue_and_nothing_is_stale(path: Path) -> None:
    assert words.faults(words.read(path), words.source_words()) == []
