"""What must hold after a run was cut off and taken up again, whatever it was doing: held to the servers' own log."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping

import msgspec

from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import Record, RunOutcome, decode, encode
from app.domain.looks import StepOneOutcome, TabOutcome, Unknown
from app.domain.problems import ProblemId
from app.domain.profile import DriverName
from app.domain.run import Press, Refresh, RunState
from app.domain.tabs import Tab
from app.engine.faces import Again, Looked
from tests.end_to_end.company import NAME, goes_on, set_up
from tests.end_to_end.crash_stories import STORIES
from tests.end_to_end.cut_off import Asked
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ


def cut_off(
    admin: Admin, asked: Asked, when: str, what: str, nth: int, more: Mapping[str, str] | None = None
) -> None:
    """Begin the story's scenario anew and carry it out until it is killed there."""
    story = STORIES[asked.story]
    admin.play(story.scenario, pace=story.pace)
    if story.fault is not None:
        admin.fault(story.fault)
    command = [sys.executable, "-m", "tests.end_to_end.cut_off", when, what, str(nth)]
    ended = subprocess.run(
        command,
        input=msgspec.json.encode(asked),
        capture_output=True,
        timeout=100,
        env={**environ(), **(more or {})},
        cwd=ROOT,
        check=False,
    )
    assert ended.returncode == -9, f"it was not killed: {ended.stderr.decode()[-2000:]}"


async def taken_up(admin: Admin, asked: Asked) -> tuple[RunState | None, list[Record]]:
    """Start again and go on with what was cut off, then hold the end to what the servers saw. The state of the run
    that was taken up; None where there was nothing to take up."""
    story = STORIES[asked.story]
    started_again = House("command line", person=0.0)
    try:
        await set_up(started_again, admin.served, without=story.without)
        found = await started_again.interrupted(NAME)
        before, state = [], None
        if found is not None:
            before = await started_again.records(NAME, found.run_id)
            state = await _gone_on(started_again, found.run_id, story.driver)
            if asked.story == "whole":
                await _retried_by_a_person(started_again, state)
        runs = await started_again.history(NAME)
        records = [each for run in runs for each in await started_again.records(NAME, run.run_id)]
        assert [each for each in records if each in before] == before, "what was written stays"
        assert all(decode(encode(each.event)) == each.event for each in records)
        checked = await started_again.verify(NAME)
        assert checked.holds, checked.faults
        assert await started_again.interrupted(NAME) is None, "nothing is left half done"
    finally:
        await started_again.close()
    _pressed_as_announced(admin, records)
    if state is not None:
        _nothing_forgotten(state)
    return state, records


async def _gone_on(house: House, run_id: str, driver: DriverName | None) -> RunState:
    state, _ = await goes_on(house, run_id, driver=driver)
    if state.step_one.outcome is StepOneOutcome.UNSURE and state.opened is None:
        # The start may have been sent: the person looks, and says so.
        assert state.step_one.problem is not None
        assert state.step_one.problem.id is ProblemId.HH2_UNSURE
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.PERSON
        looked = Looked("I started one by hand, and it completed")
        state, _ = await goes_on(house, run_id, looked, driver=driver)
    return state


def _each(state: RunState) -> list[Refresh]:
    return [one for tab in state.tabs.values() for one in (tab.refresh, *tab.jobs.values())]


def _nothing_forgotten(state: RunState) -> None:
    """Whatever was announced has an end, and one that is not known to be good says that it was lost."""
    assert state.ended is not None
    if state.ended.outcome is RunOutcome.OK:
        assert state.left == ()
    for one in _each(state):
        if one.press is Press.NONE:
            continue
        assert one.outcome is not None
        if one.why is Unknown.LOST_ANSWER:
            assert one.outcome is TabOutcome.UNKNOWN
            assert one.press is Press.LOST
            assert state.ended.outcome is not RunOutcome.OK


def _pressed_as_announced(admin: Admin, records: list[Record]) -> None:
    """Every press that the servers carried out stands in the ledger, and none was made twice unless a person asked."""
    announced: Counter[tuple[str, str]] = Counter()
    asked_again: Counter[tuple[str, str]] = Counter()
    starts = filters = 0
    for record in records:
        match record.event:
            case ev.RefreshRequested(tab=tab, job=job):
                announced[tab.value, job.code if job else ""] += 1
            case ev.RetryAsked(tab=tab, job=job):
                asked_again[tab.value, job.code if job else ""] += 1
            case ev.SyncRequested():
                starts += 1
            case ev.FiltersRequested():
                filters += 1
    pressed = Counter((press["tab"], press["job"]) for press in admin.presses("tab.refresh"))
    for key, often in pressed.items():
        assert often <= announced[key], f"{key} was pressed and not announced"
        assert often <= 1 + asked_again[key], f"{key} was pressed twice"
    assert len(admin.presses("sync.start")) <= min(1, starts)
    assert len(admin.presses("filters.apply")) <= filters
    others = {press["what"] for press in admin.presses()} - {"tab.refresh", "sync.start", "filters.apply"}
    assert not others


async def _retried_by_a_person(house: House, state: RunState) -> None:
    """What stayed unknown is refreshed once more, because a person asks."""
    for tab in (Tab.VENDORS, Tab.JOB_COSTS):
        if state.tabs[tab].outcome is TabOutcome.UNKNOWN:
            again, _ = await goes_on(house, state.run_id, Again(tab))
            assert again.tabs[tab].outcome in (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)
