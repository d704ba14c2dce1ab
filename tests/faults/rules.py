"""How each cell may end: the table of what is allowed for a kind of request and a fault, and what is never allowed."""

import re
from collections import Counter

from app.domain.tabs import Tab
from tests.faults.cells import Cell, End, internal
from tests.faults.kinds import By, Does
from tests.faults.wire import Says

# What a run, or a call, may tell of a fault that does not pass; "*" stands for the site.
_CARDS: dict[Says, frozenset[str]] = {
    Says.UNSENT: frozenset({"NET"}),
    Says.LOST: frozenset({"NET", "*-ANSWER"}),
    Says.UNCLEAR: frozenset({"*-ANSWER"}),
    Says.DOWN: frozenset({"*-DOWN", "*-ANSWER"}),
    Says.SLOW: frozenset({"LIMIT"}),
    Says.SESSION: frozenset({"SESSION", "*-ANSWER"}),
    Says.REFUSED: frozenset({"*-ANSWER"}),
    Says.FINE: frozenset(),
}
_SIGN_IN_PATHS = (
    "/training/sign-in",
    "/Api/Security/V3/Session.svc/authenticate",
    "/WebServices/Authentication.svc",
)
# What the program may send that is no read.
_MAY_POST = re.compile(
    r"/training/(?:sign-in|filters|sync/start|tabs/[a-z-]+/press)|/Api/Security/V3/Session\.svc/authenticate"
    r"|/WebServices/Authentication\.svc|/oauth/(?:token|revoke)"
)
RAW = re.compile(r"\b[A-Z][A-Za-z]+(?:Error|Timeout|Exception)\b|\{\w+\}|Traceback")


def cards(cell: Cell) -> frozenset[str]:
    """The cards that may tell of this fault at this kind of request."""
    site = "HH2" if cell.kind.target.site == "hh2" else "PRO"
    found = {name.replace("*", site) for name in _CARDS[cell.fault.says]}
    kind, fault = cell.kind, cell.fault
    if fault.name == "403" and site == "PRO":
        found |= {"PRO-PERM", "NO-MATCH-SOURCE"}
    if fault.name == "wrong-content-type" and kind.service:
        found.add("SESSION")  # a page where data is due: what a session that ended looks like [?]
    if kind.does in (Does.TOKEN, Does.ONCE) and (fault.says is Says.REFUSED or fault.name == "401"):
        found.add("PRO-LOGIN")
    if kind.does is Does.ONCE and fault.says not in (Says.UNSENT, Says.SLOW):
        found = {"PRO-CONNECT", *(found & {"PRO-LOGIN"})}
    if fault.name == "50-mb":
        found.add("NET")  # not read to its end, or not in time
    if kind.after_lost is not None:
        found.add("NET")  # that of the sign-in before
    if fault.name == "empty" and kind.by is By.RUN and kind.service and "hh2 " in kind.name:
        found.add("SAFE")  # an empty body is an empty list [C]: the brake stops the run
    if kind.does is Does.PRESS:
        found |= {"HH2-UNSURE"} if site == "HH2" else {"PRO-STALE"}
    return frozenset(found)


def faults_of(cell: Cell, end: End) -> list[str]:
    """What is wrong with this end; nothing where the cell holds."""
    wrong = [*_never(cell, end), *_sent(cell, end)]
    if cell.fault.says is not Says.FINE and not end.struck:
        wrong.append("the fault never struck")
    if not wrong and not _allowed(cell, end):
        wrong.append(f"ended {end.outcome} ({end.exit}) with {sorted(end.cards)}")
    return wrong


def _never(cell: Cell, end: End) -> list[str]:
    """What no fault may lead to."""
    wrong = []
    if internal(end):
        wrong.append(f"the program failed: {end.outcome} {' '.join(end.says)}")
    if end.exit in (20, 30) and not end.cards:
        wrong.append("ended without a card")
    wrong += [f"says {text!r}" for text in end.says if RAW.search(text)]
    if cell.kind.by is By.RUN and end.exit == 0 and not _all_done(cell, end):
        wrong.append("says that all is done, and it is not")
    return wrong


def _all_done(cell: Cell, end: End) -> bool:
    done = {(one["what"], one["tab"]) for one in end.log["presses"] if one["carried_out"]}
    tabs = (Tab.VENDORS, Tab.JOB_COSTS) if cell.kind.jobs else (Tab.VENDORS,)
    return done >= {("sync.start", ""), *(("tab.refresh", tab.value) for tab in tabs)}


