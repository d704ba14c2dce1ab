"""Two snapshots of a large company, laid in a store as a reading would leave them, by SQL: a million lines in seconds.

Each job has 60 of 400 cost codes and two cost types under each, as in the training company; its lists were read job by
job. One line in 997 has another amount in Procore, one in 4,999 is missing there, some vendors and codes are on one
side only."""

from collections.abc import Mapping
from datetime import UTC, datetime

from app.domain.lists import Kind, Side
from app.match.snapshot_columns import table
from app.match.store import Store

JOBS = 3000
CODES = 400
CODES_OF_A_JOB = 60
TYPES = 6
VENDORS = 30_000
AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

# Ids as they come: guids from hh2, numbers larger than 32 bits from Procore.
_MACROS = """
CREATE OR REPLACE TEMP MACRO guid(kind, n) AS format('{:08x}-0000-4000-8000-{:012x}', kind::BIGINT, n::BIGINT);
CREATE OR REPLACE TEMP MACRO number(kind, n) AS (562949953421312 + kind * 100000000 + n)::BIGINT::VARCHAR;
CREATE OR REPLACE TEMP MACRO code_of(job, k) AS ((job * 7 + k * 3) % 400);
"""

_LISTS = """
INSERT INTO sage_jobs
SELECT '', guid(1, n), n + 1, format('25-{:04d}', n), format('Job {:d}', n), 'In progress', TRUE, NULL
FROM range($jobs) AS r(n);
INSERT INTO procore_jobs
SELECT '', number(1, n), guid(1, n), format('25-{:04d}', n), format('Job {:d}', n), format('25-{:04d}', n), TRUE, NULL
FROM range($jobs) AS r(n);
INSERT INTO sage_cost_codes
SELECT '', guid(2, n), n + 1, format('{:02d}-{:03d}', n // 20, n % 20 * 10), format('Code {:d}', n), TRUE
FROM range($codes) AS r(n);
INSERT INTO procore_cost_codes
SELECT '', number(2, n), guid(2, n), format('{:03d}', n % 20 * 10), format('{:02d}-{:03d}', n // 20, n % 20 * 10),
       format('Code {:d}', n), '' FROM range($codes - 2) AS r(n);
INSERT INTO sage_cost_types
SELECT '', guid(3, n), n + 1, 'LMSEBO'[n + 1], format('Type {:d}', n), TRUE FROM range($types) AS r(n);
INSERT INTO procore_cost_types
SELECT '', number(3, n), guid(3, n), 'LMSEBO'[n + 1], format('Type {:d}', n) FROM range($types) AS r(n);
INSERT INTO sage_vendors
SELECT '', guid(4, n), n + 1, format('V{:05d}', n), format('Vendor {:d}', n), TRUE FROM range($vendors) AS r(n);
INSERT INTO procore_vendors
SELECT '', number(4, n), guid(4, n), format('Vendor {:d}', n), format('V{:05d}', n), TRUE, TRUE, NULL
FROM range($vendors) AS r(n) WHERE n % 5003 <> 7;
INSERT INTO procore_job_cost_codes
SELECT number(1, job), number(5, job * 100 + k), guid(2, code_of(job, k)), number(1, job), '', '',
       format('{:03d}', code_of(job, k) % 20 * 10),
       format('{:02d}-{:03d}', code_of(job, k) // 20, code_of(job, k) % 20 * 10),
       format('Code {:d}', code_of(job, k))
FROM range($jobs) AS j(job), range($each) AS c(k);
"""

