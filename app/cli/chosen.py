"""`ondemand-sync language`, and the option of that name: which language the program speaks."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import typer

from app.cli.companies import work_with
from app.cli.fault import known
from app.cli.rooms import Rooms
from app.engine.faces import Workplace
from app.words import language
from app.words.language import N_, _

SYSTEM = "system"


def asked(arguments: Sequence[str]) -> str:
    """The language that stands before the command: the help itself is said in it."""
    for at, given in enumerate(arguments):
        if given == "--language" and at + 1 < len(arguments):
            return arguments[at + 1]
        if given.startswith("--language="):
            return given.partition("=")[2]
        if not given.startswith("-"):
            return ""
    return ""


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""

    @app.command("language", help=N_("The language of window and command line, and choosing it."))
    def choose(
        name: Annotated[
            str, typer.Argument(metavar="[NAME]", help=N_("en, fr, or system; without one: what is chosen."))
        ] = "",
    ) -> None:
        names = (*language.available(), SYSTEM)
        if name and name not in names:
            raise typer.BadParameter(known(name, names))

        async def work(workplace: Workplace) -> int:
            kept = await workplace.preferences()
            if not name:
                typer.echo(kept.language or SYSTEM)
                return 0
            wanted = "" if name == SYSTEM else name
            await workplace.remember(msgspec.structs.replace(kept, language=wanted, problem=None))
            language.choose(wanted)
            typer.echo(_("The program speaks English from now on."))
            return 0

        raise typer.Exit(work_with(rooms, work))
