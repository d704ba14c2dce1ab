"""`ondemand-sync policy`: what has the company's IT laid down for this computer?"""

import sys
from typing import Annotated

import msgspec
import typer

from app.cli.companies import AsJson, work_with
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, RunOutcome
from app.engine.faces import Workplace
from app.words import laid_down
from app.words.language import N_


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""

    @app.command(
        "policy",
        help=N_(
            "What IT has laid down for this computer, and which settings of a company are locked thereby. Exit 10 "
            "where something in its files was not understood."
        ),
    )
    def command(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "", json: AsJson = False
    ) -> None:
        async def work(workplace: Workplace) -> int:
            laid = await workplace.laid_down(profile)
            machine, own = await workplace.policy_files()
            if json:
                told = {"type": "policy", **msgspec.to_builtins(laid), "files": [machine, own]}
                told["locked"] = sorted(laid.locked)
                sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
            else:
                sys.stdout.writelines(f"{line}\n" for line in laid_down.lines(laid, machine, own))
            return EXIT_CODES[RunOutcome.LOOK] if laid.policy.wrong else 0

        raise typer.Exit(work_with(rooms, work))
