"""The report as HTML, to be printed: what a reviewer signs. Long tables are cut, and say where the rest is."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from html import escape
from itertools import islice

from app.domain.match_report import Difference, Narrowed, Node, Report
from app.domain.match_verdict import Match
from app.match.exports.report_columns import Column, Form
from app.match.exports.sheets import Sheet, Value, facts, sheets
from app.match.report import Pages
from app.words import match as words
from app.words import numbers
from app.words.language import named

MOST_JOBS = 500
MOST_DIFFERENCES = 300
MOST_OTHERS = 100

_INK = {
    Match.MATCHES: "#1a6b2f",
    Match.WITHIN_TOLERANCE: "#1a6b2f",
    Match.DIFFERS: "#9c1c1c",
    Match.NOT_COMPARED: "#7a4b00",
}
_JOBS = (
    Column("job", width=9),
    Column("name", width=26),
    *(Column(key, Form.MONEY, 13) for key in ("sage", "procore", "difference", "plus", "minus")),
    Column("per-cent", Form.SHARE, 6),
    Column("flag", width=14),
)
# Wide enough for the longest word of both languages, in small print: no word is broken that a space could break.
_DIFFERENCES = (
    Column("list", width=13),
    Column("where", width=19),
    *(Column(key, Form.MONEY, 13) for key in ("sage", "procore", "difference")),
    Column("reason", width=22),
    Column("to-do", width=20),
    Column("acts", width=15),
    Column("standing", width=12),
)
_ACCEPTED = (
    *_DIFFERENCES[:5],
    Column("note", width=26),
    Column("accepted-by", width=14),
    Column("accepted-on", Form.DAY, 12),
    Column("expires", Form.DAY, 12),
)
_DENSE = ("differences", "accepted")


def html(report: Report, pages: Pages) -> str:
    """The whole page. What came from Sage, Procore or a person is escaped."""
    return "".join(
        (
            "<html><head><meta charset='utf-8'></head><body>",
            _cover(report),
            *_parts(report, pages),
            _sign_off(),
            "</body></html>",
        )
    )


def foot(report: Report) -> str:
    """The foot of each page, with {n} and {all} for its number."""
    parts = (report.company, report.id, words.heading("page"))
    return (
        "  ·  ".join(part.replace("{", "{{").replace("}", "}}") for part in parts[:2] if part)
        + "  ·  "
        + parts[2]
    )


def _cover(report: Report) -> str:
    (_first, verdict), *rest = facts(report)
    ink = _INK[report.verdict.match]
    rows = "".join(
        f"<tr><td width='20%'><b>{escape(heading)}</b></td><td width='80%'>{escape(text)}</td></tr>"
        for heading, text in rest
    )
    money = report.totals
    amounts = (money.sage, money.procore, money.difference, money.plus, money.minus)
    heads = "".join(f"<td align='right'><b>{escape(words.heading(key))}</b></td>"
                    for key in ("sage", "procore", "difference", "plus", "minus"))  # fmt: skip
    cells = "".join(f"<td align='right'>{words.money(amount)}</td>" for amount in amounts)
    return (
        f"<h1>{escape(words.heading('report'))}</h1>"
        f"<p><span style='font-size:14pt; font-weight:bold; color:{ink}'>{escape(verdict)}</span></p>"
        f"{_SPACE}<table width='100%' cellspacing='0' cellpadding='2'>{rows}</table>"
        f"<p>{_heading(words.heading('money'))}</p>"
        f"<table width='100%' cellspacing='0' cellpadding='4'><tr>{heads}</tr><tr>{cells}</tr></table>"
    )


def _parts(report: Report, pages: Pages) -> Iterator[str]:
    by_key = {sheet.key: sheet for sheet in sheets(report, pages)}
    yield _sheet(by_key["populations"])
    yield _sheet(by_key["not-compared"])
    yield _sheet(by_key["not-comparable"])
    yield _sheet(by_key["reasons"])
    yield _table("differences", _DIFFERENCES, _differences(pages, accepted=False), MOST_DIFFERENCES)
    yield _table("accepted", _ACCEPTED, _differences(pages, accepted=True), MOST_DIFFERENCES)
    yield _table("money", _JOBS, _jobs(pages), MOST_JOBS)
    for key in ("queues", "appeared", "movements", "cleared", "ties", "ages"):
        yield _sheet(by_key[key])


def _sheet(sheet: Sheet) -> str:
    return _table(sheet.key, sheet.columns, sheet.rows(), MOST_OTHERS)


def _jobs(pages: Pages) -> Iterator[tuple[Value, ...]]:
    for block in pages.all_nodes((1,)):
        for node in block:
            yield _job(node)


def _job(node: Node) -> tuple[Value, ...]:
    amounts = (node.sage, node.procore, node.difference, node.plus, node.minus, node.per_cent)
    return node.job, node.name, *amounts, words.flag(node.flag)


_SPACE = "<p style='font-size:4pt'>&nbsp;</p>"
_NO_MONEY = ("", "", "")


def _differences(pages: Pages, *, accepted: bool) -> Iterator[tuple[Value, ...]]:
    for block in pages.all_differences(Narrowed(accepted=accepted)):
        for one in block:
            amounts = (
                (one.sage, one.procore, one.amount)
                if one.area == "money" or one.amount is not None
                else _NO_MONEY
            )
            place = (words.entity(one.entity), where(one), *amounts)
            if accepted:
                when = one.accepted_at.date() if one.accepted_at else None
                yield *place, one.note, one.accepted_by, when, one.expires
            else:
                reason = one.reason.value
                acts = words.acts(one.acts.value)
                since = words.since(one.since)
                if one.since not in ("first", "new") and one.first_seen is not None:
                    since = f"{since} ({numbers.day(one.first_seen.date())})"
                yield *place, _reason(one), words.to_do(reason), acts, since


def where(one: Difference) -> str:
    """The place of a difference in one line: "25-001 · 01-010 · L", "V0004 Vendor 4"."""
    cell = " · ".join(part for part in (one.job, one.sub_job, one.cost_code, one.cost_type) if part)
    record = f"{one.code} {one.name}".strip()
    return " · ".join(part for part in (cell, record) if part)


def _reason(one: Difference) -> str:
    what = words.fields(one.fields)
    said = named(words.flag(one.flag), what) if what else words.flag(one.flag)
    plain = one.flag in ("differs", "different") and not what
    reason = words.reason(one.reason.value)
    return reason if plain else f"{reason} ({said})"


def _table(key: str, columns: tuple[Column, ...], rows: Iterable[tuple[Value, ...]], most: int) -> str:
    """A table with headings that are repeated on each page; "none" where it has no rows."""
    rest = iter(rows)
    shown = list(islice(rest, most))
    title = f"<tr><td colspan='{len(columns)}'>{_heading(words.heading(key))}</td></tr>"
    if not shown:
        none = f"<tr><td>{escape(words.heading('none'))}</td></tr>"
        return f"{_SPACE}<table width='100%' cellspacing='0' cellpadding='4'><thead>{title}</thead>{none}</table>"
    all_widths = sum(column.width for column in columns)
    widths = [f"{100 * column.width / all_widths:.1f}%" for column in columns]
    dense = " class='dense'" if key in _DENSE else ""
    heads = "".join(
        f"<td{dense} width='{width}' {_side(column)} valign='bottom'><b>{escape(column.heading)}</b></td>"
        for column, width in zip(columns, widths, strict=True)
    )
    body = "".join(_row(columns, row, place, dense) for place, row in enumerate(shown))
    more = sum(1 for _one in rest)
    after = f"<p><i>{escape(words.cut(more))}</i></p>" if more else ""
    head = f"<thead>{title}<tr bgcolor='#e4e8ee'>{heads}</tr></thead>"
    return f"{_SPACE}<table width='100%' cellspacing='0' cellpadding='4'>{head}{body}</table>{after}"


def _heading(text: str) -> str:
    return f"<span style='font-size:11pt; font-weight:bold'>{escape(text)}</span>"


def _row(columns: tuple[Column, ...], row: tuple[Value, ...], place: int, dense: str) -> str:
    cells = "".join(
        f"<td{dense} {_side(column)}>{escape(_said(value, column.form))}</td>"
        for column, value in zip(columns, row, strict=True)
    )
    shade = " bgcolor='#f6f7f9'" if place % 2 else ""
    return f"<tr{shade}>{cells}</tr>"


def _side(column: Column) -> str:
    # A text stands well away from the number before it
    return "style='padding-left:9px'" if column.form in (Form.TEXT, Form.DAY) else "align='right'"


def _said(value: Value, form: Form) -> str:
    if value is None:
        return words.money(None) if form is Form.MONEY else ""
    if isinstance(value, Decimal):
        return numbers.share(value) if form is Form.SHARE else words.money(value)
    if isinstance(value, date):
        return numbers.day(value)
    return numbers.count(value) if isinstance(value, int) else value


def _sign_off() -> str:
    heads = "".join(f"<td><b>{escape(words.heading(key))}</b></td>" for key in ("name", "date", "signature"))
    lines = "".join(
        f"<tr><td><br><br><b>{escape(words.heading(key))}</b></td>" + "<td><br><br>" + "_" * 28 + "</td>"
        "<td><br><br>" + "_" * 16 + "</td><td><br><br>" + "_" * 32 + "</td></tr>"
        for key in ("prepared", "reviewed")
    )  # fmt: skip
    title = _heading(words.heading("sign-off"))
    return f"{_SPACE}<table width='100%' cellpadding='4'><tr><td width='16%'>{title}</td>{heads}</tr>{lines}</table>"
