"""Step 1: set hh2's filters, start the sync once, and watch until its end is proven or known to be unknown."""

from app.domain import events as ev
from app.domain.events import Site
from app.domain.filters import Filters
from app.domain.habit import Habit, habit
from app.domain.history import step_one_kind
from app.domain.looks import (
    UNDER_WAY,
    Evidence,
    Phase,
    StepOneOutcome,
    SyncLook,
    began,
    judge_sync,
    judge_theirs,
)
from app.domain.problem_kinds import KINDS
from app.domain.problems import (
    AnswerLost,
    Declined,
    Fact,
    NotPressed,
    NotReadable,
    NotSent,
    Problem,
    ProblemId,
    SessionLost,
    SlowDown,
    Trouble,
)
from app.domain.run import Press
from app.engine.faces import TakeTheirs
from app.engine.person import GaveUp
from app.engine.press import Told, press
from app.engine.work import Work


async def step_one(work: Work) -> None:
    """Carry step 1 to an end, from wherever the events say it stands. Raises Trouble before a press only."""
    state = work.recorder.state
    if state.step_one.theirs:
        await _watch(work, theirs=True)
        return
    if state.step_one.press is Press.ANNOUNCED:
        # Cut off between the announcement and the answer: it may have been sent, so it is looked
        # up, not sent again.
        await work.recorder.add(ev.SyncAnswerLost("cut-off"))
    if work.recorder.state.step_one.press is Press.NONE and not await _press(work):
        return
    await _watch(work, theirs=work.recorder.state.step_one.theirs)


async def _press(work: Work) -> bool:
    """Up to the press: True when a sync of ours (or an accepted one) is to be watched, False when
    step 1 has ended."""
    while True:
        if await _wait_for_others(work):
            return True
        await _set_filters(work, work.recorder.state.plan.filters)
        look = await work.ask(Site.HH2, work.driver.hh2.look)
        if look.phase in UNDER_WAY:
            continue
        await work.recorder.add(ev.StepOneBaseline(look))
        await work.recorder.add(ev.SyncRequested())
        told = Told(ev.SyncAccepted, ev.SyncDeclined, ev.SyncAnswerLost)
        unstarted = await press(work, Site.HH2, work.driver.hh2.start, told)
        if unstarted is None:
            return True
        if not unstarted.again and unstarted.problem.id is not ProblemId.HH2_BUSY:
            await _end(work, StepOneOutcome.FAILED, unstarted.problem)
            return False


async def _wait_for_others(work: Work) -> bool:
    """Wait until no sync is under way. True when the person took the one that somebody else
    started as step 1."""
    ends = work.clock.ticks() + work.patience.busy
    while True:
        look = await work.ask(Site.HH2, work.driver.hh2.look)
        if look.phase not in UNDER_WAY:
            return False
        await work.met(Problem(ProblemId.HH2_BUSY, {"text": look.text}), noted=True)
        await _tell_progress(work, look)
        if work.person.take(TakeTheirs) is not None:
            await work.recorder.add(ev.StepOneBaseline(look))
            await work.recorder.add(ev.TheirsAccepted(work.who))
            return True
        if work.clock.ticks() >= ends:
            raise Trouble(
                Problem(ProblemId.HH2_BUSY, {"text": look.text, "waited": round(work.patience.busy)})
            )
        await work.clock.sleep(work.patience.poll)


async def _set_filters(work: Work, wanted: Filters, *, putting_back: bool = False) -> None:
    """Read the filters first and change only what differs; what then stands there is read back."""
    state = work.recorder.state
    now, about_depth = await work.ask(Site.HH2, work.driver.hh2.read_filters)
    if state.step_one.filters_now is None:
        await work.recorder.add(ev.FiltersRead(now, about_depth))
    if now == wanted:
        await work.recorder.add(ev.FiltersApplied(wanted, changed=False, putting_back=putting_back))
        return
    await work.recorder.add(ev.FiltersRequested(wanted, putting_back))
    stands = await _apply(work, wanted)
    if stands != wanted:
        raise Trouble(Problem(ProblemId.HH2_ANSWER, {"what": "filters"}))
    await work.recorder.add(ev.FiltersApplied(wanted, changed=True, putting_back=putting_back))


