"""SQL, third part: job-to-date cost by job, sub job, cost code and cost type of each side, tied to the line."""

# Each for all jobs, or (`moved`) for those alone that moved, whose rows of the last report it takes away.
_GONE = "DELETE FROM {name} WHERE job IN (SELECT job FROM moved_job); INSERT INTO {name}"


def _into(name: str, of: str) -> str:
    return _GONE.format(name=name) if of else f"CREATE OR REPLACE TABLE {name} AS"


# `money_job` holds the jobs whose costs both sides told.
_CELLS = """
-- What the lines of each side add up to in every cell, with their amounts in order.
CREATE OR REPLACE TEMP TABLE sage_sum AS
SELECT line.job, CASE WHEN level.by_sub_job THEN coalesce(sub_job, '') ELSE '' END AS sub_job,
       CASE WHEN level.by_cost_code THEN coalesce(cost_code, '') ELSE '' END AS cost_code,
       CASE WHEN level.by_cost_type THEN coalesce(cost_type, '') ELSE '' END AS cost_type,
       sum(amount)::DECIMAL(38,2) AS amount, count(*) AS lines, list_sort(list(amount)) AS amounts
FROM {of}sage_line AS line CROSS JOIN level
WHERE line.job IN (SELECT job FROM money_job)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE procore_sum AS
SELECT line.job, CASE WHEN level.by_sub_job THEN coalesce(sub_job, '') ELSE '' END AS sub_job,
       CASE WHEN level.by_cost_code THEN coalesce(cost_code, '') ELSE '' END AS cost_code,
       CASE WHEN level.by_cost_type THEN coalesce(cost_type, '') ELSE '' END AS cost_type,
       sum(amount)::DECIMAL(38,2) AS amount, count(*) AS lines, list_sort(list(amount)) AS amounts
FROM {of}procore_line AS line CROSS JOIN level
WHERE line.job IN (SELECT job FROM money_job)
GROUP BY ALL;

-- Every cell: what each side says, and how many lines stand behind it. A side without lines is NULL, never 0. `uneven`:
-- the two sides' lines are not the same amounts.
CREATE OR REPLACE TEMP TABLE cell AS
WITH told AS (
    SELECT row.job, CASE WHEN level.by_sub_job THEN coalesce(sub_job, '') ELSE '' END AS sub_job,
           CASE WHEN level.by_cost_code THEN coalesce(cost_code, '') ELSE '' END AS cost_code,
           CASE WHEN level.by_cost_type THEN coalesce(cost_type, '') ELSE '' END AS cost_type,
           sum(amount)::DECIMAL(38,2) AS amount, count(*) AS lines
    FROM {of}procore_to_date AS row CROSS JOIN level
    WHERE row.job IN (SELECT job FROM money_job WHERE mode = 'job-to-date')
    GROUP BY ALL),
behind AS (FROM procore_sum WHERE job IN (SELECT job FROM money_job WHERE mode = 'job-to-date')),
procore AS (
    SELECT job, sub_job, cost_code, cost_type, amount, lines, amounts FROM procore_sum
    WHERE job IN (SELECT job FROM money_job WHERE mode = 'transactions')
    UNION ALL
    SELECT job, sub_job, cost_code, cost_type, told.amount, told.lines, behind.amounts
    FROM told FULL JOIN behind USING (job, sub_job, cost_code, cost_type))
SELECT row_number() OVER () + {first} AS id, job, sub_job, cost_code, cost_type,
       sage.amount AS sage, procore.amount AS procore,
       coalesce(sage.lines, 0) AS sage_lines, coalesce(procore.lines, 0) AS procore_lines,
       sage.amounts IS DISTINCT FROM procore.amounts AS uneven
FROM sage_sum AS sage FULL JOIN procore USING (job, sub_job, cost_code, cost_type)
WHERE sage.lines IS NOT NULL OR procore.lines IS NOT NULL;

DROP TABLE sage_sum;
DROP TABLE procore_sum
"""
CELLS = _CELLS.format(of="", first="0")
MOVED_CELLS = _CELLS.format(of="moved_", first="(SELECT coalesce(max(id), 0) FROM judged_cell)")

