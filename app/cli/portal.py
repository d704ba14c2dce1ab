"""`ondemand-sync portal …`: look at the pages of both sites before a run does."""

import sys
from typing import Annotated

import anyio.to_thread
import msgspec
import typer

from app.cli import practice
from app.cli.companies import AsJson, work_with
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, EXIT_USAGE, RunOutcome, Site
from app.domain.page_check import CheckStage, as_json, exit_code
from app.domain.profile import DriverName
from app.domain.taught import Unfit
from app.engine.faces import Practice, Workplace
from app.words import page_check
from app.words import taught as taught_words
from app.words.language import N_, _

_EXITS = N_(
    "Exit codes: 0 all found; 10 something is missing; 20 a site was not reached; 30 a person is needed; "
    "64 wrong usage; 70 a fault of the program; 130 stopped."
)


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the commands that look at the pages."""
    portal = typer.Typer(
        no_args_is_help=True, help=N_("The pages of hh2 and Procore, as this program finds them.")
    )
    app.add_typer(portal, name="portal")

    @portal.command(
        "check",
        help=N_("Find every element a run would press or read; start and change nothing."),
        epilog=_EXITS,
    )
    def check(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        scenario: Annotated[str, typer.Option(help=N_("What happens at the training company."))] = "ok",
        skin: Annotated[str, typer.Option(help=N_("How its pages are built."))] = "plain",
        language: Annotated[str, typer.Option(help=N_("The language of its pages, en or fr."))] = "en",
        trouble: Annotated[str, typer.Option(help=practice.TROUBLE)] = "",
        wait: Annotated[
            float,
            typer.Option(
                min=0, max=60, help=N_("Minutes to wait for you to sign in at the browser, for a code.")
            ),
        ] = 0.0,
        json: AsJson = False,
    ) -> None:
        if bool(profile) == training:
            raise typer.BadParameter(_("give --profile NAME or --training"))
        practice.only_in_training(trouble, training)
        known = practice.known_trouble(rooms, trouble)
        asked = Practice(scenario, driver=DriverName.BROWSER, pace=0.1, trouble=known)
        asked = practice.dressed(rooms, asked, skin, language)

        async def work(workplace: Workplace) -> int:
            name = profile
            if training:
                name = await workplace.start_training(asked)
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

    _add_teach(portal, rooms)


def _add_teach(portal: typer.Typer, rooms: Rooms) -> None:
    @portal.command(
        "teach", help=N_("Show the program a control in the browser that its own words do not find.")
    )
    def teach(
        element: Annotated[
            str, typer.Argument(metavar="NAME", help=N_("The element, such as procore:refresh-vendors."))
        ],
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))],
        wait: Annotated[float, typer.Option(min=0, max=60, help=N_("Minutes to wait for your click."))] = 5.0,
    ) -> None:
        site, action = _site_and_action(element)

        async def work(workplace: Workplace) -> int:
            name = (await workplace.profile(profile)).name
            pointed = await workplace.point_at(name, site, action, wait * 60, _tell)
            if pointed is None:
                return EXIT_CODES[RunOutcome.CANCELLED]
            why = pointed.unfit
            if why is None:
                sys.stdout.write(taught_words.would_keep(pointed, name) + "\n")
                if not await anyio.to_thread.run_sync(lambda: typer.confirm(_("Keep it?"), default=False)):
                    return EXIT_CODES[RunOutcome.CANCELLED]
                why = await workplace.teach(name, pointed.label)
            if why is not None:
                sys.stderr.write(taught_words.unfit(why) + "\n")
                return EXIT_CODES[RunOutcome.PERSON]
            return 0

        raise typer.Exit(work_with(rooms, work))

    @portal.command("taught", help=N_("What was taught, and taking it out again."))
    def taught(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))],
        forget: Annotated[
            str, typer.Option(help=N_("Take out what was taught for this element, or all of it with “all”."))
        ] = "",
        json: Annotated[bool, typer.Option("--json", help=N_("The labels as a list in JSON."))] = False,
    ) -> None:
        async def work(workplace: Workplace) -> int:
            found = await workplace.profile(profile)
            if forget:
                keys = [one.key for one in found.labels] if forget == "all" else [forget]
                done = [await workplace.forget_taught(found.name, key) for key in keys]
                if not all(done):
                    sys.stderr.write(_("Nothing was taught for {element}.").format(element=forget) + "\n")
                    return EXIT_USAGE
                found = await workplace.profile(profile)
            if json:
                encoded = msgspec.json.format(msgspec.json.encode(found.labels), indent=2)
                sys.stdout.buffer.write(encoded + b"\n")
            else:
                sys.stdout.writelines(f"{taught_words.line(one)}\n" for one in found.labels)
            if found.labels and not await workplace.may_teach():
                sys.stderr.write(taught_words.unfit(Unfit.POLICY) + "\n")
            return 0

        raise typer.Exit(work_with(rooms, work))


def _site_and_action(key: str) -> tuple[Site, str]:
    site, colon, action = key.partition(":")
    if not colon or not action or site not in {one.value for one in Site}:
        raise typer.BadParameter(
            _("{key}: give the site and the element, such as procore:refresh-vendors").format(key=key)
        )
    return Site(site), action


def _tell(site: Site, stage: CheckStage) -> None:
    sys.stderr.write(page_check.stage(site, stage) + "\n")
