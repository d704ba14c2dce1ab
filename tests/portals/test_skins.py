"""A whole run by pages ends well on every skin in both languages, and the servers saw exactly the presses asked for."""

from collections import Counter

import pytest

from app.assembly.house import House
from app.cli.result import result
from app.domain.filters import DateRange, Depth, Filters
from app.domain.profile import DriverName
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.pages.skins import skins
from tests.end_to_end.company import carry_out
from tests.training.admin import Admin

FILTERS = Filters(DateRange.PAST_MONTH, Depth.DEEP)
JOBS = 2

pytestmark = pytest.mark.anyio


async def ends_well_with_exactly_the_presses_asked_for(
    house: House, admin: Admin, skin: str, language: str
) -> None:
    codes = tuple(one.job.code for one in (await house.job_choices("Acme", fresh=True))[:JOBS])
    admin.play("ok", skin=skin, language=language)
    state, _ = await carry_out(house, Wanted(FILTERS, jobs=codes), driver=DriverName.BROWSER)
    ended = result(state)
    assert (ended["outcome"], ended["exit"]) == ("ok", 0), ended
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
