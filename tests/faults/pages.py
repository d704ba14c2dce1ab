"""The page steps: each fault of the servers once at each kind of page, the skins paired with both; by the browser.

A cell is a whole run by pages. The page kinds are those that the pages themselves have named (`app.training.calls`)."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from app.assembly.house import House
from app.domain import events as ev
from app.domain.events import Record
from app.domain.filters import DateRange, Filters
from app.domain.problems import ProblemId, Trouble
from app.domain.profile import DriverName
from app.domain.result import result
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.engine.faces import Looked, Wanted
from app.training import calls
from app.training.faults import Fault, FaultKind
from app.training.pages import hh2, procore  # noqa: F401 - their calls are named when they are imported
from app.training.pages.skins import skins
from tests.end_to_end.company import NAME, Told
from tests.faults.cells import End, said
from tests.faults.known import FADES, UNSURE, limit_of
from tests.faults.matrix import line
from tests.faults.pages_rules import wrong_with
from tests.training.admin import Admin

# A sync of some three seconds: shorter ones are over before a loaded machine has looked twice.
PACE = 0.5
PAGE_ADDRESSES = ("/training/page/", "/training/log-in", "/*/company/", "/*/training/erp/")
_HTML = "<html><body><h1>Bad Gateway</h1></body></html>"

# What happens to one request of a page, the first of its kind.
FAULTS: dict[str, Fault] = {
    "reset-before": Fault(FaultKind.RESET_BEFORE),
    "reset-middle": Fault(FaultKind.RESET_MIDDLE),
    "reset-after": Fault(FaultKind.RESET_AFTER),
    "delay": Fault(FaultKind.DELAY, seconds=2.0),
    "400": Fault(FaultKind.STATUS, status=400),
    "401": Fault(FaultKind.STATUS, status=401),
    "403": Fault(FaultKind.STATUS, status=403),
    "404": Fault(FaultKind.STATUS, status=404),
    "409": Fault(FaultKind.STATUS, status=409),
    "422": Fault(FaultKind.STATUS, status=422),
    "429": Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1"}),
    "500": Fault(FaultKind.STATUS, status=500),
    "502-html": Fault(FaultKind.STATUS, status=502, body=_HTML),
    "503-retry-after": Fault(FaultKind.STATUS, status=503, headers={"Retry-After": "1"}),
    "html": Fault(FaultKind.HTML),
    "truncated": Fault(FaultKind.TRUNCATE),
    "wrong-types": Fault(FaultKind.WRONG_TYPES),
    "error-200": Fault(FaultKind.ERROR_200),
    "redirect-sign-in": Fault(FaultKind.REDIRECT),
    "session-lost": Fault(FaultKind.SESSION_LOST),
    "session-lost-after": Fault(FaultKind.SESSION_LOST_AFTER),
    "browser-killed": Fault(FaultKind.BROWSER_KILLED),
    "empty": Fault(FaultKind.EMPTY),
    "duplicated": Fault(FaultKind.DUPLICATED),
    "429-no-header": Fault(FaultKind.STATUS, status=429),
}
# What came later stands behind the others, in a drawn order too: so much of one as was carried out stays so.
LATER = frozenset({"empty", "duplicated", "429-no-header"})

# What the page asks for after our press: that a look fails says nothing of the press before it.
AFTER: dict[str, tuple[str, type]] = {
    "hh2.sync.look after the press": ("hh2.sync.look", ev.SyncRequested),
    "procore.tab.look after the press": ("procore.tab.look", ev.RefreshRequested),
}


@dataclass(frozen=True)
class PageCell:
    """One run by pages: the fault at the first request of this call, the pages made this way."""

    call: str
    fault: str
    skin: str

    @property
    def request(self) -> str:
        """The servers' name for the call."""
        return AFTER[self.call][0] if self.call in AFTER else self.call

    @property
    def after(self) -> type | None:
        """The event after which it is struck; None: from the start."""
        return AFTER[self.call][1] if self.call in AFTER else None

    @property
    def name(self) -> str:
        return f"page {self.call} × {self.fault} ({self.skin})"


