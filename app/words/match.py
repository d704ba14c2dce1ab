"""The sentences of the match report: verdict, lists, flags, reasons, and who acts. Keys are the values of the domain's
and the report's own enumerations, so that this room needs none of them."""

from decimal import Decimal

from app.words import numbers, times
from app.words.language import N_, _, named, ngettext

_ENTITIES = {
    "jobs": N_("Jobs"),
    "sub-jobs": N_("Sub jobs"),
    "vendors": N_("Vendors"),
    "cost-codes": N_("Cost codes"),
    "cost-types": N_("Cost types"),
    "job-cost-codes": N_("Cost codes of the jobs"),
    "job-cost-types": N_("Cost types of the jobs"),
    "prime-contracts": N_("Prime contracts"),
    "commitments": N_("Commitments"),
    "costs": N_("Job costs"),
    "job-costs": N_("Job costs"),
    "job-to-date": N_("Job-to-date cost"),
    "job": N_("Job"),
    "sub-job": N_("Sub job"),
    "cost-code": N_("Cost code"),
    "cost-type": N_("Cost type"),
}
_SIDES = {"sage": N_("Sage"), "procore": N_("Procore")}
_FLAGS = {
    "equal": N_("equal"),
    "within": N_("within tolerance"),
    "differs": N_("differs"),
    "different": N_("differs"),
    "sage-only": N_("in Sage only"),
    "procore-only": N_("in Procore only"),
    "offset": N_("plus and minus hide each other"),
    "adds-up": N_("small differences add up"),
    "paired": N_("in both"),
}
_FIELDS = {
    "name": N_("name"),
    "active": N_("active or not"),
    "amount": N_("amount"),
    "duplicate": N_("more than once"),
}
# The columns of a file that stands in for a list.
_COLUMNS = {
    "job": N_("Job"),
    "sub_job": N_("Sub job"),
    "cost_code": N_("Cost code"),
    "cost_type": N_("Cost type"),
    "amount": N_("Amount"),
    "posted": N_("Accounting date"),
    "vendor": N_("Vendor"),
    "text": N_("Description"),
    "code": N_("Number or code"),
    "name": N_("Name"),
}
_SINCE = {
    "first": N_("first report"),
    "new": N_("new"),
    "known": N_("known"),
    "moved": N_("known, another amount"),
    "cleared": N_("cleared"),
}
# What is probably so, and what to do.
_REASONS: dict[str, tuple[str, str]] = {
    "staged": (
        N_("Fetched by Procore, but not imported yet"),
        N_("Open the tab in ERP Integrations and import what waits in Ready to Import."),
    ),
    "job-not-synced": (N_("The job is not in Procore"), N_("Refresh the tab Jobs, then have it imported.")),
    "sub-job-not-synced": (
        N_("The sub job is not in Procore"),
        N_("Refresh the tab Sub Jobs, then have it imported."),
    ),
    "not-synced": (N_("Not in Procore"), N_("Refresh its tab, then have it imported.")),
    "not-refreshed": (
        N_("This job's costs were not refreshed in the last run"),
        N_("Refresh the tab Job Costs for this job."),
    ),
    "posted-after": (
        N_("Entered in Sage after the last sync"),
        N_("Sync again, then refresh the tab Job Costs for this job."),
    ),
    "outside-range": (
        N_("Dated before the date range of the last sync"),
        N_("Sync with a wider date range, then refresh the tab Job Costs."),
    ),
    "summary": (
        N_("Procore has the whole cost of the job in one place"),
        N_("Ask whether this project takes costs as a summary or as transactions."),
    ),
    "group-code": (
        N_("In Procore the cost lies on a group, in Sage on the codes below it"),
        N_("Compare the codes of the group in both."),
    ),
    "duplicate": (
        N_("The same stands there more than once"),
        N_("Look at both and correct the one that is too many."),
    ),
    "missing-code": (
        N_("The cost code is not in Procore"),
        N_("Refresh the tab Std. Cost Codes & Cost Types."),
    ),
    "missing-type": (
        N_("The cost type is not in Procore"),
        N_("Refresh the tab Std. Cost Codes & Cost Types."),
    ),
    "missing-vendor": (
        N_("The vendor of these costs is not in Procore"),
        N_("Refresh the tab Vendors, have the vendor imported, then refresh the tab Job Costs."),
    ),
    "another-place": (
        N_("The same amount stands under another cost code, cost type or sub job"),
        N_("See which of the two is right, and correct it in Sage."),
    ),
    "offset": (
        N_("Plus and minus amounts on one side add up to nothing"),
        N_("Look at the single transactions of this cost code."),
    ),
    "sign": (
        N_("The amount stands there with the opposite sign"),
        N_("See which of the two is right, and correct it in Sage."),
    ),
    "closed": (N_("Closed or archived on one side"), N_("See whether it should be closed in both.")),
    "tax": (
        N_("The difference is a usual tax of the amount"),
        N_("See whether tax is counted on one side only."),
    ),
    "retainage": (
        N_("The difference is a usual retainage of the amount"),
        N_("See whether retainage is counted on one side only."),
    ),
    "rounding": (N_("Rounding"), N_("Nothing to do, or accept it.")),
    "made-in-procore": (
        N_("Made in Procore, not in Sage"),
        N_("Enter it in Sage, or tie it to Sage's record."),
    ),
    "gone-in-sage": (
        N_("Procore ties it to Sage, but Sage does not list it any more"),
        N_("See whether it was deleted or archived in Sage."),
    ),
    "not-linked": (
        N_("Both have this name, but the two are not tied to each other"),
        N_("Tie them to each other in ERP Integrations; do not import a second one."),
    ),
    "changed": (
        N_("The amount was changed on one side"),
        N_("Refresh its tab; look for change orders that wait."),
    ),
    "renamed": (N_("The name was changed on one side"), N_("Refresh its tab, or rename it.")),
    "name-cut": (N_("Sage keeps only the beginning of the name"), N_("Nothing to do, or accept it.")),
    "contradiction": (
        N_("Rows of this job contradict themselves and were kept aside"),
        N_("Look at the rows kept aside; send the support file."),
    ),
    "unknown": (N_("No reason was found"), N_("Open the job to its transactions on both sides.")),
}
_ACTS = {
    "controller": N_("controller"),
    "approver": N_("accounting approver"),
    "procore-admin": N_("Procore administrator"),
    "it": N_("IT"),
    "nobody": N_("nobody"),
}
_WHY = {
    "read-failed": N_("could not be read"),
    "not-read": N_("was not read on both sides"),
    "tie-broken": N_("two totals of the same side do not agree"),
    "kept-aside": N_("rows that contradict themselves were kept aside"),
    "undocumented": N_("no documented service offers it; a file can stand in"),
    "no-source": N_("nothing is set up to read it; a file can stand in"),
    "not-told": N_("one side does not tell it"),
}
_TIES = {
    "sage-lines": N_("Sage: the transactions of each job add up to its total"),
    "procore-lines": N_("Procore: the lines of each job add up to its total"),
    "sage-own": N_("Sage: its own job-to-date cost is what its transactions add up to"),
    "sage-company": N_("Sage: the jobs add up to the company"),
    "procore-company": N_("Procore: the jobs add up to the company"),
}
_STEPS = {
    "reading": N_("Reading"),
    "comparing": N_("Comparing"),
}


