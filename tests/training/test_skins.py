"""The skins of the pages: together they hold every pair of trait values, and each can be asked for by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.pages.pairs import all_pairs, covering, pairs_of
from app.training.pages.skins import PLAIN, TRAITS, NoSuchSkin, skin, skins, traits_of

VALUES = st.lists(st.sampled_from("abcde"), min_size=1, max_size=5, unique=True)
TRAITS_OF_ANY = st.dictionaries(st.sampled_from("pqrstuv"), VALUES, min_size=2, max_size=6)


def test_each_value_of_a_trait_meets_each_value_of_every_other_trait() -> None:
    met = set().union(*(pairs_of(traits_of(one)) for one in skins().values()))
    assert met == all_pairs(TRAITS)


def test_there_are_enough_skins_and_the_first_is_plain() -> None:
    assert len(skins()) >= 16
    assert next(iter(skins())) == PLAIN
    assert traits_of(skin(PLAIN)) == {name: values[0] for name, values in TRAITS.items()}


@given(TRAITS_OF_ANY)
def test_a_covering_holds_every_pair_of_whatever_traits(traits: dict[str, list[str]]) -> None:
    rows = covering(traits)
    assert set().union(*(pairs_of(row) for row in rows)) == all_pairs(traits)
    assert rows == covering(traits)


def test_rows_that_are_there_already_come_first() -> None:
    rows = covering({"end": ("row", "toast"), "late": (False, True)}, [{"end": "row", "late": False}])
    assert rows[0] == {"end": "row", "late": False}
    assert len(rows) == 4


def test_a_skin_may_be_asked_for_with_traits_of_ones_own() -> None:
    one = skin("plain+end=toast+shadow=true", "fr")
    assert (one.end, one.shadow, one.language, one.late) == ("toast", True, "fr", False)


@pytest.mark.parametrize(
    "name", ["", "velvet", "plain+end=never", "plain+colour=red", "plain+name=x", "plain+late"]
)
def test_a_skin_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(NoSuchSkin):
        skin(name)
