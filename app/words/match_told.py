"""A comparison in a few lines, for the command line: the verdict, the ages, what is silent, and why."""

from datetime import datetime

from app.domain.events import ReportAlone, ReportSaved
from app.domain.match_progress import Columns, Compared, Estimate, Progress, Summary, Unseen
from app.domain.match_report import Age, Report
from app.domain.problems import ProblemId
from app.words import match, numbers, problems, times
from app.words.language import _, named, ngettext

_MOST = 8  # lines of one kind; the report has them all


def estimate(told: Estimate) -> str:
    """Before it is asked: "212 requests, about 4 minutes", and whether more will follow."""
    return foreseen(told.all_requests, told.seconds, told.jobs, whole=told.whole)


def foreseen(requests: int, seconds: float, jobs: int, *, whole: bool) -> str:
    """As `estimate`, from its numbers."""
    said = match.requests(requests, seconds)
    if not whole:
        return _("To compare, first {requests}; how many jobs there are is known after it").format(
            requests=said
        )
    if jobs:
        counted = ngettext("{n} job", "{n} jobs", jobs).format(n=jobs)
        return _("To compare {jobs}, {requests}").format(requests=said, jobs=counted)
    return _("To compare, {requests}").format(requests=said)


def verdict(told: Summary) -> str:
    """The verdict line of a comparison."""
    return match.verdict(told.verdict.value, told.differences, match.money(told.amount), told.silent)


def saved(told: ReportSaved | ReportAlone) -> str:
    """A report that was saved by hand: who, how many files, and their SHA-256 in short."""
    n = len(told.files)
    said = ngettext(
        "{who} saved report {report}: {n} file ({prints})",
        "{who} saved report {report}: {n} files ({prints})",
        n,
    )
    prints = _(", ").join(f"{one.kind} {one.sha256[:8]}…" for one in told.files)
    return said.format(who=told.who, report=told.report_id[:8], n=n, prints=prints)


def noted(in_ledger: bool) -> str:
    """Whether the ledger has the SHA-256 of the files that were written by hand."""
    if in_ledger:
        return _("The history of runs keeps their SHA-256.")
    return _("Their SHA-256 could not be written into the history of runs.")


def progress(told: Progress) -> str:
    """How far it is, with counts."""
    if told.step == "waiting":
        return _("Procore asks us to slow down; we go on in {duration}.").format(
            duration=times.duration(told.seconds)
        )
    if told.step == "writing":
        return _("Writing the report")
    if told.side is None or told.kind is None:
        return match.step(told.step)
    return _("{side}: {list} · {done} of {lists} lists · {rows} rows").format(
        side=match.side(told.side.value),
        list=match.entity(told.kind.value),
        done=told.lists_done,
        lists=told.lists,
        rows=numbers.count(told.rows),
    )


def lines(compared: Compared, now: datetime) -> list[str]:
    """The comparison for a person who reads it on a terminal: verdict, ages, money, reasons, what is silent, files."""
    report, told = compared.report, compared.summary()
    found = [verdict(told), *(_age(one, now) for one in _oldest(report))]
    if report.totals.jobs:
        found.append(
            _("Job-to-date cost of {jobs} jobs: Sage {sage}, Procore {procore}.").format(
                jobs=report.totals.jobs,
                sage=match.money(report.totals.sage),
                procore=match.money(report.totals.procore),
            )
        )
    reasons = [
        f"{one.count} × {match.reason(one.reason.value)} ({match.acts(one.acts.value)})"
        for one in report.reasons
    ]
    found += [_columns(one) for one in compared.columns]
    prints = [noted(compared.noted)] if compared.files else []
    return [*found, *_titled(_("Probable reasons:"), reasons), *_silences(told), *_files(told), *prints]


def _columns(told: Columns) -> str:
    pairs = ", ".join(f"{column} = {heading}" for column, heading in told.headings.items())
    return _("{side}: {file} was read as {list}: {columns}").format(
        side=match.side(told.side.value), file=told.file, list=match.entity(told.kind.value), columns=pairs
    )


def summary(told: Summary) -> list[str]:
    """A comparison at the end of a run: the verdict, what is silent, and where the report is."""
    return [verdict(told), *_silences(told), *_files(told)]


def _silences(told: Summary) -> list[str]:
    not_compared = [silence(one) for one in told.not_compared]
    not_comparable = [silence(one) for one in told.not_comparable]
    return [
        *_titled(_("Could not be compared:"), not_compared),
        *_titled(_("Not comparable, and it weighs nothing:"), not_comparable),
    ]


def _files(told: Summary) -> list[str]:
    return [named(one.kind.upper(), one.path) for one in told.files]


def silence(told: Unseen) -> str:
    """What was not compared, all of one kind together, and why."""
    often = f" ({told.count})" if told.count > 1 else ""
    cause = f": {problems.title_of(ProblemId(told.problem))}" if told.problem else ""
    said = named(f"{match.entity(told.what)}{often}", f"{match.why(told.why.value)}{cause}")
    return named(match.side(told.side), said) if told.side else said


def _oldest(report: Report) -> list[Age]:
    """One line for each source: the oldest that it told."""
    found: dict[tuple[str, str], Age] = {}
    for one in report.ages:
        key = (one.side.value, one.source)
        if key not in found or one.oldest < found[key].oldest:
            found[key] = one
    return list(found.values())


def _age(one: Age, now: datetime) -> str:
    return _("{side}: {source}, as it was {when}.").format(
        side=match.side(one.side.value), source=one.source, when=times.day_and_clock(one.oldest, now)
    )


def _titled(title: str, found: list[str]) -> list[str]:
    if not found:
        return []
    more = len(found) - _MOST
    shown = [f"  {one}" for one in found[:_MOST]]
    if more > 0:
        shown.append("  " + ngettext("… and {n} more.", "… and {n} more.", more).format(n=more))
    return [title, *shown]
