"""A training company for a module of tests, a browser for them all, and sites whose pages a test writes itself."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.assembly.house import House
from app.domain.events import Site
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from app.portals.site import SitePage
from tests.end_to_end.company import profile_for, set_up
from tests.portals.shown import Shown
from tests.training.admin import Admin
from tests.training.servers import _admin, admin, company

__all__ = ["_admin", "admin", "company"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


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


@pytest.fixture(scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DrivenBrowser]:
    """One browser for the tests of a module; each test has windows of its own."""
    opened = DrivenBrowser(tmp_path_factory.mktemp("browser"), headless=True)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def driver(browser: DrivenBrowser, admin: Admin) -> AsyncIterator[BrowserDriver]:
    """The driver on the training company's pages, in the module's browser."""
    made = BrowserDriver(profile_for(admin.served), browser=browser)
    yield made
    await close_windows(made.hh2.page, made.procore.page)


@pytest.fixture
async def own(admin: Admin, tmp_path: Path) -> AsyncIterator[BrowserDriver]:
    """A driver with a browser of its own, for tests that end it."""
    made = BrowserDriver(profile_for(admin.served), headless=True, folder=tmp_path)
    await made.open()
    yield made
    await made.close()


async def close_windows(*pages: SitePage) -> None:
    for one in pages:
        if one.is_open:
            await (await one.page()).context.close()


@pytest.fixture(scope="module")
def _shown() -> Iterator[Shown]:
    shown = Shown("127.0.0.1")
    yield shown
    shown.close()


@pytest.fixture
def shown(_shown: Shown) -> Shown:
    """Our site, with no page yet."""
    _shown.clear()
    return _shown


@pytest.fixture(scope="module")
def _foreign() -> Iterator[Shown]:
    shown = Shown("127.0.0.9")
    yield shown
    shown.close()


@pytest.fixture
def foreign(_foreign: Shown) -> Shown:
    """Somebody else's site."""
    _foreign.clear()
    return _foreign


@pytest.fixture
async def procore(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[SitePage]:
    """Procore's window on our site's pages."""
    made = SitePage(Site.PROCORE, f"{shown.address}/", frozenset({shown.address}), browser)
    yield made
    await close_windows(made)


@pytest.fixture
async def hh2(browser: DrivenBrowser, shown: Shown) -> AsyncIterator[SitePage]:
    """hh2's window on our site's pages."""
    made = SitePage(Site.HH2, f"{shown.address}/", frozenset({shown.address}), browser)
    yield made
    await close_windows(made)
