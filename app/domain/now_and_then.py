"""Runs that a scheduler begins: is one needed, or was a good one lately, and what only a person can help with."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.domain.events import RunOutcome
from app.domain.filters import DateRange, Depth, Filters
from app.domain.history import RunSummary
from app.domain.looks import COMPLETE
from app.domain.problems import ProblemId
from app.domain.tabs import Tab

_AGE = re.compile(r"([1-9]\d{0,4}) ?([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_RANGES, _DEPTHS = tuple(DateRange), tuple(Depth)  # each wider, or deeper, than those before it

# What a scheduler cannot put right: passwords are in the store of the person who is logged on, a code is sent to them.
NEEDS_SOMEBODY = frozenset({ProblemId.KEYRING, ProblemId.SECRET_MISSING, ProblemId.MFA, ProblemId.SESSION})


def age(text: str) -> timedelta | None:
    """A length of time as one types it: "30m", "2h", "1d"; None for anything else."""
    found = _AGE.fullmatch(text.strip().lower())
    return int(found[1]) * _UNITS[found[2]] if found is not None else None


def good_enough(
    runs: Iterable[RunSummary], filters: Filters, tabs: Sequence[Tab], older_than: timedelta, now: datetime
) -> RunSummary | None:
    """The latest good run that makes another one with these filters and tabs unnecessary; None where one is needed.

    It ended ok, no longer ago than `older_than`, looked at least as far back and as deep, and refreshed all of these
    tabs. One with an end in the future (a clock was set back) counts for nothing."""
    fit = [
        run
        for run in runs
        if run.outcome is RunOutcome.OK
        and run.ended_at is not None
        and timedelta(0) <= now - run.ended_at < older_than
        and _is_as_wide(run.filters, filters)
        and all(run.tabs.get(tab) in COMPLETE for tab in tabs)
    ]
    return max(fit, key=lambda run: run.ended_at or run.started_at, default=None)


def _is_as_wide(had: Filters, wanted: Filters) -> bool:
    far = _RANGES.index(had.date_range) >= _RANGES.index(wanted.date_range)
    return far and _DEPTHS.index(had.depth) >= _DEPTHS.index(wanted.depth)
