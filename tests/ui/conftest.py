"""A training company for a module of tests, and a window on a company of ours that works with it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.assembly.house import House
from app.domain.profile import Hh2Settings, Profile, Secret
from app.training.served import Served
from tests.end_to_end.company import NAME, profile_for
from tests.training.admin import Admin
from tests.training.servers import _admin, admin, company
from tests.ui.person import Desktop, desktop

__all__ = ["_admin", "admin", "company"]

Open = Callable[..., AbstractContextManager[Desktop]]


def plain_profile(served: Served, **run: Any) -> Profile:
    """The company of the tests without web services: two sign-ins are all it has."""
    made = profile_for(served, **run)
    hh2 = Hh2Settings(served.hh2.site, served.hh2.address, served.hh2.user)
    procore = made.procore
    return Profile(
        NAME,
        made.driver,
        hh2,
        type(procore)(
            procore.company_id, procore.company_name, procore.user, procore.login, procore.api, procore.web
        ),
        made.run,
    )


async def keep_passwords(house: House, served: Served) -> None:
    """Both passwords, for this run only."""
    await house.keep_secret(NAME, Secret.HH2_PASSWORD, served.hh2.password, False)
    await house.keep_secret(NAME, Secret.PROCORE_PASSWORD, served.procore.password, False)


@pytest.fixture
def acme(qtbot: QtBot, admin: Admin) -> Open:
    """`with acme("busy", go_on=True) as shown:` — the window of Acme, while the servers play a scenario."""

    @contextmanager
    def opened(
        scenario: str = "ok",
        *,
        passwords: bool = True,
        person: float = 60.0,
        pace: float = 0.02,
        **run: Any,
    ) -> Iterator[Desktop]:
        admin.play(scenario, pace=pace)

        async def prepare(house: House) -> None:
            asked = {"poll": max(0.02, 0.25 * pace), **run}
            assert await house.save(plain_profile(admin.served, **asked)) == []
            if passwords:
                await keep_passwords(house, admin.served)

        with desktop(qtbot, prepare=prepare, person=person) as shown:
            yield shown

    return opened
