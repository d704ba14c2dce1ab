"""Requests of the window that are several steps in a row; they run in the engine's loop and know nothing of Qt."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.domain.filters import DateRange, Depth
from app.domain.freshness import Freshness
from app.domain.habit import Habit
from app.domain.laid_down import LaidDown
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.profile import FieldFault, Profile, Secret, SecretState
from app.domain.run import RunState, fold
from app.domain.tabs import Job, Tab
from app.engine.faces import Conductor, JobChoice, Listener, Message, Preferences, Workplace
from app.ui.notifications import Notifications
from app.ui.view import Question

SHOWN_SECRETS = (Secret.HH2_PASSWORD, Secret.PROCORE_PASSWORD)


class Company:
    """A company as it was opened: what the window needs of it. `conductor` is None where another program holds it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.secrets: dict[Secret, SecretState] = {}
        self.conductor: Conductor | None = None
        self.trouble: Problem | None = None
        self.interrupted: RunState | None = None
        self.habits: dict[str, Habit] = {}
        self.fresh = Freshness()
        self.results = ""
        self.laid_down = LaidDown()
        self.last_good: datetime | None = None
        self.choices: tuple[JobChoice, ...] = ()


class Kept(msgspec.Struct, frozen=True):
    """What came of saving: `faults`, or the states of the secrets; `trouble` when the keyring could not be used."""

    faults: tuple[FieldFault, ...] = ()
    secrets: dict[Secret, SecretState] = {}
    trouble: Problem | None = None


async def names(workplace: Workplace, wanted: str) -> tuple[list[str], str]:
    """The companies, and the one that is wanted as it is spelt there; "" where it is not one of them."""
    known = await workplace.profiles()
    found = (await workplace.spelt(wanted) or "") if wanted else ""
    return known, found if found in known else ""


async def open_company(workplace: Workplace, name: str, listener: Listener) -> Company:
    """Everything of a company, its lock included. Raises Trouble for a profile that cannot be read."""
    company = Company(await workplace.profile(name))
    company.laid_down = await workplace.laid_down(name)
    company.secrets = await secret_states(workplace, name)
    try:
        company.conductor = await workplace.conductor(name, listener)
    except Trouble as met:
        company.trouble = met.problem
        return company
    cut_off = await workplace.interrupted(name)
    if cut_off is not None:
        company.interrupted = fold(await workplace.records(name, cut_off.run_id))
    company.habits = await workplace.habits(name, usual_kinds())
    company.fresh = await workplace.past.freshness(name)
    company.results = await workplace.past.results(name)
    company.last_good = await workplace.last_good(name)
    company.choices = tuple(await workplace.job_choices(name, False))
    return company


async def secret_states(workplace: Workplace, name: str) -> dict[Secret, SecretState]:
    """What is known of the passwords; a keyring that cannot be opened is a state, not an end."""
    states: dict[Secret, SecretState] = {}
    for secret in SHOWN_SECRETS:
        try:
            states[secret] = await workplace.secret_state(name, secret)
        except Trouble:
            states[secret] = SecretState.UNAVAILABLE
    return states


async def keep(
    workplace: Workplace, profile: Profile, secrets: Sequence[tuple[Secret, str, bool]], replaces: str = ""
) -> Kept:
    """Save the profile, then the passwords that were typed; without a keyring they serve for this run only."""
    faults = await workplace.save(profile, replaces)
    if faults:
        return Kept(tuple(faults))
    trouble: Problem | None = None
    given: dict[Secret, SecretState] = {}
    for secret, text, remember in secrets:
        try:
            given[secret] = await workplace.keep_secret(profile.name, secret, text, remember)
        except Trouble as met:
            if met.problem.id is not ProblemId.KEYRING or not remember:
                raise
            trouble = met.problem
            given[secret] = await workplace.keep_secret(profile.name, secret, text, False)
    return Kept((), {**await secret_states(workplace, profile.name), **given}, trouble)


async def look_up(conductor: Conductor, run_id: str, tab: Tab, jobs: Sequence[Job]) -> Question:
    """What a tab shows now, or for Job Costs each of these jobs."""
    asked: list[Job | None] = list(jobs) if tab is Tab.JOB_COSTS else [None]
    found = tuple([(job, await conductor.look_up(run_id, tab, job)) for job in asked])
    return Question(tab, found, looking=False)


async def tell(conductor: Conductor, message: Message) -> None:
    """Say something to the run under way, in its own loop."""
    conductor.tell(message)


async def leave(workplace: Workplace, notifications: Notifications, kept: Preferences) -> None:
    """Remember what is remembered, then let go of everything: locks, keyring, files, the bus of the notifications."""
    with contextlib.suppress(Trouble):
        await workplace.remember(kept)
    try:
        await workplace.close()
    finally:
        await notifications.close()


def usual_kinds() -> list[str]:
    """The kinds of duration that the window shows."""
    kinds = [f"step-one:{one.value}:{other.value}" for one in DateRange for other in Depth]
    return [*kinds, *(f"tab:{tab.value}" for tab in Tab), "job"]