async def _apply(work: Work, wanted: Filters) -> Filters | None:
    """Press Apply Settings and say what then stands there. It starts nothing; a lost answer is looked
    up all the same."""
    since: float | None = None
    while True:
        seen = work.sign_ins(Site.HH2)
        try:
            return await work.deadline(lambda: work.driver.hh2.apply_filters(wanted), Site.HH2)
        except (AnswerLost, NotReadable):
            stands, _ = await work.ask(Site.HH2, work.driver.hh2.read_filters)
            return stands
        except SessionLost:
            await work.sign_in_again(Site.HH2, seen)
            stands, _ = await work.ask(Site.HH2, work.driver.hh2.read_filters)
            if stands == wanted:  # it was taken before the session went
                return stands
        except SlowDown as slow:
            since = await work.slow_down(slow, since)
        except (NotSent, Declined) as refused:
            raise Trouble(refused.problem) from None
        except NotPressed as left:
            facts = {"site": Site.HH2.value, "action": left.action, "why": left.why.value}
            await work.met(Problem(ProblemId.NOT_PRESSED, dict(facts)))
            raise GaveUp from None


async def put_back(work: Work) -> None:
    """Set the filters to what stood there before this run changed them."""
    step = work.recorder.state.step_one
    if step.filters_changed and step.filters_before is not None:
        await _set_filters(work, step.filters_before, putting_back=True)


async def _watch(work: Work, *, theirs: bool) -> None:
    """Look until the end is proven, or a deadline says that it will not be. Never raises for
    what a look shows."""
    patience, clock = work.patience, work.clock
    step = work.recorder.state.step_one
    before = step.baseline
    if before is None:
        raise RuntimeError("a watch needs a baseline")
    known = await _habit(work)
    began_at = clock.ticks()
    ends, readable_until, queued_since = began_at + patience.step_one, began_at + patience.blind, began_at
    shown = False
    while True:
        now = clock.ticks()
        try:
            look = await work.ask(Site.HH2, work.driver.hh2.look)
        except Trouble as blind:
            # The press was made: not seeing its end is no failure, and no success.
            if clock.ticks() >= readable_until or KINDS[blind.problem.id].blinds:
                await work.met(blind.problem)
                await _unsure(work, "blind")
                return
            await work.met(blind.problem, noted=True)
            await clock.sleep(patience.poll)
            continue
        readable_until = clock.ticks() + patience.blind
        if theirs or began(before, look):
            shown = True
        verdict = judge_theirs(look) if theirs else judge_sync(before, look)
        if verdict.ended:
            await _ended(work, look, before)
            return
        await _tell_progress(work, look)
        if look.phase is not Phase.QUEUED:
            queued_since = now
        elif now - queued_since >= patience.pick_up:
            await _end(work, StepOneOutcome.FAILED, Problem(ProblemId.HH2_OFFLINE, {"text": look.text}))
            return
        lost = work.recorder.state.step_one.press is Press.LOST
        if lost and not shown and now - began_at >= patience.appear:
            await _unsure(work, "lost-answer")
            return
        if now >= ends:
            await _unsure(work, "no-end")
            return
        took = now - began_at
        if took > patience.long and known.is_long(took):
            facts: dict[str, Fact] = {"took": round(took)}
            if round(known.usual or 0):  # less than half a second is no time to tell
                facts["usual"] = round(known.usual or 0)
            await work.met(Problem(ProblemId.HH2_LONG, facts), noted=True)
        await clock.sleep(patience.poll)


# Problems that looking again will not cure.
async def _ended(work: Work, look: SyncLook, before: SyncLook) -> None:
    if look.phase is Phase.OFFLINE:
        await _end(work, StepOneOutcome.FAILED, Problem(ProblemId.HH2_OFFLINE, {"text": look.text}))
    elif look.phase is Phase.FAILED or look.failures:
        first = look.failures[0] if look.failures else look.text
        problem = Problem(ProblemId.HH2_FAILED, {"n": max(1, len(look.failures)), "first": first})
        await _end(work, StepOneOutcome.FAILED, problem, look.failures)
    elif look.phase is Phase.DONE:
        at = work.clock.now().isoformat()
        evidence = Evidence(work.driver.hh2.evidence, look.text, at, before.text)
        await work.recorder.add(ev.StepOneFinished(StepOneOutcome.DONE, evidence))
    else:
        await _unsure(work, "stale")


async def _unsure(work: Work, why: str) -> None:
    await _end(work, StepOneOutcome.UNSURE, Problem(ProblemId.HH2_UNSURE, {"why": why}))


async def _end(work: Work, outcome: StepOneOutcome, problem: Problem, failures: tuple[str, ...] = ()) -> None:
    await work.met(problem)
    await work.recorder.add(ev.StepOneFinished(outcome, None, problem, failures))


async def _tell_progress(work: Work, look: SyncLook) -> None:
    step = work.recorder.state.step_one
    if (look.text, look.progress) != (step.text, step.fraction):
        await work.recorder.add(ev.SyncProgress(look.text, look.progress))


async def _habit(work: Work) -> Habit:
    return habit(await work.ledger.durations(step_one_kind(work.recorder.state.plan.filters)))
