"""What the person works on: a company, its conductor, the run. It asks the workplace and keeps the view up to date."""

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from app.domain.events import Record, Site
from app.domain.looks import TabOutcome
from app.domain.problems import Problem
from app.domain.profile import Profile, Secret
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import (
    Again,
    Conductor,
    JobChoice,
    Looked,
    Message,
    Picked,
    PutBack,
    Ready,
    Stop,
    TakeTheirs,
    Tested,
    Wanted,
    Workplace,
)
from app.ui import errands
from app.ui.bridge import Bridge
from app.ui.errands import Company, Kept
from app.ui.view import Question, View, announcement


class Desk(QObject):
    """`changed`: the view is another; `told`: for the log; `announced`: for the tray; `refused`: the faulty fields."""

    changed = Signal()
    told = Signal(object)
    announced = Signal(str, str)
    refused = Signal(object)
    saved = Signal()
    jobs_read = Signal(object)
    free = Signal()  # no run is under way any more

    def __init__(self, bridge: Bridge, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self.bridge = bridge
        self.workplace = workplace
        self._conductor: Conductor | None = None
        self._wanted: Wanted | None = None
        bridge.told.connect(self._take_records)

    # ---------------------------------------------------------------- companies

    def open(self, name: str = "") -> None:
        """Read the list of companies and open `name`, or the first."""
        self._name = name
        self._ask(self.workplace.profiles(), self._take_names)

    def _take_names(self, names: list[str]) -> None:
        self._change(ready=True, profiles=tuple(names))
        wanted = self._name if self._name in names else (names[0] if names else "")
        if wanted:
            self.choose(wanted)

    def choose(self, name: str) -> None:
        """Work with another company; the one before is let go of."""
        if self.view.busy:
            return
        before = self.view.profile
        self._conductor = None
        self._change(
            held=False,
            run=None,
            interrupted=False,
            looking=False,
            question=None,
            trouble=None,
            tested={},
            choices=(),
        )
        self._ask(self._change_company(before.name if before is not None else "", name), self._take_company)

    async def _change_company(self, before: str, name: str) -> Company:
        if before:
            await self.workplace.release(before)
        return await errands.open_company(self.workplace, name, self.bridge.listen)

    def _take_company(self, company: Company) -> None:
        self._conductor = company.conductor
        self._change(
            profile=company.profile,
            held=company.conductor is not None,
            secrets=company.secrets,
            trouble=company.trouble,
            run=company.interrupted,
            interrupted=company.interrupted is not None,
            usual=company.usual,
            last_good=company.last_good,
            choices=company.choices,
        )

    def delete(self, name: str) -> None:
        """Delete a company with its secrets and its folder."""
        self._conductor = None
        self._change(profile=None, held=False, run=None, interrupted=False)
        self._ask(self._delete(name), self._take_names)

    async def _delete(self, name: str) -> list[str]:
        await self.workplace.release(name)
        await self.workplace.delete(name)
        return await self.workplace.profiles()

    # ---------------------------------------------------------------- saving and testing

    def save(
        self, profile: Profile, secrets: Sequence[tuple[Secret, str, bool]] = (), replaces: str = ""
    ) -> None:
        """Save what was typed; then `saved`, or `refused` with the faults."""
        self._wanted = None
        self._keep(profile, secrets, replaces)

    def start(self, profile: Profile, secrets: Sequence[tuple[Secret, str, bool]], wanted: Wanted) -> None:
        """Save what was typed, then begin the run."""
        if self.view.busy or self._conductor is None:
            return
        self._wanted = wanted
        self._keep(profile, secrets, "")

    def _keep(self, profile: Profile, secrets: Sequence[tuple[Secret, str, bool]], replaces: str) -> None:
        self._saving = profile
        self._ask(errands.keep(self.workplace, profile, secrets, replaces), self._take_kept)

    def _take_kept(self, kept: Kept) -> None:
        if kept.faults:
            self._wanted = None
            self.refused.emit(kept.faults)
            return
        self._change(profile=self._saving, secrets=kept.secrets, trouble=kept.trouble)
        self.saved.emit()
        if self._wanted is not None and self._conductor is not None:
            wanted, self._wanted = self._wanted, None
            self._begin(self._conductor.run(wanted))

    def test(self, site: Site) -> None:
        """Sign in once and say who we are there."""
        profile = self.view.profile
        if profile is None or self.view.busy:
            return
        self._change(testing=site)
        self._ask(self._test(profile.name, site), self._take_tested)

    async def _test(self, name: str, site: Site) -> tuple[Tested, dict[Secret, Any]]:
        tested = await self.workplace.test(name, site)
        return tested, await errands.secret_states(self.workplace, name)

    def _take_tested(self, answer: tuple[Tested, dict[Secret, Any]]) -> None:
        tested, secrets = answer
        self._change(testing=None, secrets=secrets, tested={**self.view.tested, tested.site: tested})

    def read_jobs(self) -> None:
        """Read the list of jobs now."""
        if self.view.profile is not None:
            self._ask(self.workplace.job_choices(self.view.profile.name, True), self._take_jobs)

    def _take_jobs(self, choices: list[JobChoice]) -> None:
        self._change(choices=tuple(choices))
        self.jobs_read.emit(choices)

    # ---------------------------------------------------------------- the run

    def _begin(self, run: Any) -> None:
        self._change(
            busy=True,
            stopping=False,
            interrupted=False,
            looking=False,
            question=None,
            trouble=None,
            tested={},
        )
        self.bridge.ask(self, run, self._take_end, self._fail_run)

    def _take_end(self, state: RunState) -> None:
        self._announce(state)
        self._change(busy=False, stopping=False, run=state, question=None)
        self.free.emit()
        if self.view.profile is not None and not self.view.leaving:
            self._ask(self._after(self.view.profile.name), self._take_after)

    async def _after(self, name: str) -> dict[str, Any]:
        return {
            "secrets": await errands.secret_states(self.workplace, name),
            "usual": await self.workplace.usual_seconds(name, errands.usual_kinds()),
            "last_good": await self.workplace.last_good(name),
            "choices": tuple(await self.workplace.job_choices(name, False)),
        }

    def _take_after(self, known: dict[str, Any]) -> None:
        self._change(**known)

    def _fail_run(self, problem: Problem) -> None:
        self._change(busy=False, stopping=False, trouble=problem)
        self.free.emit()

    def stop(self) -> None:
        """Stop the run: the next step never begins. The button answers at once, the engine follows."""
        if self.view.busy and not self.view.stopping:
            self._change(stopping=True)
            self.tell(Stop())

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

    def give_password(self, site: Site, text: str, remember: bool) -> None:
        """A new password in the middle of a run; then the run looks again."""
        secret = Secret.HH2_PASSWORD if site is Site.HH2 else Secret.PROCORE_PASSWORD
        if self.view.profile is not None:
            self._ask(self._give(self.view.profile, secret, text, remember), self._take_given)

    async def _give(self, profile: Profile, secret: Secret, text: str, remember: bool) -> Kept:
        return await errands.keep(self.workplace, profile, [(secret, text, remember)])

    def _take_given(self, kept: Kept) -> None:
        self._change(secrets=kept.secrets, trouble=kept.trouble)
        self.ready()

    def put_back(self) -> None:
        """Set hh2's filters back."""
        self._say(PutBack())

    def go_on(self) -> None:
        """The run that was cut off, or that ended with something left, goes on as it stands."""
        self._say(None)

    def close_run(self) -> None:
        """Close the run that was cut off, as it stands."""
        if self._conductor is not None and self.view.run is not None:
            self._ask(self._close(self._conductor, self.view.run.run_id), self._take_closed)

    async def _close(self, conductor: Conductor, run_id: str) -> None:
        await conductor.close_run(run_id)

    def _take_closed(self, _nothing: None) -> None:
        self._change(run=None, interrupted=False)

    def _say(self, message: Message | None) -> None:
        """To the run under way; a run that ended goes on with it."""
        if self._conductor is None or self.view.run is None:
            return
        if self.view.busy:
            if message is not None:
                self.tell(message)
            return
        self._begin(self._conductor.go_on(self.view.run.run_id, message))

    def tell(self, message: Message) -> None:
        """Say something to the run under way."""
        if self._conductor is not None:
            self._ask(errands.tell(self._conductor, message), _nothing)

    # ---------------------------------------------------------------- a retry, after a look

    def ask_retry(self, tab: Tab) -> None:
        """Look what the tab shows now; the person decides when they have seen it."""
        run = self.view.run
        if self._conductor is None or run is None or self.view.question is not None:
            return
        self._change(question=Question(tab))
        jobs = unclear_jobs(run)
        self.bridge.ask(
            self,
            errands.look_up(self._conductor, run.run_id, tab, jobs),
            self._take_question,
            self._fail_question,
        )

    def _take_question(self, question: Question) -> None:
        if self.view.question is not None:
            self._change(question=question)

    def _fail_question(self, problem: Problem) -> None:
        self._change(question=None, trouble=problem)

    def drop_retry(self) -> None:
        """Leave the tab as it is."""
        self._change(question=None)

    def retry(self) -> None:
        """Refresh it once more: the person asked, having seen what a look found."""
        question, run = self.view.question, self.view.run
        if question is None or question.looking or run is None:
            return
        self._change(question=None)
        jobs = tuple(job.code for job, _ in question.found if job is not None)
        self._say(Again(question.tab, jobs))

    # ---------------------------------------------------------------- the view

    def ask_word(self, asking: bool) -> None:
        """Step 2 only: begin, or give up, asking for the person's word."""
        self._change(looking=asking)

    def leaving(self) -> None:
        """The program ends as soon as the run has stopped."""
        self._change(leaving=True)
        self.stop()

    def drop_trouble(self) -> None:
        """The person has read it."""
        self._change(trouble=None)

    @Slot(object, object)
    def _take_records(self, records: list[Record], state: RunState) -> None:
        self._announce(state)
        self._change(run=state)
        self.told.emit(records)

    def _announce(self, state: RunState) -> None:
        said = announcement(self.view.run, state)
        if said is not None and not self.view.leaving:
            self.announced.emit(*said)

    def _change(self, **changes: Any) -> None:
        self.view = msgspec.structs.replace(self.view, **changes)
        self.changed.emit()

    def _ask(self, coroutine: Any, done: Any) -> None:
        self.bridge.ask(self, coroutine, done, self._fail)

    def _fail(self, problem: Problem) -> None:
        self._wanted = None
        self._change(ready=True, testing=None, trouble=problem)


def unclear_jobs(run: RunState) -> tuple[Job, ...]:
    """The jobs of Job Costs whose end is unknown or a failure."""
    states = run.tabs[Tab.JOB_COSTS].jobs
    unclear = (TabOutcome.UNKNOWN, TabOutcome.FAILED)
    return tuple(job for job in run.jobs if job.key in states and states[job.key].outcome in unclear)


def _nothing(_answer: None) -> None:
    """Nothing comes back of a message; what it does comes as events."""
