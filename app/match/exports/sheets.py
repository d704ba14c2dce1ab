"""The tables of a report, said once for all its exports: rows that are fetched block by block under their columns."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from app.domain.looks import Since
from app.domain.match_report import Difference, Narrowed, Node, Report, Silence
from app.domain.tabs import Tab
from app.match.exports import report_columns
from app.match.exports.report_columns import Column
from app.match.report import Pages
from app.words import match as words
from app.words import problems, sites, tabs, times
from app.words.language import named

Value = str | int | Decimal | date | None
Line = tuple[Value, ...]


LEVELS = {1: "job", 2: "sub-job", 3: "cost-code", 4: "cost-type"}


class Sheet(msgspec.Struct, frozen=True):
    """One table. `rows` begins anew at each call."""

    key: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Line]]

    @property
    def title(self) -> str:
        """The title, in the person's language."""
        return words.heading(self.key)


def facts(report: Report) -> list[tuple[str, str]]:
    """What every export carries: the verdict, and what was asked of whom, when, and by which program."""
    verdict = report.verdict
    said = words.verdict(
        verdict.match.value, verdict.differences, words.money(verdict.amount), verdict.not_compared
    )
    filters = report.filters
    jobs = ", ".join(report.jobs_asked) or words.heading("every-job")
    found = [
        ("report", said),
        ("company", report.company),
        ("made", moment(report.at)),
        ("who", report.who),
        ("report-id", report.id),
        ("run", report.run_id or words.heading("no-run")),
        ("filters", sites.filters(filters) if filters else words.heading("no-run")),
        ("jobs-asked", jobs),
        ("as-of", report.as_of.isoformat() if report.as_of else words.heading("every-day")),
        ("tolerance", words.money(report.tolerance)),
        ("ages", _ages_in_short(report)),
        ("version", report.version),
    ]
    return [(words.heading(key), text) for key, text in found]


def _ages_in_short(report: Report) -> str:
    """The ages of both sides, lists of the same age together: "Sage: Jobs, Vendors 2026-11-24 08:00 UTC"."""
    found: dict[tuple[str, str], list[str]] = {}
    for age in report.ages:
        found.setdefault((words.side(age.side.value), moment(age.oldest)), []).append(words.entity(age.kind))
    return "; ".join(named(side, f"{', '.join(kinds)} {at}") for (side, at), kinds in found.items())


