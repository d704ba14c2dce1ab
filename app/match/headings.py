"""Which column of a file is which: proposed from its headings, corrected by a person, remembered for the next file."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from app import disk
from app.domain.decoding import BROKEN
from app.domain.lists import Kind, Side

NAME = "columns.json"

# Headings as reports and spreadsheets print them, folded; the first column that fits is proposed. [I] A company can lay
# out Sage's own reports as it likes, so these are common words and no promise.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "job": ("job", "job number", "job no", "job code", "project", "project number", "projet", "numero de projet",
            "travaux"),
    "sub_job": ("sub job", "extra", "extra number", "sous projet", "sous-projet"),
    "cost_code": ("cost code", "costcode", "phase", "full code", "code de cout", "code de couts"),
    "cost_type": ("cost type", "category", "categorie", "cost category", "line item type", "type de cout",
                  "type de couts"),
    "amount": (
        "amount", "jtd cost", "job to date cost", "job to date", "actual cost", "total cost", "cost", "erp job costs",
        "montant", "cout", "couts", "cout reel", "grand total", "contract amount",
    ),
    "posted": ("accounting date", "transaction date", "posted", "date", "direct cost date", "date comptable"),
    "vendor": ("vendor", "vendor id", "vendor code", "fournisseur"),
    "text": ("description", "text", "memo", "libelle"),
    "code": ("code", "number", "id", "no", "numero", "vendor", "vendor id", "vendor code", "job", "cost code",
             "category"),
    "name": ("name", "description", "title", "nom", "vendor name", "job name", "titre"),
}  # fmt: skip

COSTS = ("job", "sub_job", "cost_code", "cost_type", "amount", "posted", "vendor", "text")
# Which columns a list has, and which of them it needs.
WANTED: Mapping[Kind, tuple[tuple[str, ...], frozenset[str]]] = {
    Kind.COSTS: (COSTS, frozenset({"job", "amount"})),
    Kind.JOBS: (("code", "name"), frozenset({"code"})),
    Kind.VENDORS: (("code", "name"), frozenset({"code"})),
    Kind.COST_CODES: (("code", "name"), frozenset({"code"})),
    Kind.COST_TYPES: (("code", "name"), frozenset({"code"})),
    Kind.SUB_JOBS: (("job", "code", "name"), frozenset({"job", "code"})),
    Kind.PRIME_CONTRACTS: (("job", "code", "name", "amount"), frozenset({"job", "code"})),
    Kind.COMMITMENTS: (("job", "code", "name", "amount"), frozenset({"job", "code"})),
}


class Layout(msgspec.Struct, frozen=True):
    """Which heading fills which column. `decimal` is the mark before the cents; `fill_down`: a blank job or cost code
    is that of the row above, as in a report that prints it once."""

    columns: dict[str, str]
    decimal: str = "."
    fill_down: bool = True

    def missing(self, kind: Kind) -> list[str]:
        """The columns that the list needs and no heading fills."""
        return sorted(WANTED[kind][1] - set(self.columns))


def fold(heading: str) -> str:
    """A heading without case, accents, marks and doubled blanks."""
    plain = unicodedata.normalize("NFKD", heading)
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return re.sub(r"[\W_]+", " ", letters).strip().lower()


def propose(kind: Kind, headings: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> Layout:
    """A mapping for a list from a file's headings; each heading is used once. To be shown before it is used."""
    folded = [fold(heading) for heading in headings]
    found: dict[str, str] = {}
    for column in WANTED[kind][0]:
        for wanted in HEADINGS[column]:
            place = next(
                (n for n, name in enumerate(folded) if name == wanted and headings[n] not in found.values()),
                None,
            )
            if place is not None:
                found[column] = headings[place]
                break
    amounts: list[str] = []
    if "amount" in found:
        place = list(headings).index(found["amount"])
        amounts = [row[place] for row in samples if place < len(row)]
    return Layout(found, decimal_mark(amounts))


def decimal_mark(samples: Sequence[str]) -> str:
    """ "," where the amounts end in a comma and two digits more often than in a point and two; else "."."""
    commas = sum(re.search(r",\d{1,2}\D*$", text) is not None for text in samples)
    points = sum(re.search(r"\.\d{1,2}\D*$", text) is not None for text in samples)
    return "," if commas > points else "."


def score(headings: Sequence[str]) -> int:
    """How many of a row's cells are headings that we know: the row with the most is the header."""
    known = {word for words in HEADINGS.values() for word in words}
    return len({fold(heading) for heading in headings} & known)


class _Kept(msgspec.Struct):
    """The file of remembered mappings: by side, list and headings."""

    mappings: dict[str, Layout] = {}


def remember(folder: Path, side: Side, kind: Kind, headings: Sequence[str], mapping: Layout) -> None:
    """Keep a mapping that a person confirmed, in the store's folder. Raises Trouble(DISK): the old ones stand."""
    kept = _kept(folder)
    kept.mappings[_key(side, kind, headings)] = mapping
    disk.write(folder / NAME, msgspec.json.encode(kept))


def remembered(folder: Path, side: Side, kind: Kind, headings: Sequence[str]) -> Layout | None:
    """The mapping kept for a file with these headings; None where there is none."""
    return _kept(folder).mappings.get(_key(side, kind, headings))


def _key(side: Side, kind: Kind, headings: Sequence[str]) -> str:
    return "|".join((side.value, kind.value, *(fold(heading) for heading in headings)))


def _kept(folder: Path) -> _Kept:
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=_Kept)
    except (OSError, *BROKEN):  # none yet, or broken: then a mapping is proposed anew
        return _Kept()
