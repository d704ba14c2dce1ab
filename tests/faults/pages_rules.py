"""How each step on pages may end: the table of what is allowed for a kind of page and a fault, and what never is."""

from collections import Counter

from app.domain.tabs import Tab
from tests.faults.cells import End, internal
from tests.faults.kinds import Does
from tests.faults.rules import RAW
from tests.faults.wire import Says

PRESSES = ("hh2.sync.start", "procore.tab.press")
_DOES = {
    "hh2.sign-in": Does.SIGN_IN,
    "procore.sign-in": Does.SIGN_IN,
    "hh2.filters.apply": Does.APPLY,
    **dict.fromkeys(PRESSES, Does.PRESS),
}
_KILLED = "browser-killed"
_SAYS: dict[str, Says] = {
    **dict.fromkeys(("reset-before", "reset-middle", "reset-after"), Says.LOST),
    **dict.fromkeys(("400", "403", "404", "409", "422"), Says.REFUSED),
    **dict.fromkeys(("500", "502-html"), Says.DOWN),
    **dict.fromkeys(("429", "429-no-header", "503-retry-after"), Says.SLOW),
    **dict.fromkeys(("401", "redirect-sign-in", "session-lost", "session-lost-after"), Says.SESSION),
    **dict.fromkeys(("html", "truncated", "wrong-types", "error-200", "empty", "duplicated"), Says.UNCLEAR),
    "delay": Says.FINE,
}
# The site carried out what it was asked for, whatever came back.
_CARRIED = ("reset-middle", "reset-after", "delay", "empty", "duplicated", "session-lost-after", _KILLED)
# What a run may tell of the fault; "*" stands for the site. On a page whose data are refused or are no data, a control
# is missing: that is what a changed page looks like, and Procore's way of telling that a right is missing.
_CARDS: dict[Says, frozenset[str]] = {
    Says.LOST: frozenset({"NET", "*-ANSWER"}),
    Says.REFUSED: frozenset({"*-ANSWER", "*-LABEL", "PRO-PERM"}),
    Says.UNCLEAR: frozenset({"*-ANSWER", "*-LABEL", "PRO-PERM"}),
    Says.DOWN: frozenset({"*-DOWN", "*-ANSWER"}),
    Says.SLOW: frozenset({"LIMIT"}),
    Says.SESSION: frozenset({"SESSION", "*-ANSWER"}),
    Says.FINE: frozenset(),
}


def cards(call: str, fault: str) -> frozenset[str]:
    """The cards that may tell of this fault at this kind of page."""
    site = "HH2" if call.startswith("hh2") else "PRO"
    if fault == _KILLED:
        found = {"BROWSER"}
    else:
        found = {name.replace("*", site) for name in _CARDS[_SAYS[fault]]}
    if site == "HH2":
        found.discard("PRO-PERM")
    if _does(call) is Does.PRESS or "after the press" in call:
        found |= {"HH2-UNSURE"} if site == "HH2" else {"PRO-STALE"}
    return frozenset(found)


def wrong_with(call: str, fault: str, end: End, *, met: bool, resumed: bool = False) -> list[str]:
    """What is wrong with this end; nothing where the cell holds. `met`: the fault struck; `resumed`: the run went on by
    a person's word, and signed in once more."""
    wrong = [*_never(end), *_sent(call, fault, end, 2 if resumed else 1)]
    if not met:
        wrong.append("ended before the fault struck")
    if not wrong and not _allowed(call, fault, end):
        wrong.append(f"ended {end.outcome} ({end.exit}) with {sorted(end.cards)}")
    return wrong


def _does(call: str) -> Does:
    return _DOES.get(call, Does.READ)


def _allowed(call: str, fault: str, end: End) -> bool:
    told = end.cards <= cards(call, fault)
    good = end.exit == 0
    bad = told and bool(end.cards) and end.exit in (20, 30)
    if fault == _KILLED:
        return told and end.exit in (10, 30)  # after a press of Procore's a tab of which nobody knows
    match _does(call):
        case Does.PRESS:
            return (good and (fault in _CARRIED or _SAYS[fault] is Says.SLOW)) or (
                told and end.exit in (10, 30)
            )
        case Does.SIGN_IN:
            done = fault in (*_CARRIED, "session-lost")  # who signs in has no session yet that could be lost
            return (good and (done or _SAYS[fault] is Says.SLOW)) or bad
        case Does.APPLY:
            again = _SAYS[fault] in (Says.SLOW, Says.SESSION)
            return (good and (fault in _CARRIED or again)) or bad
    if _SAYS[fault] in (Says.REFUSED, Says.UNCLEAR):
        return good or (told and bool(end.cards) and end.exit in (10, 20, 30))
    if "after the press" in call and _SAYS[fault] is Says.SESSION:
        # A sign-in that ends with a press leaves it unsure on pages.
        return good or (told and end.exit in (10, 30))
    # A look that fails in a way that passes is made again.
    return good


def _never(end: End) -> list[str]:
    """What no fault may lead to."""
    wrong = [f"says {text!r}" for text in end.says if RAW.search(text)]
    if internal(end):
        wrong.append("the program failed")
    if end.exit in (20, 30) and not end.cards:
        wrong.append("ended without a card")
    return wrong


def _sent(call: str, fault: str, end: End, times: int) -> list[str]:
    """What the servers saw. `times`: so often a password may be sent to each site."""
    wrong = []
    log = end.log
    done = Counter((one["what"], one["tab"]) for one in log["presses"] if one["carried_out"])
    wrong += [f"carried out {often} times: {one}" for one, often in done.items() if often > 1]
    asked_for = {("sync.start", ""), ("filters.apply", ""), ("tab.refresh", Tab.VENDORS.value)}
    wrong += [f"pressed without being asked: {one}" for one in done if one not in asked_for]
    order = [one["what"] for one in log["presses"] if one["carried_out"]]
    if "tab.refresh" in order and "sync.start" not in order[: order.index("tab.refresh")]:
        wrong.append("a tab was refreshed without step 1")
    if end.exit == 0 and not done.keys() >= {("sync.start", ""), ("tab.refresh", Tab.VENDORS.value)}:
        wrong.append("says that all is done, and it is not")
    sent = Counter(str(one["call"]) for one in log["requests"])
    wrong += [f"a forbidden request: {one}" for one in sent if one.endswith(".never")]
    said_no = fault != _KILLED and _SAYS[fault] in (Says.SLOW, Says.SESSION) and fault not in _CARRIED
    for press in PRESSES:
        if sent[press] > 1 and not (press == call and said_no):
            wrong.append(f"sent {sent[press]} times: {press}")
    for site in ("hh2", "procore"):
        submitted = sent[f"{site}.sign-in"]
        looked_out = site == call.partition(".")[0] and call != f"{site}.sign-in"  # it looked signed out
        if submitted > (5 if looked_out or (fault != _KILLED and _SAYS[fault] is Says.SLOW) else times):
            wrong.append(f"the password was sent {submitted} times to {site}")
    for one in log["requests"]:
        wrong += [
            f"{secret} was sent to {one['site']}"
            for secret in one["carried"]
            if secret.partition("-")[0] in ("hh2", "procore") and not secret.startswith(str(one["site"]))
        ]
    return wrong
