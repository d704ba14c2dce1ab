"""`ondemand-sync training …`: serve the training company, and list what it can show."""

import sys
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from app.cli.fault import known
from app.cli.rooms import Rooms
from app.domain.profile import DriverName
from app.engine.faces import Practice
from app.words.language import N_, _


class Size(StrEnum):
    """How much of everything the training company has."""

    SMALL = "small"
    LARGE = "large"


TROUBLE = N_("What goes wrong with the pages; `training list` names the troubles.")


def known_trouble(rooms: Rooms, name: str) -> str:
    """The name of a page trouble, or none. Raises BadParameter for one that is not in the list."""
    listed = rooms.list_training().get("troubles") if name else None
    names = [str(one["name"]) for one in listed] if isinstance(listed, list) else []
    if name and name not in names:
        raise typer.BadParameter(f"--trouble: {name}; known: {', '.join(names)}")
    return name


def only_in_training(trouble: str, training: bool) -> None:
    """Nothing goes wrong on purpose at a real company. Raises BadParameter."""
    if trouble and not training:
        raise typer.BadParameter(_("--trouble is for --training"))


def driver_for(trouble: str, driver: DriverName | None) -> DriverName:
    """How the training company is reached: page troubles show on its pages alone. Raises BadParameter."""
    if trouble and driver is DriverName.TRAINING:
        raise typer.BadParameter(_("--trouble shows on pages: it needs --driver browser"))
    return driver or (DriverName.BROWSER if trouble else DriverName.TRAINING)


def dressed(rooms: Rooms, asked: Practice, skin: str, language: str) -> Practice:
    """The same practice on pages of this skin in this language. Raises typer.BadParameter for one that there is not."""
    if language not in ("en", "fr"):
        raise typer.BadParameter(f"--language: {language}; known: en, fr")
    if skin != asked.skin:
        listed = rooms.list_training()["skins"]
        skins = [str(one["name"]) for one in listed] if isinstance(listed, list) else []
        # A name may be followed by traits: "plain+end=toast".
        if skin.partition("+")[0] not in skins:
            raise typer.BadParameter(known(f"--skin: {skin}", skins))
    return msgspec.structs.replace(asked, skin=skin, language=language)


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the commands of the training company."""
    training = typer.Typer(
        no_args_is_help=True, help=N_("The training company: a Sage, an hh2 and a Procore to practise on.")
    )
    app.add_typer(training, name="training")

    @training.command(
        "serve", help=N_("Serve it until ended; prints one line of JSON with all that is needed.")
    )
    def serve(
        scenario: Annotated[
            str, typer.Option(help=N_("What happens there; `training list` names them."))
        ] = "ok",
        variant: Annotated[str, typer.Option(help=N_("A variant of the scenario."))] = "",
        seed: Annotated[int, typer.Option(help=N_("Other numbers, same shape."))] = 1,
        pace: Annotated[float, typer.Option(help=N_("How slow it is: 0.1 is quick."))] = 1.0,
        size: Annotated[
            Size, typer.Option(help=N_("small, or large: 1,000,000 job cost transactions."))
        ] = Size.SMALL,
        hour: Annotated[
            float, typer.Option(min=1.0, help=N_("How many seconds Procore's hour of 600 requests lasts."))
        ] = 3600.0,
        skin: Annotated[
            str, typer.Option(help=N_("How its pages are built; `training list` names them."))
        ] = "plain",
        language: Annotated[str, typer.Option(help=N_("The language of its pages, en or fr."))] = "en",
        trouble: Annotated[str, typer.Option(help=TROUBLE)] = "",
        until_stdin_closes: Annotated[
            bool, typer.Option("--until-stdin-closes", help=N_("End when standard input closes."))
        ] = False,
    ) -> None:
        trouble = known_trouble(rooms, trouble)
        asked = Practice(scenario=scenario, variant=variant, seed=seed, pace=pace, trouble=trouble)
        asked = msgspec.structs.replace(asked, size=size.value, hour=hour)
        asked = dressed(rooms, asked, skin, language)
        raise typer.Exit(rooms.serve_training(asked, until_stdin_closes))

    @training.command(
        "list",
        help=N_("The scenarios and page troubles with their expected ends, and the skins of the pages."),
    )
    def show(
        json: Annotated[bool, typer.Option("--json", help=N_("Machine-readable."))] = False,
    ) -> None:
        listed = rooms.list_training()
        if json:
            sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(listed), indent=2) + b"\n")
            return
        for kind in ("scenarios", "troubles"):
            table = listed.get(kind)
            for one in table if isinstance(table, list) else []:
                ends = ", ".join(str(code) for code in one["exit"])
                sys.stdout.write(f"{one['name']:<22} {ends:<11} {one['about']}\n")
        skins = listed.get("skins")
        if isinstance(skins, list) and skins:
            named = ", ".join(str(one["name"]) for one in skins)
            sys.stdout.write(_("Skins of the pages: {names}").format(names=named) + "\n")
