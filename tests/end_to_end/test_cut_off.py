"""Kill -9 before and after every kind of write and send: the next start knows what was done, and does nothing twice."""

import subprocess
import sys

import msgspec
import pytest

from app.assembly.house import House
from app.domain.events import RunOutcome, decode, encode
from app.domain.filters import DateRange, Filters
from app.domain.looks import StepOneOutcome, TabOutcome, Unknown
from app.domain.problems import ProblemId
from app.domain.run import Press, RunState
from app.domain.tabs import Tab
from app.engine.faces import Again, Looked, Wanted
from tests.end_to_end.company import NAME, goes_on, set_up
from tests.training.admin import Admin
from tests.training.servers import ROOT, environ

pytestmark = pytest.mark.anyio

# Every event of a run with a change of filters, two tabs and three jobs, and how often it is written.
WRITES = {
    "RunPlanned": 1,
    "SignInRequested": 2,
    "SignedIn": 2,
    "FiltersRead": 1,
    "FiltersRequested": 1,
    "FiltersApplied": 1,
    "StepOneBaseline": 1,
    "SyncRequested": 1,
    "SyncAccepted": 1,
    "StepOneFinished": 1,
    "GateOpened": 1,
    "TabBaseline": 4,
    "RefreshRequested": 4,
    "RefreshAccepted": 4,
    "TabFinished": 2,
    "JobsFound": 1,
    "JobFinished": 3,
    "RunEnded": 1,
}
SENDS = {"hh2.sign_in": 1, "hh2.apply_filters": 1, "hh2.start": 1, "procore.sign_in": 1, "procore.press": 4}


def _points() -> list[tuple[str, str, int]]:
    """The first and the last time of each kind."""
    kinds = [(f"write:{name}", often) for name, often in WRITES.items()]
    kinds += [(f"send:{name}", often) for name, often in SENDS.items()]
    return [
        (when, what, nth)
        for what, often in kinds
        for nth in sorted({1, often})
        for when in ("before", "after")
    ]


def _cut_off(admin: Admin, wanted: Wanted, when: str, what: str, nth: int) -> None:
    asked = msgspec.json.encode({"served": admin.served, "wanted": wanted})
    command = [sys.executable, "-m", "tests.end_to_end.cut_off", when, what, str(nth)]
    ended = subprocess.run(
        command, input=asked, capture_output=True, timeout=60, env=environ(), cwd=ROOT, check=False
    )
    assert ended.returncode == -9, f"it was not killed: {ended.stderr.decode()[-2000:]}"


@pytest.mark.parametrize(("when", "what", "nth"), _points(), ids=str)
async def test_a_run_cut_off_anywhere_is_taken_up_and_nothing_is_pressed_twice(
    when: str, what: str, nth: int, house: House, admin: Admin
) -> None:
    codes = tuple(choice.job.code for choice in (await house.job_choices(NAME, fresh=True))[:3])
    await house.close()
    wanted = Wanted(Filters(DateRange.PAST_MONTH), (Tab.VENDORS, Tab.JOB_COSTS), codes)
    _cut_off(admin, wanted, when, what, nth)

    started_again = House("command line", person=0.0)
    try:
        await set_up(started_again, admin.served)
        cut_off = await started_again.interrupted(NAME)
        if cut_off is None:
            # Nothing was known of a run yet, or it had ended: then nothing may be left undone.
            runs = await started_again.history(NAME)
            assert [run.outcome for run in runs] == ([] if what == "write:RunPlanned" else [RunOutcome.OK])
            return
        before = await started_again.records(NAME, cut_off.run_id)
        state, _ = await goes_on(started_again, cut_off.run_id)
        if state.step_one.outcome is StepOneOutcome.UNSURE:
            # The start may have been sent: the person looks, and says so.
            assert state.step_one.problem is not None
            assert state.step_one.problem.id is ProblemId.HH2_UNSURE
            assert state.ended is not None
            assert state.ended.outcome is RunOutcome.PERSON
            state, _ = await goes_on(
                started_again, cut_off.run_id, Looked("I started one by hand, and it completed")
            )
        _nothing_forgotten(state)
        await _retried_by_a_person(started_again, state)
        after = await started_again.records(NAME, cut_off.run_id)
        assert after[: len(before)] == before
        assert all(decode(encode(record.event)) == record.event for record in after)
    finally:
        await started_again.close()

    assert len(admin.presses("sync.start")) <= 1
    pressed = [(press["tab"], press["job"]) for press in admin.presses("tab.refresh")]
    assert sorted(set(pressed)) == sorted([("vendors", ""), *(("job-costs", code) for code in codes)])
    if not _was_unclear(state):
        assert len(pressed) == len(set(pressed))


def _was_unclear(state: RunState) -> bool:
    return any(
        one.presses > 1 for one in (state.tabs[Tab.VENDORS].refresh, *state.tabs[Tab.JOB_COSTS].jobs.values())
    )


def _nothing_forgotten(state: RunState) -> None:
    """Every tab and every job has an end, and one that is not known to be good says that it was lost."""
    assert state.ended is not None
    assert state.left == ()
    for one in (state.tabs[Tab.VENDORS].refresh, *state.tabs[Tab.JOB_COSTS].jobs.values()):
        assert one.outcome is not None
        if one.outcome is TabOutcome.UNKNOWN:
            assert one.why is Unknown.LOST_ANSWER
            assert one.press is Press.LOST
            assert state.ended.outcome is RunOutcome.LOOK


async def _retried_by_a_person(house: House, state: RunState) -> None:
    """What stayed unknown is refreshed once more, because a person asks."""
    for tab in (Tab.VENDORS, Tab.JOB_COSTS):
        if state.tabs[tab].outcome is TabOutcome.UNKNOWN:
            again, _ = await goes_on(house, state.run_id, Again(tab))
            assert again.tabs[tab].outcome in (TabOutcome.DONE, TabOutcome.NOTHING_VISIBLE)


async def test_a_run_cut_off_while_hh2_syncs_is_watched_to_its_end_without_a_second_start(
    house: House, admin: Admin
) -> None:
    codes = tuple(choice.job.code for choice in (await house.job_choices(NAME, fresh=True))[:3])
    await house.close()
    wanted = Wanted(tabs=(Tab.VENDORS, Tab.JOB_COSTS), jobs=codes)
    _cut_off(admin, wanted, "after", "write:SyncAccepted", 1)
    started_again = House("command line", person=0.0)
    try:
        await set_up(started_again, admin.served)
        cut_off = await started_again.interrupted(NAME)
        assert cut_off is not None
        state, told = await goes_on(started_again, cut_off.run_id)
        assert state.resumes == 1
        assert told.names[0] == "RunResumed"
        assert state.ended is not None
        assert state.ended.outcome is RunOutcome.OK
    finally:
        await started_again.close()
    assert len(admin.presses("sync.start")) == 1
