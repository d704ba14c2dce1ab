"""The catalogues: what the sources say in English, what each says for it, and whether the two still fit.

Run by the environment's own Python: `words.py update`, `words.py check`, `words.py build`."""

import ast
import os
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
NAME = "ondemand-sync"
MARKS = {"_", "N_"}
COUNTED = {"ngettext", "Counted"}
# A letter after a lone ampersand is pressed with Alt; "&&" is an ampersand that is shown.
MNEMONIC = re.compile(r"&(?!&)\w")

# What French is typeset by, as Canada writes it: a blank that does not break before a colon and inside guillemets, none
# before the other marks; the apostrophe as it is typed.
HARD = "\N{NO-BREAK SPACE}"
TYPESET = {
    "fr": (
        (re.compile(r"«\s*"), f"«{HARD}"),
        (re.compile(r"\s*»"), f"{HARD}»"),
        (re.compile(r"(?<=[\w)}%»]) (?=[:%](\s|$))"), HARD),
        (re.compile(r"(?<=\w)\s(?=[;?!](\s|$))"), ""),
        (re.compile("’"), "'"),
    )
}

Id = str | tuple[str, str]


class NotAWord(Exception):
    """A sentence is marked in a way that no catalogue can hold."""


# ------------------------------------------------------------------ what the sources say


def source_words() -> Catalog:
    """Every sentence that is marked in the sources, and the help of the command line; its places beside it."""
    found = Catalog(charset="utf-8")
    for path in sorted((ROOT / "app").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for line, sentence in marked(path.read_text(encoding="utf-8"), place):
            found.add(sentence, locations=[(place, line)])
    return found


def marked(source: str, place: str) -> Iterator[tuple[int, Id]]:
    """The line and the sentence of each mark in a module; for one of something and for many, both. Raises NotAWord."""
    yield from _marked(ast.parse(source), place)


def _marked(node: ast.AST, place: str) -> Iterator[tuple[int, Id]]:
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if isinstance(node, ast.Call) and name in COUNTED and not place.endswith("words/language.py"):
        one, many = (_text(argument, place) for argument in node.args[:2])
        if one is None or many is None:
            if name == "Counted":
                raise NotAWord(f"{place}:{node.lineno}: the sentences must stand where they are marked")
        else:
            yield node.lineno, (one, many)
        return
    if isinstance(node, ast.Call) and name in MARKS and node.args:
        said = _text(node.args[0], place)
        if said is not None:
            yield node.lineno, said
            return
        if name == "N_" or isinstance(node.args[0], ast.JoinedStr):
            raise NotAWord(f"{place}:{node.lineno}: the sentence must stand where it is marked")
    for child in ast.iter_child_nodes(node):
        yield from _marked(child, place)


def _text(node: ast.expr, place: str) -> str | None:
    """The sentence of an argument: a plain text, or one that is marked itself."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# ------------------------------------------------------------------ what a catalogue says


def catalogues() -> list[Path]:
    """The catalogues, one for each language but English."""
    return sorted(FOLDER.glob(f"*/LC_MESSAGES/{NAME}.po"))


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=NAME, abort_invalid=True)


def renewed(old: Catalog, source: Catalog) -> Catalog:
    """The catalogue of the sources as they are now, with every sentence that it said before."""
    new = Catalog(locale=old.locale, domain=NAME, charset="utf-8", header_comment=old.header_comment)
    for message in source:
        if not message.id:
            continue
        before = old.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        places = sorted({(place, 0) for place, _line in message.locations})
        said = before.string if before is not None and before.id == message.id else ""
        if isinstance(said, str):
            said = typeset(said, str(old.locale))
        elif said:
            said = tuple(typeset(one, str(old.locale)) for one in said)
        notes = before.user_comments if before is not None else []
        new.add(message.id, said or _nothing(message, new), locations=places, user_comments=notes)
    return new


def typeset(text: str, language: str) -> str:
    """The text with the blanks and marks that its language is printed with."""
    for wrong, right in TYPESET.get(language, ()):
        text = wrong.sub(right, text)
    return text


def _nothing(message: Message, catalogue: Catalog) -> str | tuple[str, ...]:
    return ("",) * catalogue.num_plurals if message.pluralizable else ""


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue so that only what is said differs from one time to the next: no dates, no lines."""
    with path.open("wb") as file:
        file.write(_head(catalogue).encode())
        write_po(file, catalogue, width=100, omit_header=True, include_lineno=False, sort_by_file=True)


def _head(catalogue: Catalog) -> str:
    fields = {
        "Project-Id-Version": "On-Demand Sync",
        "Language": str(catalogue.locale),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalogue.plural_forms,
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


# ------------------------------------------------------------------ whether they fit


def faults(catalogue: Catalog, source: Catalog) -> list[str]:
    """What is missing, stale, or does not fit the English in a catalogue, a line each."""
    found: list[str] = []
    wanted = {_key(message): message for message in source if message.id}
    has = {_key(message): message for message in catalogue if message.id}
    found += [
        f"missing: {_key(one)!r} ({one.locations[0][0]})" for key, one in wanted.items() if key not in has
    ]
    found += [f"stale: {key!r} is said nowhere any more" for key in has if key not in wanted]
    for key, message in has.items():
        if key in wanted:
            found += [
                f"{wrong}: {key!r} ({wanted[key].locations[0][0]})"
                for wrong in _wrong(message, wanted[key], str(catalogue.locale))
            ]
    return found


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def _wrong(message: Message, source: Message, language: str) -> Iterator[str]:
    if message.id != source.id:
        yield "said for one and for many in one place only"
        return
    if message.fuzzy:
        yield "marked as unsure"
    said, english = _texts(message.string), _texts(message.id)
    if not all(said):
        yield "missing"
        return
    for text in said:
        if blanks(text) != blanks(english[-1]):
            yield "other blanks than the English"
        if len(MNEMONIC.findall(text)) != len(MNEMONIC.findall(english[-1])):
            yield "a letter for Alt is missing, or one too many"
        if text != typeset(text, language):
            yield "not typeset as its language is: run.py words does it"
        if text.endswith("\n") != english[-1].endswith("\n"):
            yield "ends in another way than the English"


def _texts(said: object) -> list[str]:
    return [str(one) for one in said] if isinstance(said, (tuple, list)) else [str(said or "")]


def blanks(text: str) -> set[str]:
    """The names of the blanks in a sentence."""
    return {name for _before, name, _spec, _how in string.Formatter().parse(text) if name is not None}


# ------------------------------------------------------------------ what the program reads


def build() -> None:
    """Make what the program reads of every catalogue, where it is older than the catalogue."""
    for path in catalogues():
        made = path.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime <= path.stat().st_mtime:
            part = made.with_suffix(f".{os.getpid()}.part")  # two commands may be begun at once
            with part.open("wb") as file:
                write_mo(file, read(path))
            part.replace(made)


def main(argv: list[str]) -> int:
    """`update`, `check` or `build`; returns the exit code."""
    if argv == ["build"]:
        build()
        return 0
    try:
        source = source_words()
    except NotAWord as wrong:
        print(wrong)
        return 1
    bad = 0
    for path in catalogues():
        language = path.parent.parent.name
        if argv == ["update"]:
            write(path, renewed(read(path), source))
        found = faults(read(path), source)
        for line in found:
            print(f"{language}: {line}")
        print(f"{language}: {len([one for one in source if one.id])} sentences, {len(found)} faults")
        bad += len(found)
    build()
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
