"""What does not match in the scenario `mismatch`: each kind of difference once, in a job or a record of its own."""

import datetime as dt
from enum import StrEnum

import msgspec

from app.training.records import Cost, Record


class Kind(StrEnum):
    """A kind of difference."""

    STAGED_VENDOR = "vendor staged, not imported"
    UNIMPORTED_VENDOR = "cost of a vendor that is not imported"
    OUTSIDE_RANGE = "posted before the date range"
    POSTED_AFTER = "entered after the refresh"
    MISSING_JOB = "job not synced"
    MISSING_SUB_JOB = "sub job not synced"
    SUMMARY = "summary instead of transactions"
    GROUP_CODE = "cost on a group of codes"
    DUPLICATE = "twice in Procore"
    ROUNDING = "rounded line by line"
    WRONG_AMOUNT = "amount changed"
    SIGN = "sign turned round"
    COST_TYPE = "cost type changed"
    MISSING_CODE = "cost code not synced"
    MISSING_TYPE = "cost type not synced"
    EXTRA_COST = "cost made in Procore"
    GONE_JOB = "job deleted in Sage"
    OFFSET = "plus and minus that add up to nothing"
    TAX = "tax on one side"
    RETAINAGE = "retainage held back"
    CLOSED = "job closed in Procore"
    RENAMED = "vendor renamed"
    NAME_CUT = "name cut in Sage"
    NOT_LINKED = "same vendor on both sides, not linked"
    GONE = "vendor deleted in Sage"


class Mismatch(msgspec.Struct, frozen=True):
    """What lies otherwise. `sage` records are in Sage and in hh2; Procore has them too, but for those of `lacking`, and
    has `procore` instead or besides. `passed_over` are records that a refresh does not touch, `staged` wait to be
    imported. Costs of Sage that Procore has otherwise or never takes are in `never`; what was made in Procore has no
    origin: records `made` by id, costs `made_costs` by number. `parents` are the groups that Procore has above cost
    codes, by the code's id. `places` says the code under which each kind shows."""

    sage: tuple[Record, ...] = ()
    procore: tuple[Record, ...] = ()
    lacking: frozenset[str] = frozenset()
    passed_over: frozenset[str] = frozenset()
    staged: tuple[Record, ...] = ()
    made: frozenset[str] = frozenset()
    sage_costs: tuple[Cost, ...] = ()
    procore_costs: tuple[Cost, ...] = ()
    never: frozenset[int] = frozenset()
    made_costs: frozenset[int] = frozenset()
    coming: tuple[Cost, ...] = ()
    parents: dict[str, str] = {}
    places: dict[Kind, str] = {}

    def late(self, at: dt.datetime) -> list[Cost]:
        """The costs that are entered in Sage, and reach hh2, right after `at`."""
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        second = int((at - midnight).total_seconds()) + 1
        return [
            msgspec.structs.replace(c, posted=at.date(), entered=at.date(), second=second)
            for c in self.coming
        ]


NONE = Mismatch()
