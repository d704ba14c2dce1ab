"""Why two sides may differ, and who can do something about it."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """The probable reason of a difference, or of a record that stands on one side only."""

    STAGED = "staged"  # fetched by Procore, waiting in Ready to Import
    JOB_NOT_SYNCED = "job-not-synced"
    SUB_JOB_NOT_SYNCED = "sub-job-not-synced"
    NOT_SYNCED = "not-synced"
    NOT_REFRESHED = "not-refreshed"  # this job's costs were not refreshed in the run
    POSTED_AFTER = "posted-after"
    OUTSIDE_RANGE = "outside-range"
    SUMMARY = "summary"
    GROUP_CODE = "group-code"
    DUPLICATE = "duplicate"
    MISSING_CODE = "missing-code"
    MISSING_TYPE = "missing-type"
    MISSING_VENDOR = "missing-vendor"
    ANOTHER_PLACE = "another-place"  # the same amount stands under another cost code, cost type or sub job
    OFFSET = "offset"  # plus and minus on one side that add up to nothing
    SIGN = "sign"  # the amount of a transaction stands there with the opposite sign
    CLOSED = "closed"
    TAX = "tax"
    RETAINAGE = "retainage"
    ROUNDING = "rounding"
    MADE_IN_PROCORE = "made-in-procore"
    GONE_IN_SAGE = "gone-in-sage"
    NOT_LINKED = "not-linked"  # the same name on both sides, not tied to each other
    CHANGED = "changed"
    RENAMED = "renamed"
    NAME_CUT = "name-cut"
    CONTRADICTION = "contradiction"  # rows of this job were kept aside
    UNKNOWN = "unknown"


class Acts(StrEnum):
    """Who can do something about it."""

    CONTROLLER = "controller"
    APPROVER = "approver"
    PROCORE_ADMIN = "procore-admin"
    IT = "it"
    NOBODY = "nobody"  # nothing to do: it will go by itself, or is as it should be


ACTS: Mapping[Reason, Acts] = {
    Reason.STAGED: Acts.APPROVER,
    Reason.JOB_NOT_SYNCED: Acts.CONTROLLER,
    Reason.SUB_JOB_NOT_SYNCED: Acts.CONTROLLER,
    Reason.NOT_SYNCED: Acts.CONTROLLER,
    Reason.NOT_REFRESHED: Acts.CONTROLLER,
    Reason.POSTED_AFTER: Acts.CONTROLLER,
    Reason.OUTSIDE_RANGE: Acts.CONTROLLER,
    Reason.SUMMARY: Acts.PROCORE_ADMIN,
    Reason.GROUP_CODE: Acts.CONTROLLER,
    Reason.DUPLICATE: Acts.CONTROLLER,
    Reason.MISSING_CODE: Acts.CONTROLLER,
    Reason.MISSING_TYPE: Acts.CONTROLLER,
    Reason.MISSING_VENDOR: Acts.APPROVER,
    Reason.ANOTHER_PLACE: Acts.CONTROLLER,
    Reason.OFFSET: Acts.CONTROLLER,
    Reason.SIGN: Acts.CONTROLLER,
    Reason.CLOSED: Acts.CONTROLLER,
    Reason.TAX: Acts.CONTROLLER,
    Reason.RETAINAGE: Acts.CONTROLLER,
    Reason.ROUNDING: Acts.NOBODY,
    Reason.MADE_IN_PROCORE: Acts.CONTROLLER,
    Reason.GONE_IN_SAGE: Acts.CONTROLLER,
    Reason.NOT_LINKED: Acts.APPROVER,
    Reason.CHANGED: Acts.CONTROLLER,
    Reason.RENAMED: Acts.CONTROLLER,
    Reason.NAME_CUT: Acts.NOBODY,
    Reason.CONTRADICTION: Acts.IT,
    Reason.UNKNOWN: Acts.CONTROLLER,
}

# Shares of an amount that taxes and retainage commonly are in Canada and the United States: a hint, no more.
TAX_SHARES = ("0.05", "0.07", "0.08", "0.09975", "0.12", "0.13", "0.14975", "0.15")
RETAINAGE_SHARES = ("0.05", "0.10")
