"""Step 2 in detail: tabs in their order, busy ones waited for, jobs one by one, and no end that nobody saw."""

from datetime import timedelta

import anyio
import pytest
from msgspec import structs

from app.domain import events as ev
from app.domain.events import RunOutcome
from app.domain.looks import EvidenceKind, Phase, TabLook, TabOutcome, Unknown, Waiting
from app.domain.problems import AnswerLost, Declined, NotReadable, Problem, ProblemId, trouble
from app.domain.run import RunState
from app.domain.tabs import Job, Tab
from app.engine.faces import Wanted
from tests.engine.script import (
    BUSY,
    FRESH,
    QUICK,
    QUIET,
    Make,
    Script,
    ScriptedMovement,
    ScriptedProcore,
    Stage,
)

pytestmark = pytest.mark.anyio
VENDORS = Wanted(tabs=(Tab.VENDORS,))
NET = Problem(ProblemId.NET, {"site": "procore"})
BLIND = NotReadable(NET)
GOING = TabLook(Phase.RUNNING, "2", "Refreshing")
FAILED = TabLook(Phase.FAILED, "2", "Timed out")
PATIENT = structs.replace(QUICK, blind=30.0, tab=30.0, still_tab=30.0, appear=30.0)


async def _run(on: Stage, wanted: Wanted = VENDORS) -> RunState:
    conductor = await on.conductor()
    with anyio.fail_after(30):
        return await conductor.run(wanted)


def _met(state: RunState) -> list[tuple[ProblemId, bool]]:
    return [(met.problem.id, met.noted) for met in state.problems]


def _costs(*codes: str) -> Wanted:
    return Wanted(tabs=(Tab.JOB_COSTS,), jobs=codes)


def _whole(state: RunState) -> tuple[TabOutcome | None, str]:
    one = state.tabs[Tab.JOB_COSTS].refresh
    return one.outcome, one.reason


# ---------------------------------------------------------------- one tab


async def test_a_tab_that_is_busy_is_told_once_waited_for_in_turns_and_then_pressed(stage: Make) -> None:
    patience = structs.replace(PATIENT, poll=0.05)
    on = stage(procore=ScriptedProcore(look=Script(BUSY, BUSY, BUSY, QUIET, FRESH)), patience=patience)
    state = await _run(on)
    assert on.passed.slept >= 3 * 0.05
    assert _met(state) == [(ProblemId.PRO_BUSY, True)]
    told = [r.event.text for r in on.told.records if isinstance(r.event, ev.RefreshProgress)]
    assert told == [BUSY.text]
    assert len(on.procore.pressed) == 1
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


@pytest.mark.parametrize(
    "look",
    [structs.replace(QUIET, can_press=False), structs.replace(QUIET, phase=Phase.RUNNING)],
    ids=["off", "runs"],
)
async def test_a_button_that_is_off_or_a_refresh_that_runs_is_not_pressed(look: TabLook, stage: Make) -> None:
    on = stage(
        procore=ScriptedProcore(look=Script(look)), patience=structs.replace(QUICK, busy=1.0, poll=0.1)
    )
    state = await _run(on)
    assert on.procore.pressed == []
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.reason) == (TabOutcome.SKIPPED, "busy")
    assert state.problems[-1].problem.facts == {"tab": "vendors", "waited": 1}
    assert 3 <= on.procore.calls["look"].calls <= 12


async def test_a_tab_that_declines_as_busy_for_ever_is_left_alone_after_its_time(stage: Make) -> None:
    busy = Declined(Problem(ProblemId.PRO_BUSY, {"tab": "vendors"}))
    on = stage(
        procore=ScriptedProcore(press=Script(busy), look=Script(QUIET)),
        patience=structs.replace(QUICK, busy=0.4, poll=0.1),
    )
    state = await _run(on)
    assert (state.tabs[Tab.VENDORS].refresh.reason, _met(state)[0]) == ("busy", (ProblemId.PRO_BUSY, True))
    assert len(_met(state)) == 2
    assert 2 <= len(on.procore.pressed) <= 6


