"""SQL between the keys and the comparison: what both sides told, so that silence is never taken for a difference."""

# Which levels a side's lines tell, job by job.
_LEVELS_TOLD = """
SELECT '{side}' AS side, job, bool_or(sub_job IS NOT NULL) AS sub_job, bool_or(cost_code IS NOT NULL) AS cost_code,
       bool_or(cost_type IS NOT NULL) AS cost_type
FROM {lines} GROUP BY job
"""
# One after the other: the tables of keys that the views of the lines look up in would not all find room at once.
_TOLD = ";".join(
    f"INSERT INTO job_tells {_LEVELS_TOLD.format(side=side, lines='{of}' + lines)}"
    for side, lines in (("sage", "sage_line"), ("procore", "procore_line"), ("procore", "procore_to_date"))
)
TOLD = (
    "CREATE OR REPLACE TABLE job_tells "
    "(side VARCHAR, job VARCHAR, sub_job BOOLEAN, cost_code BOOLEAN, cost_type BOOLEAN);"
) + _TOLD.format(of="")
MOVED_TOLD = "DELETE FROM job_tells WHERE job IN (SELECT job FROM moved_job);" + _TOLD.format(of="moved_")

# A side tells a level where any of its lines does. A side without lines hinders none.
LEVELS = """
CREATE OR REPLACE TABLE level AS
WITH sage AS (
    SELECT count(*) = 0 AS silent, bool_or(sub_job) AS sub_job, bool_or(cost_code) AS cost_code,
           bool_or(cost_type) AS cost_type
    FROM job_tells WHERE side = 'sage'),
procore AS (
    SELECT count(*) = 0 AS silent, bool_or(sub_job) AS sub_job, bool_or(cost_code) AS cost_code,
           bool_or(cost_type) AS cost_type
    FROM job_tells WHERE side = 'procore')
SELECT (sage.silent OR sage.sub_job) AND (procore.silent OR procore.sub_job) AS by_sub_job,
       (sage.silent OR sage.cost_code) AND (procore.silent OR procore.cost_code) AS by_cost_code,
       (sage.silent OR sage.cost_type) AND (procore.silent OR procore.cost_type) AS by_cost_type
FROM sage CROSS JOIN procore
"""

