"""`ondemand-sync connect`: tests a company's web services in words, and lets a person sign in to them, or out."""

import sys
from typing import Annotated

import anyio
import msgspec
import typer
from rich.console import Console

from app.cli.companies import AsJson
from app.cli.fault import told_fault
from app.cli.rooms import Rooms
from app.domain.conclusion import without_a_run
from app.domain.connections import Connection, exit_code
from app.domain.problems import Problem, Trouble
from app.domain.profile import SecretState
from app.engine.faces import Practice, Workplace
from app.words import connecting, problems
from app.words.language import N_, _

_EXITS = N_(
    "Exit codes: 0 all good; 10 something is missing; 20 not reached; 30 a person is needed; 64 wrong usage; "
    "70 a fault of the program."
)


class Asked(msgspec.Struct, frozen=True):
    """What the command line asked for."""

    profile: str
    training: bool
    scenario: str = "ok"
    sign_in: bool = False
    code: bool = False
    disconnect: bool = False
    json: bool = False


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""

    @app.command(
        "connect",
        help=N_("Test the web services of a company: who, which company, which rights."),
        epilog=_EXITS,
    )
    def connect(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        scenario: Annotated[str, typer.Option(help=N_("What happens at the training company."))] = "ok",
        sign_in: Annotated[
            bool,
            typer.Option("--sign-in", help=N_("First sign in to Procore, in a browser window that opens.")),
        ] = False,
        code: Annotated[
            bool,
            typer.Option(
                "--code", help=N_("First sign in in a browser of your own, and give the code it shows.")
            ),
        ] = False,
        disconnect: Annotated[
            bool, typer.Option("--disconnect", help=N_("Revoke and forget the sign-in that is kept."))
        ] = False,
        json: AsJson = False,
    ) -> None:
        if bool(profile) is training:
            raise typer.BadParameter(_("give --profile NAME or --training"))
        if sign_in + code + disconnect > 1:
            raise typer.BadParameter(_("give one of --sign-in, --code and --disconnect"))
        asked = Asked(profile, training, scenario, sign_in, code, disconnect, json)
        raise typer.Exit(anyio.run(_connect, rooms.workplace(), asked))


async def _connect(workplace: Workplace, asked: Asked) -> int:
    people = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    try:
        if asked.training:
            name = await workplace.start_training(Practice(scenario=asked.scenario))
        else:
            name = asked.profile
        if asked.disconnect:
            return await _disconnect(workplace, name, people, json=asked.json)
        if asked.sign_in:
            people.print(connecting.waiting())
            people.print(connecting.connected(await workplace.sign_in_to_services(name) is SecretState.KEPT))
        if asked.code:
            address = await workplace.ask_for_code(name)
            people.print(connecting.open_this(address))
            text = await anyio.to_thread.run_sync(_typed)
            people.print(connecting.connected(await workplace.give_code(name, text) is SecretState.KEPT))
        found = await workplace.connections(name)
    except Trouble as trouble:
        return _trouble(trouble.problem, people, json=asked.json)
    except Exception as error:  # noqa: BLE001  # while the log is still open
        return told_fault(error)
    finally:
        with anyio.CancelScope(shield=True):
            await workplace.close()
    return _told(found, json=asked.json)


async def _disconnect(workplace: Workplace, name: str, people: Console, *, json: bool) -> int:
    account = (await workplace.profile(name)).procore.service_account
    what = await workplace.disconnect(name)
    if json:
        _print_json({"disconnected": what, "exit": 0})
    people.print(connecting.disconnected(what, service_account=account))
    return 0


def _typed() -> str:
    """The code, from a prompt that does not show it, or from standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("code", hide_input=True))
    return sys.stdin.readline().strip()


def _trouble(problem: Problem, people: Console, *, json: bool) -> int:
    ended = without_a_run(problem)
    if json:
        _print_json({"connections": [], "exit": ended.exit, "problem": problem})
    people.print(problems.card(problem).as_text())
    return ended.exit


def _told(found: list[Connection], *, json: bool) -> int:
    code = exit_code(found)
    if json:
        _print_json({"connections": found, "exit": code})
        return code
    for place, one in enumerate(found):
        said = connecting.told(one)
        if place:
            sys.stdout.write("\n")
        sys.stdout.write(said.title + "\n")
        sys.stdout.writelines(f"  {line}\n" for line in said.found)
        if said.missing:
            sys.stdout.write("  " + connecting.missing_title() + "\n")
            sys.stdout.writelines(f"    {line}\n" for line in said.missing)
    return code


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    sys.stdout.buffer.flush()
