"""SQL, third part: job-to-date cost by job, sub job, cost code and cost type of each side, tied to the line."""

# `covered` holds the jobs whose costs were read, by side. Which of Procore's two ways tells it is said per job.
CELLS = """
CREATE OR REPLACE TABLE money_job AS
SELECT sage.job,
       CASE WHEN sage.job IN (SELECT job FROM covered WHERE side = 'procore' AND kind = 'job-to-date')
            THEN 'job-to-date' ELSE 'transactions' END AS mode
FROM (SELECT DISTINCT job FROM covered WHERE side = 'sage') AS sage
WHERE sage.job IN (SELECT job FROM covered WHERE side = 'procore');

-- Every cell: what each side says, and how many lines stand behind it. A side without lines is NULL, never 0.
CREATE OR REPLACE TABLE cell AS
WITH sage AS (
    SELECT line.job, CASE WHEN level.by_sub_job THEN coalesce(sub_job, '') ELSE '' END AS sub_job,
           CASE WHEN level.by_cost_code THEN coalesce(cost_code, '') ELSE '' END AS cost_code,
           CASE WHEN level.by_cost_type THEN coalesce(cost_type, '') ELSE '' END AS cost_type,
           sum(amount)::DECIMAL(38,2) AS amount, count(*) AS lines
    FROM sage_line AS line CROSS JOIN level
    WHERE line.job IN (SELECT job FROM money_job)
    GROUP BY ALL),
spoken_for AS (
    SELECT job, sub_job, cost_code, cost_type, amount FROM procore_line
    WHERE job IN (SELECT job FROM money_job WHERE mode = 'transactions')
    UNION ALL
    SELECT job, sub_job, cost_code, cost_type, amount FROM procore_to_date
    WHERE job IN (SELECT job FROM money_job WHERE mode = 'job-to-date')),
procore AS (
    SELECT job, CASE WHEN level.by_sub_job THEN coalesce(sub_job, '') ELSE '' END AS sub_job,
           CASE WHEN level.by_cost_code THEN coalesce(cost_code, '') ELSE '' END AS cost_code,
           CASE WHEN level.by_cost_type THEN coalesce(cost_type, '') ELSE '' END AS cost_type,
           sum(amount)::DECIMAL(38,2) AS amount, count(*) AS lines
    FROM spoken_for CROSS JOIN level
    GROUP BY ALL)
SELECT row_number() OVER (ORDER BY coalesce(sage.job, procore.job), coalesce(sage.sub_job, procore.sub_job),
                          coalesce(sage.cost_code, procore.cost_code),
                          coalesce(sage.cost_type, procore.cost_type)) AS id,
       coalesce(sage.job, procore.job) AS job, coalesce(sage.sub_job, procore.sub_job) AS sub_job,
       coalesce(sage.cost_code, procore.cost_code) AS cost_code,
       coalesce(sage.cost_type, procore.cost_type) AS cost_type,
       sage.amount AS sage, procore.amount AS procore,
       coalesce(sage.lines, 0) AS sage_lines, coalesce(procore.lines, 0) AS procore_lines
FROM sage
FULL JOIN procore ON procore.job = sage.job AND procore.sub_job = sage.sub_job
                 AND procore.cost_code = sage.cost_code AND procore.cost_type = sage.cost_type
"""

# Lines of the two sides with the same amount in the same cell stand for each other; what is left over on a side is what
# the other does not have. Left-over plus and minus amounts of one side may add up to nothing: they are not unseen.
# Where Procore tells sums, its lines are looked at only in the cells in which they add up to what it tells.
OFFSETS = """
CREATE OR REPLACE TABLE left_over AS
WITH line AS (
    SELECT 1 AS of_sage, job, sub_job, cost_code, cost_type, amount FROM sage_line
    UNION ALL
    SELECT 0, job, sub_job, cost_code, cost_type, amount FROM procore_line),
counted AS (
    SELECT cell.id AS cell, line.amount, sum(of_sage) AS sage_lines, sum(1 - of_sage) AS procore_lines
    FROM line CROSS JOIN level
    JOIN cell ON cell.job = line.job
             AND cell.sub_job = CASE WHEN level.by_sub_job THEN coalesce(line.sub_job, '') ELSE '' END
             AND cell.cost_code = CASE WHEN level.by_cost_code THEN coalesce(line.cost_code, '') ELSE '' END
             AND cell.cost_type = CASE WHEN level.by_cost_type THEN coalesce(line.cost_type, '') ELSE '' END
    WHERE line.job IN (SELECT job FROM covered WHERE side = 'procore' AND kind = 'costs')
    GROUP BY cell.id, line.amount),
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

FLAGS = """
CREATE OR REPLACE TABLE leaf AS
SELECT cell.*, money_job.mode,
       (coalesce(cell.sage, 0) - coalesce(cell.procore, 0))::DECIMAL(38,2) AS difference,
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

