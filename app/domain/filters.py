"""hh2's Sync Filters: how far back a sync looks, and how deep."""

from enum import StrEnum

import msgspec


class DateRange(StrEnum):
    """The five date ranges of hh2's Sync Filters page. [C] hh2-wire.md, "The screens"."""

    TODAY = "today"
    PAST_WEEK = "past-week"
    PAST_MONTH = "past-month"
    PAST_YEAR = "past-year"
    ALL = "all"


class Depth(StrEnum):
    """The two depths of hh2's Sync Filters page. [C] What each one covers is not public [?]."""

    SHALLOW = "shallow"
    DEEP = "deep"


class Filters(msgspec.Struct, frozen=True):
    """What step 1 asks hh2 to sync. The defaults are the ones controllers use day to day."""

    date_range: DateRange = DateRange.PAST_WEEK
    depth: Depth = Depth.SHALLOW

    @property
    def takes_long(self) -> bool:
        """True for the choices that a person is asked about first."""
        return self.date_range is DateRange.ALL or self.depth is Depth.DEEP
