"""The two sites, the two steps, and who can do what, by name."""

from enum import StrEnum

from app.domain.events import Site
from app.domain.filters import DateRange, Depth, Filters
from app.domain.profile import DriverName
from app.words.language import N_, _


class Who(StrEnum):
    """Who can put something right."""

    CONTROLLER = "controller"
    IT = "it"
    HH2_ADMIN = "hh2-admin"
    PROCORE_ADMIN = "procore-admin"
    APPROVER = "approver"
    NOBODY = "nobody"


_WHO: dict[Who, str] = {
    Who.CONTROLLER: N_("Who can do it: you"),
    Who.IT: N_("Who can do it: your IT"),
    Who.HH2_ADMIN: N_("Who can do it: your hh2 administrator"),
    Who.PROCORE_ADMIN: N_("Who can do it: your Procore administrator"),
    Who.APPROVER: N_("Who can do it: an accounting approver"),
    Who.NOBODY: N_("Nobody needs to do anything"),
}
_DATE_RANGES: dict[DateRange, str] = {
    DateRange.TODAY: N_("Today"),
    DateRange.PAST_WEEK: N_("Past Week"),
    DateRange.PAST_MONTH: N_("Past Month"),
    DateRange.PAST_YEAR: N_("Past Year"),
    DateRange.ALL: N_("All Changes"),
}
_DEPTHS: dict[Depth, str] = {Depth.SHALLOW: N_("Shallow"), Depth.DEEP: N_("Deep")}
_DRIVERS: dict[DriverName, str] = {
    DriverName.BROWSER: N_("This program presses the buttons in your browser"),
    DriverName.ASSISTED: N_("You press the buttons; this program shows where and watches"),
    DriverName.TRAINING: N_("Training company, without a browser"),
}


def site(which: Site | str) -> str:
    """hh2 or Procore; any other text as it is."""
    return {"hh2": "hh2", "procore": "Procore"}.get(str(which), str(which))


def who(which: Who) -> str:
    """Who can do it, as a sentence without its full stop."""
    return _(_WHO[which])


def date_range(which: DateRange) -> str:
    """The date range as hh2's page names it."""
    return _(_DATE_RANGES[which])


def depth(which: Depth) -> str:
    """The sync depth as hh2's page names it."""
    return _(_DEPTHS[which])


def filters(which: Filters) -> str:
    """Both filters in one line: "Past Week, Shallow"."""
    return _("{date_range}, {depth}").format(
        date_range=date_range(which.date_range), depth=depth(which.depth)
    )


def driver(which: DriverName) -> str:
    """How the two sites are reached, as a sentence without its full stop."""
    return _(_DRIVERS[which])


def why_longer(which: Filters) -> str:
    """Why one would choose a deep or full sync, and what it costs; "" for the filters of every day."""
    if not which.takes_long:
        return ""
    return _(
        "Deep or All Changes may take much longer. One chooses it when something older was changed or back-dated "
        "in Sage, or when Procore still lacks something after an ordinary sync."
    )


def what_start_does() -> str:
    """What a press of Start Sync sets going, step by step."""
    return _(
        "Start Sync signs in to both sites, sets these filters in hh2, starts the sync there, and waits until its end "
        "is proven. Only then does step 2 open, and the tabs are refreshed one after the other."
    )
