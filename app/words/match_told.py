"""A comparison in a few lines, for the command line: the verdict, the ages, what is silent, and why."""

from datetime import datetime

from app.domain.match_progress import Compared, Estimate, Progress
from app.domain.match_report import Age, Report, Silence, Why
from app.words import match, problems, times
from app.words.language import _, ngettext

_MOST = 8  # lines of one kind; the report has them all


def estimate(told: Estimate) -> str:
    """Before it is asked: "212 requests, about 4 minutes", and whether more will follow."""
    said = match.requests(told.all_requests, times.about(told.seconds))
    if not told.whole:
        return _("To begin with {requests}; how many jobs there are is known after it.").format(requests=said)
    if told.jobs:
        jobs = ngettext("{n} job", "{n} jobs", told.jobs).format(n=told.jobs)
        return _("{requests}: {jobs} to read.").format(requests=said, jobs=jobs)
    return f"{said}."


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
        rows=f"{told.rows:,}",
    )


def lines(compared: Compared, now: datetime) -> list[str]:
    """The comparison for a person who reads it on a terminal."""
    report = compared.report
    verdict = report.verdict
    found = [
        match.verdict(
            verdict.match.value, verdict.differences, match.money(verdict.amount), verdict.not_compared
        )
    ]
    found += [_age(one, now) for one in _oldest(report)]
    if report.totals.jobs:
        found.append(
            _("Job-to-date cost of {jobs} jobs: Sage {sage}, Procore {procore}.").format(
                jobs=report.totals.jobs,
                sage=match.money(report.totals.sage),
                procore=match.money(report.totals.procore),
            )
        )
    found += _titled(
        _("Probable reasons:"),
        [
            f"{one.count} × {match.reason(one.reason.value)} ({match.acts(one.acts.value)})"
            for one in report.reasons
        ],
    )
    found += _titled(_("Could not be compared:"), silences(report.not_compared))
    found += _titled(_("Not comparable, and it weighs nothing:"), silences(report.not_comparable))
    found += [f"{one.kind.upper()}: {one.path}" for one in compared.files]
    return found


def silences(found: tuple[Silence, ...]) -> list[str]:
    """Each silence once, with how many there are of its kind."""
    counted: dict[tuple[str, str, Why, str], tuple[int, str]] = {}
    for one in found:
        reason = problems.card(one.problem).title if one.problem else ""
        key = (one.side.value if one.side else "", one.what, one.why, reason)
        count, job = counted.get(key, (0, one.job))
        counted[key] = (count + one.count, job)
    return [_silence(*key, count) for key, (count, _job) in counted.items()]


def _silence(side: str, what: str, why: Why, reason: str, count: int) -> str:
    where = f"{match.side(side)}: " if side else ""
    times_ = f" ({count})" if count > 1 else ""
    cause = f": {reason}" if reason else ""
    return f"{where}{match.entity(what)}{times_}: {match.why(why.value)}{cause}"


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
