"""A page whose certificate this computer does not trust is not opened, and nothing is typed or sent there."""

from pathlib import Path

import msgspec
import pytest

from app.domain.problems import NotReadable, ProblemId
from app.portals.driver import BrowserDriver
from app.words import problems as cards
from tests.end_to_end.company import profile_for
from tests.test_http import inspected
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


async def test_a_site_whose_connection_is_inspected_is_not_signed_in_to(
    headless: None, admin: Admin, tmp_path: Path
) -> None:
    profile = profile_for(admin.served)
    with inspected() as (address, heard):
        hh2 = msgspec.structs.replace(profile.hh2, base=address)
        driver = BrowserDriver(msgspec.structs.replace(profile, hh2=hh2), headless=True, folder=tmp_path)
        try:
            await driver.open()
            with pytest.raises(NotReadable) as refused:
                await driver.hh2.sign_in(admin.hh2)
        finally:
            await driver.close()
    assert refused.value.problem.id is ProblemId.NET
    assert refused.value.problem.facts["why"] == "cert-authority-invalid"
    assert "does not trust the certificate" in cards.card(refused.value.problem).why
    assert b"".join(heard) == b""
