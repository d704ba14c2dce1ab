"""Every page trouble ends as its table says, and the servers saw no press that was not asked for."""

from collections import Counter

import pytest

from app.assembly.house import House
from app.cli.result import result
from app.domain.profile import DriverName
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.troubles import TROUBLES, PageTrait, PageTrouble
from tests.end_to_end.company import carry_out
from tests.training.admin import Admin

# Somebody else's work must last until a page has been looked at.
PACE = {"other-filters": 0.3, "old-end": 0.3}
TABS = (Tab.VENDORS, Tab.JOBS)
# One of each kind is run with every change, the rest with all tests.
QUICK = {"hh2-code", "procore-look-alike", "session-lost-at-press", "procore-label-gone"}
OF_THE_SERVERS = [
    pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow)
    for one in TROUBLES.values()
    if one.trait is not PageTrait.NO_BROWSER
]

pytestmark = pytest.mark.anyio


def problems(state: RunState, *, noted: bool) -> set[str]:
    return {met.problem.id.value for met in state.problems if met.noted is noted}


def ended_as_its_table_says(trouble: PageTrouble, state: RunState) -> None:
    ended = result(state)
    assert ended["outcome"] == trouble.outcome.value
    assert ended["exit"] == trouble.exit
    assert problems(state, noted=False) == {problem.value for problem in trouble.problems}
    assert problems(state, noted=True) == {problem.value for problem in trouble.noted}


def pressed_once_at_most(admin: Admin) -> None:
    """Every press that reached a server, carried out or not: none twice, none that was not asked for."""
    pressed = Counter((press["what"], press["tab"], press["job"]) for press in admin.log()["presses"])
    assert all(often == 1 for often in pressed.values()), pressed
    asked = {
        ("sync.start", "", ""),
        ("filters.apply", "", ""),
        *(("tab.refresh", tab.value, "") for tab in TABS),
    }
    assert set(pressed) <= asked


@pytest.mark.parametrize("trouble", OF_THE_SERVERS)
async def test_without_a_person_the_trouble_ends_as_its_table_says(
    trouble: PageTrouble, house: House, admin: Admin
) -> None:
    admin.play("ok", pace=PACE.get(trouble.name, 0.02), trouble=trouble.name)
    state, _ = await carry_out(house, Wanted(tabs=TABS), driver=DriverName.BROWSER)
    ended_as_its_table_says(trouble, state)
    pressed_once_at_most(admin)
    assert admin.calls("elsewhere.typed") == admin.calls("elsewhere.sent") == []
