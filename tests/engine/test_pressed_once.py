"""What becomes of a press: written down as what it is, made later where the site asks for it, never made twice."""

from datetime import timedelta
from typing import Any

import anyio
import pytest
from msgspec import structs

from app.domain import events as ev
from app.domain.events import RunOutcome, Site
from app.domain.gate import Permit
from app.domain.looks import StepOneOutcome, TabLook, TabOutcome
from app.domain.problems import AnswerLost, NotReadable, Problem, ProblemId, SessionLost, SlowDown, trouble
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import Stop, TakeTheirs, Wanted
from tests.engine.script import (
    FRESH,
    NEW,
    OLD,
    QUICK,
    QUIET,
    RUNNING,
    Make,
    Script,
    ScriptedHh2,
    ScriptedProcore,
    Stage,
)

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))
TWO = Wanted(tabs=(Tab.COST_CODES, Tab.VENDORS))
NET = Problem(ProblemId.NET, {"site": "procore"})
ANNOUNCED: dict[Site, Any] = {Site.HH2: ev.SyncRequested, Site.PROCORE: ev.RefreshRequested}
DECLINED: dict[Site, Any] = {Site.HH2: ev.SyncDeclined, Site.PROCORE: ev.RefreshDeclined}
ACCEPTED: dict[Site, Any] = {Site.HH2: ev.SyncAccepted, Site.PROCORE: ev.RefreshAccepted}
LOST: dict[Site, Any] = {Site.HH2: ev.SyncAnswerLost, Site.PROCORE: ev.RefreshAnswerLost}
BOTH = pytest.mark.parametrize("site", list(Site))


def _saying(stage: Make, site: Site, *says: object, **parts: Any) -> Stage:
    """Sites of which one says these things of the first press."""
    if site is Site.HH2:
        looks = Script(*[OLD, OLD] * len(says), RUNNING, NEW)
        return stage(hh2=ScriptedHh2(start=Script(*says), look=looks), **parts)
    return stage(procore=ScriptedProcore(press=Script(*says), look=Script(QUIET, QUIET, FRESH)), **parts)


async def _run(on: Stage, wanted: Wanted = VENDORS) -> RunState:
    conductor = await on.conductor()
    with anyio.fail_after(20):
        return await conductor.run(wanted)


def _outcome(state: RunState) -> RunOutcome:
    assert state.ended is not None
    return state.ended.outcome


def _of_press(on: Stage, site: Site) -> list[Any]:
    """What was written down of the press at this site, in order."""
    kinds = tuple(kind[site] for kind in (ANNOUNCED, DECLINED, ACCEPTED, LOST))
    return [record.event for record in on.told.records if isinstance(record.event, kinds)]


def _kinds(on: Stage, site: Site) -> list[type]:
    return [type(event) for event in _of_press(on, site)]


AGAIN = [ANNOUNCED, DECLINED, ANNOUNCED, ACCEPTED]


@BOTH
async def test_a_press_that_the_site_asks_to_wait_for_is_declined_and_made_after_the_wait(
    site: Site, stage: Make
) -> None:
    on = _saying(stage, site, SlowDown(site.value, 0.1), "begun")
    state = await _run(on)
    assert _kinds(on, site) == [kind[site] for kind in AGAIN]
    declined = next(record for record in on.told.records if isinstance(record.event, DECLINED[site]))
    assert _of_press(on, site)[1].problem == Problem(ProblemId.LIMIT, {"site": site.value})
    made = next(
        record
        for record in on.told.records
        if isinstance(record.event, ANNOUNCED[site]) and record.seq > declined.seq
    )
    assert made.at - declined.at >= timedelta(seconds=0.09)
    assert [met.problem.id for met in state.problems] == [ProblemId.LIMIT]
    assert _outcome(state) is RunOutcome.OK


@BOTH
async def test_a_press_that_found_no_session_is_declined_and_made_after_a_sign_in(
    site: Site, stage: Make
) -> None:
    on = _saying(stage, site, SessionLost(site.value), "begun")
    state = await _run(on)
    assert _kinds(on, site) == [kind[site] for kind in AGAIN]
    first = next(event for event in _of_press(on, site) if isinstance(event, DECLINED[site]))
    assert first.problem == Problem(ProblemId.SESSION, {"site": site.value})
    portal = on.hh2 if site is Site.HH2 else on.procore
    assert portal.calls["sign_in"].calls == 2
    assert "SessionEnded" in on.told.names
    assert _outcome(state) is RunOutcome.OK


