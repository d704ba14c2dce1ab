"""On which line of a TOML file a setting stands; Python's own reader does not tell."""

import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.domain.decoding import toml

Path = tuple[str | int, ...]


class Statement(NamedTuple):
    """A table's header or a key with its value: the lines it takes (from 1), the table it is in, and what it sets."""

    first: int
    last: int
    table: Path
    sets: dict[str, Any]


def line_of(text: str, path: Path) -> int:
    """The line (from 1) where the setting at `path` stands, in whatever form it is written: under its table's header,
    dotted, inline, or an element of a list over several lines.

    For one that is not there, the line of the nearest thing around it that is; 1 where there is none. `text` is TOML
    that tomllib accepts."""
    lines = text.split("\n")
    best, depth = 1, 0
    for statement in statements(text):
        found = _depth(statement, path)
        if found > depth:
            best, depth = statement.first, found
            if isinstance(path[-1], int) and found == len(path):
                best = _element_line(lines, statement, path)
    return best


def statements(text: str) -> Iterator[Statement]:
    """The statements of valid TOML in their order. A header sets nothing by itself."""
    lines = text.split("\n")
    table: Path = ()
    met: dict[Path, int] = {}  # how many of each list of tables there were
    at = 0
    while at < len(lines):
        start = lines[at].strip()
        if not start or start.startswith("#"):
            at += 1
            continue
        end, sets = _read(lines, at)
        if start.startswith("["):
            table = _only_path(sets)
            if start.startswith("[["):
                met[table] = met.get(table, -1) + 1
                table = (*table, met[table])
            yield Statement(at + 1, end + 1, table, {})
        else:
            yield Statement(at + 1, end + 1, table, sets)
        at = end + 1


def _read(lines: list[str], at: int) -> tuple[int, dict[str, Any]]:
    """A statement read by itself: it ends on the first line with which it is whole."""
    for end in range(at, len(lines)):
        try:
            return end, toml("\n".join(lines[at : end + 1]) + "\n")
        except tomllib.TOMLDecodeError:
            continue
    return len(lines) - 1, {}


def _only_path(header: dict[str, Any]) -> Path:
    keys: list[str] = []
    inner: Any = header
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        keys.append(key)
        if isinstance(inner, list):
            inner = inner[0]
    return tuple(keys)


def _depth(statement: Statement, path: Path) -> int:
    """How many parts of the path this statement holds; 0 where it stands elsewhere."""
    table = statement.table
    if path[: len(table)] != table:
        return 0
    inner: Any = statement.sets
    depth = len(table)
    if depth == len(path):  # the table itself is meant
        return 0 if statement.sets else depth
    if not statement.sets:
        return depth
    for part in path[depth:]:
        try:
            inner = inner[part]
        except (LookupError, TypeError):
            break
        depth += 1
    return depth if depth > len(table) else 0


def _element_line(lines: list[str], statement: Statement, path: Path) -> int:
    """The line on which a list, closed there, first has the element."""
    index = path[-1]
    inner = path[len(statement.table) : -1]
    for end in range(statement.first, statement.last):
        try:
            found: Any = toml("\n".join(lines[statement.first - 1 : end]) + "\n]\n")
        except tomllib.TOMLDecodeError:
            continue
        for part in inner:
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, list) and isinstance(index, int) and len(found) > index:
            return end
    return max(statement.first, statement.last)
