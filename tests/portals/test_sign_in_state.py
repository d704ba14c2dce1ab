"""A sign-in that is kept is gone on with by the next browser; only of our own addresses, and never one of no use."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from app.assembly.house import House
from app.assembly.sign_in_state import STATES, KeptSignIns
from app.domain.events import Site
from app.domain.problems import NotReadable, Trouble
from app.domain.profile import Profile, Secret, SecretState
from app.portals.browser import DrivenBrowser
from app.portals.driver import BrowserDriver
from app.portals.sign_in import is_signed_in, sign_in
from app.portals.sign_in_state import Cookie, Item, OfOrigin, SignInState, State
from app.portals.site import SitePage
from app.storage.keyring_thread import KeyringThread
from app.storage.profile_secrets import ProfileSecrets
from tests.end_to_end.company import profile_for
from tests.portals.conftest import close_windows
from tests.portals.shown import Answer, Shown, page
from tests.portals.test_origin import INSIDE, ME, form
from tests.support.keyring_service import SecretService
from tests.training.admin import Admin

pytestmark = pytest.mark.anyio


def keeping(profile: Profile, keep: bool = True) -> Profile:
    return msgspec.structs.replace(profile, run=msgspec.structs.replace(profile.run, keep_sign_in=keep))


class Acme:
    """A profile whose secrets lie in the real keyring, and drivers on its pages one after the other."""

    def __init__(self, profile: Profile, folder: Path, browser: DrivenBrowser) -> None:
        self.profile = profile
        self._keyring = KeyringThread()
        self._browser = browser
        self.secrets = ProfileSecrets(profile, folder, self._keyring)
        self.made: list[BrowserDriver] = []

    def use(self, profile: Profile) -> None:
        self.profile = profile
        self.secrets.use(profile)

    def driver(self) -> BrowserDriver:
        kept = KeptSignIns(lambda: self.profile, self.secrets)
        self.made.append(BrowserDriver(self.profile, browser=self._browser, sign_ins=kept))
        return self.made[-1]

    async def close(self) -> None:
        for one in self.made:
            await close_windows(one.hh2.page, one.procore.page)
        await self.secrets.forget_all()
        self._keyring.close()


@pytest.fixture
async def acme(
    browser: DrivenBrowser, admin: Admin, tmp_path: Path, secret_service: SecretService
) -> AsyncIterator[Acme]:
    made = Acme(keeping(profile_for(admin.served)), tmp_path, browser)
    yield made
    await made.close()


async def both_signed_in(driver: BrowserDriver, admin: Admin) -> None:
    await driver.hh2.sign_in(admin.hh2)
    await driver.procore.sign_in(admin.procore)


def sent(admin: Admin) -> tuple[int, int]:
    return len(admin.calls("hh2.sign-in")), len(admin.calls("procore.sign-in"))


async def test_the_next_browser_goes_on_with_a_kept_sign_in(acme: Acme, admin: Admin) -> None:
    await both_signed_in(acme.driver(), admin)
    assert sent(admin) == (1, 1)
    await both_signed_in(acme.driver(), admin)
    assert sent(admin) == (1, 1)


async def test_nothing_is_kept_where_nobody_wants_it(acme: Acme, admin: Admin) -> None:
    acme.use(keeping(acme.profile, False))
    await both_signed_in(acme.driver(), admin)
    for secret in STATES.values():
        assert await acme.secrets.state(secret) is SecretState.MISSING
    await both_signed_in(acme.driver(), admin)
    assert sent(admin) == (2, 2)


async def test_a_sign_in_that_ended_meanwhile_is_made_anew_and_kept(acme: Acme, admin: Admin) -> None:
    await both_signed_in(acme.driver(), admin)
    admin.play("ok")  # the servers begin anew: no session of before lives
    await both_signed_in(acme.driver(), admin)
    assert sent(admin) == (1, 1)  # of the new beginning
    await both_signed_in(acme.driver(), admin)
    assert sent(admin) == (1, 1)


async def test_a_sign_in_is_never_another_users(acme: Acme, admin: Admin) -> None:
    await both_signed_in(acme.driver(), admin)
    hh2 = msgspec.structs.replace(acme.profile.hh2, user="somebody.else")
    acme.use(msgspec.structs.replace(acme.profile, hh2=hh2))
    await acme.driver().hh2.sign_in(admin.hh2)
    assert sent(admin) == (2, 1)


async def test_what_is_kept_of_the_training_company_is_of_its_addresses_alone(
    acme: Acme, admin: Admin
) -> None:
    await both_signed_in(acme.driver(), admin)
    for secret in STATES.values():
        text = await acme.secrets.text(secret)
        assert text is not None
        state = msgspec.json.decode(text.reveal(), type=State)
        assert state.cookies or state.origins
        assert {cookie.domain for cookie in state.cookies} <= {"127.0.0.1", "127.0.0.2", "127.0.0.3"}
        assert text.reveal() not in repr(text)


class Shelf:
    """Where a test's sign-in lies: the shape that the pages ask for."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.forgotten = 0

    async def kept(self, _site: Site) -> str:
        return self.text

    async def keep(self, _site: Site, text: str) -> None:
        self.text = text

    async def forget(self, _site: Site) -> None:
        self.text = ""
        self.forgotten += 1