# `trusted` are the lists that were read to their end, without those that failed this time.
SCOPE = """
CREATE OR REPLACE TEMP TABLE trusted AS
SELECT side, kind, scope FROM reading
WHERE NOT EXISTS (FROM failed WHERE failed.side = reading.side AND failed.kind = reading.kind
                                AND (failed.scope = reading.scope OR failed.scope = ''));

CREATE OR REPLACE TEMP TABLE listed AS
SELECT bool_or(side = 'sage' AND kind = 'jobs') IS TRUE AS sage_jobs,
       bool_or(side = 'procore' AND kind = 'jobs') IS TRUE AS procore_jobs,
       bool_or(side = 'procore' AND kind = 'sub-jobs') IS TRUE AS procore_sub_jobs,
       bool_or(side = 'procore' AND kind IN ('cost-codes', 'job-cost-codes')) IS TRUE AS procore_codes,
       bool_or(side = 'procore' AND kind = 'cost-types') IS TRUE AS procore_types
FROM trusted;

-- Every job that either side speaks of, as far as it was asked for.
CREATE OR REPLACE TEMP TABLE every_job AS
SELECT job FROM (
    SELECT key AS job FROM sage_job UNION SELECT key FROM procore_job
    UNION SELECT job FROM read_sum UNION SELECT job FROM procore_to_date)
WHERE NOT EXISTS (FROM asked_job) OR job IN (SELECT job FROM asked_job);

-- Whose list of a kind was read, by job. A list read as a whole covers every job; and of a job that is not in a side's
-- list of jobs that side has nothing.
CREATE OR REPLACE TEMP TABLE told_of AS
WITH by_job AS (FROM trusted WHERE kind IN ('costs', 'job-to-date', 'sub-jobs', 'prime-contracts', 'commitments'))
SELECT DISTINCT by_job.side, by_job.kind, every_job.job
FROM by_job CROSS JOIN every_job
WHERE by_job.scope = ''
UNION
SELECT by_job.side, by_job.kind, every_job.job
FROM by_job
LEFT JOIN sage_job_key AS sage ON by_job.side = 'sage' AND sage.id = by_job.scope
LEFT JOIN procore_job_key AS procore ON by_job.side = 'procore' AND procore.id = by_job.scope
JOIN every_job ON every_job.job = coalesce(sage.key, procore.key)
WHERE by_job.scope <> '';

CREATE OR REPLACE TEMP TABLE costless_job AS
SELECT key AS job FROM sage_job GROUP BY key HAVING bool_and(job_to_date = 0) IS TRUE;

CREATE OR REPLACE TABLE covered AS
SELECT side, kind, job FROM told_of WHERE kind IN ('costs', 'job-to-date')
UNION
SELECT 'sage', 'costs', job FROM every_job CROSS JOIN listed
WHERE listed.sage_jobs AND job NOT IN (SELECT key FROM sage_job)
UNION
SELECT 'sage', 'costs', job FROM every_job WHERE job IN (SELECT job FROM costless_job)
UNION
SELECT 'procore', 'costs', job FROM every_job CROSS JOIN listed
WHERE listed.procore_jobs AND job NOT IN (SELECT key FROM procore_job);

CREATE OR REPLACE TABLE compared_entity AS
SELECT kind AS entity FROM (
    SELECT kind, side FROM trusted
    WHERE kind IN ('jobs', 'vendors', 'cost-codes', 'cost-types', 'sub-jobs', 'prime-contracts', 'commitments')
    GROUP BY kind, side)
GROUP BY kind HAVING count(*) = 2;

CREATE OR REPLACE TABLE compared_job AS
SELECT kind AS entity, job FROM told_of WHERE kind IN ('sub-jobs', 'prime-contracts', 'commitments')
GROUP BY kind, job HAVING count(DISTINCT side) = 2;

-- Jobs of which rows were kept aside: their cost is not all there.
CREATE OR REPLACE TEMP TABLE doubtful_job AS
SELECT DISTINCT coalesce(sage.key, procore.key, '') AS job
FROM aside
LEFT JOIN sage_job_key AS sage ON aside.side = 'sage' AND sage.id = aside.scope
LEFT JOIN procore_job_key AS procore ON aside.side = 'procore' AND procore.id = aside.scope
WHERE aside.kind IN ('costs', 'job-to-date') AND NOT (aside.fault = 'duplicate' AND aside.detail = 'same');

-- Jobs that both sides should have told of, and one did not. Where Sage says that a job has no cost and nobody asked
-- Procore for it, nothing is missed.
CREATE OR REPLACE TEMP TABLE unread_job AS
SELECT job FROM every_job
WHERE (SELECT count(DISTINCT side) FROM covered WHERE covered.job = every_job.job) < 2
  AND job NOT IN (SELECT job FROM costless_job)
  AND EXISTS (FROM trusted WHERE side = 'sage' AND kind = 'costs')
  AND EXISTS (FROM trusted WHERE side = 'procore' AND kind IN ('costs', 'job-to-date'));

-- Jobs whose costs both sides told. Which of Procore's two ways tells them is said per job.
CREATE OR REPLACE TABLE money_job AS
SELECT sage.job,
       CASE WHEN sage.job IN (SELECT job FROM covered WHERE side = 'procore' AND kind = 'job-to-date')
            THEN 'job-to-date' ELSE 'transactions' END AS mode
FROM (SELECT DISTINCT job FROM covered WHERE side = 'sage') AS sage
WHERE sage.job IN (SELECT job FROM covered WHERE side = 'procore')
"""
