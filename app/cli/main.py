"""The commands of `ondemand-sync`.

Exit codes: 0 ok, 10 look, 20 failed, 30 person, 64 usage, 70 internal, 130 stopped."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from app import __version__
from app.cli import companies, connect, match, portal, practice, sync
from app.cli.fault import told_fault
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, EXIT_INTERNAL, EXIT_USAGE, RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.domain.profile import DriverName
from app.domain.tabs import Tab, in_order
from app.engine.faces import Looked, Practice, Wanted
from app.words.language import choose

_SCENARIO = "What happens at the training company; `training list` names the scenarios."
_SKIN = "How the training company's pages are built; `training list --json` names the skins."
_LANGUAGE = "The language of the training company's pages, en or fr."
_TABS = f"all, none, or names with commas: {', '.join(tab.value for tab in Tab)}."
_EXITS = (
    "Exit codes: 0 ok; 10 finished, something needs a look; 20 failed; 30 a person is needed; 64 wrong usage; "
    "70 a fault of the program; 130 stopped. Ctrl-C stops in order and says what goes on in hh2."
)


def run(arguments: Sequence[str], rooms: Rooms) -> int:
    """Carry out a command line; returns the exit code and never raises."""
    choose()
    try:
        build(rooms)(list(arguments), prog_name="ondemand-sync")
    except SystemExit as ended:
        # The command line library ends with 2 on wrong usage; the field's code for that is 64.
        # Its 1 is a person who answered no, or stopped it before a run was begun.
        code = ended.code if isinstance(ended.code, int) else EXIT_INTERNAL
        return {1: EXIT_CODES[RunOutcome.CANCELLED], 2: EXIT_USAGE}.get(code, code)
    except Exception as error:  # noqa: BLE001  # a command line ends with a code, never with a traceback
        return told_fault(error)
    return 0


def build(rooms: Rooms) -> typer.Typer:
    """The commands, bound to the rooms they use."""
    app = typer.Typer(
        name="ondemand-sync",
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="On-demand sync from Sage 300 CRE through hh2 to Procore. Without a command: the window.",
    )
    _add_window(app, rooms)
    _add_sync(app, rooms)
    match.add(app, rooms)
    companies.add(app, rooms)
    connect.add(app, rooms)
    practice.add(app, rooms)
    portal.add(app, rooms)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"ondemand-sync {__version__}\n")
        raise typer.Exit


def _add_window(app: typer.Typer, rooms: Rooms) -> None:
    @app.callback(invoke_without_command=True)
    def main(
        context: typer.Context,
        version: Annotated[
            bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
        ] = False,
    ) -> None:
        del version
        if context.invoked_subcommand is None:
            raise typer.Exit(rooms.window(None, ""))

    @app.command("window", help="Open the window, on a company or on the training company.")
    def window(
        profile: Annotated[str, typer.Option(help="The company's profile.")] = "",
        training: Annotated[
            bool, typer.Option("--training", help="Practise with the training company.")
        ] = False,
        scenario: Annotated[str, typer.Option(help=_SCENARIO)] = "ok",
        trouble: Annotated[str, typer.Option(help=practice.TROUBLE)] = "",
        driver: Annotated[
            DriverName | None, typer.Option(help="How the training company's sites are reached.")
        ] = None,
        skin: Annotated[str, typer.Option(help=_SKIN)] = "plain",
        language: Annotated[str, typer.Option(help=_LANGUAGE)] = "en",
    ) -> None:
        _one_of(profile, training, needed=False)
        practice.only_in_training(trouble, training)
        trouble = practice.known_trouble(rooms, trouble)
        way = practice.driver_for(trouble, driver)
        chosen = None
        if training:
            chosen = Practice(scenario=scenario, driver=way, trouble=trouble)
        if chosen is not None:
            chosen = practice.dressed(rooms, chosen, skin, language)
        raise typer.Exit(rooms.window(chosen, profile))


def _add_sync(app: typer.Typer, rooms: Rooms) -> None:
    @app.command("sync", help="Run step 1 and step 2, with progress, to a proven end.", epilog=_EXITS)
    def sync_command(
        profile: Annotated[str, typer.Option(help="The company's profile.")] = "",
        training: Annotated[
            bool, typer.Option("--training", help="Practise with the training company.")
        ] = False,
        scenario: Annotated[str, typer.Option(help=_SCENARIO)] = "ok",
        variant: Annotated[str, typer.Option(help="A variant of the scenario.")] = "",
        seed: Annotated[int, typer.Option(help="Another number: other records, same shape.")] = 1,
        pace: Annotated[float, typer.Option(help="How slow the training company is: 0.1 is quick.")] = 1.0,
        skin: Annotated[str, typer.Option(help=_SKIN)] = "plain",
        language: Annotated[str, typer.Option(help=_LANGUAGE)] = "en",
        trouble: Annotated[str, typer.Option(help=practice.TROUBLE)] = "",
        driver: Annotated[DriverName | None, typer.Option(help="How the two sites are reached.")] = None,
        date_range: Annotated[
            DateRange, typer.Option(help="How far back hh2 looks in Sage.")
        ] = DateRange.PAST_WEEK,
        depth: Annotated[Depth, typer.Option(help="How deep hh2 looks in Sage.")] = Depth.SHALLOW,
        tabs: Annotated[str, typer.Option(help=_TABS)] = "all",
        jobs: Annotated[str, typer.Option(help="The jobs for Job Costs, by number, with commas.")] = "",
        step_two_only: Annotated[
            bool, typer.Option("--step-two-only", help="hh2 has synced by itself; needs --i-looked.")
        ] = False,
        i_looked: Annotated[str, typer.Option(help="What you saw in hh2, in your own words.")] = "",
        match_after: Annotated[
            bool, typer.Option("--match", help="After step 2: do Sage and Procore match?")
        ] = False,
        put_back: Annotated[
            bool, typer.Option("--put-back", help="Set hh2's filters back to what they were.")
        ] = False,
        go_on: Annotated[
            bool, typer.Option("--continue", help="Go on with the last run, with the tabs it had.")
        ] = False,
        json: Annotated[
            bool, typer.Option("--json", help="On stdout one JSON object a line, the result last.")
        ] = False,
    ) -> None:
        _one_of(profile, training, needed=True)
        practice.only_in_training(trouble, training)
        if step_two_only and not i_looked.strip():
            raise typer.BadParameter("--step-two-only needs --i-looked with what you saw in hh2")
        codes = tuple(code.strip() for code in jobs.split(",") if code.strip())
        wanted = Wanted(
            filters=Filters(date_range, depth),
            tabs=_tabs(tabs),
            jobs=codes or None,
            go_on=True,
            step_one=not step_two_only,
            looked=i_looked.strip(),
            match=match_after,
            put_back=put_back,
        )
        chosen = None
        if training:
            trouble = practice.known_trouble(rooms, trouble)
            driver = practice.driver_for(trouble, driver)
            chosen = Practice(scenario, variant, seed, driver, pace, trouble=trouble)
            chosen = practice.dressed(rooms, chosen, skin, language)
        message = Looked(i_looked.strip()) if go_on and i_looked.strip() else None
        asked = sync.Asked(profile, chosen, driver, wanted, go_on, message, json)
        raise typer.Exit(sync.run(rooms.workplace(), asked))


def _one_of(profile: str, training: bool, *, needed: bool) -> None:
    if profile and training:
        raise typer.BadParameter("give --profile or --training, not both")
    if needed and not profile and not training:
        raise typer.BadParameter("give --profile NAME or --training")


def _tabs(text: str) -> tuple[Tab, ...]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return tuple(Tab)
    if names == ["none"]:
        return ()
    known = {tab.value: tab for tab in Tab}
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        raise typer.BadParameter(
            f"--tabs: {', '.join(wrong) or 'nothing'}; known: all, none, {', '.join(known)}"
        )
    return in_order([known[name] for name in names])
