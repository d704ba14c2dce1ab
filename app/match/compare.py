"""The comparison itself: what is asked laid beside the two sides, and a report from what the statements leave."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import msgspec

from app.domain.lists import Side
from app.domain.match_question import Failed, Options
from app.domain.match_reasons import ACTS, RETAINAGE_SHARES, TAX_SHARES, Reason
from app.domain.match_report import (
    Age,
    Changes,
    JobMovement,
    Population,
    ReasonCount,
    Report,
    Silence,
    Tie,
    Totals,
    Why,
)
from app.domain.match_verdict import judge
from app.domain.problems import Trouble
from app.domain.tabs import Tab
from app.match import basis, sql_changes, sql_keys
from app.match.store import Store

ENTITIES = ("jobs", "sub-jobs", "vendors", "cost-codes", "cost-types", "prime-contracts", "commitments")

# What a documented service offers [C] hh2-wire.md, procore-wire.md; what is missing here needs a file.
DOCUMENTED: dict[Side, frozenset[str]] = {
    Side.SAGE: frozenset({"jobs", "vendors", "cost-codes", "cost-types", "commitments", "costs"}),
    Side.PROCORE: frozenset(
        {"jobs", "vendors", "cost-codes", "cost-types", "sub-jobs", "prime-contracts", "costs", "job-to-date"}
    ),
}

_JOB_NAMES = """
CREATE OR REPLACE TABLE job_name AS
SELECT job, min(name) AS name FROM (
    SELECT key AS job, name FROM sage_job WHERE name <> ''
    UNION ALL
    SELECT key, name FROM procore_job WHERE name <> '' AND key NOT IN (SELECT key FROM sage_job))
