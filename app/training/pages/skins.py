"""The looks of the pages, as data: one skin is a choice for every trait, so that new ones need no new page."""

from typing import Literal

import msgspec


class Skin(msgspec.Struct, frozen=True, kw_only=True):
    """How a page is made of the same words.

    `choice` is the kind of drop-downs, `press` what its buttons are, `label` how a field gets its name, `frame` where
    the content lies, `shadow` whether in an open shadow root, `end` what shows that a sync or refresh ended."""

    name: str
    language: Literal["en", "fr"] = "en"
    choice: Literal["select", "radio", "listbox"] = "select"
    press: Literal["button", "link", "role"] = "button"
    label: Literal["for", "wrap", "aria", "near"] = "for"
    frame: Literal["none", "inner", "nested"] = "none"
    shadow: bool = False
    end: Literal["row", "toast", "banner", "button", "synced"] = "row"


PLAIN = Skin(name="plain")
SKINS: dict[str, Skin] = {skin.name: skin for skin in (PLAIN,)}


def skin(name: str, language: str) -> Skin:
    """A skin by its name, in a language; the plain one for a name that is not known."""
    found = SKINS.get(name, PLAIN)
    return msgspec.structs.replace(found, language="fr" if language == "fr" else "en")
