"""What a person is asked to do on a site's page, and what they may answer, as sentences."""

from app.domain.events import ByHand
from app.domain.filters import DateRange, Depth
from app.words import causes, sites
from app.words.language import _

_OPENED = ("menu", "quick-menu", "accounting-sync", "settings", "tool")


def sentence(by_hand: ByHand) -> str:
    """What to do now: "Press Start Sync in the browser window."."""
    action, _colon, value = by_hand.action.partition(":")
    name = causes.label(action) or action
    if action == "date-range" and value in {one.value for one in DateRange}:
        return _choose(sites.date_range(DateRange(value)), name)
    if action == "depth" and value in {one.value for one in Depth}:
        return _choose(sites.depth(Depth(value)), name)
    if action == "job":
        return _choose(by_hand.what, name)
    if action in _OPENED or action.startswith("tab-"):
        return _("Open {name} in the browser window.").format(name=name)
    if by_hand.what:
        return _("Press {name} in the browser window, for {what}.").format(name=name, what=by_hand.what)
    return _("Press {name} in the browser window.").format(name=name)


def _choose(what: str, name: str) -> str:
    return _("Choose {what} under {name} in the browser window.").format(what=what, name=name)


def where(by_hand: ByHand) -> str:
    """How the person finds it."""
    if by_hand.pointed:
        return _("It is outlined there.")
    return _("This program did not find it there; please look for it yourself.")


def whole(by_hand: ByHand) -> str:
    """What to do now, and how it is found."""
    return " ".join((sentence(by_hand), where(by_hand)))


def goes_on() -> str:
    """That nothing needs to be said once it is done."""
    return _("The run goes on by itself when the page shows that you did.")


def answers(by_hand: ByHand) -> str:
    """What may be typed on a terminal."""
    if by_hand.may_skip:
        return _("It goes on by itself once you did. Or type: Enter = I did it, s = leave it out, q = stop.")
    return _("It goes on by itself once you did. Or type: Enter = I did it, q = stop.")
