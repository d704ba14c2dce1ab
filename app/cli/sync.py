"""`ondemand-sync sync`: one run on the command line, with progress for people on stderr and JSON lines on stdout."""

import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import msgspec
from rich.console import Console

from app.cli.fault import told_fault
from app.cli.interrupt import on_interrupt
from app.cli.terminal import listening
from app.domain.conclusion import told, without_a_run
from app.domain.events import (
    EXIT_CODES,
    EXIT_INTERNAL,
    EXIT_USAGE,
    PASSING,
    NeedsPerson,
    Record,
    RunEnded,
    RunOutcome,
    as_line,
)
from app.domain.filters import DateRange, Depth, Filters
from app.domain.habit import Habit
from app.domain.history import RunSummary, step_one_kind
from app.domain.looks import StepOneOutcome
from app.domain.now_and_then import good_enough
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import DriverName, FieldFault, RunSettings, is_training
from app.domain.ready import Level
from app.domain.result import file_name, result, result_not_needed, result_without_a_run
from app.domain.run import Need, RunState, fold
from app.domain.tabs import Tab
from app.engine.faces import Conductor, Looked, Message, Practice, Stop, Wanted, Workplace
from app.words import by_hand, now_and_then, problems, progress, times
from app.words import faults as fault_words
from app.words.ended import summary
from app.words.language import _


class Said(msgspec.Struct, frozen=True):
    """What was said of a run's width; None: as the company's settings have it."""

    date_range: DateRange | None = None
    depth: Depth | None = None
    tabs: tuple[Tab, ...] | None = None


class Asked(msgspec.Struct, frozen=True):
    """What the command line asked for: a new run, or that the last one goes on (`continues`).

    `older_than`: only where the last good run that did as much is older; a scheduler asks so. `anyway`: what the look
    before a run finds is told, and holds up nothing."""

    profile: str = ""
    practice: Practice | None = None
    driver: DriverName | None = None
    wanted: Wanted = Wanted()
    continues: bool = False
    message: Message | None = None
    json: bool = False
    older_than: timedelta | None = None
    said: Said = Said()
    anyway: bool = False

    def settled(self, settings: RunSettings) -> "Asked":
        """The same, with the company's settings where nothing was said."""
        said = self.said
        wanted = msgspec.structs.replace(
            self.wanted,
            filters=Filters(said.date_range or settings.date_range, said.depth or settings.depth),
            tabs=settings.tabs if said.tabs is None else said.tabs,
            jobs=self.wanted.jobs or settings.jobs or None,
        )
        return msgspec.structs.replace(self, wanted=wanted)


def run(workplace: Workplace, asked: Asked) -> int:
    """Carry it out; returns the exit code. Ctrl-C stops the run in order."""
    return anyio.run(_run, workplace, asked)


async def _run(workplace: Workplace, asked: Asked) -> int:
    say = _Teller(asked.json, alone=asked.older_than is not None)
    try:
        name = asked.profile
        if asked.practice is not None:
            name = await workplace.start_training(asked.practice)
        profile = await workplace.profile(name)
        name = profile.name  # as its file spells it, for what is said
        asked = asked.settled(profile.run)
        if asked.driver is DriverName.TRAINING and not is_training(profile):
            return say.usage(fault_words.sentence(FieldFault("driver", asked.driver.value, "driver-real")))
        good = await _good_enough(workplace, name, asked)
        if good is not None:
            return say.not_needed(good)
        if asked.wanted.step_one and not asked.continues:
            found = await workplace.ready.before_a_run(name)
            if found is not None and found.problem is not None:
                if found.level is Level.STOP and not asked.anyway:
                    return say.not_ready(found.problem)
                say.look(found.problem)
        conductor = await workplace.conductor(name, say, asked.driver)
        folder = await workplace.past.results(name)
        assisted = (asked.driver or profile.driver) is DriverName.ASSISTED
        asks = listening(say.need, conductor.tell) if assisted else nullcontext()
        with on_interrupt(lambda: conductor.tell(Stop())), asks:
            state = await _carry_out(workplace, conductor, name, asked, say)
        if state is None:
            return say.usage(_("There is no run of {name} that could go on.").format(name=name))
    except Trouble as trouble:
        return say.no_run(trouble.problem)
    except Exception as error:  # noqa: BLE001  # while the log is still open
        return say.fault(error)
    finally:
        with anyio.CancelScope(shield=True):
            await workplace.close()
    return say.end(state, folder)


async def _carry_out(
    workplace: Workplace, conductor: Conductor, name: str, asked: Asked, say: "_Teller"
) -> RunState | None:
    """The run, at its end; None where the last one should go on and has nothing left to do."""
    if asked.continues:
        last = await _last_run(workplace, name)
        if last is None or not _may_go_on(last, asked.message):
            return None
        return await conductor.go_on(last.run_id, asked.message)
    cut_off = await workplace.interrupted(name)
    if cut_off is not None:
        say.closes(cut_off)
        await conductor.close_run(cut_off.run_id)
    if asked.wanted.step_one:
        kind = step_one_kind(asked.wanted.filters)
        say.usual((await workplace.habits(name, [kind])).get(kind, Habit()))
    return await conductor.run(asked.wanted)


