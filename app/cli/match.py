"""`ondemand-sync match`: do they match? Both sides are read and compared, without a run."""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import anyio
import msgspec
import typer
from rich.console import Console

from app.cli.companies import AsJson, work_with
from app.cli.fault import told_fault
from app.cli.interrupt import on_interrupt
from app.cli.practice import Size
from app.cli.rooms import Rooms
from app.domain.conclusion import without_a_run
from app.domain.events import EXIT_CODES, RunOutcome
from app.domain.match_progress import Compared, Estimate, Progress
from app.domain.match_question import TOLERANCE, Asked
from app.domain.problems import Problem, Trouble
from app.domain.result import match_result
from app.engine.faces import Practice, Workplace
from app.words import keeping, match_told, problems
from app.words.language import N_, _

_EXITS = N_(
    "Exit codes: 0 match; 10 something differs or could not be compared; 20 failed; 30 a person is needed; "
    "64 wrong usage; 70 a fault of the program; 130 stopped: what was read stays, and the next time goes on from there."
)
_FILE = N_("A CSV or workbook in place of {side}'s list: FILE holds costs, LIST=FILE another ({lists}).")
_COLUMN = N_(
    "Which heading of that file fills a column: amount='Actual Cost'; remembered for files with the same headings. "
    "Columns: job, sub_job, cost_code, cost_type, amount, posted, vendor, text, code, name."
)
_LISTS = "jobs, vendors, cost-codes, cost-types, sub-jobs, prime-contracts, commitments, costs"


def add(app: typer.Typer, rooms: Rooms) -> None:
    """Add the command."""
    match_app = typer.Typer()
    app.add_typer(match_app, name="match")
    _add_forget(match_app, rooms)

    @match_app.callback(
        invoke_without_command=True,
        help=N_("Do Sage and Procore match? Reads both sides, presses nothing."),
        epilog=_EXITS,
    )
    def match(
        context: typer.Context,
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))] = "",
        training: Annotated[
            bool, typer.Option("--training", help=N_("Practise with the training company."))
        ] = False,
        scenario: Annotated[str, typer.Option(help=N_("What happens at the training company."))] = "ok",
        seed: Annotated[int, typer.Option(help=N_("Another number: other records, same shape."))] = 1,
        size: Annotated[
            Size,
            typer.Option(help=N_("The training company's size; large has 1,000,000 job cost transactions.")),
        ] = Size.SMALL,
        hour: Annotated[
            float,
            typer.Option(min=1.0, help=N_("How many seconds the training Procore's hour of requests lasts.")),
        ] = 60.0,
        sage: Annotated[
            list[str] | None, typer.Option(help=_(_FILE).format(side="Sage", lists=_LISTS))
        ] = None,
        procore: Annotated[
            list[str] | None, typer.Option(help=_(_FILE).format(side="Procore", lists=_LISTS))
        ] = None,
        sage_column: Annotated[list[str] | None, typer.Option(help=_COLUMN)] = None,
        procore_column: Annotated[list[str] | None, typer.Option(help=_COLUMN)] = None,
        jobs: Annotated[str, typer.Option(help=N_("Only these jobs, by number, with commas."))] = "",
        as_of: Annotated[str, typer.Option(help=N_("Leave out cost after this day (2026-10-31)."))] = "",
        tolerance: Annotated[
            str, typer.Option(help=N_("Differences below this amount are within tolerance."))
        ] = str(TOLERANCE),
        fresh: Annotated[
            bool, typer.Option("--fresh", help=N_("Read everything anew, also what did not move."))
        ] = False,
        far_fewer: Annotated[
            bool, typer.Option("--far-fewer", help=N_("I looked: far fewer records than last time is right."))
        ] = False,
        out: Annotated[str, typer.Option(help=N_("Write the report into this folder."))] = "",
        json: AsJson = False,
    ) -> None:
        if context.invoked_subcommand is not None:
            return
        if bool(profile) is training:
            raise typer.BadParameter(_("give --profile NAME or --training"))
        asked = Asked(
            tolerance=_amount(tolerance),
            jobs=tuple(code.strip() for code in jobs.split(",") if code.strip()),
            as_of=_day(as_of) if as_of else None,
            sage=tuple(sage or ()),
            procore=tuple(procore or ()),
            sage_columns=tuple(sage_column or ()),
            procore_columns=tuple(procore_column or ()),
            fresh=fresh,
            against_brake=far_fewer,
            out=out,
        )
        practice = Practice(scenario=scenario, seed=seed, size=size.value, hour=hour) if training else None
        raise typer.Exit(anyio.run(_match, rooms.workplace(), profile, practice, asked, json))


