"""What a match report says beside its tables: what was not compared, how old the data are, what waits, what changed."""

from datetime import datetime

from app.domain.looks import Since
from app.domain.match_progress import Compared
from app.domain.match_report import Report
from app.domain.tabs import Tab
from app.words import match, numbers, tabs, times
from app.words.language import _, named
from app.words.match_told import silence


def rest(report: Report, now: datetime) -> list[str]:
    """Lines of text, block by block; a block that would say nothing is left out."""
    told = Compared(report).summary()
    blocks = (
        ("not-compared", [silence(one) for one in told.not_compared]),
        ("not-comparable", [silence(one) for one in told.not_comparable]),
        ("queues", _queues(report, now)),
        ("appeared", _appeared(report)),
        ("movements", _movements(report)),
        ("ties", _ties(report)),
        ("ages", _ages(report, now)),
    )
    lines: list[str] = []
    for heading, found in blocks:
        if found:
            lines += [match.heading(heading), *(f"    {one}" for one in found), ""]
    return lines[:-1]


def _since(then: datetime | None, now: datetime) -> str:
    if then is None:
        return ""
    said = _(" (records were there at every look since {when}: {ago})")
    return said.format(when=times.day_and_clock(then, now), ago=times.ago(then, now))


def _queues(report: Report, now: datetime) -> list[str]:
    found: list[str] = []
    for tab in Tab:
        waits = report.waiting.get(tab)
        if waits is None or not (waits.ready_to_import or waits.failed_to_export):
            continue
        since = report.waiting_since.get(tab, Since())
        parts = [
            named(match.heading(name), f"{numbers.count(count)}{_since(then, now)}")
            for name, count, then in (
                ("ready-to-import", waits.ready_to_import, since.ready_to_import),
                ("failed-to-export", waits.failed_to_export, since.failed_to_export),
            )
            if count
        ]
        first = f" ({waits.first_failure})" if waits.first_failure else ""
        found.append(named(tabs.title(tab), f"{', '.join(parts)}{first}"))
    return found


def _appeared(report: Report) -> list[str]:
    found: list[str] = []
    for entity, count in report.changes.appeared.items():
        first = [one for one in report.changes.first_appeared if one[0] == entity]
        names = ", ".join(f"{key} {name}".strip() for _entity, key, name in first[:10])
        more = f", {match.and_more(count - len(first[:10]))}" if count > len(first[:10]) else ""
        found.append(named(match.entity(entity), f"{names}{more}"))
    return found


def _movements(report: Report) -> list[str]:
    return [
        _("{job}: {before} to {now}, {moved}").format(
            job=f"{one.job} {one.name}".strip(),
            before=match.money(one.before),
            now=match.money(one.now),
            moved=match.money(one.moved),
        )
        for one in report.changes.movements
    ]


def _ties(report: Report) -> list[str]:
    found: list[str] = []
    for one in report.ties:
        said = named(match.tie(one.what), f"{match.heading('proven')} {numbers.count(one.proven)}")
        found.append(f"{said}, {match.heading('broken')} {numbers.count(one.broken)}" if one.broken else said)
    return found


def _ages(report: Report, now: datetime) -> list[str]:
    return [
        _("{side}, {list}: {records} records, as {source} told them {when}").format(
            side=match.side(age.side.value),
            list=match.entity(age.kind),
            records=numbers.count(age.records),
            source=age.source,
            when=times.day_and_clock(age.oldest, now),
        )
        for age in report.ages
    ]
