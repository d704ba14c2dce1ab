"""Where secrets are typed and controls pressed: the top frame, or a frame in it, of exactly the profile's origins."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.addresses import origin

if TYPE_CHECKING:
    from playwright.async_api import Frame


class Elsewhere(Exception):
    """The page, or the frame of the control, is not of the profile's origin. `host` is where it is."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


def origins(addresses: Iterable[str]) -> frozenset[str]:
    """The exact origins of a profile's addresses: https, or http on loopback. Raises ValueError for any other."""
    return frozenset(origin(address) for address in addresses)


def origin_of(url: str) -> str:
    """The origin of a page's address; "" for one that has none that we would ever trust (about:, data:, http…)."""
    try:
        return origin(url)
    except ValueError:
        return ""


def frame_origin(frame: "Frame") -> str:
    """The origin of a frame as the browser tells it; an empty frame and a srcdoc frame have their parent's."""
    at: Frame | None = frame
    while at is not None:
        if at.url and not at.url.startswith("about:"):
            return origin_of(at.url)
        at = at.parent_frame
    return ""


def is_ours(frame: "Frame", allowed: frozenset[str]) -> bool:
    """True when the top frame is of an allowed origin, and this frame and all between are of the same one."""
    top = frame.page.main_frame
    wanted = frame_origin(top)
    if wanted not in allowed:
        return False
    at: Frame | None = frame
    while at is not None:
        if frame_origin(at) != wanted:
            return False
        at = at.parent_frame
    return True


# What the document of an element itself says, whatever its frame's address is thought to be.
OWN_ORIGIN = "(element => element.ownerDocument.defaultView?.origin || '')"


def require_ours(frame: "Frame", allowed: frozenset[str]) -> None:
    """Called after a page has loaded, and again at the act. Raises Elsewhere."""
    if frame.is_detached() or not is_ours(frame, allowed):
        at = frame if not is_ours(frame, allowed) else frame.page.main_frame
        raise Elsewhere(urlsplit(at.url).hostname or "")
