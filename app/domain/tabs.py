"""The tabs of Procore's ERP Integrations tool: which sync on demand, in which order, and
where their records land."""

from enum import StrEnum

import msgspec


class Tab(StrEnum):
    """The six tabs with an on-demand sync, in the order the procedure names them. [C]"""

    COST_CODES = "cost-codes"
    VENDORS = "vendors"
    JOBS = "jobs"
    SUB_JOBS = "sub-jobs"
    PRIME_CONTRACTS = "prime-contracts"
    JOB_COSTS = "job-costs"


class Lands(StrEnum):
    """Where what a refresh brings ends up."""

    DIRECTLY = "directly"
    STAGED = "staged"


class TabFacts(msgspec.Struct, frozen=True):
    """What is known of one tab. `button` and `title` are Procore's own English words (Sage 300 CRE page) [C]."""

    tab: Tab
    title: str
    button: str
    lands: Lands
    after: frozenset[Tab]


def _facts(tab: Tab, title: str, button: str, lands: Lands, *after: Tab) -> tuple[Tab, TabFacts]:
    return tab, TabFacts(tab, title, button, lands, frozenset(after))


# The order follows the dependencies of the records [I]; that job costs land directly is [I] too.
TABS: dict[Tab, TabFacts] = dict(
    (
        _facts(
            Tab.COST_CODES, "Std. Cost Codes & Cost Types", "Sync Cost Codes & Cost Types", Lands.DIRECTLY
        ),
        _facts(Tab.VENDORS, "Vendors", "Refresh Vendor List", Lands.STAGED),
        _facts(Tab.JOBS, "Jobs", "Refresh Job List", Lands.STAGED),
        _facts(
            Tab.SUB_JOBS, "Sub Jobs", "Refresh Job List", Lands.STAGED, Tab.COST_CODES, Tab.VENDORS, Tab.JOBS
        ),
        _facts(
            Tab.PRIME_CONTRACTS,
            "Prime Contracts",
            "Refresh Prime Contract List",
            Lands.STAGED,
            Tab.COST_CODES,
            Tab.VENDORS,
            Tab.JOBS,
        ),
        _facts(
            Tab.JOB_COSTS,
            "Job Costs",
            "Sync Job Costs",
            Lands.DIRECTLY,
            Tab.COST_CODES,
            Tab.VENDORS,
            Tab.JOBS,
            Tab.SUB_JOBS,
            Tab.PRIME_CONTRACTS,
        ),
    )
)

# These wait for an accounting approver to accept or reject them for export; there is no button to press. [C]
NOT_ON_DEMAND: tuple[str, ...] = (
    "Budgets",
    "Commitments",
    "Commitment Change Orders",
    "Prime Contract Change Orders",
)


class Job(msgspec.Struct, frozen=True):
    """A job as Procore's Job Costs tab lists it: `key` is the value of the page's option,
    `code` Sage's job number."""

    key: str
    code: str
    name: str


def in_order(tabs: frozenset[Tab] | set[Tab] | tuple[Tab, ...] | list[Tab]) -> tuple[Tab, ...]:
    """The given tabs in the order of the procedure, each once."""
    return tuple(tab for tab in Tab if tab in tabs)
