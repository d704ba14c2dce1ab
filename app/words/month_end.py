"""The guided list of a month end: its steps in their order, and what is known of each from the run that is shown."""

from datetime import date

from app.domain.filters import DateRange, Depth
from app.domain.run import RunState
from app.domain.tabs import Tab
from app.words import match_told, outcomes, sites, tabs
from app.words.language import N_, _, ngettext

# The id of a step: what it is called, and what to do.
_STEPS = {
    "post": (N_("&Post in Sage"), N_("Entries that are not posted are not carried over.")),
    "sync": (
        N_("Sync with a &wider range"),
        N_(
            "Past Month at least, and Deep once, where hh2's page says that it covers older changes. Deep asks first."
        ),
    ),
    "tabs": (N_("All &six tabs"), N_("Job Costs for every job that moved.")),
    "staged": (
        N_("Staged &records"),
        N_("Have the accounting approver import what waits, and see to failed exports."),
    ),
    "match": (
        N_("&Do they match?"),
        N_("Compare, with a last day of cost if later entries are posted already."),
    ),
    "differences": (
        N_("The di&fferences"),
        N_("Each names its probable reason and who acts. Accept what is right as it is, with a note."),
    ),
    "sign": (
        N_("Sign &off"),
        N_("Save the report: a PDF with lines for signatures, and its SHA-256 in the history."),
    ),
}
_MONTHS = (
    N_("January {year}"), N_("February {year}"), N_("March {year}"), N_("April {year}"), N_("May {year}"),
    N_("June {year}"), N_("July {year}"), N_("August {year}"), N_("September {year}"), N_("October {year}"),
    N_("November {year}"), N_("December {year}"),
)  # fmt: skip


def steps() -> dict[str, str]:
    """The steps in their order, by id."""
    return {name: _(said) for name, (said, _about) in _STEPS.items()}


def about(step: str) -> str:
    """What to do in a step."""
    return _(_STEPS[step][1])


def month(first: date) -> str:
    """A month and its year."""
    return _(_MONTHS[first.month - 1]).format(year=first.year)


def left(count: int) -> str:
    """How much of the list is left."""
    if not count:
        return _("Everything is ticked.")
    return ngettext("{n} step is left.", "{n} steps are left.", count).format(n=count)


def known(step: str, run: RunState | None) -> str:
    """What the run that is shown tells of a step; "" where it tells nothing."""
    if run is None:
        return ""
    if step == "sync":
        wide = run.plan.filters.depth is Depth.DEEP or run.plan.filters.date_range not in (
            DateRange.TODAY,
            DateRange.PAST_WEEK,
        )
        said = (
            _("The run that is shown: {filters}.")
            if wide
            else _("The run that is shown: {filters}, too narrow.")
        )
        return said.format(filters=sites.filters(run.plan.filters))
    if step == "tabs" and run.ended is not None:
        missing = [tabs.title(tab) for tab in Tab if tab not in run.chosen]
        if missing:
            return _("Not in the run that is shown: {tabs}.").format(tabs=_(", ").join(missing))
        return outcomes.run(run.ended.outcome)
    if step == "staged":
        counts = [(one.waiting.ready_to_import, one.waiting.failed_to_export) for one in run.tabs.values()]
        waits = sum((imports or 0) + (exports or 0) for imports, exports in counts)
        return ngettext("{n} record waits.", "{n} records wait.", waits).format(n=waits) if waits else ""
    if step in ("match", "differences") and run.matched is not None:
        return match_told.verdict(run.matched) if step == "match" else ""
    return ""
