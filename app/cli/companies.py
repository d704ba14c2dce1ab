"""`profile`, `secret` and `history`: the companies, their secrets, and what was done for them."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import anyio
import msgspec
import typer
from rich.console import Console
from rich.table import Table

from app.cli.fault import known, told_fault
from app.cli.rooms import Rooms
from app.domain.addresses import hh2_site
from app.domain.conclusion import without_a_run
from app.domain.events import EXIT_CODES, EXIT_USAGE, RunOutcome
from app.domain.history import RunSummary
from app.domain.laid_down import OF_A_PERSON
from app.domain.problems import Trouble
from app.domain.profile import (
    DriverName,
    Hh2Settings,
    MatchSettings,
    ProcoreSettings,
    Profile,
    RunSettings,
    Secret,
    SecretState,
)
from app.engine.faces import Workplace
from app.words import audit, keeping, outcomes, problems, sites, tabs, times
from app.words import faults as fault_words
from app.words import laid_down as laid_words
from app.words.language import N_, _, named

AsJson = Annotated[bool, typer.Option("--json", help=N_("Machine-readable."))]
Name = Annotated[str, typer.Argument(metavar="NAME", help=N_("The company's profile."))]

# Those that a person has; the others are the program's own.
_OWN = (Secret.PROCORE_TOKENS, Secret.HH2_SIGN_IN, Secret.PROCORE_SIGN_IN, Secret.LEDGER_KEY)
_TYPED = tuple(secret.value for secret in Secret if secret not in _OWN)
_FORGOTTEN = (*_TYPED, Secret.HH2_SIGN_IN.value, Secret.PROCORE_SIGN_IN.value)


_USUAL = MatchSettings()


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the commands of companies, secrets and history."""
    _add_profiles(app, rooms)
    _add_secrets(app, rooms)
    _add_history(app, rooms)


def work_with(rooms: Rooms, work: Callable[[Workplace], Awaitable[int]]) -> int:
    """Do something in the workplace; a problem is told with its card, and has its exit code."""

    async def main() -> int:
        workplace = rooms.workplace()
        try:
            return await work(workplace)
        except Trouble as trouble:
            sys.stderr.write(problems.card(trouble.problem).as_text() + "\n")
            return without_a_run(trouble.problem).exit
        except typer.Abort:  # a question, and nobody there who answers
            return EXIT_CODES[RunOutcome.CANCELLED]
        except Exception as error:  # noqa: BLE001  # while the log is still open
            return told_fault(error)
        finally:
            await workplace.close()

    return anyio.run(main)


