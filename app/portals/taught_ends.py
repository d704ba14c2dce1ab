"""The text by which a page tells an end, taught by a person: which may be, and what counts as the same text again."""

import re
from collections.abc import Iterable

import msgspec

from app.domain.looks import Phase
from app.domain.taught import END_DONE, LONGEST_TEXT, TEXT, Taught, Unfit, is_end
from app.portals.folding import fold
from app.portals.labels import Table

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september"
    r"|october|november|december|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|janv|fevr|avr|juil|dec)\.?"
)
# What changes from one end to the next: a time of day, a date. Any other number stands for itself, so that a text with
# "0 errors" is never taken for one with "12 errors".
_WHEN = (
    rf"(?:\d{{4}}-\d\d?-\d\d?|\d\d?[/.]\d\d?[/.]\d{{2,4}}|{_MONTH} \d\d?(?:,? \d{{4}})?|\d\d? {_MONTH}(?: \d{{4}})?"
    r"|\d\d? ?[:h] ?\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?)"
)
_IS_WHEN = re.compile(rf"(?<!\w){_WHEN}(?!\w)")
# Words by which a sentence speaks of what has not been yet, or denies.
_NOT_YET = re.compile(
    r"(?<!\w)(?:(?:not|never|no|until|when|once|if|unless|will|shall|to be|before|requested|started|begun|ne|pas|jamais"
    r"|non|aucun|aucune|lorsque|quand|si|sera|seront|va|vont|avant|demande|demandee|commence|commencee)(?!\w)"
    r"|n'|lorsqu'|jusqu')"
)
_FEWEST_LETTERS = 8
_SAYS_OTHERWISE = ("busy", "refused", "locked", "code", "captcha", "forbidden", "empty", "applied", "synced")


def same_again(text: str) -> re.Pattern[str]:
    """What a sentence, folded and without its ages, has to match to be this text again."""
    parts = _IS_WHEN.split(text)
    return re.compile(_WHEN.join(re.escape(part) for part in parts))


def with_taught_ends(table: Table, taught: Iterable[Taught]) -> Table:
    """The table with the ends that a person taught for its site. What may not be taught is left out."""
    ends = [
        (same_again(table.without_ages(one.name)), phase_taught(one))
        for one in taught
        if one.site is table.site and one.is_end and unfit_end(table, one) is None
    ]
    return msgspec.structs.replace(table, ends=tuple(ends), told={}) if ends else table


def phase_taught(label: Taught) -> Phase:
    """What the text of an end means."""
    return Phase.DONE if label.action.startswith(END_DONE) else Phase.FAILED


def unfit_end(table: Table, label: Taught) -> Unfit | None:
    """Why this text may not stand for an end, as far as it alone tells; None where it may."""
    if not is_end(table.site, label.action):
        return Unfit.NOT_TAUGHT
    if label.role != TEXT:
        return Unfit.NO_TEXT
    plain = table.without_ages(label.name)
    letters = sum(char.isalpha() for char in _IS_WHEN.sub(" ", plain))
    if (
        letters < _FEWEST_LETTERS
        or len(_IS_WHEN.sub(" ", plain).split()) < 2
        or len(label.name) > LONGEST_TEXT
    ):
        return Unfit.VAGUE
    if fold(label.name) in table.names:
        return Unfit.ANOTHER
    known = msgspec.structs.replace(table, ends=(), told={}).phase_of(label.name)
    if known is not None:
        return Unfit.KNOWN if known is phase_taught(label) else Unfit.OTHERWISE
    if any(table.says(kind, label.name) for kind in _SAYS_OTHERWISE):
        return Unfit.OTHERWISE
    if phase_taught(label) is Phase.DONE and _NOT_YET.search(plain):
        return Unfit.NOT_YET
    return None
