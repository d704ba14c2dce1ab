"""The looks of the pages, as data: one skin is a choice for every trait, so that new ones need no new page."""

import functools
import types
from typing import Literal, get_args, get_type_hints

import msgspec

from app.training.pages.pairs import Value, covering

PLAIN = "plain"


class Skin(msgspec.Struct, frozen=True, kw_only=True):
    """How a page is made of the same words. The first value of each trait is the plain one.

    `choice` is the kind of drop-downs, `press` what its buttons are, `label` how a field gets its name, `frame` where
    the content lies, `shadow` whether in an open shadow root, `late` whether it comes after placeholders. `end` is what
    shows that a sync or refresh ended: the row of the request, a toast that goes by and a row in a log, a banner that
    disappears, the button's own state, or the cell "last synced". `new_tab`: a press shows its page in a new tab of
    the browser. `same_name`: another section has a button of the same name; `hidden_twin`: the same section has a
    hidden one. `counts`, `icons`, `blanks` (non-breaking spaces) and `upper` (case by style sheet) dress the labels.
    `notice` lies over the page until it is closed. `asks`: a press asks in a dialog first. `row_menu`: the button is
    an item of a menu in a row. `narrow`: the navigation is folded away behind its button. `older`: the words of an
    older edition."""

    name: str
    language: Literal["en", "fr"] = "en"
    choice: Literal["select", "radio", "listbox"] = "select"
    press: Literal["button", "link", "role"] = "button"
    label: Literal["for", "wrap", "aria", "near"] = "for"
    frame: Literal["none", "inner", "nested"] = "none"
    shadow: bool = False
    late: bool = False
    end: Literal["row", "toast", "banner", "button", "synced"] = "row"
    new_tab: bool = False
    same_name: bool = False
    hidden_twin: bool = False
    counts: bool = False
    icons: bool = False
    blanks: bool = False
    upper: bool = False
    notice: Literal["none", "cookies", "maintenance"] = "none"
    asks: bool = False
    row_menu: bool = False
    narrow: bool = False
    older: bool = False


def _values() -> dict[str, tuple[Value, ...]]:
    hints = get_type_hints(Skin)
    return {
        name: (False, True) if hints[name] is bool else get_args(hints[name])
        for name in Skin.__struct_fields__
        if name not in ("name", "language")
    }


# Every trait with its values, the plain one first.
TRAITS: types.MappingProxyType[str, tuple[Value, ...]] = types.MappingProxyType(_values())


class NoSuchSkin(ValueError):
    """No skin has this name."""


@functools.cache
def skins() -> types.MappingProxyType[str, Skin]:
    """All skins by name, the plain one first: together they hold every pair of trait values."""
    rows = covering(TRAITS, [{name: values[0] for name, values in TRAITS.items()}])
    names = [PLAIN, *(f"mixed-{number:02}" for number in range(1, len(rows)))]
    made = (msgspec.convert({"name": name, **row}, Skin) for name, row in zip(names, rows, strict=True))
    return types.MappingProxyType({skin.name: skin for skin in made})


def skin(name: str, language: str = "en") -> Skin:
    """A skin by its name, in a language. Raises NoSuchSkin.

    A name may be followed by traits of one's own, to see one alone: "plain+end=toast+shadow=true"."""
    base, *own = name.split("+")
    found = skins().get(base)
    if found is None:
        raise NoSuchSkin(name)
    traits: dict[str, str] = dict(one.partition("=")[::2] for one in own)
    if not traits.keys() <= TRAITS.keys():
        raise NoSuchSkin(name)
    told = {
        **msgspec.to_builtins(found),
        **traits,
        "name": name,
        "language": "fr" if language == "fr" else "en",
    }
    try:
        return msgspec.convert(told, Skin, strict=False)
    except msgspec.ValidationError:
        raise NoSuchSkin(name) from None


def traits_of(one: Skin) -> dict[str, Value]:
    """The value of every trait of a skin, for lists."""
    return {name: getattr(one, name) for name in TRAITS}
