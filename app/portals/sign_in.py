"""Signing in on a site's own form: filled from the credentials, sent once; all else is left to the person."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import anyio

from app.domain.events import Site
from app.domain.problems import AnswerLost, NotReadable, Problem, ProblemId, SlowDown, Trouble, trouble
from app.portals.find import LABEL_PROBLEM, Found, candidates
from app.portals.looking import UNCLEAR
from app.portals.origin import OWN_ORIGIN, Elsewhere, origin_of, require_ours
from app.portals.reading import PageRead
from app.portals.site import SitePage

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

_APPEARS = 20.0
_ANSWERS = 30.0
_COMES_AGAIN = (0.5, 2.0)
_SAYS = 3.0  # how long a page may take to say why its server said no
_STEPS = 3  # a form may ask for the user first and for the password on the next page
_TARGET = (
    "element => [element.form && element.form.getAttribute('action') ? element.form.action : '', "
    f"{OWN_ORIGIN}(element)]"
)


class Credentials(Protocol):
    """A user name, and a secret that is read at the moment of typing."""

    @property
    def user(self) -> str: ...
    def reveal(self) -> str: ...


class Door(StrEnum):
    """What a page asks of somebody who comes to it."""

    IN = "in"  # signed in
    FORM = "form"
    CODE = "code"
    CAPTCHA = "captcha"
    ELSEWHERE = "elsewhere"  # another host's page: single sign-on, or somebody's look-alike


# Signs that somebody is signed in: one of them is enough.
_INSIDE = {
    Site.HH2: ("log-out", "quick-menu", "accounting-sync", "start-sync"),
    Site.PROCORE: ("log-out", "tool"),
}
_REFUSED = {Site.HH2: ProblemId.HH2_LOGIN, Site.PROCORE: ProblemId.PRO_LOGIN}


def door(site: SitePage, read: PageRead) -> Door | None:
    """What the page asks; None where it cannot be told (yet)."""
    if not site.at_home:
        return Door.ELSEWHERE if site.host else None
    said = read.says()
    fields = [seen for seen, _ in read.controls() if seen.role in ("textbox", "password")]
    if site.table.says("captcha", said):
        return Door.CAPTCHA
    if any(seen.role == "password" for seen in fields):
        return Door.FORM
    names = " ".join(name for seen in fields for name in (*seen.names, seen.near))
    if fields and site.table.says("code", f"{said} {names}"):
        return Door.CODE
    if any(candidates(read, site.table.controls[action]) for action in _INSIDE[site.site]):
        return Door.IN
    user, log_in = (candidates(read, site.table.controls[action]) for action in ("user", "log-in"))
    return Door.FORM if user and log_in else None


async def is_signed_in(site: SitePage) -> bool:
    """Looks at the page as it stands, so that a person who is typing a code there is not disturbed."""
    if not site.is_open or site.has_no_page:
        await site.goto(site.home)
    if not await _is_inside(site):
        return False
    await site.keep_sign_in()
    return True


async def _is_inside(site: SitePage) -> bool:
    async def seen(read: PageRead) -> Door | None:
        return door(site, read)

    return await site.until(seen, 5.0) is Door.IN


async def sign_in(site: SitePage, credentials: Credentials | None) -> str:
    """Go to the site and sign in; returns the user name, as far as it is known.

    Raises Trouble(MFA, site, why) where only a person can go on, Trouble(HH2-LOGIN, HH2-LOCKED, PRO-LOGIN) where the
    site refused, SlowDown where it asked to come later and did nothing, AnswerLost where it did not answer the form and
    does not show us signed in, NotReadable where its answer tells nothing or it could not be reached before that."""
    try:
        user = await _sign_in(site, credentials)
    except (Trouble, AnswerLost, NotReadable, SlowDown):
        await site.window.state.of_no_use()
        raise
    await site.keep_sign_in()
    return user


async def _sign_in(site: SitePage, credentials: Credentials | None) -> str:
    at = await _come(site)
    for step in range(_STEPS):
        at = at if step == 0 else await _arrive(site)
        if at is Door.IN:
            return credentials.user if credentials is not None else ""
        if at is not Door.FORM:
            raise _by_hand(site, at.value)
        if credentials is None:
            raise _by_hand(site, "person")
        if await _fill(site, credentials):
            try:
                return await _answer(site, credentials.user)
            except (AnswerLost, NotReadable):
                if await _is_in_after_all(site):
                    return credentials.user
                raise
        await site.press("log-in")
        if not await _password_appears(site):
            break
        if step == _STEPS - 1:
            break
    raise trouble(LABEL_PROBLEM[site.site], action="password", found=0)


async def _come(site: SitePage) -> Door:
    """What the site's first page asks. Nothing is typed yet, so one that fails in a way that may pass is asked anew."""
    for pause in _COMES_AGAIN:
        try:
            await site.goto(site.home)
            return await _arrive(site)
        except NotReadable:
            await anyio.sleep(pause)
    await site.goto(site.home)
    return await _arrive(site)


