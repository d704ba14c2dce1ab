"""Rows in which every value of a trait meets every value of every other trait at least once: a pairwise covering."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

Value = str | bool
Row = dict[str, Value]
_Pair = frozenset[tuple[str, Value]]


def pairs_of(row: Mapping[str, Value]) -> set[_Pair]:
    """The pairs of trait values that meet in one row."""
    return {frozenset(two) for two in combinations(row.items(), 2)}


def all_pairs(traits: Mapping[str, Sequence[Value]]) -> set[_Pair]:
    """Every pair of values of two different traits."""
    return {
        frozenset({(one, left), (other, right)})
        for one, other in combinations(traits, 2)
        for left, right in product(traits[one], traits[other])
    }


def covering(traits: Mapping[str, Sequence[Value]], first: Sequence[Row] = ()) -> list[Row]:
    """Rows that hold every pair; always the same ones for the same traits. `first` are there already and come first.

    Greedy: each row begins with the first pair that is still missing, and every other trait takes the value that meets
    most of what is missing with the values chosen so far. Not the fewest rows possible, but few."""
    missing = all_pairs(traits)
    rows = [dict(row) for row in first]
    for row in rows:
        missing -= pairs_of(row)
    order = sorted(traits, key=lambda name: -len(traits[name]))
    wanted = sorted(missing, key=lambda pair: sorted((order.index(name), str(value)) for name, value in pair))
    for pair in wanted:
        if pair not in missing:
            continue
        row = dict(pair)
        for name in order:
            if name not in row:
                row[name] = max(traits[name], key=lambda value: _gain(row, name, value, missing))
        rows.append({name: row[name] for name in traits})
        missing -= pairs_of(row)
    return rows


def _gain(row: Row, name: str, value: Value, missing: set[_Pair]) -> int:
    return sum(frozenset({(name, value), met}) in missing for met in row.items())
