"""The commands of `ondemand-sync`.

Exit codes: 0 ok, 10 look, 20 failed, 30 person, 64 usage, 70 internal, 130 stopped."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from app import __version__
from app.cli import (
    chosen,
    companies,
    connect,
    freshness,
    match,
    policy,
    portal,
    practice,
    preflight,
    spoken,
    support,
    sync,
)
from app.cli.fault import known, told_fault
from app.cli.rooms import Rooms
from app.domain.events import EXIT_CODES, EXIT_INTERNAL, EXIT_USAGE, RunOutcome
from app.domain.filters import DateRange, Depth
from app.domain.now_and_then import age
from app.domain.profile import DriverName
from app.domain.tabs import Tab, in_order
from app.engine.faces import Looked, Practice, Wanted
from app.words.language import N_, _, available, choose

_SCENARIO = N_("What happens at the training company; `training list` names the scenarios.")
_SKIN = N_("How the training company's pages are built; `training list` names the skins.")
_LANGUAGE = N_("The language of the training company's pages, en or fr.")
_TABS = N_("all, none, or names with commas: {names}.")
_EXITS = N_(
    "Exit codes: 0 ok; 10 finished, something needs a look; 20 failed; 30 a person is needed; 64 wrong usage; "
    "70 a fault of the program; 130 stopped. Ctrl-C stops in order and says what goes on in hh2."
)


def run(arguments: Sequence[str], rooms: Rooms) -> int:
    """Carry out a command line; returns the exit code and never raises."""
    choose(chosen.asked(arguments) or rooms.language())
    try:
        spoken.speak(build(rooms))(list(arguments), prog_name="ondemand-sync")
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
        help=N_("On-demand sync from Sage 300 CRE through hh2 to Procore. Without a command: the window."),
    )
    _add_window(app, rooms)
    _add_sync(app, rooms)
    match.add(app, rooms)
    companies.add(app, rooms)
    connect.add(app, rooms)
    practice.add(app, rooms)
    portal.add(app, rooms)
    preflight.add(app, rooms)
    freshness.add(app, rooms)
    policy.add(app, rooms)
    chosen.add(app, rooms)
    support.add(app, rooms)
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
            bool, typer.Option("--version", callback=_version, is_eager=True, help=N_("Say the version."))
        ] = False,
        language: Annotated[str, typer.Option(help=N_("The language of this program, for this call."))] = "",
    ) -> None:
        del version
        if language and language.replace("-", "_").partition("_")[0] not in available():
            raise typer.BadParameter(known(f"--language: {language}", available()))
        if context.invoked_subcommand is None:
            raise typer.Exit(rooms.window(None, ""))

    @app.command("window", help=N_("Open the window, on a company or on the training company."))
    def window(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        scenario: Annotated[str, typer.Option(help=_SCENARIO)] = "ok",
        trouble: Annotated[str, typer.Option(help=practice.TROUBLE)] = "",
        driver: Annotated[
            DriverName | None, typer.Option(help=N_("How the training company's sites are reached."))
        ] = None,
        skin: Annotated[str, typer.Option(help=_SKIN)] = "plain",
        language: Annotated[str, typer.Option(help=_LANGUAGE)] = "en",
        in_tray: Annotated[
            bool, typer.Option("--in-tray", help=N_("Begin as an icon in the tray, without a window."))
        ] = False,
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
        raise typer.Exit((rooms.in_the_tray if in_tray else rooms.window)(chosen, profile))


def _add_sync(app: typer.Typer, rooms: Rooms) -> None:
    @app.command("sync", help=N_("Run step 1 and step 2, with progress, to a proven end."), epilog=_EXITS)
    def sync_command(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        scenario: Annotated[str, typer.Option(help=_SCENARIO)] = "ok",
        variant: Annotated[str, typer.Option(help=N_("A variant of the scenario."))] = "",
        seed: Annotated[int, typer.Option(help=N_("Another number: other records, same shape."))] = 1,
        pace: Annotated[
            float, typer.Option(help=N_("How slow the training company is: 0.1 is quick."))
        ] = 1.0,
        skin: Annotated[str, typer.Option(help=_SKIN)] = "plain",
        language: Annotated[str, typer.Option(help=_LANGUAGE)] = "en",
        trouble: Annotated[str, typer.Option(help=practice.TROUBLE)] = "",
        driver: Annotated[DriverName | None, typer.Option(help=N_("How the two sites are reached."))] = None,
        date_range: Annotated[
            DateRange | None,
            typer.Option(help=N_("How far back hh2 looks in Sage; else as the company's settings say.")),
        ] = None,
        depth: Annotated[
            Depth | None,
            typer.Option(help=N_("How deep hh2 looks in Sage; else as the company's settings say.")),
        ] = None,
        tabs: Annotated[
            str | None, typer.Option(help=_(_TABS).format(names=", ".join(tab.value for tab in Tab)))
        ] = None,
        jobs: Annotated[str, typer.Option(help=N_("The jobs for Job Costs, by number, with commas."))] = "",
        step_two_only: Annotated[
            bool, typer.Option("--step-two-only", help=N_("hh2 has synced by itself; needs --i-looked."))
        ] = False,
        i_looked: Annotated[str, typer.Option(help=N_("What you saw in hh2, in your own words."))] = "",
        match_after: Annotated[
            bool, typer.Option("--match", help=N_("After step 2: do Sage and Procore match?"))
        ] = False,
        put_back: Annotated[
            bool, typer.Option("--put-back", help=N_("Set hh2's filters back to what they were."))
        ] = False,
        go_on: Annotated[
            bool, typer.Option("--continue", help=N_("Go on with the last run, with the tabs it had."))
        ] = False,
        if_older_than: Annotated[
            str,
            typer.Option(
                metavar="AGE",
                help=N_(
                    "For a scheduler, such as 30m, 2h or 1d: only where the last good run with these tabs and filters "
                    "is older; else nothing is begun, which the result says (not-needed, exit 0)."
                ),
            ),
        ] = "",
        anyway: Annotated[
            bool,
            typer.Option(
                "--anyway",
                help=N_("Begin though a service of hh2 or of Sage's database is stopped on this computer."),
            ),
        ] = False,
        json: Annotated[
            bool, typer.Option("--json", help=N_("On stdout one JSON object a line, the result last."))
        ] = False,
    ) -> None:
        _one_of(profile, training, needed=True)
        older_than = _older_than(if_older_than, word=step_two_only or go_on or bool(i_looked.strip()))
        practice.only_in_training(trouble, training)
        if step_two_only and not i_looked.strip():
            raise typer.BadParameter(_("--step-two-only needs --i-looked with what you saw in hh2"))
        codes = tuple(code.strip() for code in jobs.split(",") if code.strip())
        wanted = Wanted(
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
        said = sync.Said(date_range, depth, None if tabs is None else _tabs(tabs))
        asked = sync.Asked(profile, chosen, driver, wanted, go_on, message, json, older_than, said, anyway)
        raise typer.Exit(sync.run(rooms.workplace(), asked))


def _one_of(profile: str, training: bool, *, needed: bool) -> None:
    if profile and training:
        raise typer.BadParameter(_("give --profile or --training, not both"))
    if needed and not profile and not training:
        raise typer.BadParameter(_("give --profile NAME or --training"))


def _older_than(text: str, *, word: bool) -> timedelta | None:
    """`word`: a person said something in the same command, and so is there."""
    if not text:
        return None
    found = age(text)
    if found is None:
        raise typer.BadParameter(
            _("--if-older-than {text}: give minutes, hours or days, such as 30m, 2h or 1d").format(
                text=repr(text)
            )
        )
    if word:
        raise typer.BadParameter(
            _(
                "--if-older-than begins a new run by itself: not with --continue, --step-two-only or --i-looked"
            )
        )
    return found


def _tabs(text: str) -> tuple[Tab, ...]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return tuple(Tab)
    if names == ["none"]:
        return ()
    named = {tab.value: tab for tab in Tab}
    wrong = [name for name in names if name not in named]
    if wrong or not names:
        unknown = ", ".join(wrong) or _("nothing")
        raise typer.BadParameter(known(f"--tabs: {unknown}", ("all", "none", *named)))
    return in_order([named[name] for name in names])
