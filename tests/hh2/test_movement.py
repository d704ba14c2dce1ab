"""Which jobs had cost movement: before the sync, after it, and since their costs were last refreshed."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from app.domain.problems import SessionLost
from app.hh2 import reads
from app.hh2.movement import JobMovement
from app.hh2.session import Hh2Session
from tests.hh2.test_reads import sync
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


class Paper:
    """The last settled amounts, on paper."""

    def __init__(self, amounts: dict[str, Decimal] | None = None) -> None:
        self.amounts = amounts or {}
        self.saved = 0

    async def load(self) -> dict[str, Decimal]:
        return dict(self.amounts)

    async def save(self, amounts: dict[str, Decimal]) -> None:
        self.amounts = dict(amounts)
        self.saved += 1


@pytest.fixture
async def session(admin: Admin) -> AsyncIterator[Hh2Session]:
    session = Hh2Session(admin.served.hh2.address)
    await session.sign_in(admin.hh2, None)
    yield session
    await session.close()


async def test_the_jobs_with_new_costs_have_moved_and_no_others(session: Hh2Session, admin: Admin) -> None:
    movement = JobMovement(session, Paper())
    await movement.before()
    before = {job.code: job.job_to_date_cost_amount for job in await reads.jobs(session)}
    assert await movement.moved() == frozenset()
    await sync(admin)
    moved = await movement.moved()
    after = {job.code: job.job_to_date_cost_amount for job in await reads.jobs(session)}
    assert moved == frozenset(code for code in after if after[code] != before[code])
    assert len(moved) == 12


async def test_a_settled_job_has_not_moved_until_it_moves_again(session: Hh2Session, admin: Admin) -> None:
    paper = Paper()
    movement = JobMovement(session, paper)
    await movement.before()
    await sync(admin)
    moved = await movement.moved()
    assert moved
    first, *rest = sorted(moved)
    await movement.settle(first)
    again = JobMovement(session, paper)
    await again.before()
    # Those whose costs were not refreshed still count, though nothing moved in this run.
    assert await again.moved() == frozenset(rest)


async def test_a_job_that_is_new_in_hh2_has_moved_when_it_has_a_cost(
    session: Hh2Session, admin: Admin
) -> None:
    jobs = await reads.jobs(session)
    movement = JobMovement(session, Paper())
    await movement.before()
    del movement._settled[jobs[0].code]
    assert await movement.moved() == frozenset({jobs[0].code})


async def test_without_a_reading_before_the_sync_nothing_is_said(session: Hh2Session, admin: Admin) -> None:
    paper = Paper()
    movement = JobMovement(session, paper)
    assert await movement.moved() is None
    await movement.settle("24-001")
    assert paper.saved == 0


async def test_a_job_that_is_not_known_cannot_be_settled(session: Hh2Session, admin: Admin) -> None:
    paper = Paper()
    movement = JobMovement(session, paper)
    await movement.before()
    await movement.moved()
    await movement.settle("no such job")
    assert "no such job" not in paper.amounts


async def test_a_lost_session_is_the_caller_s_to_mend(admin: Admin) -> None:
    session = Hh2Session(admin.served.hh2.address)
    with pytest.raises(SessionLost):
        await JobMovement(session, Paper()).before()
    await session.close()
