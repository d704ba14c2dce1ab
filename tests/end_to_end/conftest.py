"""A training company for a module of tests, and a house with a profile for it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.assembly.house import House
from app.training import process
from app.training.process import TrainingCompany
from tests.end_to_end.company import set_up
from tests.training.admin import Admin
from tests.training.servers import environ


@pytest.fixture(scope="module")
def company() -> Iterator[TrainingCompany]:
    """The servers of this module of tests; each test begins its own scenario with `admin.play`."""
    started = process.start("ok", pace=0.02, environ=environ())
    yield started
    started.end()


@pytest.fixture(scope="module")
def _admin(company: TrainingCompany) -> Iterator[Admin]:
    admin = Admin(company.served)
    yield admin
    admin.close()


@pytest.fixture
def admin(_admin: Admin) -> Admin:
    """The admin route, after a fresh start of scenario ok, without limits of our own making."""
    _admin.settings(hour=100_000, burst=100_000)
    _admin.play("ok")
    return _admin


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def house(admin: Admin) -> AsyncIterator[House]:
    """The command line's house with the profile Acme; nobody is there to answer."""
    opened = House("command line", person=0.0)
    await set_up(opened, admin.served)
    yield opened
    await opened.close()
