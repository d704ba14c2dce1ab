"""`ondemand-sync sync`: one run on the command line, with progress for people on stderr and JSON lines on stdout."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import anyio
import msgspec
from rich.console import Console

from app.cli.result import result, result_without_a_run
from app.domain.conclusion import without_a_run
from app.domain.events import EXIT_INTERNAL, Record, RefreshProgress, RunEnded, SyncProgress, as_line
from app.domain.looks import StepOneOutcome
from app.domain.problems import Problem, Trouble
from app.domain.profile import DriverName
from app.domain.run import Press, RunState
from app.engine.faces import Conductor, Message, Practice, Stop, Wanted, Workplace
from app.words import outcomes, problems, progress, tabs, times
from app.words.language import _


class Asked(msgspec.Struct, frozen=True):
    """What the command line asked for: a new run, or the last run that was cut off (`continues`)."""

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
        conductor = await workplace.conductor(name, say, asked.driver)
        with _stop_on_signals(conductor):
            state = await _carry_out(workplace, conductor, name, asked)
    except Trouble as trouble:
        return say.no_run(trouble.problem)
    finally:
        with anyio.CancelScope(shield=True):
            await workplace.close()
    return say.end(state)


async def _carry_out(workplace: Workplace, conductor: Conductor, name: str, asked: Asked) -> RunState:
    cut_off = await workplace.interrupted(name)
    if asked.continues and cut_off is not None:
        return await conductor.go_on(cut_off.run_id, asked.message)
    if cut_off is not None:
        await conductor.close_run(cut_off.run_id)
    return await conductor.run(asked.wanted)


@contextmanager
def _stop_on_signals(conductor: Conductor) -> Iterator[None]:
    """While inside, Ctrl-C and a termination stop the run in order instead of ending the process."""
    loop = asyncio.get_running_loop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(conductor.tell, Stop())

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Teller:
    """Tells each event: a line for people on stderr; with --json a line of JSON on stdout."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._people = Console(stderr=True, highlight=False, soft_wrap=True)
        self._encode = msgspec.json.Encoder()

    def __call__(self, record: Record, _state: RunState) -> None:
        if self._json:
            self._line(as_line(record))
        if isinstance(record.event, RunEnded) or (
            isinstance(record.event, SyncProgress | RefreshProgress) and not self._people.is_terminal
        ):
            return
        self._people.print(f"{times.clock_seconds(record.at)}  {progress.line(record.event)}", markup=False)

    def _line(self, value: dict[str, object]) -> None:
        sys.stdout.buffer.write(self._encode.encode(value) + b"\n")
        sys.stdout.buffer.flush()

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
        for met in state.problems:
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
    if state.ended is not None:
        lines.append(outcomes.run(state.ended.outcome))
    return lines
