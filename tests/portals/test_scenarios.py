"""Every scenario of the training company ends by pages as its table says, and only what was asked for is pressed."""

import pytest

from app.assembly.house import House
from app.domain.profile import DriverName
from app.domain.result import result
from app.engine.faces import Wanted
from app.training.company import found
from app.training.news import week
from app.training.scenarios import Scenario
from tests.end_to_end.company import carry_out
from tests.end_to_end.test_scenarios import PLAIN, _check, _check_presses
from tests.training.admin import Admin

# Somebody else's work must last until a page has been looked at.
PACE = {"busy": 0.3, "tab-busy": 0.5}

pytestmark = pytest.mark.anyio


# What a page can be taken in by: of these one in three is drawn each time, the others are run with all tests. (Without
# a browser, all are.)
DRAWN = {
    "staged",
    "tab-failed",
    "start-answer-lost",
    "refresh-answer-lost",
    "session-lost",
    "wrong-password",
    "no-permission",
    "no-proof",
}


def marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    if name == "ok":
        return ()
    return (pytest.mark.drawn(3),) if name in DRAWN else (pytest.mark.slow,)


def two_jobs(story: Scenario) -> tuple[str, ...]:
    """Jobs of the training company with new costs. Job by job is the same walk for each; "ok" goes all of it."""
    company = found()
    moved = {company.jobs[cost.job_id].code for cost in week(company, story.traits.news, 1).costs}
    return tuple(sorted(moved))[:2]


@pytest.mark.parametrize(
    "story",
    [pytest.param(story, id=str(story.name), marks=marks(story.name)) for story in PLAIN],
)
async def test_by_pages_the_scenario_ends_as_its_table_says(
    story: Scenario, house: House, admin: Admin
) -> None:
    jobs = None if story.name == "ok" else two_jobs(story)
    admin.play(story.name, pace=PACE.get(story.name, 0.02))
    state, _ = await carry_out(house, Wanted(jobs=jobs), driver=DriverName.BROWSER)
    _check(story, result(state))
    _check_presses(admin)