def moment(at: datetime) -> str:
    """A time in UTC, said so, because a report is read in other places too: "2026-11-24 08:00 UTC"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def sheets(report: Report, pages: Pages) -> list[Sheet]:
    """Every table of a report, in the order in which they are read. Texts are data, never markup."""
    return [
        Sheet("populations", report_columns.POPULATIONS, lambda: _populations(report)),
        Sheet("money", report_columns.MONEY, lambda: _money(pages)),
        Sheet("differences", report_columns.DIFFERENCES, lambda: differences(pages, accepted=False)),
        Sheet("reasons", report_columns.REASONS, lambda: _reasons(report)),
        Sheet("accepted", report_columns.ACCEPTED, lambda: differences(pages, accepted=True)),
        Sheet("cleared", report_columns.CLEARED, lambda: _cleared(pages)),
        Sheet("queues", report_columns.QUEUES, lambda: _queues(report)),
        Sheet("not-compared", report_columns.SILENCES, lambda: map(_silence, report.not_compared)),
        Sheet("not-comparable", report_columns.SILENCES, lambda: map(_silence, report.not_comparable)),
        Sheet("appeared", report_columns.APPEARED, lambda: _appeared(report)),
        Sheet("movements", report_columns.MOVEMENTS, lambda: _movements(report)),
        Sheet("ties", report_columns.TIES, lambda: _ties(report)),
        Sheet("ages", report_columns.AGES, lambda: _ages(report)),
        Sheet("keys", report_columns.RECORDS, lambda: _records(pages)),
    ]


def money_line(node: Node) -> Line:
    """A line of the tree of money."""
    return (
        words.entity(LEVELS[node.depth]),
        node.job,
        node.sub_job,
        node.cost_code,
        node.cost_type,
        node.name,
        node.sage,
        node.procore,
        node.difference,
        node.plus,
        node.minus,
        node.per_cent,
        words.flag(node.flag),
    )


def difference_line(one: Difference) -> Line:
    """A difference, with its probable reason and who acts."""
    return (
        words.entity(one.entity),
        one.job,
        one.sub_job,
        one.cost_code,
        one.cost_type,
        one.code,
        one.name,
        one.sage,
        one.procore,
        one.amount,
        words.flag(one.flag),
        words.fields(one.fields),
        words.reason(one.reason.value),
        words.to_do(one.reason.value),
        words.acts(one.acts.value),
        words.since(one.since),
        one.first_seen.date() if one.first_seen else None,
    )


def differences(pages: Pages, *, accepted: bool) -> Iterator[Line]:
    """The differences, the largest first; those that a person accepted with note, name and expiry."""
    for block in pages.all_differences(Narrowed(accepted=accepted)):
        for one in block:
            line = difference_line(one)
            if accepted:
                when = one.accepted_at.date() if one.accepted_at else None
                line = (*line, one.note, one.accepted_by, when, one.expires)
            yield line


def _money(pages: Pages) -> Iterator[Line]:
    for block in pages.all_nodes(pages.depths()):
        yield from map(money_line, block)


def _populations(report: Report) -> Iterator[Line]:
    for one in report.populations:
        yield (
            words.entity(one.entity),
            one.sage_only,
            one.procore_only,
            one.equal,
            one.different,
            one.expected,
        )


def _reasons(report: Report) -> Iterator[Line]:
    for one in report.reasons:
        reason = one.reason.value
        yield words.reason(reason), one.count, one.amount, words.acts(one.acts.value), words.to_do(reason)


def _cleared(pages: Pages) -> Iterator[Line]:
    for block in pages.all_cleared():
        for _key, title, amount in block:
            yield title, amount


def _queues(report: Report) -> Iterator[Line]:
    for tab in Tab:
        waits = report.waiting.get(tab)
        if waits is not None:
            since = report.waiting_since.get(tab, Since())
            yield (
                tabs.title(tab),
                waits.ready_to_import,
                _since(since.ready_to_import, report.at),
                waits.failed_to_export,
                _since(since.failed_to_export, report.at),
                waits.first_failure,
            )


def _since(then: datetime | None, now: datetime) -> str:
    return f"{moment(then)} ({times.ago(then, now)})" if then is not None else ""


def _silence(one: Silence) -> Line:
    why = words.why(one.why.value)
    if one.problem is not None:
        why = named(why, problems.title(one.problem))
    return words.entity(one.what), words.side(one.side.value) if one.side else "", one.job, one.count, why


def _appeared(report: Report) -> Iterator[Line]:
    for entity, count in report.changes.appeared.items():
        first = [one for one in report.changes.first_appeared if one[0] == entity]
        for _entity, key, name in first:
            yield words.entity(entity), key, name
        if count > len(first):
            yield words.entity(entity), "…", words.and_more(count - len(first))


def _movements(report: Report) -> Iterator[Line]:
    for one in report.changes.movements:
        yield one.job, one.name, one.before, one.now, one.moved


def _ties(report: Report) -> Iterator[Line]:
    for one in report.ties:
        yield words.tie(one.what), one.proven, one.broken


def _ages(report: Report) -> Iterator[Line]:
    for age in report.ages:
        source = f"{age.source} ({words.heading('file')})" if age.is_file else age.source
        yield words.side(age.side.value), words.entity(age.kind), source, moment(age.oldest), age.records


def _records(pages: Pages) -> Iterator[Line]:
    for block in pages.all_records():
        for entity, key, job, code, sage_name, procore_name, sage, procore, fields, state, expected in block:
            yield (
                words.entity(entity),
                job,
                code or key,
                sage_name,
                procore_name,
                sage,
                procore,
                words.flag(state),
                words.fields(tuple(fields.split(",")) if fields else ()),
                words.heading("yes") if expected else "",
            )
