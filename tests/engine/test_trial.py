"""Sign in / Test, and the list of jobs: short errands that press nothing and send a refused password once."""

import pytest

from app.assembly.house import House
from app.domain.events import Site
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import Secret, SecretState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.faults import Fault, FaultKind
from tests.end_to_end.company import NAME, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("site", list(Site))
async def test_it_says_who_we_are(site: Site, house: House, admin: Admin) -> None:
    tested = await house.test(NAME, site)
    assert tested.problem is None
    assert tested.who
    assert admin.presses() == []


async def test_a_refused_password_is_marked_and_not_sent_again(house: House, admin: Admin) -> None:
    admin.play("wrong-password")
    first = await house.test(NAME, Site.HH2)
    second = await house.test(NAME, Site.HH2)
    assert first.problem is not None
    assert second.problem is not None
    assert first.problem.id is second.problem.id is ProblemId.HH2_LOGIN
    assert len(admin.calls("hh2.sign-in")) == 1
    assert await house.secret_state(NAME, Secret.HH2_PASSWORD) is SecretState.REFUSED
    await house.keep_secret(NAME, Secret.HH2_PASSWORD, "another one", remember=False)
    assert await house.secret_state(NAME, Secret.HH2_PASSWORD) is SecretState.THIS_RUN


@pytest.mark.parametrize(
    ("kind", "status", "problem"),
    [
        (FaultKind.RESET_AFTER, 0, ProblemId.NET),
        (FaultKind.STATUS, 502, ProblemId.HH2_DOWN),
        (FaultKind.STATUS, 429, ProblemId.LIMIT),
        (FaultKind.TRUNCATE, 0, ProblemId.HH2_ANSWER),
    ],
)
async def test_what_went_wrong_is_said_as_a_problem(
    kind: FaultKind, status: int, problem: ProblemId, house: House, admin: Admin
) -> None:
    admin.fault(
        Fault(kind, "hh2.sign-in", status=status, headers={"Retry-After": "30"} if status == 429 else {})
    )
    tested = await house.test(NAME, Site.HH2)
    assert tested.problem is not None
    assert tested.problem.id is problem
    assert len(admin.calls("hh2.sign-in")) == 1


async def test_the_jobs_are_read_once_and_then_known_without_a_sign_in(house: House, admin: Admin) -> None:
    fresh = await house.job_choices(NAME, fresh=True)
    requests = len(admin.log()["requests"])
    known = await house.job_choices(NAME, fresh=False)
    assert [choice.job for choice in known] == [choice.job for choice in fresh]
    assert len(admin.log()["requests"]) == requests
    assert len(fresh) > 30
    assert {choice.moved for choice in (*fresh, *known)} == {None}, "no run has read anything yet"


async def test_the_jobs_whose_costs_step_one_moved_are_told_to_who_chooses(
    house: House, admin: Admin
) -> None:
    await carry_out(house, Wanted(tabs=()))
    moved = {choice.job.code for choice in await house.job_choices(NAME, fresh=True) if choice.moved}
    assert moved
    state, _ = await carry_out(house, Wanted(tabs=(Tab.JOB_COSTS,)))
    assert {job.code for job in state.jobs} == moved
    assert not any(choice.moved for choice in await house.job_choices(NAME, fresh=True))


async def test_where_hh2_does_not_tell_of_movement_the_jobs_are_listed_all_the_same(
    house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.STATUS, call="hh2.rest.read", nth=0, status=502, body="<html></html>"))
    choices = await house.job_choices(NAME, fresh=True)
    assert len(choices) > 30
    assert {choice.moved for choice in choices} == {None}


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault(FaultKind.HTML, "procore.jobs", nth=0), None),
        (Fault(FaultKind.TRUNCATE, "procore.jobs", nth=0), ProblemId.PRO_ANSWER),
        (
            Fault(FaultKind.STATUS, "procore.jobs", nth=0, status=429, headers={"Retry-After": "9"}),
            ProblemId.LIMIT,
        ),
    ],
    ids=["page", "truncated", "limit"],
)
async def test_jobs_that_cannot_be_read_are_a_problem(
    fault: Fault, problem: ProblemId | None, house: House, admin: Admin
) -> None:
    admin.fault(fault)
    with pytest.raises(Trouble) as failed:
        await house.job_choices(NAME, fresh=True)
    assert problem is None or failed.value.problem.id is problem
