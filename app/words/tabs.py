"""The tabs of Procore's ERP Integrations tool, their buttons, and the tabs that have none, by name."""

from app.domain.tabs import Job, Tab
from app.words.language import N_, _

_TITLES: dict[Tab, str] = {
    Tab.COST_CODES: N_("Std. Cost Codes & Cost Types"),
    Tab.VENDORS: N_("Vendors"),
    Tab.JOBS: N_("Jobs"),
    Tab.SUB_JOBS: N_("Sub Jobs"),
    Tab.PRIME_CONTRACTS: N_("Prime Contracts"),
    Tab.JOB_COSTS: N_("Job Costs"),
}
_BUTTONS: dict[Tab, str] = {
    Tab.COST_CODES: N_("Sync Cost Codes & Cost Types"),
    Tab.VENDORS: N_("Refresh Vendor List"),
    Tab.JOBS: N_("Refresh Job List"),
    Tab.SUB_JOBS: N_("Refresh Job List"),
    Tab.PRIME_CONTRACTS: N_("Refresh Prime Contract List"),
    Tab.JOB_COSTS: N_("Sync Job Costs"),
}
_NOT_ON_DEMAND = (
    N_("Budgets"),
    N_("Commitments"),
    N_("Commitment Change Orders"),
    N_("Prime Contract Change Orders"),
)


def title(tab: Tab) -> str:
    """The tab's name as Procore shows it."""
    return _(_TITLES[tab])


def button(tab: Tab) -> str:
    """The name of the tab's own button in Procore."""
    return _(_BUTTONS[tab])


def titles(tabs: tuple[Tab, ...] | list[Tab]) -> str:
    """Several tabs in one line: "Vendors, Jobs"."""
    return _(", ").join(title(tab) for tab in tabs)


def not_on_demand() -> list[str]:
    """The tabs that have no on-demand sync."""
    return [_(name) for name in _NOT_ON_DEMAND]


def why_not_on_demand() -> str:
    """Why those tabs have none."""
    return _(
        "These have no on-demand sync: an accounting approver accepts or rejects them for export, so there is no "
        "button to press."
    )


def job(one: Job) -> str:
    """A job by its number and name: "25-014 Pont des Érables"."""
    return f"{one.code} {one.name}".strip()