def verdict(match: str, differences: int, amount: str, not_compared: int) -> str:
    """The verdict line. `amount` is written for people."""
    parts: list[str] = []
    if match == "matches":
        parts.append(_("Procore and Sage match."))
    if match == "within-tolerance":
        parts.append(_("Procore and Sage match within the tolerance."))
    if differences:
        said = ngettext("{n} difference, {amount} in all.", "{n} differences, {amount} in all.", differences)
        parts.append(said.format(n=differences, amount=amount))
    if not_compared:
        said = ngettext("{n} could not be compared.", "{n} could not be compared.", not_compared)
        parts.append(said.format(n=not_compared))
    return " ".join(parts) or _("Nothing could be compared.")


def entity(name: str) -> str:
    """A list, a level or an entity by name."""
    return _(_ENTITIES[name]) if name in _ENTITIES else name


def side(name: str) -> str:
    """One of the two sides."""
    return _(_SIDES[name])


def flag(name: str) -> str:
    """How a line stands."""
    return _(_FLAGS[name])


def fields(names: tuple[str, ...]) -> str:
    """What differs of a record: "name, amount"."""
    return _(", ").join(_(_FIELDS[name]) for name in names)


def column(name: str) -> str:
    """A column of a file that stands in for a list."""
    return _(_COLUMNS[name])