def _json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def _add_profiles(app: typer.Typer, rooms: Rooms) -> None:
    profile_app = typer.Typer(
        no_args_is_help=True, help=N_("The companies: one profile each, without secrets.")
    )
    app.add_typer(profile_app, name="profile")

    @profile_app.command("list", help=N_("The names of all profiles."))
    def list_profiles(json: AsJson = False) -> None:
        async def work(workplace: Workplace) -> int:
            names = await workplace.profiles()
            if json:
                _json(names)
            else:
                sys.stdout.writelines(f"{name}\n" for name in names)
            return 0

        raise typer.Exit(work_with(rooms, work))

    @profile_app.command("show", help=N_("One profile, and which of its secrets are kept."))
    def show(name: Name, json: AsJson = False) -> None:
        async def work(workplace: Workplace) -> int:
            profile = await workplace.profile(name)
            shown = (
                Secret.HH2_PASSWORD,
                Secret.PROCORE_PASSWORD,
                Secret.PROCORE_CLIENT_SECRET,
                Secret.HH2_API_KEY,
            )
            states = {
                secret.value: (await workplace.secret_state(profile.name, secret)).value for secret in shown
            }
            value = {**msgspec.to_builtins(profile), "secrets": states}
            if json:
                _json(value)
            else:
                _print_settings(value)
            return 0

        raise typer.Exit(work_with(rooms, work))

    @profile_app.command("create", help=N_("A new profile. Its file can be edited by hand afterwards."))
    def create(
        name: Name,
        hh2: Annotated[str, typer.Option(help=N_("The hh2 site: its name, or its address."))] = "",
        hh2_user: Annotated[str, typer.Option(help=N_("The user name at hh2."))] = "",
        hh2_base: Annotated[
            str, typer.Option(help=N_("hh2's address, if it is not https://SITE.hh2.com."))
        ] = "",
        hh2_services: Annotated[
            bool, typer.Option("--hh2-services", help=N_("Use hh2's documented web services too."))
        ] = False,
        company_id: Annotated[int, typer.Option(help=N_("The number of the company in Procore."))] = 0,
        procore_user: Annotated[str, typer.Option(help=N_("The user name at Procore."))] = "",
        procore_web: Annotated[str, typer.Option(help=N_("Procore's web address."))] = "",
        procore_api: Annotated[str, typer.Option(help=N_("Procore's API address."))] = "",
        procore_login: Annotated[str, typer.Option(help=N_("Procore's sign-in address."))] = "",
        client_id: Annotated[
            str, typer.Option(help=N_("The company's own Procore app, if there is one."))
        ] = "",
        service_account: Annotated[
            bool, typer.Option("--service-account", help=N_("That app is a service account."))
        ] = False,
        driver: Annotated[
            DriverName, typer.Option(help=N_("How the two sites are reached."))
        ] = DriverName.BROWSER,
        keep_sign_in: Annotated[
            bool,
            typer.Option(
                "--keep-sign-in", help=N_("Keep the browser's sign-ins in the keyring between runs.")
            ),
        ] = False,
        keep_days: Annotated[
            int, typer.Option(help=N_("Days that records and reports of comparisons are kept; 0: for ever."))
        ] = _USUAL.keep_days,
        brake_percent: Annotated[
            int,
            typer.Option(help=N_("The safety brake: a list that lost more per cent than this stops a run.")),
        ] = _USUAL.brake_percent,
        brake_records: Annotated[
            int, typer.Option(help=N_("The safety brake: … and at least so many records."))
        ] = _USUAL.brake_records,
        brake_small: Annotated[
            int, typer.Option(help=N_("The safety brake: lists of fewer records, by per cent alone."))
        ] = _USUAL.brake_small,
    ) -> None:
        try:
            site = hh2_site(hh2) if hh2 else ""
        except ValueError:
            raise typer.BadParameter(
                _("--hh2 {site}: give the site as it stands before .hh2.com").format(site=hh2)
            ) from None
        given = {"web": procore_web, "api": procore_api, "login": procore_login}
        procore = ProcoreSettings(
            company_id=company_id,
            user=procore_user,
            client_id=client_id,
            service_account=service_account,
            **{key: value for key, value in given.items() if value},
        )
        profile = Profile(name, driver, Hh2Settings(site, hh2_base, hh2_user, hh2_services), procore)
        match = MatchSettings(keep_days, brake_percent, brake_records, brake_small)
        run = RunSettings(keep_sign_in=keep_sign_in)
        profile = msgspec.structs.replace(profile, run=run, match=match)

        async def work(workplace: Workplace) -> int:
            if await workplace.spelt(name) is not None:
                sys.stderr.write(_("There is already a company of the name {name}.").format(name=name) + "\n")
                return EXIT_USAGE
            wrong = await workplace.save(profile, new=True)
            for fault in wrong:
                sys.stderr.write(fault_words.sentence(fault) + "\n")
            return EXIT_USAGE if wrong else 0

        raise typer.Exit(work_with(rooms, work))

    @profile_app.command("delete", help=N_("The profile, its secrets, and its history on this computer."))
    def delete(
        name: Name, yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False
    ) -> None:
        if not yes:
            typer.confirm(
                _("Delete {name}, its secrets and its history on this computer?").format(name=name),
                abort=True,
            )

        async def work(workplace: Workplace) -> int:
            if (await workplace.laid_down(name)).is_deployed:
                sys.stderr.write(laid_words.not_deleted(name) + "\n")
                return EXIT_USAGE
            await workplace.delete(name)
            return 0

        raise typer.Exit(work_with(rooms, work))


def _print_settings(value: dict[str, object]) -> None:
    for key, part in value.items():
        if isinstance(part, dict):
            sys.stdout.writelines(f"{key}.{inner} = {_shown(one)}\n" for inner, one in part.items())
        else:
            sys.stdout.write(f"{key} = {_shown(part)}\n")


def _shown(value: object) -> str:
    """A setting as its file has it."""
    return msgspec.json.encode(value).decode()