@BOTH
async def test_a_site_that_never_takes_a_press_is_given_up_after_the_time_for_what_is_busy(
    site: Site, stage: Make
) -> None:
    on = _saying(stage, site, SlowDown(site.value, 0.0), patience=structs.replace(QUICK, busy=0.2))
    state = await _run(on)
    assert [met.problem.id for met in state.problems if not met.noted] == [ProblemId.LIMIT]
    assert ACCEPTED[site] not in _kinds(on, site)
    assert state.tabs[Tab.VENDORS].outcome is None


async def test_each_press_is_waited_for_anew_once_the_one_before_was_taken(stage: Make) -> None:
    async def fresh_later() -> object:
        await anyio.sleep(0.3)
        return FRESH

    look = Script(QUIET, QUIET, fresh_later, QUIET, QUIET, FRESH)
    slow = SlowDown("procore", 0.01)
    procore = ScriptedProcore(press=Script(slow, "begun", slow, "begun"), look=look)
    state = await _run(stage(procore=procore, patience=structs.replace(QUICK, busy=0.25)), TWO)
    assert [state.tabs[tab].outcome for tab in TWO.tabs] == [TabOutcome.DONE, TabOutcome.DONE]
    assert len(procore.pressed) == 4


@BOTH
@pytest.mark.parametrize(
    ("said", "cause"), [(AnswerLost("reset"), "reset"), (NotReadable(NET), "NET")], ids=["lost", "unreadable"]
)
async def test_a_lost_answer_is_written_down_with_its_cause_and_the_press_is_not_made_again(
    site: Site, said: Exception, cause: str, stage: Make
) -> None:
    on = _saying(stage, site, said)
    state = await _run(on)
    assert _kinds(on, site) == [ANNOUNCED[site], LOST[site]]
    assert _of_press(on, site)[1].cause == cause
    portal = on.hh2 if site is Site.HH2 else on.procore
    assert portal.calls["start" if site is Site.HH2 else "press"].calls == 1
    assert _outcome(state) is RunOutcome.OK


@BOTH
async def test_what_the_site_answered_is_kept(site: Site, stage: Make) -> None:
    on = _saying(stage, site, "Sync requested")
    await _run(on)
    assert _of_press(on, site)[1].text == "Sync requested"


async def test_somebody_elses_sync_that_a_person_takes_is_watched_to_its_end_and_ours_is_not_started(
    stage: Make,
) -> None:
    on = stage(hh2=ScriptedHh2(look=Script(RUNNING, RUNNING, RUNNING, NEW)))
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(TakeTheirs()) if isinstance(record.event, ev.ProblemMet) else None
    )
    with anyio.fail_after(20):
        state = await conductor.run(VENDORS)
    assert on.hh2.calls["start"].calls == 0
    assert state.step_one.theirs
    assert state.step_one.outcome is StepOneOutcome.DONE
    assert state.opened is not None
    assert state.opened.by_person
    assert on.procore.pressed == [(Tab.VENDORS, "")]
    assert _outcome(state) is RunOutcome.OK


class Interrupted(ScriptedProcore):
    """Its session ends under one tab while the press of another has no answer yet."""

    at_once = 2

    def __init__(self, **calls: Script) -> None:
        super().__init__(**calls)
        self.begun = anyio.Event()

    async def press(self, permit: Permit) -> str:
        self.begun.set()
        return await super().press(permit)

    async def look(self, tab: Tab, _job: Job | None) -> TabLook:
        if tab is Tab.VENDORS:
            await self.begun.wait()
            raise SessionLost("procore")
        return QUIET


async def _for_ever() -> str:
    await anyio.sleep(60)
    return "never"


async def test_a_press_that_is_stopped_while_a_person_is_asked_for_something_else_has_a_lost_answer(
    stage: Make,
) -> None:
    code = trouble(ProblemId.MFA, site="procore")
    procore = Interrupted(sign_in=Script("dana", code), press=Script(_for_ever))
    on = stage(procore=procore, patience=structs.replace(QUICK, request=30.0, person=30.0))
    conductor = await on.conductor()
    on.told.react = lambda record, _state: (
        conductor.tell(Stop()) if isinstance(record.event, ev.NeedsPerson) else None
    )
    with anyio.fail_after(20):
        state = await conductor.run(TWO)
    assert procore.pressed == [(Tab.COST_CODES, "")]
    assert _kinds(on, Site.PROCORE) == [ev.RefreshRequested, ev.RefreshAnswerLost]
    assert _of_press(on, Site.PROCORE)[1].cause == "stopped"
    assert _outcome(state) is RunOutcome.CANCELLED
