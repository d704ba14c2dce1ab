"""SQL between the keys and the comparison: what both sides told, so that silence is never taken for a difference."""

LEVELS = """
CREATE OR REPLACE TABLE level AS
WITH procore AS (
    SELECT sub_job, cost_code, cost_type FROM procore_line
    UNION ALL SELECT sub_job, cost_code, cost_type FROM procore_to_date),
told AS (
    SELECT (SELECT count(*) = 0 OR bool_or(sub_job IS NOT NULL) FROM sage_line) AS sage_sub_job,
           (SELECT count(*) = 0 OR bool_or(cost_code IS NOT NULL) FROM sage_line) AS sage_cost_code,
           (SELECT count(*) = 0 OR bool_or(cost_type IS NOT NULL) FROM sage_line) AS sage_cost_type,
           (SELECT count(*) = 0 OR bool_or(sub_job IS NOT NULL) FROM procore) AS procore_sub_job,
           (SELECT count(*) = 0 OR bool_or(cost_code IS NOT NULL) FROM procore) AS procore_cost_code,
           (SELECT count(*) = 0 OR bool_or(cost_type IS NOT NULL) FROM procore) AS procore_cost_type)
SELECT sage_sub_job AND procore_sub_job AS by_sub_job, sage_cost_code AND procore_cost_code AS by_cost_code,
       sage_cost_type AND procore_cost_type AS by_cost_type
FROM told
"""

# `trusted` are the lists that were read to their end, without those that failed this time.
SCOPE = """
CREATE OR REPLACE TABLE trusted AS
SELECT side, kind, scope FROM reading
WHERE NOT EXISTS (FROM failed WHERE failed.side = reading.side AND failed.kind = reading.kind
                                AND (failed.scope = reading.scope OR failed.scope = ''));

CREATE OR REPLACE TABLE listed AS
SELECT bool_or(side = 'sage' AND kind = 'jobs') IS TRUE AS sage_jobs,
       bool_or(side = 'procore' AND kind = 'jobs') IS TRUE AS procore_jobs,
       bool_or(side = 'procore' AND kind = 'sub-jobs') IS TRUE AS procore_sub_jobs,
       bool_or(side = 'procore' AND kind IN ('cost-codes', 'job-cost-codes')) IS TRUE AS procore_codes,
       bool_or(side = 'procore' AND kind = 'cost-types') IS TRUE AS procore_types
FROM trusted;

-- Every job that either side speaks of, as far as it was asked for.
CREATE OR REPLACE TABLE every_job AS
SELECT job FROM (
    SELECT key AS job FROM sage_job UNION SELECT key FROM procore_job
    UNION SELECT job FROM sage_line UNION SELECT job FROM procore_line UNION SELECT job FROM procore_to_date)
WHERE NOT EXISTS (FROM asked_job) OR job IN (SELECT job FROM asked_job);

-- Whose list of a kind was read, by job. A list read as a whole covers every job; and of a job that is not in a side's
-- list of jobs that side has nothing.
CREATE OR REPLACE TABLE told_of AS
SELECT DISTINCT trusted.side, trusted.kind, every_job.job
FROM trusted
LEFT JOIN sage_job_key AS sage ON trusted.side = 'sage' AND sage.id = trusted.scope
LEFT JOIN procore_job_key AS procore ON trusted.side = 'procore' AND procore.id = trusted.scope
JOIN every_job ON trusted.scope = '' OR every_job.job = coalesce(sage.key, procore.key)
WHERE trusted.kind IN ('costs', 'job-to-date', 'sub-jobs', 'prime-contracts', 'commitments');

CREATE OR REPLACE TABLE costless_job AS
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
CREATE OR REPLACE TABLE doubtful_job AS
SELECT DISTINCT coalesce(sage.key, procore.key, '') AS job
FROM aside
LEFT JOIN sage_job_key AS sage ON aside.side = 'sage' AND sage.id = aside.scope
LEFT JOIN procore_job_key AS procore ON aside.side = 'procore' AND procore.id = aside.scope
WHERE aside.kind IN ('costs', 'job-to-date') AND NOT (aside.fault = 'duplicate' AND aside.detail = 'same');

-- Jobs that both sides should have told of, and one did not. Where Sage says that a job has no cost and nobody asked
-- Procore for it, nothing is missed.
CREATE OR REPLACE TABLE unread_job AS
SELECT job FROM every_job
WHERE (SELECT count(DISTINCT side) FROM covered WHERE covered.job = every_job.job) < 2
  AND job NOT IN (SELECT job FROM costless_job)
  AND EXISTS (FROM trusted WHERE side = 'sage' AND kind = 'costs')
  AND EXISTS (FROM trusted WHERE side = 'procore' AND kind IN ('costs', 'job-to-date'))
"""
