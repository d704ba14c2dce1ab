"""Files that stand in for a list of a side: what is in them, how they are read, and what a person said of it."""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.disk import disk_trouble
from app.domain.lists import Kind, Side, Source
from app.domain.match_progress import Columns
from app.domain.match_question import Asked, FileLook
from app.domain.problems import ProblemId, trouble

_SHOWN = 5  # rows, for a person to see which column is which


def look_at_file(folder: Path, side: Side, kind: Kind, path: Path) -> FileLook:
    """How a file would be read in place of a list; `folder` is where what a person confirmed is remembered.

    Raises Trouble(FILE_BROKEN)."""
    from app.match.headings import WANTED, propose, remembered
    from app.match.sheet_reading import look

    if not path.is_file():
        raise trouble(ProblemId.FILE_BROKEN, file=path.name, expected="table", what="missing")
    table = look(path)
    kept = remembered(folder, side, kind, table.headings)
    layout = kept or propose(kind, table.headings, table.samples)
    wanted, needed = WANTED[kind]
    rows = table.samples[:_SHOWN]
    return FileLook(
        side,
        kind,
        str(path),
        table.headings,
        rows,
        tuple(WANTED),
        wanted,
        needed,
        layout.columns,
        kept is not None,
    )


def keep_columns(folder: Path, look: FileLook) -> None:
    """A person confirmed the columns of `look`: files with these headings are read so from now on.

    Raises Trouble(DISK), and Trouble(FILE_BROKEN) where the file is another by now."""
    from app.match.headings import Layout, remember
    from app.match.sheet_reading import look as look_into

    table = look_into(Path(look.path))
    if table.headings != look.headings or not look.needed <= set(look.columns):
        raise trouble(ProblemId.FILE_BROKEN, file=Path(look.path).name, expected="table", what="columns")
    layout = Layout(look.columns, _mark(table.headings, table.samples, look.columns))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remember(folder, look.side, look.kind, table.headings, layout)
    except OSError as error:
        raise disk_trouble(error, folder) from None


def _mark(headings: Sequence[str], samples: Sequence[Sequence[str]], columns: dict[str, str]) -> str:
    """The mark before the cents, as the amounts of the file show it."""
    from app.match.headings import decimal_mark

    place = headings.index(columns["amount"]) if "amount" in columns else len(headings)
    return decimal_mark([row[place] for row in samples if place < len(row)])


def files_given(asked: Asked, folder: Path) -> tuple[list[Source], list[Columns]]:
    """The files that stand in for lists: their columns as a person said now or earlier, else as they are proposed.

    `folder` is where it is remembered. Raises Trouble(FILE_BROKEN), also for a heading that is in no file."""
    sources: list[Source] = []
    columns: list[Columns] = []
    for side, given, said in (
        (Side.SAGE, asked.sage, asked.sage_columns),
        (Side.PROCORE, asked.procore, asked.procore_columns),
    ):
        left = set(said)
        for text in given:
            source, read, used = _file(side, text, said, folder)
            sources.append(source)
            columns.append(read)
            left -= used
        for unused in sorted(left):
            raise trouble(ProblemId.FILE_BROKEN, file=unused, expected="table", what="columns")
    return sources, columns


def _file(side: Side, given: str, said: Sequence[str], folder: Path) -> tuple[Source, Columns, set[str]]:
    from app.match.files import FileSource
    from app.match.headings import WANTED, propose, remember, remembered
    from app.match.sheet_reading import look

    named = re.match(r"([a-z-]+)=(.+)", given)
    known = {kind.value: kind for kind in Kind}
    kind, path = Kind.COSTS, Path(given)
    if named and named[1] in known:
        kind, path = known[named[1]], Path(named[2])
    if not path.is_file() or kind not in WANTED:
        raise trouble(ProblemId.FILE_BROKEN, file=path.name, expected="table", what="missing")
    table = look(path)
    layout = remembered(folder, side, kind, table.headings) or propose(kind, table.headings, table.samples)
    pairs = {text: text.partition("=") for text in said}
    used = {
        text
        for text, (column, _, heading) in pairs.items()
        if column in WANTED[kind][0] and heading in table.headings
    }
    if used:
        chosen = {pairs[text][0]: pairs[text][2] for text in used}
        columns = {**layout.columns, **chosen}
        mark = _mark(table.headings, table.samples, columns)
        layout = msgspec.structs.replace(layout, columns=columns, decimal=mark)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        remember(folder, side, kind, table.headings, layout)
    if layout.missing(kind):
        raise trouble(ProblemId.FILE_BROKEN, file=path.name, expected="table", what="columns")
    return FileSource(side, kind, table, layout), Columns(side, kind, path.name, layout.columns), used