async def _arrive(site: SitePage) -> Door:
    async def seen(read: PageRead) -> Door | None:
        return door(site, read)

    at = await site.until(seen, _APPEARS)
    if at is None:
        site.raise_for_lost()
        await site.keep_outline()
        raise trouble(LABEL_PROBLEM[site.site], action="sign-in", found=0)
    return at


async def _fill(site: SitePage, credentials: Credentials) -> bool:
    """Fill the form, and press its button when the password is in. False where it asks for the user name alone.

    The origin is looked at before each field is filled, and the field is of the document that was looked at: if the
    page goes elsewhere meanwhile, the field is gone and nothing is typed."""
    pressed = False

    def sent() -> None:
        nonlocal pressed
        pressed = True

    async def fill(read: PageRead) -> bool | None:
        if await site.close_notice(read):
            return None
        user = _only(site, candidates(read, site.table.controls["user"]), "user", required=False)
        passwords = [Found(site.table.controls["password"], seen, place) for seen, place in read.controls()
                     if seen.role == "password"]  # fmt: skip
        password = _only(site, passwords, "password", required=False)
        if user is not None:
            await _type(site, user, credentials.user)
        if password is None:
            return False
        await _type(site, password, credentials.reveal())
        site.forget_heard()
        await site.press_in(read, "log-in", at_the_press=sent)
        return True

    filled: bool | None = None
    try:
        filled = await site.until(fill, 10.0, once_more=lambda: not pressed)
    except AnswerLost:
        pass  # it was pressed; what the page then shows tells
    if pressed:
        return True
    if filled is None:
        raise trouble(LABEL_PROBLEM[site.site], action="log-in", found=0)
    return filled


def _only(site: SitePage, found: Sequence[Found], action: str, *, required: bool) -> Found | None:
    if len(found) > 1 or (required and not found):
        raise trouble(LABEL_PROBLEM[site.site], action=action, found=len(found))
    return found[0] if found else None


async def _type(site: SitePage, found: Found, text: str) -> None:
    """Type into a field of our origin whose form goes to our origin. Raises Trouble(MFA, why="elsewhere")."""
    from playwright.async_api import Error

    element: ElementHandle | None = await found.place.element()
    if element is None:
        raise Error("the field left the page")
    target, own = await element.evaluate(_TARGET)
    if own not in site.allowed:
        raise _by_hand(site, "elsewhere", _host(own))
    if target and origin_of(target) not in site.allowed:
        raise _by_hand(site, "form-elsewhere", _host(target))
    try:
        require_ours(found.place.frame, site.allowed)
    except Elsewhere as elsewhere:
        raise _by_hand(site, "elsewhere", elsewhere.host) from None
    failed = False
    try:
        await element.fill(text, timeout=5_000)
    except Error:
        failed = True  # the library's text may hold what was typed: it is not passed on
    if failed:
        raise Error("the field could not be filled")


def _by_hand(site: SitePage, why: str, host: str = "") -> Trouble:
    return trouble(ProblemId.MFA, site=site.site.value, why=why, host=host or site.host)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


async def _password_appears(site: SitePage) -> bool:
    async def seen(read: PageRead) -> bool | None:
        there = any(one.role == "password" for one, _ in read.controls())
        return True if there or door(site, read) not in (Door.FORM, None) else None

    return await site.until(seen, _ANSWERS) is not None


async def _answer(site: SitePage, user: str) -> str:
    """What the site made of the form that was just sent. Raises as `sign_in`."""
    refused_since: float | None = None

    async def seen(read: PageRead) -> Door | ProblemId | None:
        nonlocal refused_since
        at = door(site, read)
        if at not in (Door.FORM, None):
            return at
        said = [*(one.text for one in read.sayings), *site.heard()]
        if any(site.table.says("locked", text) for text in said):
            return ProblemId.HH2_LOCKED if site.site is Site.HH2 else ProblemId.PRO_LOGIN
        if any(site.table.says("client", text) for text in said):
            return ProblemId.HH2_CLIENT
        if any(site.table.says("refused", text) for text in said):
            return _REFUSED[site.site]
        if site.answers.put_off:
            site.raise_for_answers()
        if site.answers.slow_down is not None or (site.answers.lost and not site.answers.statuses):
            raise AnswerLost("sign-in")
        site.raise_for_lost()
        if site.answers.refused is None or not site.is_whole(read):
            refused_since = None
            return None
        now = anyio.current_time()
        refused_since = refused_since if refused_since is not None else now
        if now - refused_since >= _SAYS:
            raise NotReadable(Problem(UNCLEAR[site.site], {"what": f"status {site.answers.refused}"}))
        return None

    answered: Door | ProblemId | None = await site.until(seen, _ANSWERS)
    if answered is Door.IN:
        return user
    if isinstance(answered, Door):
        raise _by_hand(site, answered.value)
    if answered is not None:
        raise trouble(answered, user=user)
    if site.answers.statuses:
        raise NotReadable(Problem(UNCLEAR[site.site]))
    raise AnswerLost("sign-in")


async def _is_in_after_all(site: SitePage) -> bool:
    """Were we signed in though the answer does not say so? The site's first page tells; no password is sent again."""
    try:
        await site.goto(site.home)
    except (NotReadable, SlowDown):
        return False
    return await _is_inside(site)
