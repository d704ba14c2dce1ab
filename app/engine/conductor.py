"""Carries out the runs of one profile, from the plan to the end, and takes up those that were cut off."""

import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import anyio

from app.domain import events as ev
from app.domain.brake import BRAKE, Brake
from app.domain.conclusion import conclude
from app.domain.events import Site
from app.domain.gate import Shut, gate
from app.domain.looks import RETRYABLE, Evidence, EvidenceKind, StepOneOutcome, TabOutcome
from app.domain.problem_kinds import KINDS
from app.domain.problems import NotPressed, Problem, ProblemId, Trouble
from app.domain.run import Press, RunState
from app.domain.tabs import Job, Tab
from app.engine.brake import check_brake
from app.engine.faces import (
    Again,
    Listener,
    Looked,
    LookUp,
    Message,
    Picked,
    PutBack,
    Stop,
    Wanted,
)
from app.engine.hand import PersonsHand
from app.engine.matching import do_they_match
from app.engine.patience import Patience
from app.engine.person import GaveUp, Person
from app.engine.ports import Clock, Driver, Ledger, Matcher, Secrets, Sources
from app.engine.recorder import Recorder, alone
from app.engine.step_one import put_back, step_one
from app.engine.step_two import step_two
from app.engine.trial import look_at
from app.engine.work import Work

log = logging.getLogger(__name__)
E = TypeVar("E", bound=BaseException)

TOOK_THEIRS = "Took the sync that somebody else started."


@dataclass(frozen=True)
class Setting:
    """Whose runs these are: the profile's name, whether it is the training company, the
    person, the program's version. `taught` tells the labels that a person taught, as they are when a run begins."""

    profile: str
    driver_name: str
    training: bool
    who: str
    version: str
    proof_minutes: int
    brake: Brake = BRAKE
    taught: Callable[[], tuple[str, ...]] = tuple


