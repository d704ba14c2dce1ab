"""Is all ready for a run? What a preflight looks at, and what it found, in values."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.events import EXIT_CODES, RunOutcome
from app.domain.problems import Fact, Problem


class Check(StrEnum):
    """What is looked at, in the order in which it is told."""

    NETWORK = "network"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    DISK = "disk"
    KEYRING = "keyring"
    BROWSER = "browser"
    PASSWORDS = "passwords"
    SIGN_INS = "sign-ins"
    RIGHTS = "rights"
    SYNC_CLIENT = "sync-client"
    DATABASE = "database"
    START_ORDER = "start-order"
    SESSION = "session"


class Level(StrEnum):
    """How a line stands."""

    READY = "ready"
    LOOK = "look"  # a run can begin; somebody should look
    STOP = "stop"  # a run would not come to its end
    UNCHECKED = "unchecked"  # cannot be seen from here; says nothing either way


class Line(msgspec.Struct, frozen=True):
    """One thing that was looked at. `about` is the host, site or tab it speaks of, or ""; `said` is the id of its
    sentence, whose blanks the facts fill; `problem` is its card, where something is wrong."""

    check: Check
    level: Level
    about: str = ""
    said: str = ""
    facts: dict[str, Fact] = {}
    problem: Problem | None = None


class Readiness(msgspec.Struct, frozen=True):
    """What a preflight found. `seconds` is how long it took, `at` when it began."""

    profile: str
    training: bool
    at: datetime
    version: str
    seconds: float
    lines: tuple[Line, ...]

    @property
    def level(self) -> Level:
        """The worst of its lines."""
        levels = {line.level for line in self.lines}
        return next((one for one in (Level.STOP, Level.LOOK) if one in levels), Level.READY)

    @property
    def stops(self) -> tuple[Line, ...]:
        """What a run would not get past."""
        return tuple(line for line in self.lines if line.level is Level.STOP)


def worst(lines: Sequence[Line]) -> Line | None:
    """The first of the worst lines that have a card; None where nothing is wrong."""
    wrong = [line for line in lines if line.problem is not None]
    stops = [line for line in wrong if line.level is Level.STOP]
    return next(iter(stops or wrong), None)


_EXITS = {
    Level.STOP: EXIT_CODES[RunOutcome.FAILED],
    Level.LOOK: EXIT_CODES[RunOutcome.LOOK],
    Level.READY: EXIT_CODES[RunOutcome.OK],
}


def exit_code(found: Readiness) -> int:
    """0 all ready, 10 something needs a look, 20 a run would not come to its end."""
    return _EXITS[found.level]


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines as they are told: by what was looked at; within that as they came."""
    order = list(Check)
    return tuple(sorted(lines, key=lambda line: order.index(line.check)))


def as_json(found: Readiness) -> dict[str, object]:
    """The documented `{"type": "preflight", …}` object."""
    return {
        "type": "preflight",
        "exit": exit_code(found),
        "level": found.level.value,
        "profile": found.profile,
        "training": found.training,
        "at": found.at,
        "version": found.version,
        "seconds": round(found.seconds, 2),
        "lines": [
            {
                "check": line.check.value,
                "level": line.level.value,
                "about": line.about,
                "said": line.said,
                "facts": line.facts,
                "problem": None
                if line.problem is None
                else {"id": line.problem.id.value, "facts": line.problem.facts},
            }
            for line in found.lines
        ],
    }