@dataclass(frozen=True)
class PageOutcome:
    """What came of it; `wrong` is empty where it holds."""

    cell: PageCell
    end: End
    wrong: tuple[str, ...]
    limit: str
    seconds: float
    met: bool = False  # the run came so far that the fault struck
    resumed: bool = False  # by a person's word for step 1
    again: bool = False  # it was carried out a second time, alone

    @property
    def held(self) -> bool:
        return not self.wrong

    @property
    def good(self) -> bool:
        """It holds, or stands in the list of known limits."""
        return self.held or bool(self.limit)

    @property
    def may_be_the_machine(self) -> bool:
        """An end that a deadline of a loaded machine can lead to; what was sent twice never is."""
        return bool(self.wrong) and all(one.startswith("ended ") for one in self.wrong)

    @property
    def told(self) -> str:
        """How it ended, in one line."""
        name = self.cell.name + (", after a person's word for step 1" if self.resumed else "")
        return line(name, self.end, self.wrong, self.limit, self.seconds)


def page_calls() -> list[str]:
    """The kinds of pages, as the pages have named them."""
    named = [
        call
        for site in ("hh2", "procore")
        for _, pattern, call in calls._TABLES[site]
        if pattern == "/" or pattern.startswith(PAGE_ADDRESSES)
    ]
    return [*sorted(set(named)), *AFTER]


def page_cells() -> list[PageCell]:
    """Each fault once at each kind of page. The skins go round: each of them meets each kind of page, and each fault
    as many of them as there are kinds of page."""
    names = list(skins())
    return [
        PageCell(call, fault, names[(row * 2 + row * 2 // len(names) + column) % len(names)])
        for row, call in enumerate(page_calls())
        for column, fault in enumerate(FAULTS)
    ]


def ordered(some: Sequence[PageCell], seed: str) -> list[PageCell]:
    """The cells in the order that this seed draws; "": in theirs."""
    parts = [[one for one in some if (one.fault in LATER) is later] for later in (False, True)]
    for part in parts:
        if seed:
            random.Random(seed).shuffle(part)
    return [one for part in parts for one in part]


async def carried_out(cell: PageCell, house: House, admin: Admin) -> PageOutcome:
    """One run by pages, and what is wrong with its end. Where the page's end faded before it was seen, a person's word
    for step 1 takes the run on to where the fault strikes."""
    began = time.monotonic()
    admin.play("ok", pace=PACE, skin=cell.skin)
    fault = msgspec.structs.replace(FAULTS[cell.fault], call=cell.request)
    told = Told()
    if cell.after is None:
        admin.fault(fault)
    else:
        told.react = _at_first(cell.after, lambda: admin.fault(fault))
    conductor = await house.conductor(NAME, told, DriverName.BROWSER)
    before = 0
    try:
        state = await conductor.run(Wanted(Filters(DateRange.PAST_MONTH), tabs=(Tab.VENDORS,)))
        unsure = {one.problem.id for one in state.problems if not one.noted} == {ProblemId.HH2_UNSURE}
        if unsure and cell.request not in ("hh2.sync.start", "hh2.sync.look"):
            before = len(state.problems)
            state = await conductor.go_on(state.run_id, Looked("The sync has ended well."))
    except Trouble as untold:
        end = End("escaped", 70, frozenset(), (repr(untold),))
        return PageOutcome(cell, end, (f"escaped: {untold}",), "", time.monotonic() - began)
    problems = [one.problem for one in state.problems[before:] if not one.noted]
    cards = frozenset(problem.id.value for problem in problems)
    ended = result(state)
    code = int(str(ended["exit"]))
    log = admin.log()
    end = End(str(ended["outcome"]), code, cards, tuple(map(said, problems)), log=log)
    seconds = time.monotonic() - began
    met = any(one["fault"] for one in log["requests"])
    wrong = tuple(wrong_with(cell.call, cell.fault, end, met=met, resumed=before > 0))
    return PageOutcome(cell, end, wrong, known_limit(cell, end, wrong), seconds, met, before > 0)


def known_limit(cell: PageCell, end: End, wrong: tuple[str, ...]) -> str:
    """Why this cell does not hold, where that is known."""
    if not wrong:
        return ""
    passes = skins()[cell.skin].end in ("banner", "button")
    only_unsure = (
        all(one.startswith("ended ") for one in wrong) and end.cards <= UNSURE and end.exit in (10, 30)
    )
    return FADES if passes and only_unsure else limit_of(cell)


def _at_first(kind: type, do: Callable[[], None]) -> Callable[[Record, RunState], None]:
    """Does it when the first event of this kind is written down."""
    left = [do]

    def react(record: Record, _: RunState) -> None:
        if left and isinstance(record.event, kind):
            left.pop()()

    return react


def pairs(some: Sequence[PageCell]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Which skins met which kinds of page, and which faults."""
    return {(one.call, one.skin) for one in some}, {(one.fault, one.skin) for one in some}
