"""`ondemand-sync support-bundle`: shows what support may need to know, asks, and writes it to a file."""

import sys
from pathlib import Path
from typing import Annotated

import anyio.to_thread
import typer

from app.cli.companies import work_with
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, RunOutcome
from app.engine.faces import Workplace
from app.words import support as words
from app.words.language import N_


def absolute(path: str) -> str:
    """The path as it is from anywhere."""
    return str(Path(path).absolute())


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""

    @app.command(
        "support-bundle",
        help=N_(
            "Show what support may need to know, without secrets, and write it to a file. Sends it to nobody."
        ),
    )
    def support_bundle(
        profile: Annotated[
            str, typer.Option(help=N_("The company's profile; without it versions and log alone."))
        ] = "",
        out: Annotated[
            str, typer.Option(metavar="FILE", help=N_("The ZIP file; without it one in the current folder."))
        ] = "",
        yes: Annotated[
            bool, typer.Option("--yes", help=N_("List what it holds, do not show it all, do not ask."))
        ] = False,
    ) -> None:
        async def work(workplace: Workplace) -> int:
            sys.stderr.write(words.gathering() + "\n")
            bundle = await workplace.support.gather(profile)
            if not yes:
                sys.stdout.writelines(f"{line}\n" for line in words.everything(bundle))
            sys.stdout.writelines(f"{line}\n" for line in words.contents(bundle))
            sys.stdout.flush()
            path = absolute(out or words.file_name(bundle))
            if not yes and not await anyio.to_thread.run_sync(
                lambda: typer.confirm(words.ask(path), default=False, err=True)
            ):
                return EXIT_CODES[RunOutcome.CANCELLED]
            await workplace.support.write(bundle, path)
            sys.stdout.write(words.written(path) + "\n")
            return 0

        raise typer.Exit(work_with(rooms, work))