async def _good_enough(workplace: Workplace, name: str, asked: Asked) -> RunSummary | None:
    if asked.older_than is None:
        return None
    wanted, runs = asked.wanted, await workplace.history(name)
    return good_enough(runs, wanted.filters, wanted.tabs, asked.older_than, datetime.now(UTC))


async def _last_run(workplace: Workplace, name: str) -> RunState | None:
    runs = await workplace.history(name, 1)
    return fold(await workplace.records(name, runs[0].run_id)) if runs else None


def _may_go_on(run: RunState, message: Message | None) -> bool:
    """True for a run that was cut off, for one whose Start Sync nobody pressed, and for one that ended with tabs left:
    behind an open gate, or behind one that the person's word now opens. A second sync is never started in their place.
    """
    if run.ended is None:
        return True
    if run.waits_for_start:
        return True
    if run.match_is_left and not run.cancel_requested:
        return True
    if run.cancel_requested or not run.left:
        return False
    looked = isinstance(message, Looked) and run.step_one.outcome is StepOneOutcome.UNSURE
    return run.opened is not None or looked


class _Teller:
    """Tells each event: a line for people on stderr; with --json a line of JSON on stdout."""

    def __init__(self, json: bool, *, alone: bool = False) -> None:
        self._json = json
        self._alone = alone  # a scheduler began it: nobody may be there
        self._people = Console(stderr=True, highlight=False, soft_wrap=True)
        self._encode = msgspec.json.Encoder()
        self._state: RunState | None = None

    def need(self) -> Need | None:
        """What the run waits for now."""
        return self._state.need if self._state is not None else None

    def __call__(self, record: Record, state: RunState) -> None:
        self._state = state
        if self._json:
            self._line(as_line(record))
        if isinstance(record.event, RunEnded) or (
            isinstance(record.event, PASSING) and not self._people.is_terminal
        ):
            return
        self._people.print(f"{times.clock_seconds(record.at)}  {progress.line(record.event)}", markup=False)
        if isinstance(record.event, NeedsPerson) and record.event.by_hand is not None and sys.stdin.isatty():
            self._people.print(f"          {by_hand.answers(record.event.by_hand)}", markup=False)

    def _line(self, value: dict[str, object]) -> None:
        sys.stdout.buffer.write(self._encode.encode(value) + b"\n")
        sys.stdout.buffer.flush()

    def closes(self, cut_off: RunSummary) -> None:
        """A run was cut off, and this command did not ask for it to go on."""
        said = _(
            "The run of {when} was cut off. It is closed as it stands; --continue would have gone on with it."
        )
        when = times.day_and_clock(cut_off.started_at, datetime.now(UTC))
        self._people.print(said.format(when=when), markup=False)

    def not_needed(self, good: RunSummary) -> int:
        """The last good run was lately: none was begun."""
        if self._json:
            self._line(result_not_needed(good))
        self._people.print(now_and_then.not_needed(good, datetime.now(UTC)), markup=False)
        return EXIT_CODES[RunOutcome.OK]

    def _tell_card(self, problem: Problem, *, over: bool) -> None:
        self._people.print(problems.card(problem, over=over).as_text(), markup=False)
        why = now_and_then.why_not_alone(problem.id) if self._alone else ""
        if why:
            self._people.print(why, markup=False)

    def usual(self, known: Habit) -> None:
        """How long step 1 usually takes; nothing where too few runs tell."""
        if known.usual is not None:
            said = _("Step 1 usually takes {time} with these filters.")
            self._people.print(said.format(time=times.about(known.usual)), markup=False)

    def usage(self, said: str) -> int:
        """What was asked for cannot be done; nothing was sent."""
        self._people.print(said, markup=False)
        return EXIT_USAGE

    def fault(self, error: Exception) -> int:
        """A fault of the program; what was sent before it is in the ledger."""
        code = told_fault(error)
        if self._json:
            problem = Problem(ProblemId.INTERNAL, {"what": type(error).__name__})
            self._line(result_without_a_run(RunEnded(RunOutcome.FAILED, code, problem.id.value), problem))
        return code

    def no_run(self, problem: Problem) -> int:
        """A problem kept the run from being planned: nothing was sent."""
        ended = without_a_run(problem)
        if self._json:
            self._line(result_without_a_run(ended, problem))
        self._tell_card(problem, over=False)
        return ended.exit

    def look(self, problem: Problem) -> None:
        """Something to look at that holds up nothing."""
        self._tell_card(problem, over=False)

    def not_ready(self, problem: Problem) -> int:
        """The look before a run found what would stop it; nothing was sent, and nobody is there to be asked."""
        code = self.no_run(problem)
        self._people.print(_("The run was not begun; --anyway begins it all the same."), markup=False)
        return code

    def end(self, state: RunState, folder: str = "") -> int:
        """What happened, tab by tab, the card of every problem, and in which file it stands too; returns the exit
        code."""
        if self._json:
            self._line(result(state))
        people = self._people
        people.print()
        for line in summary(state):
            people.print(line, markup=False)
        for met in told(state.problems):
            if not met.noted:
                people.print()
                self._tell_card(met.problem, over=True)
        file = Path(folder) / f"{file_name(state)}.txt"
        if folder and file.exists():
            people.print()
            people.print(_("Written to {file}").format(file=file), markup=False)
        return state.ended.exit if state.ended else EXIT_INTERNAL
