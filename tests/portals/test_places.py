"""Where a run saw the pages is kept for the cards: of the company's own origins, and without what could be a secret."""

import pytest

from app.assembly.house import House
from app.domain.events import Site
from app.domain.profile import DriverName
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from tests.end_to_end.company import NAME, carry_out
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


async def test_a_run_by_pages_knows_afterwards_where_each_page_lies(house: House, admin: Admin) -> None:
    served = admin.served
    before = await house.places.address(NAME, Site.PROCORE, Tab.VENDORS)
    assert before == served.procore.address, "until then the site's own address serves"
    state, _ = await carry_out(house, Wanted(tabs=(Tab.VENDORS,)), driver=DriverName.BROWSER)
    assert state.ended is not None
    assert state.ended.exit == 0
    hh2 = await house.places.address(NAME, Site.HH2)
    vendors = await house.places.address(NAME, Site.PROCORE, Tab.VENDORS)
    assert hh2.startswith(f"{served.hh2.address}/#")
    assert "vendors" in vendors
    assert vendors.startswith(f"{served.procore.address}/")
    assert await house.places.address(NAME, Site.PROCORE, Tab.JOBS) == vendors, "any tab leads to the tool"