def since(name: str) -> str:
    """How a difference stands since the last report."""
    return _(_SINCE[name])


def reason(name: str) -> str:
    """The probable reason of a difference."""
    return _(_REASONS[name][0])


def to_do(name: str) -> str:
    """What to do about a reason."""
    return _(_REASONS[name][1])


def acts(name: str) -> str:
    """Who can do it."""
    return _(_ACTS[name])


def why(name: str) -> str:
    """Why something was not compared."""
    return _(_WHY[name])


def tie(name: str) -> str:
    """What a tie proves."""
    return _(_TIES[name])


def step(name: str) -> str:
    """What a comparison is doing."""
    return _(_STEPS[name]) if name in _STEPS else _(_STEPS["comparing"])


def requests(count: int, seconds: float) -> str:
    """Before it is asked: "212 requests, about 4 minutes"."""
    if seconds < 60:
        return ngettext("{n} request, less than a minute", "{n} requests, less than a minute", count).format(
            n=count
        )
    said = ngettext("{n} request, about {duration}", "{n} requests, about {duration}", count)
    return said.format(n=count, duration=times.about(seconds))


def goes_on(name: str, tabs: int) -> str:
    """A table of the workbook that fills a tab goes on in others."""
    return _("{table} has more lines than one tab holds: it stands in {n} tabs.").format(
        table=sheet(name), n=tabs
    )


def too_long_for_a_tab(job: str, lines: int) -> str:
    """The lines below one job fill more than a tab."""
    return _(
        "Job {job} has {n} lines, more than a tab holds: here it is one; all of them are in the CSV and JSON files."
    ).format(job=job, n=numbers.count(lines))


def money(amount: Decimal | None) -> str:
    """An amount as people read it: "1,234.50", "−4.05"; a side without one: "–"."""
    if amount is None:
        return "–"
    return numbers.money(amount)