async def test_a_page_that_cannot_be_read_for_a_while_is_noted_and_its_end_counts(stage: Make) -> None:
    looks = Script(QUIET, *[BLIND] * 4, GOING, FRESH)
    state = await _run(stage(procore=ScriptedProcore(look=looks), patience=PATIENT))
    assert _met(state) == [(ProblemId.NET, True)]
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_a_page_that_is_never_read_again_leaves_the_tab_unknown_after_its_time(stage: Make) -> None:
    on = stage(
        procore=ScriptedProcore(look=Script(QUIET, GOING, BLIND)),
        patience=structs.replace(PATIENT, blind=0.3),
    )
    state = await _run(on)
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.why, one.reason) == (TabOutcome.UNKNOWN, Unknown.SILENT, "blind")
    assert _met(state) == [(ProblemId.NET, True), (ProblemId.NET, False)]


async def test_each_readable_look_begins_the_time_for_unreadable_ones_anew(stage: Make) -> None:
    def late() -> TabLook:
        on.passed.slept += 0.15  # the site's own slowness
        return GOING

    looks = Script(QUIET, late, BLIND, BLIND, late, BLIND, BLIND, late, FRESH)
    on = stage(procore=ScriptedProcore(look=looks), patience=structs.replace(PATIENT, blind=0.25))
    assert (await _run(on)).tabs[Tab.VENDORS].outcome is TabOutcome.DONE


@pytest.mark.parametrize(
    ("press", "patience", "why"),
    [
        ("begun", structs.replace(PATIENT, still_tab=0.3, appear=0.0), Unknown.SILENT),
        (AnswerLost("reset"), structs.replace(PATIENT, appear=0.3, still_tab=0.0), Unknown.LOST_ANSWER),
    ],
    ids=["answered", "lost"],
)
async def test_a_tab_that_shows_nothing_is_watched_for_its_time_and_then_unknown(
    press: object, patience: object, why: Unknown, stage: Make
) -> None:
    on = stage(procore=ScriptedProcore(press=Script(press), look=Script(QUIET)), patience=patience)
    state = await _run(on)
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.why, one.reason) == (TabOutcome.UNKNOWN, why, why.value)
    pressed = next(
        r.at for r in on.told.records if isinstance(r.event, ev.RefreshAccepted | ev.RefreshAnswerLost)
    )
    ended = next(r.at for r in on.told.records if isinstance(r.event, ev.TabFinished))
    assert ended - pressed >= timedelta(seconds=0.29)
    assert len(on.procore.pressed) == 1


@pytest.mark.parametrize("press", ["begun", AnswerLost("reset")], ids=["answered", "lost"])
async def test_a_tab_that_was_seen_to_begin_is_watched_as_long_as_a_refresh_may_take(
    press: object, stage: Make
) -> None:
    patience = structs.replace(PATIENT, appear=0.02, still_tab=0.02)
    looks = Script(QUIET, *[GOING] * 30, FRESH)
    state = await _run(stage(procore=ScriptedProcore(press=Script(press), look=looks), patience=patience))
    assert state.tabs[Tab.VENDORS].outcome is TabOutcome.DONE


async def test_a_refresh_without_an_end_is_unknown_after_the_time_of_a_tab(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, GOING)), patience=structs.replace(PATIENT, tab=0.3))
    state = await _run(on)
    assert state.tabs[Tab.VENDORS].refresh.why is Unknown.SILENT
    assert state.problems[-1].problem.facts == {"tab": "vendors", "why": "silent"}
    told = [r.event.text for r in on.told.records if isinstance(r.event, ev.RefreshProgress)]
    assert told == ["Refreshing"]


