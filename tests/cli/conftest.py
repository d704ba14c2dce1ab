"""A training company for the command line's tests, and a company of our own that is kept as a person would keep it."""

import anyio
import pytest

from app.assembly.house import House
from tests.end_to_end.company import NAME, set_up
from tests.support.keyring_service import SecretService
from tests.training.admin import Admin
from tests.training.servers import _admin, admin, company

__all__ = ["_admin", "admin", "company"]


@pytest.fixture
def acme(admin: Admin, secret_service: SecretService) -> str:
    """The name of a profile for the training company, with its passwords in the keyring."""

    async def make() -> None:
        house = House("command line", person=0.0)
        await set_up(house, admin.served, remember=True)
        await house.close()

    anyio.run(make)
    return NAME
