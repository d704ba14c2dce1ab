"""What was ticked at a month end goes with its company: under its new name, and gone when it is deleted."""

import msgspec
import pytest

from app.assembly.house import House
from tests.end_to_end.company import NAME
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


async def test_ticks_follow_a_companys_name_and_go_with_it(house: House, admin: Admin) -> None:
    ticked = {f"{NAME}/2026-11": ("post",), "Gone/2026-10": ("post", "sync")}
    kept = await house.preferences()
    await house.remember(msgspec.structs.replace(kept, month_ends=ticked))
    assert (await house.preferences()).month_ends == {f"{NAME}/2026-11": ("post",)}
    profile = await house.profile(NAME)
    assert await house.save(msgspec.structs.replace(profile, name="Other"), NAME) == []
    assert (await house.preferences()).month_ends == {"Other/2026-11": ("post",)}
    await house.delete("Other")
    assert (await house.preferences()).month_ends == {}
