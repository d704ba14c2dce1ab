"""Faults that can be put into the training servers' answers, as data: what, on which call, which time."""

from enum import StrEnum
from fnmatch import fnmatchcase

import msgspec


class FaultKind(StrEnum):
    """What goes wrong with a call. Only those named so carry out what was asked."""

    RESET_BEFORE = "reset-before"  # the connection is reset before anything is done
    RESET_MIDDLE = "reset-middle"  # carried out; the connection ends in the middle of the answer
    RESET_AFTER = "reset-after"  # carried out; the connection is reset instead of an answer
    DELAY = "delay"  # carried out after `seconds`
    STATUS = "status"  # not carried out; `status`, `body` and `headers` are the answer
    HTML = "html"  # not carried out; a page where data is due, with status 200
    TRUNCATE = "truncate"  # a look: half of its answer; a press: not carried out, half an answer
    WRONG_TYPES = "wrong-types"  # a look: its answer with every type wrong; a press: not carried out
    EMPTY = "empty"  # carried out; the answer's body is empty
    DUPLICATED = "duplicated"  # carried out; the answer's body stands in it twice
    ERROR_200 = "error-200"  # not carried out; status 200, and an error in the body
    REDIRECT = "redirect"  # not carried out; 302 to the sign-in page
    SESSION_LOST = "session-lost"  # the caller's session ends first; the call then finds no session
    SESSION_LOST_AFTER = "session-lost-after"  # carried out; then the caller's session ends
    BROWSER_KILLED = (
        "browser-killed"  # carried out; then the driven browser that called is killed, unanswered
    )


class Fault(msgspec.Struct, frozen=True):
    """One fault. It strikes calls of the name `call` (see `app.training.calls`; a pattern) or, where `call` is empty,
    those whose method and path match `method` and the pattern `path`; of those the `nth` (1, 2, …), all when it is 0.

    `site` is "hh2", "procore", or empty for both."""

    kind: FaultKind
    call: str = ""
    method: str = "*"
    path: str = "*"
    site: str = ""
    nth: int = 1
    seconds: float = 0.0
    status: int = 500
    body: str = ""
    headers: dict[str, str] = {}

    def strikes(self, site: str, call: str, method: str, path: str) -> bool:
        """True when the call is one this fault speaks of, whichever time it is."""
        if self.site and self.site != site:
            return False
        if self.call:
            return fnmatchcase(call, self.call)
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


class Armed:
    """The faults that stand, each with how often it was met."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._faults = list(faults)
        self._seen = [0] * len(faults)

    def add(self, fault: Fault) -> None:
        """One more fault; its count begins now."""
        self._faults.append(fault)
        self._seen.append(0)

    def meet(self, site: str, call: str, method: str, path: str) -> Fault | None:
        """Count a call; the fault that strikes it, if any (the first of those that do)."""
        struck: Fault | None = None
        for place, fault in enumerate(self._faults):
            if not fault.strikes(site, call, method, path):
                continue
            self._seen[place] += 1
            if fault.nth in (0, self._seen[place]) and struck is None:
                struck = fault
        return struck