_LINES = """
CREATE OR REPLACE TEMP TABLE line AS
SELECT n, n * $jobs // $lines AS job, (hash(n) % $each)::BIGINT AS k, (hash(n + 7) % 2)::BIGINT AS t,
       hash(n + 11) % 4 AS v,
       ((hash(n + 13) % 500000)::BIGINT - CASE WHEN hash(n + 17) % 10 = 0 THEN 500000 ELSE 0 END) / 100 AS amount,
       DATE '2025-01-01' + (hash(n + 19) % 600)::INTEGER AS posted
FROM range($lines) AS r(n);
INSERT INTO sage_costs
SELECT guid(1, job), guid(6, n), n + 1, guid(1, job), '', guid(2, code_of(job, k)), guid(3, t),
       CASE WHEN v = 0 THEN guid(4, (hash(n + 23) % $vendors)::BIGINT) ELSE '' END, posted, posted + INTERVAL 9 HOUR,
       amount::DECIMAL(18,2), 'formwork' FROM line;
INSERT INTO procore_costs
SELECT number(1, job), number(7, n), guid(6, n), number(1, job), number(6, n), NULL, number(5, job * 100 + k),
       guid(2, code_of(job, k)), format('{:02d}-{:03d}', code_of(job, k) // 20, code_of(job, k) % 20 * 10),
       number(3, t), guid(3, t), 'LMSEBO'[t + 1],
       CASE WHEN v = 0 THEN number(4, (hash(n + 23) % $vendors)::BIGINT) ELSE '' END, posted, posted + INTERVAL 20 HOUR,
       (amount + CASE WHEN n % $odd = 1 THEN 50 ELSE 0 END)::DECIMAL(18,2), 'formwork'
FROM line WHERE n % 4999 <> 5;
DROP TABLE line;
"""

# What a week brings: one line in a hundred, in one job in a hundred, has another amount on both sides.
_WEEK = """
UPDATE sage_costs SET amount = amount + 1
WHERE scope IN (SELECT guid(1, n * 100 + 50) FROM range($jobs // 100) AS r(n));
UPDATE procore_costs SET amount = amount + 1
WHERE scope IN (SELECT number(1, n * 100 + 50) FROM range($jobs // 100) AS r(n));
UPDATE reading SET finished = $at, as_of = $at
WHERE kind = 'costs' AND (scope IN (SELECT guid(1, n * 100 + 50) FROM range($jobs // 100) AS r(n))
                          OR scope IN (SELECT number(1, n * 100 + 50) FROM range($jobs // 100) AS r(n)));
"""

WHOLE = (
    (Side.SAGE, Kind.JOBS),
    (Side.SAGE, Kind.COST_CODES),
    (Side.SAGE, Kind.COST_TYPES),
    (Side.SAGE, Kind.VENDORS),
    (Side.PROCORE, Kind.JOBS),
    (Side.PROCORE, Kind.COST_CODES),
    (Side.PROCORE, Kind.COST_TYPES),
    (Side.PROCORE, Kind.VENDORS),
)
BY_JOB = (
    (Side.SAGE, Kind.COSTS, "sage_jobs"),
    (Side.PROCORE, Kind.COSTS, "procore_jobs"),
    (Side.PROCORE, Kind.JOB_COST_CODES, "procore_jobs"),
)


def fill(store: Store, lines: int, odd: int = 997) -> None:
    """Lay both snapshots, with `lines` transactions a side; one in `odd` has another amount in Procore."""
    store.execute(_MACROS)
    values = {"jobs": JOBS, "codes": CODES, "types": TYPES, "vendors": VENDORS, "each": CODES_OF_A_JOB}
    _all(store, _LISTS, values)
    _all(store, _LINES, {**values, "lines": lines, "odd": odd})
    moment = AT.replace(tzinfo=None)
    for side, kind in WHOLE:
        store.execute(
            f"INSERT INTO reading SELECT $1, $2, '', $3, FALSE, '', $4, $4, count(*) FROM {table(side, kind)}",
            [side.value, kind.value, side.value, moment],
        )
    for side, kind, jobs in BY_JOB:
        store.execute(
            f"INSERT INTO reading SELECT $1, $2, id, $3, FALSE, '', $4, $4, 0 FROM {jobs}",
            [side.value, kind.value, side.value, moment],
        )
    store.compact()


def a_week_later(store: Store, at: datetime) -> None:
    """One job in a hundred was read anew, and each of its lines has another amount."""
    store.execute(_MACROS)
    _all(store, _WEEK, {"jobs": JOBS, "at": at.astimezone(UTC).replace(tzinfo=None)})
    store.compact()


def _all(store: Store, statements: str, values: Mapping[str, object]) -> None:
    """Each statement with those of the values that it names."""
    for statement in statements.split(";"):
        if statement.strip():
            store.execute(statement, {name: one for name, one in values.items() if f"${name}" in statement})
