"""The languages that the faces are tested in: English, French, and one that is as long as a translation may become."""

import gettext
import re

from app.words import language

PSEUDO = "pseudo"
LONGER = 1.4
_WRITTEN = str.maketrans("aceinouyAEINOUY", "áçéîñôûýÁÉÎÑÔÛÝ")
_KEPT = re.compile(r"(\{[^{}]*\}|&.|\n|https?://\S+)")


def lengthened(text: str) -> str:
    """The sentence with other letters, and two fifths longer; its blanks, its letter for Alt and its lines stay."""
    if not text.strip():
        return text
    letters = sum(len(part) for part in _KEPT.split(text)[::2])
    said = "".join(
        part.translate(_WRITTEN) if at % 2 == 0 else part for at, part in enumerate(_KEPT.split(text))
    )
    more = round(letters * (LONGER - 1))
    ending = re.search(r"[.…:?!\s]*$", said)
    end = ending.group() if ending else ""
    words = (" lorem" * (more // 6 + 1))[:more].rstrip()
    return f"{said[: len(said) - len(end)]}{words}{end}"


class Pseudo(gettext.NullTranslations):
    """Says every sentence longer than it stands in the sources."""

    def gettext(self, message: str) -> str:
        return lengthened(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return lengthened(msgid1 if n == 1 else msgid2)


def speak(name: str) -> str:
    """Speak English, a language that has a catalogue, or PSEUDO. Raises ValueError for one that there is not."""
    if name == PSEUDO:
        return language.speak(Pseudo(), PSEUDO)
    if name not in language.available():
        raise ValueError(f"{name}; known: {', '.join([*language.available(), PSEUDO])}")
    return language.choose(name)