# Subtotals of every level. `plus` and `minus` keep the two signs apart; `differing` counts the cells that differ.
NODES = """
CREATE OR REPLACE TABLE node AS
SELECT 4 - grouping(sub_job) - grouping(cost_code) - grouping(cost_type) AS depth,
       job, sub_job, cost_code, cost_type,
       sum(sage)::DECIMAL(38,2) AS sage, sum(procore)::DECIMAL(38,2) AS procore,
       sum(difference)::DECIMAL(38,2) AS difference,
       sum(greatest(difference, 0))::DECIMAL(38,2) AS plus, sum(least(difference, 0))::DECIMAL(38,2) AS minus,
       count(*) AS cells, count(*) FILTER (flag NOT IN ('equal', 'within')) AS differing,
       count(*) FILTER (flag = 'within') AS within, sum(sage_lines) AS sage_lines, sum(procore_lines) AS procore_lines,
       CASE WHEN count(*) = 1 THEN min(flag)
            WHEN bool_and(flag = 'sage-only') THEN 'sage-only'
            WHEN bool_and(flag = 'procore-only') THEN 'procore-only'
            WHEN differing > 0 THEN 'differs'
            WHEN abs(sum(difference)) >= greatest(any_value(question.tolerance), 0.01) THEN 'adds-up'
            WHEN within > 0 THEN 'within'
            ELSE 'equal' END AS flag
FROM leaf CROSS JOIN question
GROUP BY GROUPING SETS ((job), (job, sub_job), (job, sub_job, cost_code), (job, sub_job, cost_code, cost_type))
"""

# Every subtotal is taken a second time, straight from what was read, and must be the same to the cent.
TIES = """
CREATE OR REPLACE TABLE tie AS
WITH from_lines AS (
    SELECT job, sum(amount)::DECIMAL(38,2) AS amount FROM sage_line
    WHERE job IN (SELECT job FROM money_job) GROUP BY job),
from_procore AS (
    SELECT job, sum(amount)::DECIMAL(38,2) AS amount FROM (
        SELECT job, amount FROM procore_line WHERE job IN (SELECT job FROM money_job WHERE mode = 'transactions')
        UNION ALL
        SELECT job, amount FROM procore_to_date WHERE job IN (SELECT job FROM money_job WHERE mode = 'job-to-date'))
    GROUP BY job),
own AS (
    SELECT key AS job, sum(job_to_date)::DECIMAL(38,2) AS amount FROM sage_job
    WHERE job_to_date IS NOT NULL AND key IN (SELECT job FROM money_job)
      AND (SELECT as_of FROM question) IS NULL
    GROUP BY key)
SELECT 'sage-lines' AS what, from_lines.job, node.sage AS told, from_lines.amount AS added
FROM from_lines JOIN node ON node.depth = 1 AND node.job = from_lines.job
UNION ALL
SELECT 'procore-lines', from_procore.job, node.procore, from_procore.amount
FROM from_procore JOIN node ON node.depth = 1 AND node.job = from_procore.job
UNION ALL
-- Sage's own job-to-date cost, which hh2 tells beside the transactions.
SELECT 'sage-own', own.job, own.amount, coalesce(from_lines.amount, 0)
FROM own LEFT JOIN from_lines USING (job)
UNION ALL
SELECT 'sage-company', '', (SELECT sum(sage) FROM node WHERE depth = 1)::DECIMAL(38,2),
       (SELECT sum(amount) FROM from_lines)::DECIMAL(38,2)
UNION ALL
SELECT 'procore-company', '', (SELECT sum(procore) FROM node WHERE depth = 1)::DECIMAL(38,2),
       (SELECT sum(amount) FROM from_procore)::DECIMAL(38,2)
"""
