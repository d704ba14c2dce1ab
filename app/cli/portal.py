"""`ondemand-sync portal …`: look at the pages of both sites before a run does."""

import sys
from typing import Annotated

import msgspec
import typer

from app.cli.companies import AsJson, work_with
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, RunOutcome, Site
from app.domain.page_check import CheckStage, as_json, exit_code
from app.domain.profile import DriverName
from app.engine.faces import Practice, Workplace
from app.words import page_check

_EXITS = (
    "Exit codes: 0 all found; 10 something is missing; 20 a site was not reached; 30 a person is needed; "
    "64 wrong usage; 70 a fault of the program; 130 stopped."
)


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the commands that look at the pages."""
    portal = typer.Typer(
        no_args_is_help=True, help="The pages of hh2 and Procore, as this program finds them."
    )
    app.add_typer(portal, name="portal")

    @portal.command(
        "check", help="Find every element a run would press or read; start and change nothing.", epilog=_EXITS
    )
    def check(
        profile: Annotated[str, typer.Option(help="The company's profile.")] = "",
        training: Annotated[
            bool, typer.Option("--training", help="Practise with the training company.")
        ] = False,
        scenario: Annotated[str, typer.Option(help="What happens at the training company.")] = "ok",
        skin: Annotated[str, typer.Option(help="How its pages are built.")] = "plain",
        language: Annotated[str, typer.Option(help="The language of its pages.")] = "en",
        wait: Annotated[
            float,
            typer.Option(
                min=0, max=60, help="Minutes to wait for you to sign in at the browser, for a code."
            ),
        ] = 0.0,
        json: AsJson = False,
    ) -> None:
        if bool(profile) == training:
            raise typer.BadParameter("give --profile NAME or --training")

        async def work(workplace: Workplace) -> int:
            name = profile
            if training:
                practice = Practice(
                    scenario, driver=DriverName.BROWSER, pace=0.1, skin=skin, language=language
                )
                name = await workplace.start_training(practice)
            name = (await workplace.profile(name)).name
            report = await workplace.check_pages(name, wait * 60, _tell)
            if report is None:
                return EXIT_CODES[RunOutcome.CANCELLED]
            if json:
                encoded = msgspec.json.format(msgspec.json.encode(as_json(report)), indent=2)
                sys.stdout.buffer.write(encoded + b"\n")
            else:
                sys.stdout.writelines(f"{line}\n" for line in page_check.lines(report))
            return exit_code(report)

        raise typer.Exit(work_with(rooms, work))


def _tell(site: Site, stage: CheckStage) -> None:
    sys.stderr.write(page_check.stage(site, stage) + "\n")
