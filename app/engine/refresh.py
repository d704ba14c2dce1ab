"""One refresh of one tab (or one job of Job Costs): baseline, announcement, press through the gate,
watch to its end."""

from dataclasses import dataclass, field
from functools import partial

from app.domain import events as ev
from app.domain.events import Site
from app.domain.gate import GateShut, Shut, gate, permit
from app.domain.looks import UNDER_WAY, Evidence, TabLook, TabOutcome, Unknown, Waiting, began, judge_tab
from app.domain.problems import (
    Problem,
    ProblemId,
    Trouble,
    Unpressed,
)
from app.domain.run import Press
from app.domain.tabs import Job, Tab
from app.engine.press import Told, press
from app.engine.work import Work


@dataclass(frozen=True)
class Ended:
    """How a refresh ended, and the problem to tell of it, if any."""

    outcome: TabOutcome
    why: Unknown | None = None
    evidence: Evidence | None = None
    waiting: Waiting = field(default_factory=Waiting)
    reason: str = ""
    problem: Problem | None = None


# Problems of one tab: told with it, and the other tabs go on. Every other Trouble stops step 2.
_OF_THE_TAB = frozenset(
    {ProblemId.PRO_LABEL, ProblemId.PRO_PERM, ProblemId.PRO_FAILED, ProblemId.PRO_BUSY, ProblemId.PRO_ANSWER}
)


async def refresh(work: Work, tab: Tab, job: Job | None) -> Ended:
    """Carry one refresh to its end, from wherever the events say it stands. Raises Trouble for
    what stops step 2."""
    one = work.recorder.state.refresh_of(tab, job)
    try:
        if one.press is Press.NONE or one.retry_asked:
            refused = await _press(work, tab, job)
            if refused is not None:
                return refused
        elif one.press is Press.ANNOUNCED:
            # Cut off between the announcement and the answer: looked up, not sent again.
            await work.recorder.add(ev.RefreshAnswerLost(tab, "cut-off", job))
        return await _watch(work, tab, job)
    except Trouble as trouble:
        if trouble.problem.id not in _OF_THE_TAB:
            raise
        if work.recorder.state.refresh_of(tab, job).press is Press.NONE:
            return Ended(TabOutcome.FAILED, reason=trouble.problem.id.value, problem=trouble.problem)
        return Ended(
            TabOutcome.UNKNOWN, Unknown.SILENT, reason=trouble.problem.id.value, problem=trouble.problem
        )


async def _press(work: Work, tab: Tab, job: Job | None) -> Ended | None:
    """Press the tab's button once. None when its end is to be watched; an end when nothing was pressed."""
    portal, recorder = work.driver.procore, work.recorder
    busy_until = work.clock.ticks() + work.patience.busy
    while True:
        look = await _free(work, tab, job, busy_until)
        if look is None:
            return _busy(work, tab)
        await recorder.add(ev.TabBaseline(tab, look, job))
        _stop_if_old(work)
        await recorder.add(ev.RefreshRequested(tab, job))
        try:
            leave = permit(recorder.state, tab, job, work.clock.now())
        except GateShut:  # the proof grew old between the announcement and the press; nothing was sent
            old = Problem(ProblemId.PROOF_OLD, {"minutes": recorder.state.plan.proof_minutes})
            await recorder.add(ev.RefreshDeclined(tab, old, job))
            raise Trouble(old) from None
        told = Told(
            lambda answer: ev.RefreshAccepted(tab, job, answer),
            lambda problem: ev.RefreshDeclined(tab, problem, job),
            lambda cause: ev.RefreshAnswerLost(tab, cause, job),
        )
        send = partial(portal.press, leave)
        unstarted = await press(work, Site.PROCORE, send, told, was_sent=leave.was_used)
        if unstarted is None:
            return None
        if unstarted.again:
            continue
        problem = unstarted.problem
        if problem.id is ProblemId.PRO_BUSY:
            await work.met(problem, noted=True)
            if work.clock.ticks() >= busy_until:
                return _busy(work, tab)
            await work.clock.sleep(work.patience.poll)
        elif problem.id is ProblemId.NOT_PRESSED:
            return Ended(TabOutcome.SKIPPED, reason=Unpressed.LEFT_OUT.value)
        elif problem.id in _OF_THE_TAB:
            return Ended(TabOutcome.FAILED, reason=_text(problem), problem=problem)
        else:
            raise Trouble(problem)


def _busy(work: Work, tab: Tab) -> Ended:
    busy = Problem(ProblemId.PRO_BUSY, {"tab": tab.value, "waited": round(work.patience.busy)})
    return Ended(TabOutcome.SKIPPED, reason="busy", problem=busy)