# Lines of the two sides with the same amount in the same cell stand for each other; what is left over on a side is what
# the other does not have. Left-over plus and minus amounts of one side may add up to nothing: they are not unseen.
# Where Procore tells sums, its lines are looked at only in the cells in which they add up to what it tells.
_OFFSETS = """
-- The lines of every cell in which something is open: in which the sums differ, or the lines.
CREATE OR REPLACE TEMP TABLE open_place AS
WITH line AS (
    SELECT TRUE AS of_sage, place, job, sub_job, cost_code, cost_type FROM {of}sage_line
    UNION ALL
    SELECT FALSE, place, job, sub_job, cost_code, cost_type FROM {of}procore_line)
SELECT line.of_sage, line.place, cell.id AS cell, cell.job
FROM line CROSS JOIN level
JOIN (FROM cell WHERE uneven OR sage IS DISTINCT FROM procore) AS cell
  ON cell.job = line.job
 AND cell.sub_job = CASE WHEN level.by_sub_job THEN coalesce(line.sub_job, '') ELSE '' END
 AND cell.cost_code = CASE WHEN level.by_cost_code THEN coalesce(line.cost_code, '') ELSE '' END
 AND cell.cost_type = CASE WHEN level.by_cost_type THEN coalesce(line.cost_type, '') ELSE '' END;

{open_line}
SELECT 'sage' AS side, cell, open_place.job, cost.id, cost.amount, cost.posted, cost.entered AS changed,
       cost.vendor_id AS vendor, cost.id AS origin
FROM open_place JOIN {of}sage_costs AS cost ON cost.{place} = open_place.place WHERE of_sage
UNION ALL
SELECT 'procore', cell, open_place.job, cost.id, cost.amount, cost.posted, cost.updated_at,
       cost.vendor_id, cost.origin_id
FROM open_place JOIN {of}procore_costs AS cost ON cost.{place} = open_place.place WHERE NOT of_sage;

CREATE OR REPLACE TEMP TABLE left_over AS
WITH counted AS (
    SELECT cell, amount, count(*) FILTER (side = 'sage') AS sage_lines,
           count(*) FILTER (side <> 'sage') AS procore_lines
    FROM open_line
    WHERE job IN (SELECT job FROM covered WHERE side = 'procore' AND kind = 'costs')
      AND cell IN (SELECT id FROM cell)
    GROUP BY cell, amount),
tied AS (
    SELECT counted.cell FROM counted JOIN cell ON cell.id = counted.cell
    GROUP BY counted.cell, cell.procore
    HAVING coalesce(sum(counted.amount * counted.procore_lines), 0) = coalesce(cell.procore, 0))
SELECT cell,
       sum(CASE WHEN amount > 0 AND sage_lines > procore_lines
                THEN amount * (sage_lines - procore_lines) ELSE 0 END)::DECIMAL(38,2) AS sage_plus,
       sum(CASE WHEN amount < 0 AND sage_lines > procore_lines
                THEN amount * (sage_lines - procore_lines) ELSE 0 END)::DECIMAL(38,2) AS sage_minus,
       sum(CASE WHEN amount > 0 AND procore_lines > sage_lines
                THEN amount * (procore_lines - sage_lines) ELSE 0 END)::DECIMAL(38,2) AS procore_plus,
       sum(CASE WHEN amount < 0 AND procore_lines > sage_lines
                THEN amount * (procore_lines - sage_lines) ELSE 0 END)::DECIMAL(38,2) AS procore_minus
FROM counted
WHERE sage_lines <> procore_lines AND cell IN (SELECT cell FROM tied)
GROUP BY cell
"""
OFFSETS = _OFFSETS.format(of="", place="rowid", open_line=_into("open_line", ""))
MOVED_OFFSETS = _OFFSETS.format(of="moved_", place="place", open_line=_into("open_line", "moved_"))

_FLAGS = """
SELECT cell.id, cell.job, cell.sub_job, cell.cost_code, cell.cost_type, cell.sage, cell.procore,
       cell.sage_lines, cell.procore_lines,
       CASE
         -- A budget line without cost says "no cost"; so does a cost that came and went, where only sums are shown.
         WHEN cell.sage IS NULL AND mode = 'job-to-date' AND cell.procore = 0 THEN 'equal'
         WHEN cell.procore IS NULL AND mode = 'job-to-date' AND cell.sage = 0 THEN 'equal'
         WHEN cell.sage IS NULL THEN 'procore-only'
         WHEN cell.procore IS NULL THEN 'sage-only'
         WHEN abs(cell.sage - cell.procore) >= greatest(question.tolerance, 0.01) THEN 'differs'
         WHEN least(sage_plus, -sage_minus) >= greatest(question.tolerance, 0.01)
           OR least(procore_plus, -procore_minus) >= greatest(question.tolerance, 0.01) THEN 'offset'
         WHEN cell.sage <> cell.procore THEN 'within'
         ELSE 'equal' END AS flag
FROM cell JOIN money_job USING (job) LEFT JOIN left_over ON left_over.cell = cell.id CROSS JOIN question
"""
_LEAF = """;
CREATE OR REPLACE VIEW leaf AS
SELECT *, (coalesce(sage, 0) - coalesce(procore, 0))::DECIMAL(38,2) AS difference FROM judged_cell
"""
FLAGS = _into("judged_cell", "") + _FLAGS + _LEAF
MOVED_FLAGS = _into("judged_cell", "moved_") + _FLAGS

