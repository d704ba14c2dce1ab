"""A press whose connection breaks is sent once, though the browser by itself would send it again."""

import pytest

from app.assembly.house import House
from app.domain.profile import DriverName
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.training.faults import Fault, FaultKind
from tests.end_to_end.company import carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


@pytest.mark.drawn(2)
@pytest.mark.parametrize("call", ["hh2.sign-in", "hh2.sync.start", "procore.sign-in", "procore.tab.press"])
async def test_what_was_reset_before_an_answer_is_not_sent_again(
    call: str, house: House, admin: Admin
) -> None:
    admin.fault(Fault(FaultKind.RESET_BEFORE, call))
    state, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)), driver=DriverName.BROWSER)
    assert len(admin.calls(call)) == 1
    assert state.ended is not None
    assert state.ended.exit in (10, 20, 30)