def _sent(cell: Cell, end: End) -> list[str]:
    """What the servers and the fronts before them saw."""
    wrong = []
    pressed = Counter(
        (one["what"], one["tab"], one["job"]) for one in end.log["presses"] if one["carried_out"]
    )
    wrong += [f"carried out {often} times: {one}" for one, often in pressed.items() if often > 1]
    order = [one["what"] for one in end.log["presses"] if one["carried_out"]]
    if "tab.refresh" in order and "sync.start" not in order[: order.index("tab.refresh")]:
        wrong.append("a tab was refreshed without step 1")
    told_no = cell.fault.says in (Says.SLOW, Says.SESSION)  # in so many words: nothing was done
    for site, asked in end.asked.items():
        sent = Counter((one.path, one.body) for one in asked if one.method == "POST")
        for (path, _), often in sent.items():
            if not _MAY_POST.fullmatch(path):
                wrong.append(f"POST {path} at {site}")
            meant = cell.kind.target.is_meant(site, "POST", path, cell.kind.target.body)
            press = path.endswith(("/press", "/start"))
            if press and often > 1 and not (meant and told_no):
                wrong.append(f"pressed {often} times: {path}")
            if path in _SIGN_IN_PATHS and often > _sign_ins(cell, site, path):
                wrong.append(f"a password was sent {often} times to {path} at {site}")
            if meant and cell.kind.does is Does.ONCE and often > 1:
                wrong.append(f"what works once was sent {often} times")
    for seen in end.log["requests"]:
        if not seen["call"]:
            wrong.append(f"an unknown request: {seen['method']} {seen['path']}")
        wrong += [
            f"{secret} was sent to {seen['site']}"
            for secret in seen["carried"]
            if secret.partition("-")[0] in ("hh2", "procore") and not secret.startswith(seen["site"])
        ]
    return sorted(set(wrong))


def _sign_ins(cell: Cell, site: str, path: str) -> int:
    """How often a password may be sent: once, and again where the site said that it knows nobody any more."""
    if cell.kind.target.site != site:
        return 1
    if cell.kind.target.path == path:
        return 99 if cell.fault.says is Says.SLOW else 1
    looks_signed_out = cell.fault.says is Says.SESSION or cell.fault.name == "wrong-content-type"
    return 5 if looks_signed_out else 1


def _allowed(cell: Cell, end: End) -> bool:
    """The table: does this class of end go with this kind and this fault?"""
    kind, fault = cell.kind, cell.fault
    told = end.cards <= cards(cell)
    # What a tab's own page does not tell fails that tab; all else fails the run.
    codes = (10, 20, 30) if kind.name == "procore.tab.look" else (20, 30)
    bad = told and bool(end.cards) and end.exit in codes
    good = end.outcome == "good"
    if fault.says is Says.FINE:
        return good or (cell.alone and end.exit in (20, 30) and end.cards <= {"PROOF-OLD", "HH2-UNSURE"})
    match kind.does:
        case Does.PRESS:
            return _press_allowed(cell, end, good=good, told=told)
        case Does.SIGN_IN | Does.ONCE | Does.TOKEN if kind.name == "procore.oauth.revoke":
            return good  # forgotten here, whatever Procore says
        case Does.SIGN_IN | Does.ONCE | Does.TOKEN:
            by_looking = fault.carried and kind.by is By.RUN  # we look whether we are signed in
            once_more = fault.says is Says.SLOW and not cell.always and kind.by is By.RUN
            again = kind.does is Does.TOKEN and kind.by is By.RUN and not cell.always
            return bad or (good and (by_looking or once_more or again))
        case Does.APPLY:
            # What did not arrive is not applied, and nothing is started without its filters.
            return (
                good and (fault.carried or (fault.says in (Says.SLOW, Says.SESSION) and not cell.always))
            ) or bad
        case Does.READ:
            if _is_tried_again(cell):
                return good or (bad and "SAFE" in end.cards)
            return bad or (good and (not cell.always or _may_be_missed(cell) or _is_empty_list(cell)))


def _is_tried_again(cell: Cell) -> bool:
    """A fault that passes, at a read that is made again: the cell has to end well."""
    kind, fault = cell.kind, cell.fault
    if cell.always or kind.after_lost is not None:
        return False
    if fault.says is Says.SESSION and kind.target.site == "procore" and kind.service:
        return fault.name == "401"  # a new token, once; a token's holder is not sent to a sign-in page
    if not kind.patient:
        return False
    if kind.by is By.RUN:
        return not (kind.service and fault.name == "403")
    return fault.says in (Says.UNSENT, Says.LOST, Says.DOWN, Says.SESSION)


def _is_empty_list(cell: Cell) -> bool:
    """hh2 answers an empty list with an empty body. [C] hh2-wire.md"""
    return cell.fault.name == "empty" and cell.kind.target.site == "hh2" and cell.kind.service


def _may_be_missed(cell: Cell) -> bool:
    """What a run, or a test of a connection, can do without."""
    missed = (
        "run: hh2 jobs",
        "run: hh2 vendors",
        "procore base url",
        "hh2 failures",
        "procore.who",
        "hh2.who",
    )
    return cell.kind.name in missed or (cell.kind.name == "procore permissions" and cell.fault.name == "403")


def _press_allowed(cell: Cell, end: End, *, good: bool, told: bool) -> bool:
    fault = cell.fault
    if fault.says in (Says.SLOW, Says.SESSION):
        return good if not cell.always else told and end.exit in (20, 30)
    if fault.says is Says.UNSENT:
        return end.exit in (10, 20) and end.cards <= {"NET"}
    if fault.carried:  # the press is found by looking, or stays unknown
        return good or (told and end.exit in (10, 30))
    return told and end.exit in (10, 30)  # never "failed": nobody knows
