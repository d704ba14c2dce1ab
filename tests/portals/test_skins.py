"""A whole run by pages ends well on every skin in both languages, and the servers saw exactly the presses asked for."""

import random
from collections import Counter

import pytest

from app.assembly.house import House
from app.domain.events import Record, RefreshRequested
from app.domain.filters import DateRange, Depth, Filters
from app.domain.profile import DriverName
from app.domain.result import result
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.pages.skins import skins
from tests.end_to_end.company import Told, carry_out
from tests.training.admin import Admin

FILTERS = Filters(DateRange.PAST_MONTH, Depth.DEEP)
JOBS = 2
# Where nothing tells of an end but that a sign is gone, it must stand there until the page was asked for again.
FADES = ("banner", "button")
SYNC, REFRESH, JOB = 2.0, 4.0, 15.0  # times the usual, which is a third of a second for a job

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


async def ends_well_with_exactly_the_presses_asked_for(
    house: House, admin: Admin, skin: str, language: str
) -> None:
    fades = skins()[skin].end in FADES
    jobs = (await house.job_choices("Acme", fresh=True))[: 1 if fades else JOBS]
    codes = tuple(one.job.code for one in jobs)
    admin.play("ok", pace=SYNC if fades else 0.02, skin=skin, language=language)

    def react(record: Record, _state: RunState) -> None:
        if fades and isinstance(record.event, RefreshRequested):
            admin.settings(pace=JOB if record.event.job else REFRESH)

    told = Told(react=react)
    state, _ = await carry_out(house, Wanted(FILTERS, jobs=codes), told, driver=DriverName.BROWSER)
    ended = result(state)
    tabs = {tab: state.tabs[tab].outcome for tab in Tab}
    assert (ended["outcome"], ended["exit"]) == ("ok", 0), (skin, language, tabs, state.problems)
    pressed = Counter((one["what"], one["tab"], one["job"], one["by"]) for one in admin.log()["presses"])
    asked = [("filters.apply", "", ""), ("sync.start", "", "")]
    asked += [("tab.refresh", tab.value, "") for tab in Tab if tab is not Tab.JOB_COSTS]
    asked += [("tab.refresh", Tab.JOB_COSTS.value, code) for code in codes]
    assert pressed == Counter((*one, "page") for one in asked)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("skin", list(skins()))
async def test_a_whole_run_ends_well_on_this_skin(
    skin: str, language: str, house: House, admin: Admin
) -> None:
    await ends_well_with_exactly_the_presses_asked_for(house, admin, skin, language)


async def test_a_whole_run_ends_well_on_the_skin_that_this_runs_seed_draws(
    house: House, admin: Admin
) -> None:
    quick = [name for name, one in skins().items() if one.end not in FADES]
    skin, language = random.choice(quick), random.choice(["en", "fr"])
    await ends_well_with_exactly_the_presses_asked_for(house, admin, skin, language)
