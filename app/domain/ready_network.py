"""What one request without credentials tells of each host: is it reached, by which proxy, by whose certificate, and is
this computer's clock right?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from app.domain.problems import Fact, Problem, ProblemId
from app.domain.ready import Check, Level, Line

SOON = timedelta(days=14)  # a certificate that runs out within this is to be looked at
WRONG = 60.0  # seconds that a clock may differ: a Date header is exact to the second, an answer takes a few


class Knock(msgspec.Struct, frozen=True):
    """One answer of a host, or the problem. `seconds` to its head; `date` what its clock says, `local` this computer's
    own then; `expires` and `issuer` of its certificate (None and "" without TLS); `proxy` "host:port" or ""."""

    site: str
    host: str
    proxy: str = ""
    seconds: float = 0.0
    date: datetime | None = None
    local: datetime | None = None
    expires: datetime | None = None
    issuer: str = ""
    problem: Problem | None = None


# How a refusal by the proxy, and one of a certificate, are named by the one module that sends.
PROXY_REFUSED = "ProxyError"
CERTIFICATE = "certificate: "


def judge(knocks: Sequence[Knock], system_only: bool = False) -> tuple[Line, ...]:
    """The lines of network, proxy, certificate and clock.

    `system_only`: the proxy is known to the operating system alone, and the pages are driven in a browser, whose driver
    does not ask it (decision 9)."""
    return (*_network(knocks), *_proxy(knocks, system_only), *_certificates(knocks), _clock(knocks))


def _network(knocks: Sequence[Knock]) -> list[Line]:
    lines = []
    for one in knocks:
        if one.problem is None:
            facts: dict[str, Fact] = {"host": one.host, "ms": round(one.seconds * 1000)}
            lines.append(Line(Check.NETWORK, Level.READY, one.host, "reached", facts))
        else:
            lines.append(Line(Check.NETWORK, Level.STOP, one.host, problem=one.problem))
    return lines


def _proxy(knocks: Sequence[Knock], system_only: bool) -> list[Line]:
    by: dict[str, list[Knock]] = {}
    for one in knocks:
        by.setdefault(one.proxy, []).append(one)
    lines = []
    for proxy, through in by.items():
        if not proxy:
            said = "none" if len(by) == 1 else "none-for"
            hosts = ", ".join(one.host for one in through)
            lines.append(Line(Check.PROXY, Level.READY, said=said, facts={"hosts": hosts}))
        elif all(one.problem is not None for one in through):
            level = Level.STOP if any(_why(one) == PROXY_REFUSED for one in through) else Level.LOOK
            lines.append(Line(Check.PROXY, level, proxy, "silent", {"proxy": proxy}))
        elif system_only:
            lines.append(Line(Check.PROXY, Level.LOOK, proxy, "system-only", {"proxy": proxy}))
        else:
            lines.append(Line(Check.PROXY, Level.READY, proxy, "through", {"proxy": proxy}))
    return lines


def _certificates(knocks: Sequence[Knock]) -> list[Line]:
    lines = []
    for one in knocks:
        if _why(one).startswith(CERTIFICATE):
            lines.append(Line(Check.CERTIFICATE, Level.STOP, one.host, problem=one.problem))
        elif one.expires is not None and one.local is not None:
            facts = {"host": one.host, "issuer": one.issuer, "day": one.expires.date().isoformat()}
            soon = one.expires - one.local < SOON
            level, said = (Level.LOOK, "soon") if soon else (Level.READY, "trusted")
            lines.append(Line(Check.CERTIFICATE, level, one.host, said, dict(facts)))
    if not lines:
        said = "no-answer" if any(one.problem for one in knocks) else "loopback"
        lines.append(Line(Check.CERTIFICATE, Level.UNCHECKED, said=said))
    return lines


def _clock(knocks: Sequence[Knock]) -> Line:
    told = [
        ((one.local - one.date).total_seconds(), one) for one in knocks if one.date is not None and one.local
    ]
    if not told:
        return Line(Check.CLOCK, Level.UNCHECKED, said="not-told")
    # The hosts' own clocks may be wrong too: the one that agrees with ours the best decides.
    off, one = min(told, key=lambda pair: abs(pair[0]))
    if abs(off) <= WRONG:
        return Line(Check.CLOCK, Level.READY, said="right")
    ahead, behind = (round(off), None) if off > 0 else (None, round(-off))
    problem = Problem(ProblemId.CLOCK, {"host": one.host, "ahead": ahead, "behind": behind})
    return Line(Check.CLOCK, Level.LOOK, problem=problem)


def _why(one: Knock) -> str:
    return "" if one.problem is None else str(one.problem.facts.get("why") or "")