async def test_a_failure_is_told_in_the_pages_words_and_an_end_with_what_stood_there_before(
    stage: Make,
) -> None:
    state = await _run(stage(procore=ScriptedProcore(look=Script(QUIET, FAILED))))
    one = state.tabs[Tab.VENDORS].refresh
    assert (one.outcome, one.reason) == (TabOutcome.FAILED, "Timed out")
    assert state.problems[0].problem == Problem(ProblemId.PRO_FAILED, {"tab": "vendors", "text": "Timed out"})
    assert one.evidence is not None
    assert (one.evidence.text, one.evidence.before) == ("Timed out", QUIET.text)


async def test_what_waits_for_an_approver_is_told_with_its_number(stage: Make) -> None:
    look = Script(QUIET, structs.replace(FRESH, waiting=Waiting(3)))
    state = await _run(stage(procore=ScriptedProcore(look=look)))
    assert [met.problem for met in state.problems] == [
        Problem(ProblemId.Q_IMPORT, {"tab": "vendors", "n": 3})
    ]


# ---------------------------------------------------------------- several tabs


class SixAtOnce(ScriptedProcore):
    """Each tab takes a few looks to its end, whatever the others do."""

    at_once = 6

    def __init__(self) -> None:
        super().__init__()
        self.looks: dict[Tab, int] = {}

    async def look(self, tab: Tab, _job: Job | None) -> TabLook:
        if (tab, "") not in self.pressed:
            return QUIET
        self.looks[tab] = self.looks.get(tab, 0) + 1
        return GOING if self.looks[tab] < 4 else FRESH


async def test_a_tab_begins_when_what_it_depends_on_has_ended_however_many_fit_at_once(stage: Make) -> None:
    on = stage(procore=SixAtOnce(), patience=PATIENT)
    await _run(on, Wanted(tabs=(Tab.JOBS, Tab.SUB_JOBS)))
    told = [r.event for r in on.told.records if isinstance(r.event, ev.RefreshRequested | ev.TabFinished)]
    assert [(type(one), one.tab) for one in told] == [
        (ev.RefreshRequested, Tab.JOBS),
        (ev.TabFinished, Tab.JOBS),
        (ev.RefreshRequested, Tab.SUB_JOBS),
        (ev.TabFinished, Tab.SUB_JOBS),
    ]


async def test_the_first_trouble_stops_what_has_not_begun_and_is_the_one_that_is_told(stage: Make) -> None:
    press = Script(trouble(ProblemId.PRO_DOWN, text="first"), trouble(ProblemId.PRO_DOWN, text="second"))
    procore = ScriptedProcore(press=press, look=Script(QUIET))
    procore.uses_permit_first = False
    state = await _run(stage(procore=procore), Wanted(tabs=(Tab.COST_CODES, Tab.VENDORS)))
    assert len(procore.pressed) == 1
    assert [met.problem.facts for met in state.problems] == [{"text": "first"}]
    assert state.left == (Tab.COST_CODES, Tab.VENDORS)


# ---------------------------------------------------------------- job costs


MANY = tuple(Job(str(n), f"24-{n:03}", "Job") for n in range(6))
CODES = tuple(job.code for job in MANY)


class Answered(ScriptedProcore):
    """Shows an end of the third and of the sixth press alone."""

    async def look(self, _tab: Tab, job: Job | None) -> TabLook:
        ours = bool(self.pressed) and job is not None and self.pressed[-1][1] == job.code
        return FRESH if ours and len(self.pressed) in (3, 6) else QUIET


async def test_an_end_that_is_known_between_two_that_are_not_lets_job_costs_go_on(stage: Make) -> None:
    lost = AnswerLost("reset")
    press = Script(lost, lost, "begun", lost, lost, "begun")
    procore = Answered(jobs=Script(MANY), press=press)
    state = await _run(stage(procore=procore), _costs(*CODES))
    assert len(procore.pressed) == 6
    assert _whole(state)[0] is TabOutcome.UNKNOWN


