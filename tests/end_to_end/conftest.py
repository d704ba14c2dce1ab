"""A training company for a module of tests, and a house with a profile for it."""

from collections.abc import AsyncIterator

import pytest

from app.assembly.house import House
from tests.end_to_end.company import set_up
from tests.training.admin import Admin
from tests.training.servers import _admin, admin, anyio_backend, company

__all__ = ["_admin", "admin", "anyio_backend", "company", "house"]


@pytest.fixture
async def house(admin: Admin) -> AsyncIterator[House]:
    """The command line's house with the profile Acme; nobody is there to answer."""
    opened = House("command line", person=0.0)
    await set_up(opened, admin.served)
    yield opened
    await opened.close()
