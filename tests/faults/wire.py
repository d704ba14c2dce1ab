"""What can go wrong between this program and a site, as data: each fault of the matrix, and what it tells.

Most are carried out by `front.py`, which stands before a training server; those before a byte has left (no route, no
name, no trust, no proxy) by sending the one request that is struck elsewhere."""

from dataclasses import dataclass
from enum import StrEnum


class Says(StrEnum):
    """What a fault lets the program know of its request; the rules (`rules.py`) go by it."""

    UNSENT = "unsent"  # it certainly did not arrive
    LOST = "lost"  # no answer, or none that is whole
    UNCLEAR = "unclear"  # an answer that is not what was asked for
    DOWN = "down"  # the site, or a gateway before it, is out of order
    SLOW = "slow"  # the site asks us to come later, and did nothing
    SESSION = "session"  # the site does not know us any more, and did nothing
    REFUSED = "refused"  # the site refuses what was asked
    FINE = "fine"  # odd, and no reason not to go on


class Way(StrEnum):
    """How a fault comes about."""

    STEERED = "steered"  # the request goes to an address where this happens
    CUT = "cut"  # the connection is treated badly
    ANSWER = "answer"  # the site is not asked; this is the answer
    MANGLED = "mangled"  # the site is asked, and its answer is changed
    SITE = "site"  # something happens to the site's process, or to the clock


@dataclass(frozen=True)
class WireFault:
    """One fault. `carried`: the site carries the request out all the same. `retry_after` and the like in `headers`."""

    name: str
    says: Says
    way: Way
    carried: bool = False
    status: int = 0
    body: bytes = b'{"message": "An unexpected error has occurred."}'
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    tls: bool = False  # the site has to be asked by https
    proxy: bool = False  # the site has to be asked by a proxy


def _steered(name: str, *, tls: bool = False, proxy: bool = False) -> WireFault:
    return WireFault(name, Says.UNSENT, Way.STEERED, tls=tls, proxy=proxy)


def _status(status: int, says: Says, name: str = "", **more: object) -> WireFault:
    return WireFault(name or str(status), says, Way.ANSWER, status=status, **more)  # type: ignore[arg-type]


_PAGE = (
    b"<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
)

FAULTS: tuple[WireFault, ...] = (
    _steered("refused"),
    _steered("name-not-found"),
    _steered("tls-untrusted", tls=True),
    _steered("tls-other-name", tls=True),
    _steered("tls-expired", tls=True),
    _steered("tls-broken", tls=True),
    _steered("proxy-refusal", proxy=True),
    _steered("proxy-407", proxy=True),
    WireFault("reset-before", Says.LOST, Way.CUT),
    WireFault("reset-middle", Says.LOST, Way.CUT, carried=True),
    WireFault("reset-after", Says.LOST, Way.CUT, carried=True),
    WireFault("timeout", Says.LOST, Way.CUT),
    WireFault("slow-drip", Says.LOST, Way.MANGLED, carried=True),
    WireFault("cut-short", Says.LOST, Way.MANGLED, carried=True),
    _status(400, Says.REFUSED),
    _status(401, Says.SESSION),
    _status(403, Says.REFUSED),
    _status(404, Says.REFUSED),
    _status(409, Says.REFUSED),
    _status(422, Says.REFUSED),
    _status(429, Says.SLOW, "429-seconds", headers=(("Retry-After", "1"),)),
    _status(429, Says.SLOW, "429-date", headers=(("Retry-After", "{soon}"),)),
    _status(429, Says.SLOW, "429-no-header"),
    _status(429, Says.SLOW, "429-zero", headers=(("Retry-After", "0"),)),
    _status(429, Says.SLOW, "429-nonsense", headers=(("Retry-After", "soon"),)),
    _status(
        429,
        Says.SLOW,
        "429-rate-headers",
        headers=(
            ("X-Rate-Limit-Limit", "25"),
            ("X-Rate-Limit-Remaining", "0"),
            ("X-Rate-Limit-Reset", "{reset}"),
        ),
    ),
    _status(500, Says.DOWN),
    _status(502, Says.DOWN, "502-html", body=_PAGE, kind="text/html"),
    _status(503, Says.SLOW, "503-retry-after", headers=(("Retry-After", "1"),)),
    _status(503, Says.DOWN, "503"),
    _status(504, Says.DOWN),
    _status(302, Says.SESSION, "redirect-sign-in", headers=(("Location", "/login"),), body=b""),
    _status(307, Says.SESSION, "redirect-elsewhere", headers=(("Location", "{elsewhere}"),), body=b""),
    WireFault("wrong-content-type", Says.UNCLEAR, Way.MANGLED, carried=True, kind="text/html"),
    WireFault("empty", Says.UNCLEAR, Way.MANGLED, carried=True),
    WireFault("truncated", Says.UNCLEAR, Way.MANGLED, carried=True),
    WireFault("50-mb", Says.UNCLEAR, Way.MANGLED, carried=True),
    WireFault("wrong-types", Says.UNCLEAR, Way.MANGLED, carried=True),
    WireFault("duplicated", Says.FINE, Way.MANGLED, carried=True),
    WireFault("clock-forward", Says.FINE, Way.SITE, carried=True),
    WireFault("clock-back", Says.FINE, Way.SITE, carried=True),
    WireFault("stopped-and-continued", Says.FINE, Way.SITE, carried=True),
)
BY_NAME = {fault.name: fault for fault in FAULTS}
