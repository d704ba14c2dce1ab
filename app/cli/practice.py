"""`ondemand-sync training …`: serve the training company, and list what it can show."""

import sys
from typing import Annotated

import msgspec
import typer

from app.cli.rooms import Rooms
from app.engine.faces import Practice


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the commands of the training company."""
    training = typer.Typer(
        no_args_is_help=True, help="The training company: a Sage, an hh2 and a Procore to practise on."
    )
    app.add_typer(training, name="training")

    @training.command("serve", help="Serve it until ended; prints one line of JSON with all that is needed.")
    def serve(
        scenario: Annotated[str, typer.Option(help="What happens there; `training list` names them.")] = "ok",
        variant: Annotated[str, typer.Option(help="A variant of the scenario.")] = "",
        seed: Annotated[int, typer.Option(help="Other numbers, same shape.")] = 1,
        pace: Annotated[float, typer.Option(help="How slow it is: 0.1 is quick.")] = 1.0,
        skin: Annotated[str, typer.Option(help="How its pages are built.")] = "plain",
        language: Annotated[str, typer.Option(help="The language of its pages.")] = "en",
        until_stdin_closes: Annotated[
            bool, typer.Option("--until-stdin-closes", help="End when standard input closes.")
        ] = False,
    ) -> None:
        asked = Practice(
            scenario=scenario, variant=variant, seed=seed, pace=pace, skin=skin, language=language
        )
        raise typer.Exit(rooms.serve_training(asked, until_stdin_closes))

    @training.command("list", help="The scenarios with their expected ends, and the skins of the pages.")
    def show(
        json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
    ) -> None:
        listed = rooms.list_training()
        if json:
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(listed), indent=2) + b"\n")
            return
        scenarios = listed.get("scenarios")
        for one in scenarios if isinstance(scenarios, list) else []:
            ends = ", ".join(str(code) for code in one["exit"])
            sys.stdout.write(f"{one['name']:<22} {ends:<11} {one['about']}\n")
