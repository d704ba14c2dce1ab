"""A training company for a module of tests, and the browser driver on its pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.assembly.house import House
from app.portals.driver import BrowserDriver
from tests.end_to_end.company import profile_for, set_up
from tests.training.admin import Admin
from tests.training.servers import _admin, admin, anyio_backend, company

__all__ = ["_admin", "admin", "anyio_backend", "company"]


@pytest.fixture
def headless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No display, whatever this machine has: the browser then shows no window."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.fixture
async def house(admin: Admin, headless: None) -> AsyncIterator[House]:
    """The command line's house with the profile Acme; nobody is there to answer."""
    opened = House("command line", person=0.0)
    await set_up(opened, admin.served)
    yield opened
    await opened.close()


@pytest.fixture
async def driver(admin: Admin, headless: None, tmp_path: Path) -> AsyncIterator[BrowserDriver]:
    """A driver whose browser is open, and closed at the end."""
    opened = BrowserDriver(profile_for(admin.served), headless=True, folder=tmp_path)
    await opened.open()
    yield opened
    await opened.close()
