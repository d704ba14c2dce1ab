"""The history in words: a run's line, what filters it, its timeline, how long runs took, how many differences."""

from datetime import datetime

from app.domain import events as ev
from app.domain.events import Record, RunOutcome
from app.domain.history import PastVerdict, RunSummary
from app.domain.looks import Evidence
from app.words import match, numbers, outcomes, progress, sites, tabs, times
from app.words.language import N_, _, ngettext

_OUTCOMES: dict[RunOutcome | None, str] = {
    RunOutcome.OK: N_("all done"),
    RunOutcome.LOOK: N_("needs a look"),
    RunOutcome.FAILED: N_("failed"),
    RunOutcome.PERSON: N_("needs a person"),
    RunOutcome.CANCELLED: N_("stopped"),
    None: N_("cut off"),
}
_PERIODS = {
    0: N_("the beginning"),
    7: N_("a week ago"),
    31: N_("a month ago"),
    92: N_("three months ago"),
    366: N_("a year ago"),
}


def any_outcome() -> str:
    """No filter by outcome."""
    return _("any")


def outcome(name: RunOutcome | None) -> str:
    """How a run ended, as a filter; None: it was cut off."""
    return _(_OUTCOMES[name])


def period(days: int) -> str:
    """Since when runs are shown."""
    return _(_PERIODS[days])


def titles() -> list[str]:
    """The headings of `columns`."""
    return [_("Begun"), _("Outcome"), _("Step 1"), _("Filters"), _("Tabs"), _("Took"), _("By")]


def columns(run: RunSummary) -> list[str]:
    """A run's line: begun, outcome, step 1, filters, tabs, took, by."""
    begun = when(run.started_at)
    if run.training:
        begun = _("{time} (training)").format(time=begun)
    ended = outcomes.run(run.outcome) if run.outcome is not None else _("Was cut off")
    step = outcomes.step_one(run.step_one) if run.step_one is not None else _("Not finished")
    ends = [
        _("{tab}: {outcome}").format(
            tab=tabs.title(tab), outcome=outcomes.tab(end) if end is not None else _("Not refreshed")
        )
        for tab, end in run.tabs.items()
    ]
    same = {end for end in run.tabs.values() if end is not None}
    if len(ends) > 1 and len(same) == 1 and None not in run.tabs.values():
        ends = [_("{n} tabs: {outcome}").format(n=len(ends), outcome=outcomes.tab(same.pop()))]
    return [begun, ended, step, sites.filters(run.filters), _("; ").join(ends), took(run), run.who]


def took(run: RunSummary) -> str:
    """How long a run took; "" for one without an end."""
    seconds = run.seconds
    return "" if seconds is None else times.duration(seconds)


def when(at: datetime) -> str:
    """A day and a time on this computer's clock."""
    local = at.astimezone()
    return f"{numbers.day(local.date())} {numbers.clock(local)}"


def moment(record: Record, begun: datetime) -> list[str]:
    """A line of a run's timeline: the time, how long after the beginning, what happened, what proved it."""
    after = _("+{duration}").format(duration=times.duration((record.at - begun).total_seconds()))
    return [times.clock_seconds(record.at), after, progress.line(record.event), proof(record)]


def proof(record: Record) -> str:
    """The evidence of an event, with what stood there before; "" where it has none."""
    found: Evidence | None = None
    match record.event:
        case ev.StepOneFinished() | ev.TabFinished() | ev.JobFinished() | ev.GateOpened():
            found = record.event.evidence
        case _:
            pass
    if found is None:
        return ""
    said = _("{source}: “{text}”").format(source=outcomes.evidence(found.kind), text=found.text)
    if found.before:
        said = _("{said} (before: “{text}”)").format(said=said, text=found.before)
    return said


def durations(runs: int, shortest: float, longest: float) -> str:
    """The chart of durations for who cannot see it."""
    said = ngettext("{n} run, between {least} and {most}.", "{n} runs, between {least} and {most}.", runs)
    return said.format(n=runs, least=times.duration(shortest), most=times.duration(longest))


def differences(first: PastVerdict, last: PastVerdict, reports: int) -> str:
    """The chart of differences for who cannot see it."""
    said = ngettext(
        "{n} report: {first} differences at first, {last} at last.",
        "{n} reports: {first} differences at first, {last} at last.",
        reports,
    )
    return said.format(n=reports, first=first.verdict.differences, last=last.verdict.differences)


def verdict_titles() -> list[str]:
    """The headings of `verdict`."""
    return [_("Compared"), _("Differences"), _("In all"), _("Could not be compared"), _("Accepted")]


def verdict(one: PastVerdict) -> list[str]:
    """A report's line: when, differences, their amount, what could not be compared, what was accepted."""
    told = one.verdict
    return [
        when(one.at),
        numbers.count(told.differences),
        match.money(told.amount),
        numbers.count(told.not_compared),
        numbers.count(told.accepted),
    ]


def written(path: str, runs: int) -> str:
    """The history was written to a file."""
    return ngettext("{n} run was written to {file}.", "{n} runs were written to {file}.", runs).format(
        n=runs, file=path
    )
