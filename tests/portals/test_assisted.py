"""Assisted: the program opens the pages, points and watches; what is pressed the person pressed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Filters
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from tests.end_to_end.company import profile_for
from tests.portals.conftest import close_windows
from tests.portals.stand_in import StandIn
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.fixture
async def assisted(browser: DrivenBrowser, admin: Admin) -> AsyncIterator[BrowserDriver]:
    """The assisted driver on the training company's pages."""
    made = BrowserDriver(profile_for(admin.served), browser=browser, assisted=True)
    yield made
    await close_windows(made.hh2.page, made.procore.page)


def _pressed(admin: Admin) -> list[tuple[str, str]]:
    return [(press["tab"], press["job"]) for press in admin.presses("tab.refresh")]


async def test_an_assisted_run_ends_well_and_the_person_made_every_press(
    assisted: BrowserDriver, admin: Admin, tmp_path: Path
) -> None:
    await assisted.open()
    await assisted.procore.sign_in(admin.procore)
    codes = tuple(job.code for job in (await assisted.procore.jobs())[:3])
    person = StandIn(assisted, tmp_path, admin)
    state = await person.run(Wanted(Filters(DateRange.PAST_MONTH), jobs=codes))
    assert state.ended is not None
    assert state.ended.outcome in (RunOutcome.OK, RunOutcome.LOOK), state.problems
    assert len(admin.presses("sync.start")) == len(admin.presses("filters.apply")) == 1
    tabs = [(tab.value, "") for tab in Tab if tab is not Tab.JOB_COSTS]
    assert sorted(_pressed(admin)) == sorted([*tabs, *(("job-costs", code) for code in codes)])
    assert all(one.pointed for one in person.asked)
    names = person.told.names
    for requested in ("SyncRequested", "RefreshRequested", "FiltersRequested"):
        assert names[names.index(requested) + 1] == "NeedsPerson"
