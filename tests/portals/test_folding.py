"""Labels as people read them: case, accents, spaces and typographic marks make no difference, letters do."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Site
from app.portals.folding import fold, phrase_pattern, split_count
from app.portals.labels import labels

LABELS = sorted(
    {name for site in Site for control in labels(site).controls.values() for name in control.names}
    | {name for site in Site for name in labels(site).never}
)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.sampled_from(LABELS), st.data())
def test_a_label_is_recognised_however_it_is_typeset(label: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(["upper", "title", "swapcase", "__str__"]))
    shown = str(getattr(label, case)())
    shown = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD", "NFKC"])), shown)
    shown = shown.replace(" ", data.draw(st.sampled_from([" ", "\u00a0", "\u202f", "  ", "\n\t "])))
    shown = shown.replace("&", data.draw(st.sampled_from(["&", "＆"])))
    shown = shown.replace("'", data.draw(st.sampled_from(["'", "’", "ʼ"])))
    shown = shown.replace("-", data.draw(st.sampled_from(["-", "\u2010", "–"])))
    around = data.draw(st.sampled_from(["{}", " {} ", "{}:", "« {} »", "{}…", "\u200b{}"]))
    assert fold(around.format(shown)) == label


@given(st.sampled_from(LABELS), st.integers(0, 99_999))
def test_a_count_behind_a_label_is_told_apart_from_it(label: str, count: int) -> None:
    for shown in (f"{label} ({count})", f"{label} ({count:,})", f"{label} [{count}]", f"{label} {count}"):
        assert split_count(fold(shown)) == (label, count)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Std. Cost Codes & Cost Types", "STD. COST CODES AND COST TYPES"),
        ("Codes de coût et types de coût standard", "CODES DE COUT & TYPES DE COUT STANDARD"),
        ("Prêt pour l’importation", "pret pour l'importation"),
        ("Contrats  principaux", "contrats\u00a0principaux"),
        ("Vœux", "VOEUX"),
    ],
)
def test_these_are_the_same_to_a_reader(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Import", "Importer"),
        ("Jobs", "Sub Jobs"),
        ("Ready to Import", "Import"),
        ("Job", "Jobs"),
        ("Android", "& roid"),
    ],
)
def test_these_are_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_phrase_is_found_as_whole_words_and_its_number_is_above_zero() -> None:
    assert phrase_pattern("with {n} errors").search(fold("Completed with 3 errors."))
    assert not phrase_pattern("with {n} errors").search(fold("Completed with 0 errors."))
    assert not phrase_pattern("stale").search(fold("Installed"))
    assert not phrase_pattern("").search("anything")
