"""The line of a setting is found in whatever form a person wrote it."""

import tomllib
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from app.storage.toml_lines import line_of, statements

KEYS = st.sampled_from(["site", "base", "user", "tabs", "a b", "é", "x.y", "1"])
LISTS = st.lists(st.text(max_size=6) | st.integers(-5, 5), max_size=4)
VALUES = st.text(max_size=12) | st.integers(-9, 9) | st.booleans() | LISTS
SECTIONS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)
FORMS = st.sampled_from(["table", "dotted", "inline"])
BETWEEN = st.lists(st.sampled_from(["", "# hh2.site = 'no'", "   ", "# [hh2]"]), max_size=3)


def key(name: str) -> str:
    return (
        tomlkit.key(name).as_string()
        if name.isidentifier() and name.isascii()
        else tomlkit.item(name).as_string()
    )


def written(value: object) -> str:
    return tomlkit.item(value).as_string()


def over_lines(value: list[Any]) -> list[str]:
    return ["[", *(f"    {written(each)},  # ] no end" for each in value), "]"]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """A TOML file with the lines at which each of its settings was written."""
    lines: list[str] = []
    places: dict[tuple[str | int, ...], int] = {}
    sections = draw(st.dictionaries(st.sampled_from(["hh2", "procore", "run"]), SECTIONS, min_size=1))
    forms = {name: draw(FORMS) for name in sections}
    # what has a header must come last: everything after it is in it
    for name in sorted(sections, key=lambda each: forms[each] == "table"):
        section, form = sections[name], forms[name]
        lines += draw(BETWEEN)
        if form == "inline":
            inner = ", ".join(f"{key(k)} = {written(v)}" for k, v in section.items())
            lines.append(f"{name} = {{ {inner} }}")
            places |= {(name, k): len(lines) for k in section}
            continue
        if form == "table":
            lines.append(f"[{name}]  # a table")
            places[(name,)] = len(lines)
        for k, v in section.items():
            lines += draw(BETWEEN)
            start = f"{key(k)} = " if form == "table" else f"{name} . {key(k)} = "
            places[name, k] = len(lines) + 1
            if isinstance(v, list) and draw(st.booleans()):
                first, *rest = over_lines(v)
                lines += [start + first, *rest]
                places |= {(name, k, index): places[name, k] + 1 + index for index in range(len(v))}
            elif isinstance(v, str) and "'" not in v and v.isprintable() and draw(st.booleans()):
                lines += [start + "'''", v, "site = 1", "'''"]
            else:
                lines.append(start + written(v))
    return "\n".join(lines), places


@given(files(), st.booleans())
def test_every_setting_is_found_where_it_was_written(
    file: tuple[str, dict[tuple[str | int, ...], int]], from_windows: bool
) -> None:
    text, places = file
    tomllib.loads(text)
    if from_windows:
        text = text.replace("\n", "\r\n")
    assert {path: line_of(text, path) for path in places} == places


@given(files())
def test_statements_lie_side_by_side_and_cover_all_that_is_set(
    file: tuple[str, dict[tuple[str | int, ...], int]],
) -> None:
    lines = file[0].split("\n")
    before = 0
    for statement in statements(file[0]):
        assert before < statement.first <= statement.last <= len(lines)
        assert all(
            not line.strip() or line.strip().startswith("#") for line in lines[before : statement.first - 1]
        )
        before = statement.last


def test_what_is_not_there_is_found_at_its_table_or_at_the_top() -> None:
    text = "version = 1\n\n[hh2]\nuser = 'x'\n[run]\n"
    assert line_of(text, ("hh2", "site")) == 3
    assert line_of(text, ("run", "tabs", 0)) == 5
    assert line_of(text, ("procore", "user")) == 1
