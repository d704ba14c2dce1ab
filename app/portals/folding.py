"""Labels as people read them, folded so that case, accents, spaces and typographic marks make no difference."""

import functools
import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_MARKS = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ′`´＇", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys('«»“”„‟"*…¦|·•›‹▸▾▼▲►→', " "),
        "＆": "&",
        "﹠": "&",
    }
)
# Soft hyphens, joiners and direction marks are not seen by a reader. Other controls count as spaces.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_AND = re.compile(r"(?<![\w'])(?:and|et|&)(?![\w'])|&")
_EDGES = " :.!?,;-"
_COUNT = re.compile(r"^(?P<name>.*?\D)[\s:]*(?:[(\[]\s*)?(?P<count>\d{1,3}(?:[,. ']\d{3})+|\d+)\s*[)\]]?\+?$")


@functools.lru_cache(maxsize=4096)  # the same names stand on every look
def fold(text: str) -> str:
    """The text as it is compared: lower case, no accents, single spaces, plain marks, "and" and "et" as "&".

    Folding twice is folding once."""
    plain = _UNSEEN.sub("", text)
    for _ in range(2):  # a compatibility form may hold letters and marks that fold in their turn
        plain = unicodedata.normalize("NFKD", plain).casefold().translate(_LETTERS).translate(_MARKS)
        plain = "".join(
            " " if _is_control(char) else char for char in plain if not unicodedata.combining(char)
        )
        plain = _UNSEEN.sub("", plain)
    plain = _AND.sub(" & ", plain)
    return " ".join(plain.split()).strip(_EDGES)


def plain(text: str) -> str:
    """The text as a person reads it in one line, without the pictures of icon fonts."""
    return " ".join("".join(" " if _is_control(char) else char for char in text).split())


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def split_count(folded: str) -> tuple[str, int | None]:
    """A folded name and the count behind it: "vendors (3)" is ("vendors", 3); without one ("vendors", None)."""
    found = _COUNT.match(folded)
    if found is None:
        return folded, None
    name = found["name"].strip(_EDGES + "([")
    return (name, int(re.sub(r"\D", "", found["count"]))) if name else (folded, None)


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """A pattern that finds the phrase, as whole words, in a folded text; "{n}" stands for a number above zero."""
    parts = [re.escape(fold(part)) for part in phrase.split("{n}")]
    body = r"\s*0*[1-9][\d,. ]*\s*".join(parts)
    return re.compile(rf"(?<!\w){body}(?!\w)" if body else r"(?!)")