def site_at(shown: Shown, browser: DrivenBrowser, shelf: Shelf) -> SitePage:
    return SitePage(Site.PROCORE, f"{shown.address}/", frozenset({shown.address}), browser, sign_ins=shelf)


async def test_what_other_sites_laid_down_is_not_kept(
    browser: DrivenBrowser, shown: Shown, foreign: Shown
) -> None:
    shown.show("/", form())
    shown.answers["/in"] = Answer(
        INSIDE.replace("<body>", f"<body><iframe src='{foreign.address}/frame'></iframe>")
        + "<script>localStorage.setItem('ours', 'yes')</script>"
    )
    foreign.answers["/frame"] = Answer(page("<script>localStorage.setItem('theirs', 'yes')</script>"))
    shelf = Shelf()
    site = site_at(shown, browser, shelf)
    try:
        await sign_in(site, ME)
        context = (await site.page()).context
        await context.add_cookies([{"name": "theirs", "value": "yes", "url": foreign.address}])
        await context.add_cookies([{"name": "ours", "value": "yes", "url": shown.address}])
        assert await is_signed_in(site)
    finally:
        await close_windows(site)
    state = msgspec.json.decode(shelf.text, type=State)
    assert [(one.name, one.domain) for one in state.cookies] == [("ours", "127.0.0.1")]
    assert [laid.origin for laid in state.origins] == [shown.address]
    assert "theirs" not in shelf.text


async def test_what_was_kept_of_another_site_is_not_given_to_the_browser(
    browser: DrivenBrowser, shown: Shown, foreign: Shown
) -> None:
    state = State(
        (Cookie("a", "1", "127.0.0.1"), Cookie("b", "2", "127.0.0.9"), Cookie("c", "3", ".0.0.1")),
        (OfOrigin(shown.address, (Item("x", "1"),)), OfOrigin(foreign.address, (Item("y", "1"),))),
    )
    shown.show("/", INSIDE)
    site = site_at(shown, browser, Shelf(msgspec.json.encode(state).decode()))
    try:
        await sign_in(site, None)
        context = (await site.page()).context
        assert {cookie["name"] for cookie in await context.cookies()} == {"a"}
    finally:
        await close_windows(site)


async def test_a_kept_sign_in_that_is_in_the_way_is_forgotten(browser: DrivenBrowser, shown: Shown) -> None:
    shown.answers["/"] = Answer(page("<p>Request header too large</p>"), status=502)
    shelf = Shelf(msgspec.json.encode(State((Cookie("broken", "1", "127.0.0.1"),))).decode())
    site = site_at(shown, browser, shelf)
    try:
        with pytest.raises(NotReadable):
            await sign_in(site, ME)
    finally:
        await close_windows(site)
    assert shelf.forgotten == 1
    assert shelf.text == ""


async def test_where_only_a_person_can_go_on_what_they_did_is_kept(
    browser: DrivenBrowser, shown: Shown
) -> None:
    shown.show("/", form())
    shelf = Shelf()
    site = site_at(shown, browser, shelf)
    try:
        with pytest.raises(Trouble):
            await sign_in(site, None)
        assert shelf.text == ""
        context = (await site.page()).context
        await context.add_cookies([{"name": "session", "value": "1", "url": shown.address}])
        shown.answers["/"] = Answer(INSIDE)
        await (await site.page()).reload()
        assert await is_signed_in(site)
    finally:
        await close_windows(site)
    assert '"session"' in shelf.text


@pytest.mark.parametrize("text", ["", "{", '{"cookies": 3}', "[]", "null"])
async def test_what_cannot_be_read_is_as_if_nothing_were_kept(text: str) -> None:
    state = SignInState(Site.HH2, frozenset({"https://acme.hh2.com"}), Shelf(text))
    assert await state.begin() is None


@pytest.mark.parametrize(
    ("domain", "kept"),
    [
        ("acme.hh2.com", True),
        (".acme.hh2.com", True),
        (".hh2.com", True),
        ("hh2.com", False),
        ("other.hh2.com", False),
        (".notacme.hh2.com", False),
        (".2.com", False),
        ("", False),
    ],
)
def test_a_cookie_is_ours_where_the_browser_would_send_it_to_us(domain: str, kept: bool) -> None:
    state = State((Cookie("session", "x", domain),))
    assert bool(state.only_of({"https://acme.hh2.com"}).cookies) is kept


async def test_who_switches_it_off_has_nothing_kept(house: House, admin: Admin) -> None:
    profile = await house.profile("Acme")
    assert await house.save(keeping(profile)) == []
    for secret in STATES.values():
        await house.keep_secret("Acme", secret, "{}", remember=True)
    assert await house.save(keeping(profile)) == []
    assert await house.secret_state("Acme", Secret.HH2_SIGN_IN) is SecretState.KEPT
    assert await house.save(keeping(profile, False)) == []
    for secret in STATES.values():
        assert await house.secret_state("Acme", secret) is SecretState.MISSING


async def test_a_browser_that_does_not_take_what_was_kept_begins_without(
    browser: DrivenBrowser, shown: Shown
) -> None:
    shown.show("/", INSIDE)
    site = site_at(
        shown,
        browser,
        Shelf(msgspec.json.encode(State((Cookie("", "\x00", "127.0.0.1", "no path"),))).decode()),
    )
    try:
        await sign_in(site, None)
        assert await (await site.page()).context.cookies() == []
    finally:
        await close_windows(site)
