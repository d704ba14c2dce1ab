"""`ondemand-sync freshness`: how old are the data in hh2 and in Procore?"""

import sys
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

from app.cli.companies import AsJson, work_with
from app.cli.rooms import Rooms
from app.domain.events import Site
from app.domain.freshness import Freshness, Shown
from app.domain.problems import Trouble
from app.domain.tabs import Tab
from app.engine.faces import Practice, Workplace
from app.words import freshness
from app.words.language import N_, _


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""

    @app.command(
        "freshness",
        help=N_(
            "How old are the data in hh2 and in Procore, as far as this program's runs know? With --look it signs in "
            "to hh2 and says what its page shows; it presses nothing."
        ),
    )
    def command(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        look: Annotated[
            bool, typer.Option("--look", help=N_("Sign in to hh2 and look at its page."))
        ] = False,
        json: AsJson = False,
    ) -> None:
        if bool(profile) == training:
            raise typer.BadParameter(_("give --profile NAME or --training"))

        async def work(workplace: Workplace) -> int:
            name = await workplace.start_training(Practice()) if training else profile
            name = (await workplace.profile(name)).name
            seen = None
            if look:
                tested = await workplace.test(name, Site.HH2)
                if tested.problem is not None:
                    raise Trouble(tested.problem)
                seen = tested.shown
            known, good = await workplace.past.freshness(name), await workplace.last_good(name)
            now = datetime.now(UTC)
            if json:
                told = msgspec.json.encode(_as_json(name, known, good, seen))
                sys.stdout.buffer.write(msgspec.json.format(told, indent=2) + b"\n")
            else:
                sys.stdout.writelines(f"{line}\n" for line in freshness.lines(known, good, seen, now))
            return 0

        raise typer.Exit(work_with(rooms, work))


def _as_json(
    name: str, known: Freshness, last_good: datetime | None, seen: Shown | None
) -> dict[str, object]:
    tabs = {tab.value: known.tabs.get(tab) for tab in Tab}
    return {
        "type": "freshness",
        "profile": name,
        "last_good": last_good,
        "hh2": {"at": known.sage, "filters": known.filters},
        "procore": {
            tab: None if one is None else {"at": one.at, "outcome": one.outcome} for tab, one in tabs.items()
        },
        "hh2_shows": seen,
    }
