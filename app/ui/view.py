"""Everything the window is drawn from, as one value, and what follows from it: the stage, the one primary action."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from app.domain.events import NeedKind, RunOutcome, Site
from app.domain.freshness import Freshness, Shown
from app.domain.gate import Gate, Shut, gate
from app.domain.habit import Habit
from app.domain.laid_down import LaidDown
from app.domain.looks import COMPLETE, SUCCESSES, StepOneOutcome, TabOutcome
from app.domain.problems import Problem, ProblemId
from app.domain.profile import Profile, Secret, SecretState, is_training
from app.domain.result import file_name
from app.domain.run import Need, Press, RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import JobChoice, LookUp, Tested
from app.words import by_hand, match_told, outcomes
from app.words.language import _


class Question(msgspec.Struct, frozen=True):
    """A retry that the person is asked about: what the look-up found, for each job or for the tab as a whole."""

    tab: Tab
    found: tuple[tuple[Job | None, LookUp], ...] = ()
    looking: bool = True


class View(msgspec.Struct, frozen=True):
    """What the window shows. `held` says that the company's lock is ours, `busy` that this window carries `run` out.
    `comparing` says how far its comparison is."""

    ready: bool = False
    held: bool = False
    profiles: tuple[str, ...] = ()
    profile: Profile | None = None
    secrets: dict[Secret, SecretState] = {}
    run: RunState | None = None
    busy: bool = False
    stopping: bool = False
    leaving: bool = False
    interrupted: bool = False
    looking: bool = False
    question: Question | None = None
    trouble: Problem | None = None
    not_ready: Problem | None = None  # what the look before a run found: the run waits for the person's word
    tested: dict[Site, Tested] = {}
    testing: Site | None = None
    checking: bool = False
    habits: dict[str, Habit] = {}
    fresh: Freshness = Freshness()
    last_good: datetime | None = None
    choices: tuple[JobChoice, ...] = ()
    comparing: str = ""
    results: str = ""
    laid_down: LaidDown = LaidDown()

    @property
    def training(self) -> bool:
        """True while TRAINING is to be shown."""
        return self.profile is not None and is_training(self.profile)


class Stage(StrEnum):
    """Where the person stands."""

    LOADING = "loading"
    NO_COMPANY = "no-company"
    IDLE = "idle"
    INTERRUPTED = "interrupted"
    LOOKING = "looking"  # step 2 only: the person's word is asked
    RUNNING = "running"
    ENDED = "ended"


class Action(StrEnum):
    """The one thing to press next."""

    NONE = "none"
    CREATE = "create"
    START = "start"
    REFRESH = "refresh"
    NOTICE = "notice"


def stage(view: View) -> Stage:
    """Where the person stands, from what the window shows."""
    if not view.ready:
        return Stage.LOADING
    if view.busy:
        return Stage.RUNNING
    if view.profile is None:
        return Stage.NO_COMPANY
    if view.interrupted and view.run is not None:
        return Stage.INTERRUPTED
    if view.looking:
        return Stage.LOOKING
    return Stage.IDLE if view.run is None else Stage.ENDED


def primary(view: View, now: datetime) -> Action:
    """The one primary button at a time."""
    if view.leaving or view.checking:
        return Action.NONE
    if view.trouble is not None:
        return Action.NOTICE
    match stage(view):
        case Stage.LOADING:
            return Action.NONE
        case Stage.IDLE | Stage.ENDED if view.not_ready is not None:
            return Action.NOTICE
        case Stage.NO_COMPANY:
            return Action.CREATE
        case Stage.RUNNING:
            if view.question is not None:
                return Action.NOTICE
            need = view.run.need if view.run else None
            if need is None or view.stopping:
                return Action.NONE
            return Action.REFRESH if need.kind is NeedKind.CHOOSE_TABS else Action.NOTICE
        case Stage.INTERRUPTED | Stage.LOOKING:
            return Action.NOTICE
        case Stage.ENDED if view.question is not None or asks_for_word(view):
            return Action.NOTICE
        case Stage.ENDED if may_pick(view, now) and tabs_left(view):
            return Action.REFRESH
        case _:
            return Action.START if view.held else Action.NONE


def asks_for_word(view: View) -> bool:
    """True when step 1 could not be proven, or its proof is old, and the person's word would still open the gate."""
    run = view.run
    if run is None or run.cancel_requested:
        return False
    if run.need is not None and run.need.kind is NeedKind.CONFIRM_STEP_ONE:
        return True  # the gate may have been open once: a proof grows old
    return run.opened is None and not view.busy and run.step_one.outcome is StepOneOutcome.UNSURE


def gate_now(view: View, now: datetime) -> Gate:
    """The gate of the run that is shown; shut while there is none."""
    return gate(view.run, now) if view.run is not None and not view.interrupted else Gate()


def may_pick(view: View, now: datetime) -> bool:
    """True while the check boxes of step 2 may be used: the gate is open, and no refresh is under way."""
    if view.run is None or not gate_now(view, now).is_open or view.stopping:
        return False
    if view.busy:
        return view.run.need is not None and view.run.need.kind is NeedKind.CHOOSE_TABS
    return True


