"""`ondemand-sync preflight`: is all ready for a run? Sends no password, starts nothing."""

import sys
from typing import Annotated

import msgspec
import typer

from app.cli.companies import AsJson, work_with
from app.cli.rooms import Rooms
from app.domain.ready import as_json, exit_code
from app.engine.faces import Practice, Workplace
from app.words import ready
from app.words.language import N_, _

_EXITS = N_(
    "Exit codes: 0 ready; 10 something needs a look; 20 a run would not come to its end; 64 wrong usage; "
    "70 a fault of the program."
)


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""

    @app.command(
        "preflight", help=N_("Is all ready for a run? Within ten seconds; sends no password."), epilog=_EXITS
    )
    def preflight(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        scenario: Annotated[str, typer.Option(help=N_("What happens at the training company."))] = "ok",
        json: AsJson = False,
    ) -> None:
        if bool(profile) == training:
            raise typer.BadParameter(_("give --profile NAME or --training"))

        async def work(workplace: Workplace) -> int:
            name = profile
            if training:
                name = await workplace.start_training(Practice(scenario=scenario))
            found = await workplace.ready.check(name)
            if json:
                encoded = msgspec.json.format(msgspec.json.encode(as_json(found)), indent=2)
                sys.stdout.buffer.write(encoded + b"\n")
            else:
                sys.stdout.writelines(f"{line}\n" for line in ready.lines(found))
            return exit_code(found)

        raise typer.Exit(work_with(rooms, work))
