"""`ondemand-sync sync`: one run on the command line, with progress for people on stderr and JSON lines on stdout."""

import sys
from contextlib import nullcontext
from datetime import UTC, datetime

import anyio
import msgspec
from rich.console import Console

from app.cli.fault import told_fault
from app.cli.interrupt import on_interrupt
from app.cli.result import result, result_without_a_run
from app.cli.terminal import listening
from app.domain.conclusion import told, without_a_run
from app.domain.events import (
    EXIT_INTERNAL,
    EXIT_USAGE,
    PASSING,
    NeedsPerson,
    Record,
    RunEnded,
    RunOutcome,
    as_line,
)
from app.domain.history import RunSummary
from app.domain.looks import StepOneOutcome
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import DriverName, FieldFault, is_training
from app.domain.run import Need, Press, RunState, fold
from app.engine.faces import Conductor, Looked, Message, Practice, Stop, Wanted, Workplace
from app.words import by_hand, match_told, outcomes, problems, progress, tabs, times
from app.words import faults as fault_words
from app.words.language import _


class Asked(msgspec.Struct, frozen=True):
    """What the command line asked for: a new run, or that the last one goes on (`continues`)."""

    profile: str = ""
    practice: Practice | None = None
    driver: DriverName | None = None
    wanted: Wanted = Wanted()
    continues: bool = False
    message: Message | None = None
    json: bool = False


def run(workplace: Workplace, asked: Asked) -> int:
    """Carry it out; returns the exit code. Ctrl-C stops the run in order."""
    return anyio.run(_run, workplace, asked)


async def _run(workplace: Workplace, asked: Asked) -> int:
    say = _Teller(asked.json)
    try:
        name = asked.profile
        if asked.practice is not None:
            name = await workplace.start_training(asked.practice)
        profile = await workplace.profile(name)
        name = profile.name  # as its file spells it, for what is said
        if asked.driver is DriverName.TRAINING and not is_training(profile):
            return say.usage(fault_words.sentence(FieldFault("driver", asked.driver.value, "driver-real")))
        conductor = await workplace.conductor(name, say, asked.driver)
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
    return say.end(state)


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
    return await conductor.run(asked.wanted)


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

    def __init__(self, json: bool) -> None:
        self._json = json
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
        self._people.print(problems.card(problem).as_text(), markup=False)
        return ended.exit

    def end(self, state: RunState) -> int:
        """What happened, tab by tab, and the card of every problem; returns the exit code."""
        if self._json:
            self._line(result(state))
        people = self._people
        people.print()
        for line in summary(state):
            people.print(line, markup=False)
        for met in told(state.problems):
            if not met.noted:
                people.print()
                people.print(problems.card(met.problem).as_text(), markup=False)
        return state.ended.exit if state.ended else EXIT_INTERNAL


def summary(state: RunState) -> list[str]:
    """The end of a run in words: step 1, each tab with its evidence, and the outcome."""
    lines: list[str] = []
    step = state.step_one
    if step.outcome is not None:
        said = _("Step 1: {outcome}").format(outcome=outcomes.step_one(step.outcome))
        lines.append(f"{said}. {step.evidence.text}" if step.evidence else said)
        if step.outcome is StepOneOutcome.CANCELLED and step.press is not Press.NONE:
            lines.append(_("The sync that was started goes on in hh2; this program no longer watches it."))
    for tab in state.chosen:
        one = state.tabs[tab]
        if one.outcome is None:
            said = _("not begun")
        else:
            said = outcomes.tab(one.outcome, one.refresh.why, one.waiting)
        evidence = f" ({one.refresh.evidence.text})" if one.refresh.evidence else ""
        lines.append(f"  {tabs.title(tab)}: {said}{evidence}")
    if state.matched is not None:
        lines += match_told.summary(state.matched)
    if state.ended is not None:
        lines.append(outcomes.run(state.ended.outcome))
    return lines