def _add_secrets(app: typer.Typer, rooms: Rooms) -> None:
    secret_app = typer.Typer(
        no_args_is_help=True, help=N_("Secrets go into this computer's keyring, never into a file.")
    )
    app.add_typer(secret_app, name="secret")
    _add_forget(secret_app, rooms)

    @secret_app.command(
        "set", help=N_("Keep a secret; it is read from standard input (a prompt on a terminal).")
    )
    def set_secret(
        name: Annotated[
            str, typer.Argument(metavar="NAME", help=_("One of {names}.").format(names=", ".join(_TYPED)))
        ],
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))],
    ) -> None:
        secret = _known(name, _TYPED)
        text = (
            typer.prompt(secret.value, hide_input=True)
            if sys.stdin.isatty()
            else sys.stdin.readline().rstrip("\r\n")
        )
        if not text:
            raise typer.BadParameter(_("nothing was given on standard input"))

        async def work(workplace: Workplace) -> int:
            laid = await workplace.laid_down(profile)
            if secret in OF_A_PERSON and not laid.policy.save_passwords:
                sys.stderr.write(laid_words.no_passwords() + "\n")
                return EXIT_USAGE
            state = await workplace.keep_secret(profile, secret, text, remember=True)
            return 0 if state is SecretState.KEPT else 30

        raise typer.Exit(work_with(rooms, work))


def _add_forget(secret_app: typer.Typer, rooms: Rooms) -> None:
    @secret_app.command("forget", help=N_("Take a secret out of this computer's keyring."))
    def forget(
        name: Annotated[
            str, typer.Argument(metavar="NAME", help=_("One of {names}.").format(names=", ".join(_FORGOTTEN)))
        ],
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))],
    ) -> None:
        secret = _known(name, _FORGOTTEN)

        async def work(workplace: Workplace) -> int:
            await workplace.forget_secret(profile, secret)
            return 0

        raise typer.Exit(work_with(rooms, work))


def _known(name: str, names: tuple[str, ...]) -> Secret:
    if name not in names:
        raise typer.BadParameter(known(name, names))
    return Secret(name)


def _add_history(app: typer.Typer, rooms: Rooms) -> None:
    history_app = typer.Typer(help=N_("What was synced, when, by whom, and how it ended."))
    app.add_typer(history_app, name="history")

    @history_app.callback(invoke_without_command=True)
    def history(
        context: typer.Context,
        profile: Annotated[str, typer.Option(help=N_("One company only."))] = "",
        limit: Annotated[int, typer.Option(min=1, help=N_("How many runs."))] = 50,
        json: AsJson = False,
    ) -> None:
        if context.invoked_subcommand is not None:
            return

        async def work(workplace: Workplace) -> int:
            runs = await workplace.history(profile or None, limit)
            if profile and not runs and await workplace.spelt(profile) is None:
                sys.stderr.write(_("There is no company of the name {name}.").format(name=profile) + "\n")
                return EXIT_USAGE
            if json:
                _json(runs)
            else:
                _print_history(runs)
            return 0

        raise typer.Exit(work_with(rooms, work))

    @history_app.command(
        "begin-anew",
        help=N_(
            "Where the ledger cannot be used: put it aside, and begin a new history. A ledger that can be used stays."
        ),
    )
    def begin_anew(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))],
        yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False,
    ) -> None:
        if not yes:
            typer.confirm(keeping.begin_anew(profile), abort=True)

        async def work(workplace: Workplace) -> int:
            kept = await workplace.begin_history_anew(profile)
            sys.stderr.write(keeping.begun_anew(kept) + "\n")
            return 0 if kept else EXIT_USAGE

        raise typer.Exit(work_with(rooms, work))

    @history_app.command(
        "verify",
        help=N_(
            "Check that the ledger stands as it was written: edits, cuts and moved events are found and placed. "
            "Exit 10 where something is found, or where not all of it could be checked."
        ),
    )
    def verify(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))], json: AsJson = False
    ) -> None:
        async def work(workplace: Workplace) -> int:
            found = await workplace.verify(profile)
            if json:
                _json(found)
            else:
                sys.stdout.writelines(f"{line}\n" for line in audit.verdict(found))
            return 0 if found.holds else EXIT_CODES[RunOutcome.LOOK]

        raise typer.Exit(work_with(rooms, work))


def _print_history(runs: list[RunSummary]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in (_("When"), _("Company"), _("Who"), _("Filters"), _("Step 1"), _("Tabs"), _("Outcome")):
        table.add_column(title)
    now = datetime.now(UTC)
    for one in runs:
        ended = [
            named(tabs.title(tab), outcomes.tab(end)) for tab, end in one.tabs.items() if end is not None
        ]
        table.add_row(
            times.day_and_clock(one.started_at, now),
            one.profile,
            one.who,
            sites.filters(one.filters),
            outcomes.step_one(one.step_one) if one.step_one else "",
            "\n".join(ended),
            outcomes.run(one.outcome) if one.outcome else _("cut off"),
        )
    wide = None if sys.stdout.isatty() else 200  # in a pipe nothing is wrapped to a screen that is not there
    Console(highlight=False, markup=False, width=wide).print(table)
