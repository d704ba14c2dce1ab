"""Step 2: the chosen tabs in the order of their dependencies, each pressed once through the gate,
each with its end."""

from collections.abc import Sequence

import anyio

from app.domain import events as ev
from app.domain.events import Site
from app.domain.looks import SUCCESSES, Evidence, EvidenceKind, TabOutcome, Unknown, Waiting
from app.domain.problems import Problem, ProblemId, Trouble
from app.domain.run import Refresh
from app.domain.tabs import TABS, Tab
from app.engine.refresh import Ended, refresh
from app.engine.work import Work


async def step_two(work: Work) -> None:
    """Refresh what is left of the chosen tabs. Raises the first Trouble that stops the whole run; what was
    not pressed then has no outcome, so that the run can be resumed."""
    tabs = work.recorder.state.left
    if not tabs:
        return
    finished = {tab: anyio.Event() for tab in tabs}
    places = anyio.CapacityLimiter(max(1, work.driver.procore.at_once))
    stopped: list[Trouble] = []

    async def one(tab: Tab) -> None:
        for earlier in sorted(TABS[tab].after):
            if earlier in finished:
                await finished[earlier].wait()
        async with places:
            if not stopped:
                try:
                    await _tab(work, tab)
                except Trouble as trouble:
                    stopped.append(trouble)
        finished[tab].set()

    async with anyio.create_task_group() as group:
        for tab in tabs:
            group.start_soon(one, tab)
    if stopped:
        raise stopped[0]


async def _tab(work: Work, tab: Tab) -> None:
    if tab is Tab.JOB_COSTS:
        await _job_costs(work)
        return
    ended = await refresh(work, tab, None)
    await _tell_problems(work, tab, ended)
    await work.recorder.add(
        ev.TabFinished(tab, ended.outcome, ended.why, ended.evidence, ended.waiting, ended.reason)
    )


async def _tell_problems(work: Work, tab: Tab, ended: Ended) -> None:
    if ended.problem is not None:
        await work.met(ended.problem)
    waiting = ended.waiting
    if ended.outcome is TabOutcome.STAGED:
        await work.met(Problem(ProblemId.Q_IMPORT, {"tab": tab.value, "n": waiting.ready_to_import}))
    if waiting.failed_to_export:
        facts = {"tab": tab.value, "n": waiting.failed_to_export, "first": waiting.first_failure}
        await work.met(Problem(ProblemId.Q_FAILED, dict(facts)))


async def _job_costs(work: Work) -> None:
    """Job by job, with the driver's pause; a job that has ended in this run is not touched again."""
    await find_jobs(work)
    state = work.recorder.state
    left = [job for job in state.jobs if state.refresh_of(Tab.JOB_COSTS, job).outcome is None]
    waiting = Waiting()
    unclear = 0
    for place, job in enumerate(left):
        if place and work.driver.job_pause:
            await work.clock.sleep(work.driver.job_pause)
        ended = await refresh(work, Tab.JOB_COSTS, job)
        if ended.problem is not None:
            await work.met(ended.problem)
        waiting = ended.waiting
        await work.recorder.add(ev.JobFinished(job, ended.outcome, ended.why, ended.evidence, ended.reason))
        if ended.outcome is TabOutcome.DONE and work.sources.movement is not None:
            await work.sources.movement.settle(job.code)
        in_the_dark = ended.outcome is TabOutcome.UNKNOWN and ended.why is not Unknown.QUEUED
        unclear = unclear + 1 if in_the_dark else 0
        if unclear >= _UNCLEAR_IN_A_ROW:
            break
    await _finish_job_costs(work, waiting)


# Where the page tells of no end at all, each job is unknown and still worth pressing; where the answers get lost, the
# next thousand jobs would only be pressed into the dark.
_UNCLEAR_IN_A_ROW = 3


async def _finish_job_costs(work: Work, waiting: Waiting) -> None:
    """One outcome for the tab out of those of its jobs: the worst of them."""
    state = work.recorder.state
    ends = [state.refresh_of(Tab.JOB_COSTS, job) for job in state.jobs]
    at = work.clock.now().isoformat()
    if not ends and state.jobs_how == "movement":
        nothing = Evidence(EvidenceKind.SERVICE, "no-movement", at)
        await work.recorder.add(ev.TabFinished(Tab.JOB_COSTS, TabOutcome.NOTHING_VISIBLE, None, nothing))
        return
    if not ends or state.jobs_missing:
        reason = "jobs-missing: " + ", ".join(state.jobs_missing) if state.jobs_missing else "no-jobs"
        await work.recorder.add(ev.TabFinished(Tab.JOB_COSTS, TabOutcome.SKIPPED, reason=reason))
        return
    worst = min(ends, key=lambda end: _BADNESS.index(end.outcome or TabOutcome.UNKNOWN))
    succeeded = worst.outcome in SUCCESSES
    evidence = worst.evidence if len(ends) == 1 else _together(ends, at) if succeeded else worst.evidence
    outcome = worst.outcome or TabOutcome.UNKNOWN
    await work.recorder.add(
        ev.TabFinished(Tab.JOB_COSTS, outcome, worst.why, evidence, waiting, worst.reason)
    )


# From the worst to the best.
_BADNESS = (
    TabOutcome.FAILED,
    TabOutcome.UNKNOWN,
    TabOutcome.CANCELLED,
    TabOutcome.SKIPPED,
    TabOutcome.STAGED,
    TabOutcome.NOTHING_VISIBLE,
    TabOutcome.DONE,
)


def _together(ends: Sequence[Refresh], at: str) -> Evidence | None:
    """The evidence of all jobs as one line; each job keeps its own."""
    kinds = [end.evidence.kind for end in ends if end.evidence is not None]
    return Evidence(kinds[0], f"jobs: {len(kinds)} of {len(ends)}", at) if kinds else None


async def find_jobs(work: Work) -> None:
    """Decide once per run which jobs' costs are refreshed: the person's, else those that moved,
    else the last choice."""
    state = work.recorder.state
    if state.jobs_how and state.jobs_how != "none":
        return
    offered = await work.ask(Site.PROCORE, work.driver.procore.jobs)
    wanted, how = await _wanted_jobs(work)
    by_code = {job.code.casefold(): job for job in offered}
    found = tuple(by_code[code.casefold()] for code in wanted if code.casefold() in by_code)
    # Only what a person named is missed when it is not offered: a job that moved may be unknown
    # to Procore for good.
    missing = tuple(code for code in wanted if code.casefold() not in by_code) if how == "person" else ()
    await work.recorder.add(ev.JobsFound(found, how, missing))


async def _wanted_jobs(work: Work) -> tuple[Sequence[str], str]:
    named = work.recorder.state.plan.jobs
    if named is not None:
        return tuple(dict.fromkeys(named)), "person"
    moved = await work.moved_jobs()
    if moved is not None:
        return tuple(sorted(moved)), "movement"
    last = await work.ledger.last_jobs()
    if work.blind_to_movement is not None:
        # With the last choice to go by, it is a note; without one it is why no job was refreshed.
        await work.met(work.blind_to_movement, noted=bool(last))
    return last, "last" if last else "none"