async def test_jobs_whose_page_tells_no_end_are_all_pressed(stage: Make) -> None:
    will = TabLook(Phase.QUEUED, "2", "Will begin", shows_end=False)
    procore = ScriptedProcore(jobs=Script(MANY), look=Script(*[QUIET, will] * 6))
    state = await _run(stage(procore=procore), _costs(*CODES))
    assert len(procore.pressed) == 6
    assert state.tabs[Tab.JOB_COSTS].refresh.why is Unknown.QUEUED


async def test_the_worst_end_of_the_jobs_is_that_of_the_tab_and_each_problem_is_told(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, FRESH, QUIET, FAILED)))
    state = await _run(on, _costs("24-001", "24-002"))
    assert _whole(state) == (TabOutcome.FAILED, "Timed out")
    assert [met.problem.facts for met in state.problems] == [
        {"tab": "job-costs", "text": "Timed out", "job": "24-002"}
    ]


async def test_job_costs_that_all_went_well_have_the_evidence_of_all_and_one_job_has_its_own(
    stage: Make,
) -> None:
    state = await _run(
        stage(procore=ScriptedProcore(look=Script(QUIET, FRESH, QUIET, FRESH))), _costs("24-001", "24-002")
    )
    both = state.tabs[Tab.JOB_COSTS].refresh.evidence
    assert both is not None
    assert (both.kind, both.text) == (EvidenceKind.PAGE, "jobs: 2 of 2")
    alone = (await _run(stage(), _costs("24-001"))).tabs[Tab.JOB_COSTS].refresh.evidence
    assert alone is not None
    assert alone.text == FRESH.text


async def test_a_job_that_a_person_named_and_procore_does_not_offer_leaves_the_tab_unfinished(
    stage: Make,
) -> None:
    on = stage()
    state = await _run(on, _costs("24-001", "99-999", "24-001"))
    assert [code for _tab, code in on.procore.pressed] == ["24-001"]
    assert _whole(state) == (TabOutcome.SKIPPED, "jobs-missing: 99-999")
    assert state.ended is not None
    assert state.ended.outcome is RunOutcome.LOOK


async def test_jobs_are_named_in_whatever_letters(stage: Make) -> None:
    jobs = (Job("1", "24-a01", "Clinic"),)
    on = stage(procore=ScriptedProcore(jobs=Script(jobs)))
    state = await _run(on, _costs("24-A01"))
    assert on.procore.pressed == [(Tab.JOB_COSTS, "24-a01")]
    assert _whole(state)[0] is TabOutcome.DONE


async def test_where_nobody_named_a_job_and_none_is_known_the_tab_is_skipped(stage: Make) -> None:
    on = stage()
    state = await _run(on, Wanted(tabs=(Tab.JOB_COSTS,)))
    assert on.procore.pressed == []
    assert _whole(state) == (TabOutcome.SKIPPED, "no-jobs")


async def test_a_job_that_did_not_end_well_is_not_settled(stage: Make) -> None:
    moved = ScriptedMovement(Script(None), Script(frozenset({"24-001", "24-002"})))
    on = stage(movement=moved, procore=ScriptedProcore(look=Script(QUIET, FAILED, QUIET, FRESH)))
    await _run(on, Wanted(tabs=(Tab.JOB_COSTS,)))
    assert [code for _tab, code in on.procore.pressed] == ["24-001", "24-002"]
    assert moved.settled == ["24-002"]


async def test_the_pause_stands_between_jobs_and_not_before_the_first(stage: Make) -> None:
    on = stage(procore=ScriptedProcore(look=Script(QUIET, FRESH, QUIET, FRESH)))
    on.driver.job_pause = 0.4
    await _run(on, _costs("24-001", "24-002"))
    asked = [r.at for r in on.told.records if isinstance(r.event, ev.RefreshRequested)]
    found = next(r.at for r in on.told.records if isinstance(r.event, ev.JobsFound))
    ended = next(r.at for r in on.told.records if isinstance(r.event, ev.JobFinished))
    assert asked[0] - found < timedelta(seconds=0.39)
    assert asked[1] - ended >= timedelta(seconds=0.39)
