"""The runs that are cut off: between them they write every kind of event and send every kind of request of a run."""

from types import MappingProxyType
from typing import Any

import msgspec

from app.domain.events import AnyEvent, NeedsPerson, ProblemMet, Record, SyncAccepted
from app.domain.filters import DateRange, Filters
from app.domain.profile import DriverName, Secret
from app.domain.tabs import Tab
from app.engine.faces import Again, Looked, Message, Picked, Stop, TakeTheirs, Wanted
from app.training.faults import Fault, FaultKind

TWO_TABS = (Tab.VENDORS, Tab.JOB_COSTS)


class Story(msgspec.Struct, frozen=True):
    """A run at the training company, and what a person does meanwhile.

    `says` is told once, at the first event of the type `at`; `then` is what the run is gone on with after its end, and
    `saved` that a person saves a report of it by hand. `driver`: not the profile's own; `without`: what is not given to
    the company."""

    scenario: str = "ok"
    wanted: Wanted = Wanted(Filters(DateRange.PAST_MONTH), TWO_TABS)
    jobs: int = 3
    at: str = ""
    says: Message | None = None
    then: Message | None = None
    saved: bool = False
    fault: Fault | None = None
    pace: float = 0.02
    driver: DriverName | None = None
    without: tuple[Secret, ...] = ()


_SLOW_DOWN = Fault(FaultKind.STATUS, call="hh2.sync.start", status=429, headers={"Retry-After": "1"})
_VENDORS = Wanted(tabs=(Tab.VENDORS,))
_ONLY_STEP_ONE = Wanted(tabs=())

STORIES = MappingProxyType(
    {
        "whole": Story(),
        "in no hurry": Story("ok", _VENDORS, 0, pace=0.2),
        "put back": Story(
            wanted=Wanted(Filters(DateRange.PAST_MONTH), (Tab.VENDORS,), put_back=True), jobs=0
        ),
        "compared": Story(wanted=Wanted(tabs=(Tab.VENDORS,), match=True), jobs=0),
        "refused": Story("wrong-password", _VENDORS, 0),
        "sessions end": Story("session-lost", Wanted(tabs=TWO_TABS)),
        "start lost": Story("start-answer-lost", _VENDORS, 0),
        "refresh lost": Story("refresh-answer-lost", Wanted(), 0),
        "told to slow down": Story("rate-limited", Wanted(), 0),
        "start told to slow down": Story("ok", _VENDORS, 0, fault=_SLOW_DOWN),
        "somebody else's sync": Story("busy", _VENDORS, 0, ProblemMet.__name__, TakeTheirs()),
        "no proof": Story("no-proof", _VENDORS, 0, NeedsPerson.__name__, Looked("hh2 shows Completed, 8:04")),
        "tabs picked later": Story(
            "ok", Wanted(tabs=(), go_on=False), 0, NeedsPerson.__name__, Picked((Tab.VENDORS,))
        ),
        "stopped": Story("ok", _VENDORS, 0, SyncAccepted.__name__, Stop()),
        "asked again": Story("tab-failed", _VENDORS, 0, then=Again(Tab.VENDORS)),
        "by pages": Story("ok", _VENDORS, 0, pace=0.3, driver=DriverName.BROWSER),
        # hh2's services are then signed in to by SOAP.
        "without an API key": Story("ok", _VENDORS, 0, without=(Secret.HH2_API_KEY, Secret.HH2_API_SECRET)),
        "report saved": Story("ok", _ONLY_STEP_ONE, 0, saved=True),
    }
)


def told(record: Record, story: Story) -> bool:
    """Is this the event at which the person speaks?"""
    return type(record.event).__name__ == story.at


def kinds(of: Any = AnyEvent) -> frozenset[str]:
    """The names of all kinds of events that there are."""
    return frozenset(kind.__name__ for kind in of.__args__)
