"""The names that are never pressed: the last look at a control before every press."""

from collections.abc import Iterable

from app.portals.folding import fold, split_count
from app.portals.labels import Table


def is_forbidden(table: Table, names: Iterable[str]) -> bool:
    """True when any of a control's names, as a whole, with or without a count, is one that is never pressed.

    "Import" and "Import (3)" are; "Ready to Import", a filter, is not."""
    for name in names:
        folded = fold(name)
        if folded in table.never or split_count(folded)[0] in table.never:
            return True
    return False
