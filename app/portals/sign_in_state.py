"""A sign-in that outlives the browser: what a site keeps there about it, of the profile's own addresses alone."""

import contextlib
import logging
from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import msgspec

from app.domain.decoding import BROKEN
from app.domain.events import Site
from app.portals.origin import origin_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, StorageState

_LONGEST = 200_000  # characters; what a site keeps about a sign-in takes a few thousand
_log = logging.getLogger(__name__)


class SignIns(Protocol):
    """Where the person lets sign-ins be kept. None of its calls raises: without what was kept one signs in anew."""

    async def kept(self, site: Site) -> str:
        """What was kept for this site; "" for nothing."""

    async def keep(self, site: Site, text: str) -> None: ...

    async def forget(self, site: Site) -> None: ...


class Cookie(msgspec.Struct, frozen=True):
    """As the browser's driver gives and takes it. `expires` in seconds since 1970; -1: it ends with the browser."""

    name: str
    value: str
    domain: str
    path: str = "/"
    expires: float = -1
    httpOnly: bool = False  # noqa: N815  # the names are the driver's
    secure: bool = False
    sameSite: str = "Lax"  # noqa: N815

    def __repr__(self) -> str:
        """Without its value: it opens the site as a password does."""
        return f"Cookie({self.name}, {self.domain})"


class Item(msgspec.Struct, frozen=True):
    """One thing that a page laid down in its own storage."""

    name: str
    value: str

    def __repr__(self) -> str:
        """Without its value."""
        return f"Item({self.name})"


class OfOrigin(msgspec.Struct, frozen=True):
    """What the pages of one origin laid down."""

    origin: str
    localStorage: tuple[Item, ...] = ()  # noqa: N815


class State(msgspec.Struct, frozen=True):
    """What a browser holds of the sites that were visited in one window."""

    cookies: tuple[Cookie, ...] = ()
    origins: tuple[OfOrigin, ...] = ()

    def only_of(self, allowed: Collection[str]) -> "State":
        """What is of these origins alone. A cookie belongs to hosts, whatever their port: it is kept where the browser
        would send it to one of them."""
        hosts = {urlsplit(address).hostname or "" for address in allowed}
        return State(
            tuple(cookie for cookie in self.cookies if any(_goes_to(cookie.domain, host) for host in hosts)),
            tuple(laid for laid in self.origins if origin_of(laid.origin) in allowed),
        )


def _goes_to(domain: str, host: str) -> bool:
    if (
        domain.startswith(".") and not host.replace(".", "").isdigit()
    ):  # a number has no part that another host shares
        return host == domain[1:] or host.endswith(domain)
    return host == domain


class SignInState:
    """One site's sign-in: taken up when its window opens, kept after each sign-in, dropped where it was of no use."""

    def __init__(self, site: Site, allowed: frozenset[str], sign_ins: SignIns | None) -> None:
        self._site = site
        self._allowed = allowed
        self._sign_ins = sign_ins
        self._used = False

    async def begin(self) -> "StorageState | None":
        """What a new window begins with; None for nothing."""
        if self._sign_ins is None:
            return None
        text = await self._sign_ins.kept(self._site)
        try:
            state = msgspec.json.decode(text, type=State) if text else State()
        except BROKEN:  # of another version
            return None
        state = state.only_of(self._allowed)
        self._used = bool(state.cookies or state.origins)
        return _for_the_driver(state) if self._used else None

    async def keep(self, context: "BrowserContext") -> None:
        """Somebody is signed in: keep what the browser holds of it."""
        from playwright.async_api import Error

        if self._sign_ins is None:
            return
        self._used = False
        with contextlib.suppress(Error, msgspec.ValidationError):
            state = msgspec.convert(await context.storage_state(), State, strict=False)
            text = msgspec.json.encode(state.only_of(self._allowed)).decode()
            if len(text) <= _LONGEST:
                await self._sign_ins.keep(self._site, text)
                return
        _log.info("the sign-in of %s was not kept", self._site.value)

    async def of_no_use(self) -> None:
        """It did not sign anybody in, or may be what is in the way: the next window begins without it."""
        if self._sign_ins is not None and self._used:
            self._used = False
            await self._sign_ins.forget(self._site)


def _for_the_driver(state: State) -> "StorageState":
    taken: StorageState = msgspec.to_builtins(state)
    for cookie in taken["cookies"]:
        if cookie.get("sameSite") not in ("Strict", "Lax", "None"):
            del cookie["sameSite"]
    return taken