# Subtotals of every level. `plus` and `minus` keep the two signs apart; `differing` counts the cells that differ. Only
# the cells and the jobs are written down: between them a person looks at one job at a time, and its sums are made then.
_LEVEL = """
{into}
SELECT {kept}, {left_out}sum(sage)::DECIMAL(38,2) AS sage, sum(procore)::DECIMAL(38,2) AS procore,
       sum(difference)::DECIMAL(38,2) AS difference,
       sum(greatest(difference, 0))::DECIMAL(38,2) AS plus, sum(least(difference, 0))::DECIMAL(38,2) AS minus,
       count(*) AS cells, count(*) FILTER (flag NOT IN ('equal', 'within')) AS differing,
       count(*) FILTER (flag = 'within') AS within, sum(sage_lines)::BIGINT AS sage_lines,
       sum(procore_lines)::BIGINT AS procore_lines,
       CASE WHEN count(*) = 1 THEN min(flag)
            WHEN bool_and(flag = 'sage-only') THEN 'sage-only'
            WHEN bool_and(flag = 'procore-only') THEN 'procore-only'
            WHEN count(*) FILTER (flag NOT IN ('equal', 'within')) > 0 THEN 'differs'
            WHEN abs(sum(difference)) >= greatest(any_value(question.tolerance), 0.01) THEN 'adds-up'
            WHEN count(*) FILTER (flag = 'within') > 0 THEN 'within'
            ELSE 'equal' END AS flag
FROM leaf CROSS JOIN question{those}
GROUP BY {kept}
"""
_LOWEST = """
CREATE OR REPLACE VIEW level_4 AS
SELECT job, sub_job, cost_code, cost_type, sage, procore, difference,
       greatest(difference, 0)::DECIMAL(38,2) AS plus, least(difference, 0)::DECIMAL(38,2) AS minus,
       1::BIGINT AS cells, (flag NOT IN ('equal', 'within'))::BIGINT AS differing,
       (flag = 'within')::BIGINT AS within, sage_lines, procore_lines, flag
FROM leaf
"""
_KEYS = ("job", "sub_job", "cost_code", "cost_type")
_NUMBERS = "sage, procore, difference, plus, minus, cells, differing, within, sage_lines, procore_lines, flag"


def _level(depth: int, into: str, those: str = "") -> str:
    return _LEVEL.format(
        into=into,
        those=those,
        kept=", ".join(_KEYS[:depth]),
        left_out="".join(f"NULL::VARCHAR AS {name}, " for name in _KEYS[depth:]),
    )


NODES = ";".join(
    (
        _LOWEST,
        *(_level(depth, f"CREATE OR REPLACE VIEW level_{depth} AS") for depth in (3, 2)),
        _level(1, _into("level_1", "")),
        "CREATE OR REPLACE VIEW node AS"
        + " UNION ALL".join(
            f" SELECT {depth} AS depth, {', '.join(_KEYS)}, {_NUMBERS} FROM level_{depth}"
            for depth in (1, 2, 3, 4)
        ),
    )
)
MOVED_NODES = _level(1, _into("level_1", "moved_"), " WHERE leaf.job IN (SELECT job FROM moved_job)")

# Every subtotal is taken a second time, straight from what was read, and must be the same to the cent.
TIES = """
CREATE OR REPLACE TEMP TABLE tie AS
WITH from_lines AS (
    SELECT job, amount FROM read_sum WHERE side = 'sage' AND job IN (SELECT job FROM money_job)),
from_procore AS (
    SELECT job, amount FROM read_sum
    WHERE side = 'procore' AND job IN (SELECT job FROM money_job WHERE mode = 'transactions')
    UNION ALL
    SELECT job, sum(amount)::DECIMAL(38,2) FROM procore_to_date
    WHERE job IN (SELECT job FROM money_job WHERE mode = 'job-to-date') GROUP BY job),
own AS (
    SELECT key AS job, sum(job_to_date)::DECIMAL(38,2) AS amount FROM sage_job
    WHERE job_to_date IS NOT NULL AND key IN (SELECT job FROM money_job)
      AND (SELECT as_of FROM question) IS NULL
    GROUP BY key)
SELECT 'sage-lines' AS what, from_lines.job, node.sage AS told, from_lines.amount AS added
FROM from_lines JOIN level_1 AS node ON node.job = from_lines.job
UNION ALL
SELECT 'procore-lines', from_procore.job, node.procore, from_procore.amount
FROM from_procore JOIN level_1 AS node ON node.job = from_procore.job
UNION ALL
-- Sage's own job-to-date cost, which hh2 tells beside the transactions.
SELECT 'sage-own', own.job, own.amount, coalesce(from_lines.amount, 0)
FROM own LEFT JOIN from_lines USING (job)
UNION ALL
SELECT 'sage-company', '', (SELECT sum(sage) FROM level_1)::DECIMAL(38,2),
       (SELECT sum(amount) FROM from_lines)::DECIMAL(38,2)
UNION ALL
SELECT 'procore-company', '', (SELECT sum(procore) FROM level_1)::DECIMAL(38,2),
       (SELECT sum(amount) FROM from_procore)::DECIMAL(38,2)
"""