def _add_forget(match_app: typer.Typer, rooms: Rooms) -> None:
    @match_app.command(
        "forget",
        help=N_(
            "Delete what was read of a company, and its reports, on this computer. Its settings, passwords and the "
            "history of runs stay."
        ),
    )
    def forget(
        profile: Annotated[str, typer.Option(help=N_("The company's profile."))],
        yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False,
    ) -> None:
        if not yes:
            typer.confirm(keeping.forget_readings(profile), abort=True)

        async def work(workplace: Workplace) -> int:
            files = await workplace.matching.forget(profile)
            sys.stderr.write(keeping.readings_forgotten(files) + "\n")
            return 0

        raise typer.Exit(work_with(rooms, work))


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(_("--tolerance: {text} is no amount").format(text=text)) from None
    if not found.is_finite() or found < 0 or found >= Decimal(10) ** 15:
        raise typer.BadParameter(_("--tolerance: {text} is no amount").format(text=text))
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            _("--as-of: {text} is no day; for example 2026-10-31").format(text=text)
        ) from None


async def _match(
    workplace: Workplace, profile: str, practice: Practice | None, asked: Asked, json: bool
) -> int:
    say = _Teller(json)
    compared: Compared | None = None
    try:
        name = await workplace.start_training(practice) if practice else profile
        with anyio.CancelScope() as scope, on_interrupt(scope.cancel):
            compared = await workplace.matching.match(name, asked, say)
    except Trouble as trouble:
        return say.trouble(trouble.problem)
    except Exception as error:  # noqa: BLE001  # while the log is still open
        return told_fault(error)
    finally:
        with anyio.CancelScope(shield=True):
            await workplace.close()
    return say.stopped() if compared is None else say.end(compared)


class _Teller:
    """Tells how far it is: on stderr for people, and with --json the result alone on stdout."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._people = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
        self._last = ""

    def __call__(self, told: Progress | Estimate) -> None:
        match told:
            case Estimate():
                self._people.print(match_told.estimate(told))
            case Progress(step="reading") if not self._people.is_terminal:
                pass
            case Progress(side=side, kind=kind, step=step):
                # On a terminal one line for each list that is begun, not one for each block.
                mark = f"{step} {side} {kind}"
                if mark != self._last:
                    self._people.print(match_told.progress(told))
                self._last = mark

    def trouble(self, problem: Problem) -> int:
        """A problem kept the comparison from being made."""
        ended = without_a_run(problem)
        self._result(ended.exit, None, [{"id": problem.id.value, "facts": problem.facts}])
        self._people.print(problems.card(problem).as_text())
        return ended.exit

    def stopped(self) -> int:
        """The person stopped it."""
        code = EXIT_CODES[RunOutcome.CANCELLED]
        self._result(code, None, [])
        self._people.print(_("Stopped. What was read stays; the next time goes on from there."))
        return code

    def end(self, compared: Compared) -> int:
        """The verdict and what it stands on."""
        code = compared.report.verdict.exit
        self._result(code, match_result(compared.summary()), [])
        self._people.print()
        for line in match_told.lines(compared, datetime.now(UTC)):
            self._people.print(line)
        return code

    def _result(self, code: int, found: dict[str, object] | None, problem: list[dict[str, object]]) -> None:
        if self._json:
            line = {"type": "result", "exit": code, "match": found, "problems": problem}
            sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
            sys.stdout.buffer.flush()