def tabs_left(view: View) -> bool:
    """True when a chosen tab of the run that ended was not refreshed yet."""
    run = view.run
    if run is None or run.ended is None:
        return False
    return bool(run.left) or any(is_pickable(run, tab) for tab in run.chosen)


def is_pickable(run: RunState, tab: Tab) -> bool:
    """True for a tab that has not been pressed in this run, so that picking it presses it for the first time."""
    state = run.tabs[tab]
    pressed = state.refresh.press is not Press.NONE or any(
        job.press is not Press.NONE for job in state.jobs.values()
    )
    return not pressed and state.outcome in (None, TabOutcome.SKIPPED, TabOutcome.CANCELLED)


def gate_sentence(view: View, now: datetime) -> str:
    """Why step 2 is shut, or by what it is open, as a sentence."""
    run = view.run
    if view.interrupted:
        return _("Step 2 waits until the run that was cut off goes on, or is closed.")
    seen = gate_now(view, now)
    if not seen.is_open or run is None:
        if run is not None and run.ended is not None and run.step_one.outcome is None and run.plan.step_one:
            return outcomes.shut(Shut.FAILED)
        if seen.shut is Shut.OLD and asks_for_word(view):
            return _(
                "Step 2 is shut again, as the proof of step 1 has grown old, until you say what you saw in hh2."
            )
        return outcomes.shut(seen.shut or Shut.NOT_FINISHED)
    if view.busy and view.comparing:
        return _("Sage and Procore are being compared.")
    if view.busy and not may_pick(view, now):
        return _("Step 2 is under way.")
    if not any(is_pickable(run, tab) for tab in Tab):
        return _all_tried(run)
    if seen.by_person:
        return _("Step 2 is open, on your word. Choose the tabs to refresh.")
    return _("Step 2 is open: step 1 is proven finished. Choose the tabs to refresh.")


def _all_tried(run: RunState) -> str:
    ends = {run.tabs[tab].outcome for tab in run.chosen}
    if ends <= COMPLETE:
        return _("All chosen tabs are done.")
    if ends <= SUCCESSES:
        return _("All chosen tabs were refreshed; some records wait for import.")
    return _("All chosen tabs were pressed once. What failed or is unknown can be retried.")


def theirs_under_way(view: View) -> bool:
    """True while somebody else's sync is waited for, and may be accepted instead."""
    run = view.run
    if run is None or not view.busy or run.step_one.theirs or run.step_one.outcome is not None:
        return False
    met = any(one.problem.id is ProblemId.HH2_BUSY for one in run.problems)
    return met and run.step_one.press is Press.NONE


def may_go_on(view: View) -> bool:
    """True when the run that ended left tabs that a resume can finish: what was sent is looked up first."""
    run = view.run
    if run is None or view.busy or view.interrupted or run.ended is None or run.cancel_requested:
        return False
    return view.held and (run.waits_for_start or (run.opened is not None and bool(run.left)))


def can_compare(view: View) -> bool:
    """True where both sides can be read through their services: then a run ends with a comparison, by default."""
    profile = view.profile
    return profile is not None and profile.hh2.services and bool(profile.procore.client_id)


def last_good(view: View) -> datetime | None:
    """When the last run that ended ok did so. The one that is shown counts as soon as it has ended, not only when
    the history was read anew."""
    run = view.run
    if run is not None and run.ended is not None and run.ended.outcome is RunOutcome.OK:
        return max(run.last_at, view.last_good or run.last_at)
    return view.last_good


def usual(view: View, kind: str) -> float | None:
    """How long this kind of thing usually takes in this company, in seconds; None where too few runs tell."""
    known = view.habits.get(kind)
    return known.usual if known is not None else None


def freshness(view: View) -> Freshness:
    """How old the data are; what the run that is shown has proven counts at once."""
    return view.fresh if view.run is None else view.fresh.with_run(view.run)


def seen_at_hh2(view: View) -> Shown | None:
    """What hh2's page showed when the sign-in was tested; None where it was not, or a run knows better by now."""
    tested = view.tested.get(Site.HH2)
    return tested.shown if tested is not None and view.run is None and not view.busy else None


def elapsed(run: RunState, now: datetime) -> float:
    """Seconds since the run was planned, to its end."""
    end = run.last_at if run.ended is not None else now
    return max(0.0, (end - run.planned_at).total_seconds())


def needed(need: Need) -> str:
    """What the person is needed for, in a sentence."""
    return outcomes.need(need.kind, need.site) if need.by_hand is None else by_hand.sentence(need.by_hand)


def announcement(before: RunState | None, after: RunState, results: str = "") -> tuple[str, str] | None:
    """What to tell in the tray, as (title, text), when a run comes to `after`: its end, or a person is needed.

    `results` is the folder where the end of each run is written, which is named with it."""
    known = before if before is not None and before.run_id == after.run_id else None
    company = after.plan.profile
    if after.ended is not None and (known is None or known.ended is None):
        matched = f" {match_told.verdict(after.matched)}" if after.matched is not None else ""
        said = f"{outcomes.run(after.ended.outcome)}{matched}"
        if results:
            file = Path(results) / f"{file_name(after)}.txt"
            said = f"{said}\n" + _("Written to {file}").format(file=file)
        return company, said
    if after.need is not None and (known is None or known.need is None or known.need.kind != after.need.kind):
        return company, needed(after.need)
    return None