GROUP BY job
"""


def compare(
    store: Store,
    options: Options,
    failed: Iterable[Failed] = (),
    tell: Callable[[str], None] = lambda _: None,
    now: datetime | None = None,
) -> Report:
    """Compare the two snapshots as they lie in the store. Takes seconds for a million lines; runs in one thread.

    `failed` are the lists that could not be read this time. `tell` hears the name of each step, all of them twice where
    little memory was not enough. The rows are then found
    with `app.match.report.Pages`."""
    asked = (options, tuple(failed), tell, now or datetime.now(UTC))
    try:
        return _compare(store, *asked)
    except Trouble as met:
        # Most companies find room in little memory. One with many cells does not; nothing of it was written down.
        no_room = (
            met.problem.facts.get("text") == "OutOfMemoryException" and met.problem.facts.get("why") != "full"
        )
        if not no_room or not store.take_more_memory():
            raise
    return _compare(store, *asked)


def _compare(
    store: Store,
    options: Options,
    failures: tuple[Failed, ...],
    tell: Callable[[str], None],
    moment: datetime,
) -> Report:
    report_id = uuid4().hex
    store.execute(sql_keys.MACROS)
    # All in one step: until it is done the window still shows the rows of the report before.
    with store.together():
        previous, since = _previous(store)
        _make_way(store)
        _ask(store, options, failures, report_id, previous, moment)
        basis.carry_out(store, options, report_id, previous, tell)
        tell("changes")
        store.execute(sql_changes.SINCE)
        store.execute(sql_changes.CHANGES)
        store.execute(_JOB_NAMES)
        tell("report")
        report = _report(store, options, failures, report_id, moment, since)
        store.execute(sql_changes.KEEP)
        store.execute(
            "INSERT INTO report VALUES ($1, $2, $3)",
            [report.id, _naive(moment), msgspec.json.encode(report).decode()],
        )
    store.compact()
    return report


def last_report(store: Store) -> Report | None:
    """The last report; its rows still lie in the store. None where there is none, or another version made it."""
    text = store.one("SELECT header FROM report ORDER BY made DESC LIMIT 1")
    if text is None:
        return None
    store.execute(sql_keys.MACROS)
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.json.decode(text, type=Report)
    return None


def accept(
    store: Store, key: str, amount: Decimal | None, note: str, who: str, expires: date | None, now: datetime
) -> None:
    """A person accepts a difference as it is now. It stands in its own block until it expires or its amount changes."""
    with store.together():
        store.execute("DELETE FROM accepted WHERE key = $1", [key])
        store.execute(
            "INSERT INTO accepted VALUES ($1, $2::DECIMAL(38,2), $3, $4, $5, $6)",
            [key, None if amount is None else str(amount), note, who, _naive(now), expires],
        )


def no_longer_accept(store: Store, key: str) -> None:
    """A difference counts again."""
    store.execute("DELETE FROM accepted WHERE key = $1", [key])


def _make_way(store: Store) -> None:
    """In a store of an earlier version some of today's views, and of what is needed in a comparison alone, are tables:
    they give way to a report of today."""
    tables = store.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND list_contains($1, table_name)",
        [_ONCE_TABLES],
    )
    for (name,) in tables:
        store.execute(f"DROP TABLE {name}")


_ONCE_TABLES = (
    *("sage_line", "procore_line", "procore_to_date", "node", "leaf"),
    *("candidate", "sign", "changed_line", "grouped", "moved", "summed", "tie"),
    *("trusted", "listed", "every_job", "told_of", "costless_job", "doubtful_job", "unread_job"),
    *("past_in_scope", "seen_now", "appeared", "movement"),
)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _previous(store: Store) -> tuple[str, datetime | None]:
    rows = store.execute("SELECT id, made FROM report ORDER BY made DESC LIMIT 1")
    return (rows[0][0], rows[0][1].replace(tzinfo=UTC)) if rows else ("", None)


def _ask(
    store: Store, options: Options, failed: Sequence[Failed], report: str, previous: str, now: datetime
) -> None:
    """Lay what is asked, and what is known beside the two sides, where the statements find it."""
    run = options.run
    store.execute(
        """CREATE OR REPLACE TABLE question AS
           SELECT $1::DECIMAL(18,2) AS tolerance, $2::DATE AS as_of, $3::DATE AS range_start,
                  $4::TIMESTAMP AS synced_at, $5 AS report, $6 AS previous, $7::DATE AS today,
                  $8::TIMESTAMP AS made""",
        [
            str(options.tolerance),
            options.as_of,
            run.range_start,
            _naive(run.synced_at) if run.synced_at else None,
            report,
            previous,
            now.date(),
            _naive(now),
        ],
    )
    waits = {tab: run.waiting[tab].ready_to_import or 0 if tab in run.waiting else 0 for tab in Tab}
    store.execute(
        """CREATE OR REPLACE TABLE waits AS
           SELECT $1::INTEGER AS vendors, $2::INTEGER AS jobs, $3::INTEGER AS sub_jobs,
                  $4::INTEGER AS prime_contracts""",
        [waits[Tab.VENDORS], waits[Tab.JOBS], waits[Tab.SUB_JOBS], waits[Tab.PRIME_CONTRACTS]],
    )
    store.execute("CREATE OR REPLACE TABLE refreshed (job VARCHAR, moment TIMESTAMP)")
    for job, at in run.refreshed.items():
        store.execute("INSERT INTO refreshed VALUES (fold($1), $2)", [job, _naive(at)])
    store.execute("CREATE OR REPLACE TABLE asked_job (job VARCHAR)")
    for job in options.jobs:
        store.execute("INSERT INTO asked_job VALUES (fold($1))", [job])
    store.execute("CREATE OR REPLACE TABLE failed (side VARCHAR, kind VARCHAR, scope VARCHAR)")
    for one in failed:
        store.execute("INSERT INTO failed VALUES ($1, $2, $3)", [one.side.value, one.kind.value, one.scope])
    rates = [("tax", share) for share in TAX_SHARES] + [("retainage", share) for share in RETAINAGE_SHARES]
    store.execute(
        """CREATE OR REPLACE TABLE rate AS
           SELECT unnest($1::VARCHAR[]) AS kind, unnest($2::VARCHAR[])::DECIMAL(9,5) AS share""",
        [[kind for kind, _ in rates], [str(share) for _, share in rates]],
    )


def _report(
    store: Store,
    options: Options,
    failed: Sequence[Failed],
    report_id: str,
    now: datetime,
    previous_at: datetime | None,
) -> Report:
    populations = _populations(store)
    totals = _totals(store)
    ties = _ties(store)
    not_compared = _not_compared(store, failed, ties)
    *counted, accepted = store.execute(
        """SELECT count(*) FILTER (NOT is_accepted),
                  coalesce(sum(abs(amount)) FILTER (area = 'money' AND NOT is_accepted), 0)::DECIMAL(38,2),
                  count(*) FILTER (is_accepted)
           FROM standing"""
    )[0]
    within, cleared, aside = store.execute(
        """SELECT (SELECT count(*) FROM leaf WHERE flag = 'within'), (SELECT count(*) FROM cleared),
                  (SELECT count(*) FROM aside)"""
    )[0]
    since = dict(store.execute("SELECT since, count(*) FROM standing GROUP BY since ORDER BY since"))
    since["cleared"] = cleared
    silent = sum(one.count for one in not_compared)
    compared = totals.jobs + len(populations)
    level = store.execute("SELECT by_sub_job, by_cost_code, by_cost_type FROM level")[0]
    levels = tuple(
        name for name, told in zip(("sub-job", "cost-code", "cost-type"), level, strict=True) if told
    )
    return Report(
        id=report_id,
        at=now,
        company=options.company,
        version=options.version,
        who=options.who,
        run_id=options.run.run_id,
        filters=options.run.filters,
        tolerance=options.tolerance,
        jobs_asked=options.jobs,
        as_of=options.as_of,
        verdict=judge(counted[0], counted[1], silent, within, accepted, compared),
        populations=populations,
        totals=totals,
        levels=("job", *levels),
        ties=ties,
        ages=_ages(store),
        not_compared=not_compared,
        not_comparable=_not_comparable(store, failed, levels, totals.jobs),
        waiting=dict(options.run.waiting),
        waiting_since=dict(options.run.waiting_since),
        reasons=reasons(store),
        since=since,
        changes=_changes(store, previous_at),
        aside=aside,
    )


def _populations(store: Store) -> tuple[Population, ...]:
    rows = store.execute(
        """SELECT entity, count(*) FILTER (state = 'sage-only'), count(*) FILTER (state = 'procore-only'),
                  count(*) FILTER (state = 'equal'), count(*) FILTER (state = 'different'), count(*) FILTER (expected)
           FROM population GROUP BY entity"""
    )
    found = {row[0]: Population(*row) for row in rows}
    compared = {row[0] for row in store.execute("SELECT entity FROM compared_entity")}
    return tuple(found.get(name, Population(name, 0, 0, 0, 0, 0)) for name in ENTITIES if name in compared)


def _totals(store: Store) -> Totals:
    row = store.execute(
        """SELECT coalesce(sum(sage), 0)::DECIMAL(38,2), coalesce(sum(procore), 0)::DECIMAL(38,2),
                  coalesce(sum(difference), 0)::DECIMAL(38,2), coalesce(sum(plus), 0)::DECIMAL(38,2),
                  coalesce(sum(minus), 0)::DECIMAL(38,2), count(*), coalesce(sum(cells), 0)::BIGINT,
                  coalesce(sum(sage_lines), 0)::BIGINT, coalesce(sum(procore_lines), 0)::BIGINT
           FROM node WHERE depth = 1"""
    )[0]
    sage, procore, difference, plus, minus, _, cells, sage_lines, procore_lines = row
    jobs = int(store.one("SELECT count(*) FROM money_job"))
    return Totals(sage, procore, difference, plus, minus, jobs, cells, sage_lines, procore_lines)


def _ties(store: Store) -> tuple[Tie, ...]:
    rows = store.execute(
        """SELECT what, count(*) FILTER (told IS NOT DISTINCT FROM added),
                  count(*) FILTER (told IS DISTINCT FROM added) FROM tie GROUP BY what ORDER BY what"""
    )
    first = store.execute(
        """SELECT what, job, told, added FROM tie WHERE told IS DISTINCT FROM added
           QUALIFY row_number() OVER (PARTITION BY what ORDER BY job) <= 100 ORDER BY what, job"""
    )
    return tuple(
        Tie(what, proven, broken, tuple((job, told, added) for of, job, told, added in first if of == what))
        for what, proven, broken in rows
    )


def _ages(store: Store) -> tuple[Age, ...]:
    rows = store.execute(
        """SELECT side, kind, min(source), bool_or(is_file), min(as_of), sum(records)::BIGINT, count(*)
           FROM reading GROUP BY side, kind ORDER BY side DESC, kind"""
    )
    return tuple(
        Age(Side(side), kind, source, is_file, oldest.replace(tzinfo=UTC), records, lists)
        for side, kind, source, is_file, oldest, records, lists in rows
    )


def _not_compared(store: Store, failed: Sequence[Failed], ties: Sequence[Tie]) -> tuple[Silence, ...]:
    """What should have been readable and was not."""
    found = [Silence(one.kind.value, Why.READ_FAILED, one.side, one.scope, 1, one.problem) for one in failed]
    unread = _column(store, "SELECT job FROM unread_job ORDER BY job LIMIT 1000")
    found += [Silence("job-costs", Why.NOT_READ, None, job) for job in unread]
    more = int(store.one("SELECT greatest(count(*) - 1000, 0) FROM unread_job"))
    if more:
        found.append(Silence("job-costs", Why.NOT_READ, None, "", more))
    for tie in ties:
        for job, _, _ in tie.first_broken:
            side = Side.SAGE if tie.what.startswith("sage") else Side.PROCORE
            found.append(Silence("job-costs", Why.TIE_BROKEN, side, job))
        if tie.broken > len(tie.first_broken):
            found.append(Silence("job-costs", Why.TIE_BROKEN, None, "", tie.broken - len(tie.first_broken)))
    rows = store.execute(
        """SELECT side, kind, scope, count(*) FROM aside WHERE NOT (fault = 'duplicate' AND detail = 'same')
           GROUP BY ALL ORDER BY ALL"""
    )
    for side, kind, scope, count in rows:
        found.append(Silence(kind, Why.KEPT_ASIDE, Side(side), scope, count))
    return tuple(found)


def _not_comparable(
    store: Store, failed: Sequence[Failed], levels: Sequence[str], jobs: int
) -> tuple[Silence, ...]:
    """What no documented service offers on one side, or what nothing is set up for: said, and it weighs nothing."""
    read = set(store.execute("SELECT DISTINCT side, kind FROM reading"))
    tried = {(one.side.value, one.kind.value) for one in failed}
    found: list[Silence] = []
    for entity in (*ENTITIES, "costs"):
        kinds = ("costs", "job-to-date") if entity == "costs" else (entity,)
        silent = [side for side in Side if not any((side.value, kind) in read | tried for kind in kinds)]
        undocumented = [side for side in silent if not any(kind in DOCUMENTED[side] for kind in kinds)]
        # What no service offers on one side is not asked of the other either, so nothing is said of that one.
        found += [Silence(entity, Why.UNDOCUMENTED, side) for side in undocumented]
        found += [Silence(entity, Why.NO_SOURCE, side) for side in silent if not undocumented]
    if jobs:
        found += [
            Silence(name, Why.NOT_TOLD)
            for name in ("sub-job", "cost-code", "cost-type")
            if name not in levels
        ]
    return tuple(found)


def reasons(store: Store) -> tuple[ReasonCount, ...]:
    """The probable reasons of what was not accepted, the most frequent first."""
    rows = store.execute(
        """SELECT reason, count(*), coalesce(sum(abs(amount)) FILTER (area = 'money'), 0)::DECIMAL(38,2)
           FROM standing WHERE NOT is_accepted GROUP BY reason ORDER BY 2 DESC, 1"""
    )
    return tuple(
        ReasonCount(Reason(reason), ACTS[Reason(reason)], count, amount) for reason, count, amount in rows
    )


def _changes(store: Store, since: datetime | None) -> Changes:
    if since is None:
        return Changes(None)
    appeared: dict[str, int] = dict(
        store.execute("SELECT entity, count(*) FROM appeared GROUP BY entity ORDER BY entity")
    )
    first = store.execute(
        """SELECT entity, key, name FROM appeared
           QUALIFY row_number() OVER (PARTITION BY entity ORDER BY key) <= 50 ORDER BY entity, key"""
    )
    moved = store.execute("SELECT * FROM movement ORDER BY abs(moved) DESC, job LIMIT 10")
    return Changes(
        since,
        appeared,
        tuple((entity, key, name) for entity, key, name in first),
        tuple(JobMovement(*row) for row in moved),
    )


def _column(store: Store, sql: str) -> list[str]:
    return [row[0] for row in store.execute(sql)]
