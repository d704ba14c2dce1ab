"""What the person works on: a company and its run. It asks the workplace, and keeps the view up to date."""

from collections.abc import Coroutine
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from app.domain.events import MatchProgress, Record
from app.domain.freshness import Freshness
from app.domain.habit import Habit
from app.domain.looks import RETRYABLE
from app.domain.problems import Problem
from app.domain.profile import Profile, Secret, SecretState
from app.domain.ready import Line
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import (
    Again,
    Conductor,
    JobChoice,
    LeaveOut,
    Looked,
    Message,
    Picked,
    PutBack,
    Ready,
    Stop,
    TakeTheirs,
    Wanted,
    Workplace,
)
from app.ui import errands
from app.ui.bridge import Bridge
from app.ui.company_desk import Secrets
from app.ui.errands import Kept
from app.ui.pages_desk import PagesDesk
from app.ui.view import Question, announcement
from app.words import progress


class Desk(PagesDesk):
    """`told`: records for the log. `compared`: how far a comparison is. `announced`: title and text for the tray.
    `idle`: no run is under way any more."""

    told = Signal(object)
    compared = Signal(str)
    announced = Signal(str, str)
    idle = Signal()

    def __init__(self, bridge: Bridge, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(bridge, workplace, parent)
        self._anyway = False
        bridge.told.connect(self._take_records)

    # ---------------------------------------------------------------- a run, from its start to its end

    def start(self, profile: Profile, secrets: Secrets, wanted: Wanted, *, anyway: bool = False) -> None:
        """Save what was typed, look whether anything would stop the run, then begin it. `anyway`: the person has read
        what stands in the way."""
        if self.view.busy or self.view.checking or self._conductor is None or self._wanted is not None:
            return
        self._wanted, self._anyway = wanted, anyway
        self._keep(profile, secrets)

    def _take_kept(self, kept: Kept) -> None:
        super()._take_kept(kept)
        wanted, conductor, profile = self._wanted, self._conductor, self.view.profile
        if wanted is None or conductor is None or profile is None:
            self._wanted = None
            return
        self._say_trouble()
        if self._anyway or not wanted.step_one:
            self._take_look(conductor, wanted, None)
        else:
            look = self.workplace.ready.before_a_run(profile.name)
            self._ask(look, partial(self._take_look, conductor, wanted))

    def _take_look(self, conductor: Conductor, wanted: Wanted, found: Line | None) -> None:
        """Nothing stands in the way, and the run begins; or the person is told, and decides. Where another company was
        opened meanwhile, nothing is begun."""
        self._wanted = None
        if conductor is not self._conductor or self.view.leaving:
            return
        if found is None:
            self._begin(conductor.run(wanted))
        else:
            self._change(not_ready=found.problem)

    def drop_not_ready(self) -> None:
        """The run that was held back is not begun."""
        self._change(not_ready=None)

    def _begin(self, run: Coroutine[Any, Any, RunState]) -> None:
        self._change(
            busy=True,
            stopping=False,
            interrupted=False,
            looking=False,
            question=None,
            not_ready=None,
            tested={},
        )
        self._say_trouble()
        self.bridge.ask(self, run, self._take_end, self._fail_run)

    def _say_trouble(self) -> None:
        """The keyring: said beside the clock, and in nobody's way."""
        trouble = self.view.trouble
        if trouble is not None:
            self.announced.emit(*_told(trouble, self.view.profile))
            self._change(trouble=None)

    @Slot(object, object)
    def _take_records(self, records: list[Record], state: RunState) -> None:
        if all(isinstance(one.event, MatchProgress) for one in records):
            # Several a second while much is being decoded: the rest of the window stands as it is.
            told = progress.line(records[-1].event)
            self.view = msgspec.structs.replace(self.view, run=state, comparing=told)
            self.compared.emit(told)
        else:
            self._announce(state)
            self._change(run=state)
        self.told.emit(records)

    def _take_end(self, state: RunState) -> None:
        self._announce(state)
        self._change(busy=False, stopping=False, run=state, question=None, comparing="")
        self.idle.emit()
        if self.view.profile is not None and not self.view.leaving:
            self._ask(self._after(self.view.profile.name), self._take_after)

    async def _after(self, name: str) -> "_After":
        return _After(
            await errands.secret_states(self.workplace, name),
            await self.workplace.habits(name, errands.usual_kinds()),
            await self.workplace.past.freshness(name),
            await self.workplace.last_good(name),
            tuple(await self.workplace.job_choices(name, False)),
        )

    def _take_after(self, known: "_After") -> None:
        self._change(**msgspec.structs.asdict(known))

    def _fail_run(self, problem: Problem) -> None:
        run = self.view.run  # one that has no end yet was cut off: once there is room again it can go on
        cut_off = run is not None and run.ended is None
        self._change(
            busy=False, stopping=False, trouble=problem, question=None, interrupted=cut_off, comparing=""
        )
        self.idle.emit()

    def stop(self) -> None:
        """Stop the run: the next step never begins. The window answers at once, the engine follows."""
        if self.view.busy and not self.view.stopping:
            self._change(stopping=True, question=None)
            self.tell(Stop())

    def leave(self) -> None:
        """The program ends as soon as the run has stopped."""
        self._change(leaving=True)
        self.stop()

    # ---------------------------------------------------------------- what the person says

    def pick(self, tabs: tuple[Tab, ...], jobs: tuple[str, ...] | None) -> None:
        """Refresh these tabs, in the run under way or in the one that ended."""
        self._say(Picked(tabs, jobs))

    def look(self, words: str) -> None:
        """The person's word of what they saw in hh2."""
        self._say(Looked(words))

    def take_theirs(self) -> None:
        """Take the sync that somebody else started."""
        self.tell(TakeTheirs())

    def ready(self) -> None:
        """The person did what was asked."""
        self.tell(Ready())

    def leave_out(self) -> None:
        """The person does not press what they are asked to press; the run goes on without it."""
        self.tell(LeaveOut())

    def put_back(self) -> None:
        """Set hh2's filters back."""
        self._say(PutBack())

    def go_on(self) -> None:
        """The run that was cut off, or that ended with something left, goes on as it stands."""
        if not self.view.busy:
            self._say(None)

    def close_run(self) -> None:
        """Close the run that was cut off, as it stands."""
        if self._conductor is not None and self.view.run is not None:
            self._ask(_close(self._conductor, self.view.run.run_id), self._take_closed)

    def _take_closed(self, _nothing: None) -> None:
        self._change(run=None, interrupted=False)

    def _say(self, message: Message | None) -> None:
        """To the run under way; a run that ended goes on with it."""
        if self._conductor is None or self.view.run is None:
            return
        if self.view.busy and message is not None:
            self.tell(message)
        elif not self.view.busy:
            self._begin(self._conductor.go_on(self.view.run.run_id, message))

    def tell(self, message: Message) -> None:
        """Say something to the run under way."""
        if self._conductor is not None:
            self._ask(errands.tell(self._conductor, message), _told_it)

    def ask_word(self, asking: bool) -> None:
        """Step 2 only: begin, or give up, asking for the person's word."""
        self._change(looking=asking)

    # ---------------------------------------------------------------- a retry, after a look

    def ask_retry(self, tab: Tab) -> None:
        """Look what the tab shows now; the person decides when they have seen it."""
        run = self.view.run
        if self._conductor is None or run is None or self.view.question is not None:
            return
        self._change(question=Question(tab))
        jobs = unclear_jobs(run)
        look = errands.look_up(self._conductor, run.run_id, tab, jobs)
        self.bridge.ask(self, look, self._take_question, self._fail_question)

    def _take_question(self, question: Question) -> None:
        asked = self.view.question
        if asked is not None and asked.looking and asked.tab is question.tab:
            self._change(question=question)

    def _fail_question(self, problem: Problem) -> None:
        self._change(question=None, trouble=problem)

    def drop_retry(self) -> None:
        """Leave the tab as it is."""
        self._change(question=None)

    def retry(self) -> None:
        """Refresh it once more: the person asked, having seen what a look found."""
        question = self.view.question
        if question is None or question.looking:
            return
        self._change(question=None)
        self._say(Again(question.tab, tuple(job.code for job, _ in question.found if job is not None)))

    def _announce(self, state: RunState) -> None:
        said = announcement(self.view.run, state, self.view.results)
        if said is not None and not self.view.leaving:
            self.announced.emit(*said)


class _After(msgspec.Struct, frozen=True):
    """What is read anew when a run has ended; the names are those of the view."""

    secrets: dict[Secret, SecretState]
    habits: dict[str, Habit]
    fresh: Freshness
    last_good: datetime | None
    choices: tuple[JobChoice, ...]


def unclear_jobs(run: RunState) -> tuple[Job, ...]:
    """The jobs of Job Costs whose end is unknown or a failure."""
    states = run.tabs[Tab.JOB_COSTS].jobs
    return tuple(job for job in run.jobs if job.key in states and states[job.key].outcome in RETRYABLE)


async def _close(conductor: Conductor, run_id: str) -> None:
    await conductor.close_run(run_id)


def _told(problem: Problem, profile: Profile | None) -> tuple[str, str]:
    from app.words import problems

    return (profile.name if profile is not None else ""), problems.title(problem)


def _told_it(_answer: None) -> None:
    """Nothing comes back of a message; what it does comes as events."""
