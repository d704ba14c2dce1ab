"""The Windows services on the Sage server that carry Sage's data to hh2: which run, and whether they started in order.

Names: hh2's own `Hydrous.Host` ("hh2 Synchronization Service") and `hh2.MongoDB` [C1] hh2-wire.md; Sage's database by
the words its services show: "Pervasive PSQL … Engine" [C1]; Actian, Zen [I]."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.domain.problems import Problem, ProblemId
from app.domain.ready import Check, Level, Line

_HH2 = ("hydrous.host", "hh2.mongodb")
_HH2_SHOWN = re.compile(r"\bhh2\b", re.IGNORECASE)
_DATABASE_SHOWN = re.compile(r"\b(actian|pervasive|psql|zen (enterprise|workgroup|cloud))\b", re.IGNORECASE)


class Service(msgspec.Struct, frozen=True):
    """A service of the Sage server. `started` is when its process did; None where that is not known."""

    name: str
    shown: str
    running: bool
    started: datetime | None = None

    @property
    def is_hh2(self) -> bool:
        """One of hh2's own."""
        return self.name.lower() in _HH2 or _HH2_SHOWN.search(self.shown) is not None

    @property
    def is_database(self) -> bool:
        """One of Sage's database."""
        return not self.is_hh2 and _DATABASE_SHOWN.search(f"{self.name} {self.shown}") is not None


_ALL = (Check.SYNC_CLIENT, Check.DATABASE, Check.START_ORDER)


def judge(services: Sequence[Service] | None) -> tuple[Line, ...]:
    """What these services mean for a sync. None: this is no Windows; an empty list: this is not the Sage server."""
    if services is None:
        return tuple(Line(check, Level.UNCHECKED, said="not-windows") for check in _ALL)
    hh2 = [one for one in services if one.is_hh2]
    database = [one for one in services if one.is_database]
    return (_client(hh2), _database(database), _order(hh2, database))


def _client(hh2: Sequence[Service]) -> Line:
    if not hh2:
        return Line(Check.SYNC_CLIENT, Level.UNCHECKED, said="not-installed")
    stopped = next((one for one in hh2 if not one.running), None)
    if stopped is not None:
        problem = Problem(ProblemId.HH2_SVC, {"service": stopped.shown or stopped.name})
        return Line(Check.SYNC_CLIENT, Level.STOP, problem=problem)
    return Line(Check.SYNC_CLIENT, Level.READY, said="running", facts={"names": _names(hh2)})


def _database(database: Sequence[Service]) -> Line:
    if not database:
        return Line(Check.DATABASE, Level.UNCHECKED, said="not-installed")
    running = [one for one in database if one.running]
    if not running:
        return Line(
            Check.DATABASE, Level.STOP, problem=Problem(ProblemId.ACTIAN, {"service": _names(database)})
        )
    return Line(Check.DATABASE, Level.READY, said="running", facts={"names": _names(running)})


def _order(hh2: Sequence[Service], database: Sequence[Service]) -> Line:
    """hh2 has to be restarted where the database started after it [C1]; to the second they are taken as one start."""
    sync = [one for one in hh2 if one.name.lower() == _HH2[0]] or hh2
    mine = [one.started for one in sync if one.running]
    theirs = [one.started for one in database if one.running]
    if not mine or not theirs or None in mine or None in theirs:
        return Line(Check.START_ORDER, Level.UNCHECKED, said="not-known")
    first = max(at for at in mine if at is not None)
    last = max(at for at in theirs if at is not None)
    if (last - first).total_seconds() > 1:
        facts = {"at": last.isoformat(), "since": first.isoformat()}
        return Line(Check.START_ORDER, Level.LOOK, problem=Problem(ProblemId.HH2_STALE, dict(facts)))
    return Line(Check.START_ORDER, Level.READY, said="in-order")


def _names(services: Sequence[Service]) -> str:
    return ", ".join(one.shown or one.name for one in services)
