"""A person accepts differences of the last report, or lets them count again; its verdict follows at once."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from app.domain.match_report import Difference, Report
from app.domain.match_verdict import judge
from app.match.compare import accept, last_report, no_longer_accept, reasons
from app.match.store import Store


def accept_now(
    store: Store, found: Sequence[Difference], note: str, who: str, expires: date | None, now: datetime
) -> Report:
    """They stand in their own block until they expire or their amounts change. Returns the report as it is judged now.

    Raises LookupError where there is no report."""
    for one in found:
        accept(store, one.key, one.amount, note, who, expires, now)
    return _judged_anew(store)


def count_again(store: Store, found: Sequence[Difference]) -> Report:
    """They count as differences again."""
    for one in found:
        no_longer_accept(store, one.key)
    return _judged_anew(store)


_MARK = """
UPDATE standing SET is_accepted = FALSE, note = NULL, who = NULL, accepted_at = NULL, expires = NULL WHERE is_accepted;
UPDATE standing SET is_accepted = TRUE, note = accepted.note, who = accepted.who,
       accepted_at = accepted.accepted_at, expires = accepted.expires
FROM accepted
WHERE accepted.key = standing.key AND accepted.amount IS NOT DISTINCT FROM standing.amount
  AND (accepted.expires IS NULL OR accepted.expires >= (SELECT today FROM question))
"""


def _judged_anew(store: Store) -> Report:
    report = last_report(store)
    if report is None:
        raise LookupError("no report")
    with store.together():
        store.execute(_MARK)
        accepted, counted, amount = store.execute(
            """SELECT count(*) FILTER (is_accepted), count(*) FILTER (NOT is_accepted),
                      coalesce(sum(abs(amount)) FILTER (area = 'money' AND NOT is_accepted), 0)::DECIMAL(38,2)
               FROM standing"""
        )[0]
        before = report.verdict
        compared = report.totals.jobs + len(report.populations)
        verdict = judge(counted, amount, before.not_compared, before.within, accepted, compared)
        report = msgspec.structs.replace(report, verdict=verdict, reasons=reasons(store))
        store.execute(
            "UPDATE report SET header = $1 WHERE id = $2", [msgspec.json.encode(report).decode(), report.id]
        )
    return report