class RunConductor:
    """One profile's runs, one at a time. `drivers` and `sources` make fresh ones for each run; `written` is given the
    state of each run that has ended, to write it down elsewhere too, and never raises."""

    def __init__(
        self,
        setting: Setting,
        *,
        drivers: Callable[[], Driver],
        sources: Callable[[], Awaitable[Sources]],
        secrets: Secrets,
        ledger: Ledger,
        clock: Clock,
        patience: Patience,
        listener: Listener,
        matcher: Matcher | None = None,
        written: Callable[[RunState], Awaitable[None]] | None = None,
    ) -> None:
        self._setting = setting
        self._drivers = drivers
        self._sources = sources
        self._secrets = secrets
        self._ledger = ledger
        self._clock = clock
        self._patience = patience
        self._listener = listener
        self._matcher = matcher
        self._written = written
        self._recorder = Recorder(ledger, clock, listener)
        self._person = Person(patience, clock)
        self._scope: anyio.CancelScope | None = None
        self._stop_asked = False

    @property
    def state(self) -> RunState | None:
        """The run under way or last carried out."""
        return self._recorder.state if self._recorder.has_run else None

    @property
    def busy(self) -> bool:
        return self._scope is not None

    def tell(self, message: Message) -> None:
        """What the person says; a stop takes effect at once, all else when the run asks for it."""
        if isinstance(message, Stop):
            self._stop_asked = True
            if self._scope is not None:
                self._scope.cancel()
        else:
            self._person.tell(message)

    async def run(self, wanted: Wanted) -> RunState:
        """A new run, to its end. Raises Trouble(DISK) when its plan could not be written down, and nothing was sent;
        or its end, and the next start finds it cut off."""
        scope = self._begin()
        setting = self._setting
        planned = ev.RunPlanned(
            profile=setting.profile,
            driver=setting.driver_name,
            training=setting.training,
            who=setting.who,
            version=setting.version,
            step_one=wanted.step_one,
            filters=wanted.filters,
            tabs=wanted.tabs,
            jobs=wanted.jobs,
            go_on=wanted.go_on,
            proof_minutes=setting.proof_minutes,
            put_back=wanted.put_back,
            taught=setting.taught(),
            match=wanted.match and self._matcher is not None,
        )
        try:
            await self._ledger.ready()
            await self._recorder.plan(uuid.uuid4().hex, planned)
            if not wanted.step_one:
                await self._take_word(wanted.looked)
            return await self._carry(scope, self._whole)
        finally:
            self._scope = None

    async def go_on(self, run_id: str, message: Message | None = None) -> RunState:
        """A run that was cut off or has something left goes on, from where its events say it stands. Raises
        Trouble(DISK) as `run`."""
        scope = self._begin()
        try:
            await self._ledger.ready()
            state = self._recorder.take_up(await self._ledger.records(run_id))
            await self._recorder.add(ev.RunResumed(self._setting.who, after_crash=state.ended is None))
            match message:
                case Looked(words=words):
                    await self._take_word(words)
                case Picked(tabs=tabs, jobs=jobs):
                    await self._recorder.add(ev.TabsChosen(tabs, jobs))
                case Again(tab=tab, jobs=codes):
                    await self._ask_again(tab, codes)
                case _:
                    pass
            whole = not isinstance(message, PutBack)
            return await self._carry(scope, self._whole if whole else self._put_back_only)
        finally:
            self._scope = None

    async def close_run(self, run_id: str) -> None:
        """A run that was cut off is closed as it stands; nothing is sent."""
        self._begin()
        try:
            state = self._recorder.take_up(await self._ledger.records(run_id))
            if state.ended is None:
                await self._recorder.add(ev.ProblemMet(Problem(ProblemId.INTERRUPTED), noted=False))
                ended = conclude(self._recorder.state)
                await self._recorder.add(ended)
                await self._write_down_the_end()
        finally:
            self._scope = None

    async def write_down(self, run_id: str, event: ev.ReportSaved) -> bool:
        """What was done with a run that has ended. Nobody is told; False, and nothing is written, while a run is under
        way. Raises Trouble(DISK)."""
        if self._scope is not None:
            return False
        self._begin()
        try:
            recorder = Recorder(self._ledger, self._clock, _tell_nobody)
            recorder.take_up(await self._ledger.records(run_id))
            await recorder.add(event)
        finally:
            self._scope = None
        return True

    async def write_down_alone(self, event: ev.ReportAlone) -> bool:
        """What was done where no run has ended that it could stand with. As `write_down`."""
        if self._scope is not None:
            return False
        self._begin()
        try:
            await self._ledger.append(alone(event, self._clock.now()))
        finally:
            self._scope = None
        return True

    async def look_up(self, run_id: str, tab: Tab, job: Job | None) -> LookUp:
        """What the tab shows now, before a person asks for a retry; signs in, presses nothing. Raises Trouble."""
        self._begin()
        try:
            records = await self._ledger.records(run_id)
            state = self._recorder.take_up(records)
            one = state.refresh_of(tab, job)
            look = await look_at(self._drivers, self._secrets, tab, job)
            return LookUp(one.pressed_at, one.presses, look)
        finally:
            self._scope = None

    def _begin(self) -> anyio.CancelScope:
        """What a stop cancels, from now on."""
        if self._scope is not None:
            raise RuntimeError("a run is under way")
        self._scope = anyio.CancelScope()
        self._stop_asked = False
        return self._scope

    async def _take_word(self, words: str) -> None:
        """The person's word opens the gate."""
        await self._recorder.add(ev.PersonConfirmed(words, self._setting.who))
        said = Evidence(EvidenceKind.PERSON, words, self._clock.now().isoformat())
        await self._recorder.add(ev.GateOpened(said, by_person=True))

    async def _ask_again(self, tab: Tab, codes: tuple[str, ...]) -> None:
        state, who = self._recorder.state, self._setting.who
        if tab is not Tab.JOB_COSTS:
            await self._recorder.add(ev.RetryAsked(tab, who))
            return
        for job in state.jobs:
            if job.code in codes or (not codes and _is_open(state, job)):
                await self._recorder.add(ev.RetryAsked(tab, who, job))

    async def _carry(
        self, scope: anyio.CancelScope, work_through: Callable[[Work], Awaitable[None]]
    ) -> RunState:
        """Open the driver, work, and end the run with what was reached, whatever happens on the way."""
        gave_up = False
        driver: Driver | None = None
        sources = Sources()
        with scope:
            try:
                driver = self._drivers()
                sources = await self._sources()
                work = self._work(driver, sources)
                await driver.open(
                    PersonsHand(self._recorder, self._person, self._patience, self._clock, driver)
                )
                await work_through(work)
            except* GaveUp:
                gave_up = True
            except* NotPressed as unpressed:  # on the way to a page
                left, gave_up = _first(unpressed), True
                facts = {"action": left.action, "why": left.why.value}
                await self._note(Problem(ProblemId.NOT_PRESSED, dict(facts)))
            except* Trouble as troubles:
                await self._note(_first(troubles).problem)
            except* Exception as faults:
                log.exception("the run ended on a fault of the program", exc_info=faults)
                await self._note(Problem(ProblemId.INTERNAL, {"what": type(_first(faults)).__name__}))
        with anyio.CancelScope(shield=True):
            try:
                await self._finish(gave_up)
            finally:
                if driver is not None:
                    await _close(driver, self._patience)
                for service in sources.services:
                    with anyio.move_on_after(self._patience.closing):
                        await service.close()
        return self._recorder.state

    def _work(self, driver: Driver, sources: Sources) -> Work:
        return Work(
            recorder=self._recorder,
            driver=driver,
            sources=sources,
            secrets=self._secrets,
            ledger=self._ledger,
            person=self._person,
            patience=self._patience,
            clock=self._clock,
            who=self._setting.who,
        )

    async def _note(self, problem: Problem) -> None:
        """Write a problem down, once; a disk that cannot be written to is told to the log alone."""
        met = self._recorder.state.problems
        if any(not old.noted and old.problem.id is problem.id for old in met):
            return
        with anyio.CancelScope(shield=True):
            try:
                await self._recorder.add(ev.ProblemMet(problem))
            except Trouble:
                log.exception("a problem could not be written down")

    async def _finish(self, gave_up: bool) -> None:
        recorder = self._recorder
        try:
            if self._stop_asked:
                await recorder.add(ev.CancelRequested(self._setting.who))
                await self._cancel_what_is_left()
            elif recorder.state.plan.step_one and recorder.state.step_one.outcome is None:
                await self._finish_step_one(gave_up)
            await recorder.add(conclude(recorder.state, gave_up))
            await self._write_down_the_end()
        except Trouble:
            # The faces are told by the raise; the next start finds the run cut off, and takes it up.
            log.exception("the end of the run could not be written down")
            raise

    async def _write_down_the_end(self) -> None:
        if self._written is not None:
            await self._written(self._recorder.state)

    async def _finish_step_one(self, gave_up: bool) -> None:
        """Step 1 was not carried to an end: by a problem before its press, or by a fault after it. Where nobody came
        to press Start Sync it stays to be begun, when somebody is there."""
        state = self._recorder.state
        if gave_up and state.step_one.press is Press.NONE:
            return
        open_problems = [met.problem for met in state.problems if not met.noted]
        problem = open_problems[-1] if open_problems else None
        if state.step_one.press is not Press.NONE:
            outcome = StepOneOutcome.UNSURE
        elif problem is not None and KINDS[problem.id].before_step_one:
            outcome = StepOneOutcome.PERSON
        else:
            outcome = StepOneOutcome.FAILED
        await self._recorder.add(ev.StepOneFinished(outcome, None, problem))

    async def _cancel_what_is_left(self) -> None:
        recorder = self._recorder
        step = recorder.state.step_one
        if recorder.state.plan.step_one and step.outcome is None:
            await recorder.add(ev.StepOneFinished(StepOneOutcome.CANCELLED))
        for tab in recorder.state.left:
            state = recorder.state
            if tab is Tab.JOB_COSTS:
                for job in state.jobs:
                    one = state.refresh_of(tab, job)
                    if one.press is not Press.NONE and one.outcome is None:
                        await recorder.add(ev.JobFinished(job, TabOutcome.CANCELLED, reason="goes-on"))
            pressed = any(
                one.press is not Press.NONE and one.outcome in (None, TabOutcome.CANCELLED)
                for one in (state.tabs[tab].refresh, *state.tabs[tab].jobs.values())
            )
            reason = "goes-on" if pressed else "not-begun"
            await recorder.add(ev.TabFinished(tab, TabOutcome.CANCELLED, reason=reason))

    async def _whole(self, work: Work) -> None:
        """The whole run, from wherever its events say it stands."""
        state = work.recorder.state
        step_one_is_ahead = state.plan.step_one and state.step_one.outcome is None
        if step_one_is_ahead:
            await work.sign_in(Site.HH2)
        await work.sign_in(Site.PROCORE)
        await work.sign_in_to_services()
        await _check_rights(work)
        if step_one_is_ahead:
            await work.read_movement()
            await step_one(work)
        if await self._open_gate(work):
            await check_brake(work, self._setting.brake, partial(self._ask_for_word, work))
            await self._choose_tabs(work)
            await step_two(work)
        if self._matcher is not None and work.recorder.state.match_is_left:
            await do_they_match(work.recorder, self._matcher)

    async def _put_back_only(self, work: Work) -> None:
        await work.sign_in(Site.HH2)
        await put_back(work)

    async def _open_gate(self, work: Work) -> bool:
        """True when step 2 may begin: on the proof of step 1, or on the word of a person who is asked for it."""
        recorder = work.recorder
        state = recorder.state
        if (
            state.plan.put_back
            and state.step_one.filters_changed
            and state.step_one.outcome is StepOneOutcome.DONE
        ):
            await work.sign_in(Site.HH2)  # a run that goes on after a cut has not yet
            await put_back(work)
        step = recorder.state.step_one
        if step.outcome is StepOneOutcome.DONE and step.evidence is not None and state.opened is None:
            if step.theirs:
                await self._take_word(TOOK_THEIRS)
            else:
                await recorder.add(ev.GateOpened(step.evidence, by_person=False))
        if not recorder.state.left and recorder.state.plan.go_on:
            return False
        seen = gate(recorder.state, work.clock.now())
        if seen.shut is Shut.OLD:
            minutes = recorder.state.plan.proof_minutes
            await self._ask_for_word(work, Problem(ProblemId.PROOF_OLD, {"minutes": minutes}))
        elif seen.shut is Shut.UNSURE:
            await self._ask_for_word(work, step.problem or Problem(ProblemId.HH2_UNSURE))
        return gate(recorder.state, work.clock.now()).is_open

    async def _ask_for_word(self, work: Work, problem: Problem) -> None:
        if problem.id in (ProblemId.PROOF_OLD, ProblemId.SAFE):
            await work.met(problem)
        looked = await work.person.wait(
            work.recorder, ev.NeedKind.CONFIRM_STEP_ONE, Looked, problem=problem, site=Site.HH2
        )
        await self._take_word(looked.words)

    async def _choose_tabs(self, work: Work) -> None:
        """In the window, without "go on by itself", the person picks the tabs now that step 1 is proven."""
        state = work.recorder.state
        if state.plan.go_on or state.resumes:
            return
        picked = await work.person.wait(work.recorder, ev.NeedKind.CHOOSE_TABS, Picked)
        await work.recorder.add(ev.TabsChosen(picked.tabs, picked.jobs))


# Problems that stop a run before step 1 because a person has to put something right in Procore,
# or on this computer.
async def _check_rights(work: Work) -> None:
    """Every chosen tab must be one that this account may refresh; found out before step 1 takes its time."""
    tabs = work.recorder.state.left
    if not tabs:
        return
    await work.check_rights(tabs)
    missing = await work.ask(Site.PROCORE, lambda: work.driver.procore.missing_rights(tabs))
    if missing:
        tab, what = next(iter(missing.items()))
        level = {} if what in ("tool", "tab", "button") else {"level": what}
        facts = {"tab": tab.value, "why": "level" if level else what, "n": len(missing), **level}
        raise Trouble(Problem(ProblemId.PRO_PERM, dict(facts)))


async def _close(driver: Driver, patience: Patience) -> None:
    with anyio.move_on_after(patience.closing):
        await driver.close()


def _first(group: BaseExceptionGroup[E]) -> E:
    found: E | BaseExceptionGroup[E] = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def _is_open(state: RunState, job: Job) -> bool:
    outcome = state.refresh_of(Tab.JOB_COSTS, job).outcome
    return outcome is None or outcome in RETRYABLE


def _tell_nobody(_record: ev.Record, _state: RunState) -> None:
    """The window shows the run as it ended."""