_HEADINGS = {
    "report": N_("Do they match?"),
    "company": N_("Company"),
    "run": N_("Run"),
    "report-id": N_("Report"),
    "made": N_("Made"),
    "version": N_("Version"),
    "who": N_("Asked by"),
    "filters": N_("Filters of step 1"),
    "tolerance": N_("Tolerance"),
    "jobs-asked": N_("Jobs"),
    "as-of": N_("Cost until"),
    "every-job": N_("all"),
    "no-run": N_("none"),
    "ages": N_("How old the data are"),
    "read-at": N_("Read"),
    "source": N_("Source"),
    "records": N_("Records"),
    "file": N_("file"),
    "populations": N_("Records"),
    "list": N_("List"),
    "sage-only": N_("Sage only"),
    "procore-only": N_("Procore only"),
    "equal": N_("Equal"),
    "different": N_("Different"),
    "expected": N_("Not expected in both"),
    "money": N_("Job-to-date cost"),
    "sage": N_("Sage"),
    "procore": N_("Procore"),
    "difference": N_("Difference"),
    "per-cent": N_("%"),
    "plus": N_("Plus"),
    "minus": N_("Minus"),
    "flag": N_("Flag"),
    "total": N_("Total"),
    "differences": N_("Differences"),
    "accepted": N_("Accepted differences"),
    "cleared": N_("Cleared since the last report"),
    "reasons": N_("Probable reasons"),
    "reason": N_("Probable reason"),
    "to-do": N_("What to do"),
    "acts": N_("Who"),
    "count": N_("Count"),
    "amount": N_("Amount"),
    "job": N_("Job"),
    "sub-job": N_("Sub job"),
    "cost-code": N_("Cost code"),
    "cost-type": N_("Cost type"),
    "code": N_("Code"),
    "name": N_("Name"),
    "what": N_("What"),
    "since": N_("Since the last report"),
    "note": N_("Note"),
    "accepted-by": N_("Accepted by"),
    "expires": N_("Until"),
    "not-compared": N_("Could not be compared, though it should have been: look"),
    "not-comparable": N_("Not comparable, and it weighs nothing"),
    "why": N_("Why"),
    "side": N_("Side"),
    "ties": N_("Totals tied"),
    "proven": N_("Proven"),
    "broken": N_("Not the same"),
    "changes": N_("What changed in Sage since the last report"),
    "appeared": N_("New in Sage since the last report"),
    "movements": N_("The largest movements of job-to-date cost"),
    "before": N_("Before"),
    "now": N_("Now"),
    "moved": N_("Moved"),
    "queues": N_("What waits in ERP Integrations"),
    "tab": N_("Tab"),
    "ready-to-import": N_("Ready to Import"),
    "failed-to-export": N_("Failed to Export"),
    "import-since": N_("Ready to Import at every look since"),
    "export-since": N_("Failed to Export at every look since"),
    "first-seen": N_("First seen"),
    "standing": N_("New or known"),
    "sign-off": N_("Sign-off"),
    "prepared": N_("Prepared by"),
    "reviewed": N_("Reviewed by"),
    "date": N_("Date"),
    "signature": N_("Signature"),
    "page": N_("Page {n} of {all}"),
    "cut": N_("{n} more lines are in the workbook and in the CSV file."),
    "none": N_("none"),
    "no-sub-job": N_("no sub job"),
    "summary": N_("Summary"),
    "too-large": N_("Too many digits for a spreadsheet's number; shown as text"),
    "level": N_("Level"),
    "where": N_("Where"),
    "keys": N_("Every record with its key"),
    "sage-amount": N_("Amount in Sage"),
    "procore-amount": N_("Amount in Procore"),
    "accepted-on": N_("Accepted on"),
    "first-failure": N_("The first failure"),
    "every-day": N_("every day"),
    "yes": N_("yes"),
}
# The names on the tabs of a workbook: at most 31 characters, without : \\ / ? * [ ]
_SHEETS = {
    "report": N_("Verdict"),
    "populations": N_("Records"),
    "money": N_("Job-to-date cost"),
    "differences": N_("Differences"),
    "reasons": N_("Reasons"),
    "accepted": N_("Accepted"),
    "cleared": N_("Cleared"),
    "queues": N_("Waiting"),
    "not-compared": N_("Not compared"),
    "not-comparable": N_("Not comparable"),
    "appeared": N_("New in Sage"),
    "movements": N_("Movements"),
    "ties": N_("Totals tied"),
    "ages": N_("Ages"),
    "keys": N_("Keys"),
    "sign-off": N_("Sign-off"),
}


def heading(name: str) -> str:
    """A heading or a column of the report."""
    return _(_HEADINGS[name])


def sheet(name: str) -> str:
    """The name of a table on a workbook's tab."""
    return _(_SHEETS[name])


def and_more(count: int) -> str:
    """What stands where a list was cut."""
    return ngettext("and {n} more", "and {n} more", count).format(n=count)


def cut(count: int) -> str:
    """What stands on paper below a table that goes on in the workbook."""
    return heading("cut").format(n=numbers.count(count))


def accepted(who: str, note: str) -> str:
    """A difference that a person accepted."""
    said = _("accepted by {who}").format(who=who)
    return named(said, note) if note else said
