"""The person's language: finds its catalogue, and says a sentence in it. English is what stands in the sources."""

import gettext
import locale
import os
import sys
from functools import cache

from app.resources import ResourceMissing, root

CATALOGUE = "ondemand-sync"
SOURCE = "en"

_none = gettext.NullTranslations()
_catalogue: gettext.NullTranslations = _none
_language = SOURCE
_wanted = ""  # as it was asked for, with its country


def N_(message: str) -> str:  # noqa: N802
    """Marks a sentence for the catalogue where it stands in a table; it is translated when it is said."""
    return message


def _(message: str) -> str:
    """The sentence in the person's language. Blanks are named, and filled after the translation."""
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The sentence for `n` of something, in the person's language; its blank is filled by the caller."""
    return _catalogue.ngettext(one, many, n)


def named(name: str, value: object) -> str:
    """A name and what there is to say of it, with the colon as the language sets it."""
    return _("{name}: {value}").format(name=name, value=value)


def language() -> str:
    """The language in use, such as "en" or "fr"."""
    return _language


def place() -> str:
    """The country whose way to write numbers and days is used, such as "fr_CA" or "en_US"; "" where none is known."""
    return _country(_language, _wanted)


def available() -> list[str]:
    """The languages that can be chosen: English, and each that has a catalogue."""
    return [SOURCE, *sorted(name for name in _catalogues() if name != SOURCE)]


def choose(setting: str = "") -> str:
    """Speak `setting` ("fr", "fr_CA"), or what the system speaks for "". Returns the language now in use.

    A language without a catalogue falls back to its parent ("fr_CA" to "fr"), then to English."""
    wanted = (setting or system_language()).replace("-", "_")
    known = _catalogues()
    for name in dict.fromkeys((wanted, wanted.partition("_")[0])):
        if name in known and name != SOURCE:
            return speak(gettext.translation(CATALOGUE, root() / "translations", [name]), name, wanted)
    return speak(_none, SOURCE, wanted)


@cache
def _country(spoken: str, wanted: str) -> str:
    """The country that was asked for, or else the system's, where it speaks this language. French without one is
    Canada's: hh2 and Procore serve this program there."""
    for name in (wanted, system_language().replace("-", "_")):
        if "_" in name and name.partition("_")[0] == spoken.partition("_")[0] and _is_known(name):
            return name
    return "fr_CA" if spoken.startswith("fr") else ""


def _is_known(name: str) -> bool:
    from babel import localedata

    return bool(localedata.exists(name))


def speak(catalogue: gettext.NullTranslations, name: str, wanted: str = "") -> str:
    """Speak by this catalogue from now on, with numbers and days of the country in `wanted`; returns its language."""
    global _catalogue, _language, _wanted
    _catalogue, _language, _wanted = catalogue, name, wanted
    _country.cache_clear()
    return name


def system_language() -> str:
    """The language of the desktop, such as "fr_CA"; "en" when it does not tell."""
    if sys.platform == "win32":  # only on Windows
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number, SOURCE)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").split(":")[0].split(".")[0].split("@")[0]
        if value:
            return SOURCE if value in ("C", "POSIX") else value
    return SOURCE


def _catalogues() -> set[str]:
    try:
        folder = root() / "translations"
    except ResourceMissing:
        return set()
    return {found.parent.parent.name for found in folder.glob(f"*/LC_MESSAGES/{CATALOGUE}.mo")}