def _stop_if_old(work: Work) -> None:
    """Step 2 began with an open gate; a wait for a busy tab may have outlived the proof."""
    state = work.recorder.state
    if gate(state, work.clock.now()).shut is Shut.OLD:
        raise Trouble(Problem(ProblemId.PROOF_OLD, {"minutes": state.plan.proof_minutes}))


async def _free(work: Work, tab: Tab, job: Job | None, ends: float) -> TabLook | None:
    """The tab's look once its button stands there, enabled, and nothing of it is under way;
    None after the wait."""
    while True:
        look = await work.ask(Site.PROCORE, lambda: work.driver.procore.look(tab, job))
        free = look.can_press and look.phase not in UNDER_WAY
        if free:  # also after a wait that had another cause, such as a limit of requests
            return look
        if work.clock.ticks() >= ends:
            return None
        await work.met(Problem(ProblemId.PRO_BUSY, {"tab": tab.value}), noted=True)
        await _tell_progress(work, tab, job, look)
        await work.clock.sleep(work.patience.poll)


async def _watch(work: Work, tab: Tab, job: Job | None) -> Ended:
    """Look until the end is told against the baseline, or a deadline says that it will not be."""
    patience, clock = work.patience, work.clock
    one = work.recorder.state.refresh_of(tab, job)
    before = one.baseline
    if before is None:
        raise RuntimeError("a watch needs a baseline")
    began_at = clock.ticks()
    readable_until = began_at + patience.blind
    shown = False
    while True:
        now = clock.ticks()
        try:
            look = await work.ask(Site.PROCORE, lambda: work.driver.procore.look(tab, job))
        except Trouble as blind:
            if clock.ticks() < readable_until and blind.problem.id in _MAY_PASS:
                await work.met(blind.problem, noted=True)
                await clock.sleep(patience.poll)
                continue
            if blind.problem.id in _MAY_PASS:
                return Ended(TabOutcome.UNKNOWN, Unknown.SILENT, reason="blind", problem=blind.problem)
            raise
        readable_until = clock.ticks() + patience.blind
        shown = shown or began(before, look)
        verdict = judge_tab(tab, before, look)
        if verdict.outcome is not None:
            return _ended(work, tab, job, verdict.outcome, verdict.why, look, before)
        await _tell_progress(work, tab, job, look)
        waited = now - began_at
        lost = work.recorder.state.refresh_of(tab, job).press is Press.LOST
        if not shown and waited >= (patience.appear if lost else patience.still_tab):
            return _unknown(tab, job, Unknown.LOST_ANSWER if lost else Unknown.SILENT, look)
        if waited >= patience.tab:
            return _unknown(tab, job, Unknown.SILENT, look)
        await clock.sleep(patience.poll)


# Not seeing for a while is no reason to give a tab up.
_MAY_PASS = frozenset(
    {ProblemId.NET, ProblemId.PRO_DOWN, ProblemId.PRO_ANSWER, ProblemId.LIMIT, ProblemId.PRO_LABEL}
)


def _ended(
    work: Work,
    tab: Tab,
    job: Job | None,
    outcome: TabOutcome,
    why: Unknown | None,
    look: TabLook,
    before: TabLook,
) -> Ended:
    at = work.clock.now().isoformat()
    evidence = Evidence(work.driver.procore.evidence, look.text, at, before.text)
    if outcome is TabOutcome.FAILED:
        facts = {"tab": tab.value, "text": look.text, **_of_job(job)}
        failed = Problem(ProblemId.PRO_FAILED, dict(facts))
        return Ended(outcome, None, evidence, look.waiting, look.text, failed)
    if outcome is TabOutcome.UNKNOWN:
        return _unknown(tab, job, why or Unknown.SILENT, look, evidence)
    return Ended(outcome, None, evidence, look.waiting)


def _unknown(
    tab: Tab, job: Job | None, why: Unknown, look: TabLook, evidence: Evidence | None = None
) -> Ended:
    facts = {"tab": tab.value, "why": why.value, **_of_job(job)}
    return Ended(
        TabOutcome.UNKNOWN, why, evidence, look.waiting, why.value, Problem(ProblemId.PRO_STALE, dict(facts))
    )


def _of_job(job: Job | None) -> dict[str, str]:
    return {"job": job.code} if job is not None else {}


def _text(problem: Problem) -> str:
    return str(problem.facts.get("text") or problem.id.value)


async def _tell_progress(work: Work, tab: Tab, job: Job | None, look: TabLook) -> None:
    if look.text != work.recorder.state.refresh_of(tab, job).text:
        await work.recorder.add(ev.RefreshProgress(tab, look.text, job))
