"""SQL for the second report and every one after: of which jobs what was computed last time no longer holds.

What a job's cells are depends on its own lines, on the keys of the ids that these lines name, on how its costs are
told, and on what is asked. `past_` tables hold what the last report stood on; `moved_job` is every job of which any of
it is another now. Whatever is not by job is computed anew each time."""

# What lies in the store from the first on (`app.match.basis`). `touched`: the lists that were laid or forgotten since.
TABLES = """
CREATE TABLE IF NOT EXISTS touched (side VARCHAR, kind VARCHAR, scope VARCHAR);
CREATE TABLE IF NOT EXISTS basis (report VARCHAR, recipe VARCHAR, asked VARCHAR, lists VARCHAR);
CREATE TABLE IF NOT EXISTS past_reading (
    side VARCHAR, kind VARCHAR, scope VARCHAR, source VARCHAR, is_file BOOLEAN, cursor VARCHAR,
    as_of TIMESTAMP, finished TIMESTAMP, records BIGINT);
CREATE TABLE IF NOT EXISTS past_part (
    side VARCHAR, kind VARCHAR, scope VARCHAR, told_job VARCHAR, job VARCHAR, amount DECIMAL(38,2), lines BIGINT);
CREATE TABLE IF NOT EXISTS past_key (what VARCHAR, id VARCHAR, key VARCHAR, more VARCHAR)
"""

_BY_JOB = "('costs', 'job-to-date')"

# By it the lists that keys and populations come from are the same as before: how each of them was last read.
LISTS = f"""
SELECT coalesce(md5(string_agg(
    concat_ws(chr(31), side, kind, scope, source, is_file, cursor, as_of, finished, records), chr(10)
    ORDER BY side, kind, scope)), ''), version()
FROM reading WHERE kind NOT IN {_BY_JOB}
"""

# What each list of costs adds up to by the job that its lines name, straight from what was read, every time: moved jobs
# are found by it, and the ties are held to it.
PARTS = """
CREATE OR REPLACE TEMP TABLE part AS
WITH sage AS (
    SELECT scope, job_id, sum(amount) AS amount, count(*) AS lines FROM sage_costs CROSS JOIN question
    WHERE question.as_of IS NULL OR posted IS NULL OR posted <= question.as_of GROUP BY scope, job_id),
procore AS (
    SELECT 'costs' AS kind, scope, project_id, sum(amount) AS amount, count(*) AS lines
    FROM procore_costs CROSS JOIN question
    WHERE question.as_of IS NULL OR posted IS NULL OR posted <= question.as_of GROUP BY scope, project_id
    UNION ALL
    SELECT 'job-to-date', scope, project_id, sum(amount), count(*)
    FROM procore_job_to_date CROSS JOIN question
    WHERE question.as_of IS NULL GROUP BY scope, project_id)
SELECT 'sage' AS side, 'costs' AS kind, sage.scope, sage.job_id AS told_job,
       coalesce(job.key, fold(sage.job_id)) AS job, sage.amount::DECIMAL(38,2) AS amount, sage.lines
FROM sage LEFT JOIN sage_job_key AS job ON job.id = sage.job_id
UNION ALL
SELECT 'procore', kind, scope, project_id, coalesce(job.key, fold(procore.project_id)),
       amount::DECIMAL(38,2), lines
FROM procore LEFT JOIN procore_job_key AS job ON job.id = procore.project_id;

CREATE OR REPLACE TEMP TABLE read_sum AS
SELECT side, job, sum(amount)::DECIMAL(38,2) AS amount, sum(lines)::BIGINT AS lines
FROM part WHERE kind = 'costs' GROUP BY side, job
"""

# Which id is which key: every table in which the views of the lines look one up.
KEYS_NOW = """
CREATE OR REPLACE TEMP VIEW key_now AS
SELECT 'sage-job' AS what, id, key, '' AS more FROM sage_job_key
UNION ALL SELECT 'procore-job', id, key, '' FROM procore_job_key
UNION ALL SELECT 'sage-sub-job', id, key, '' FROM sub_job_key
UNION ALL SELECT 'procore-sub-job', id, min(key), '' FROM procore_sub_job GROUP BY id
UNION ALL SELECT 'sage-code', id, key, '' FROM sage_code
UNION ALL SELECT 'sage-type', id, key, '' FROM sage_type
UNION ALL SELECT 'procore-type', id, key, '' FROM procore_type
UNION ALL
-- A code of a project may say the sub job too.
SELECT 'procore-code', code.id, code.key, coalesce(sub.key, '')
FROM procore_code AS code
LEFT JOIN (SELECT id, min(key) AS key FROM procore_sub_job GROUP BY id) AS sub ON sub.id = code.sub_job_id
"""

CHANGED_KEYS = """
CREATE OR REPLACE TEMP TABLE changed_key AS
SELECT what, id FROM (FROM key_now EXCEPT FROM past_key)
UNION
SELECT what, id FROM (FROM past_key EXCEPT FROM key_now);

-- The jobs that are named by lines which name such an id.
CREATE OR REPLACE TEMP TABLE rekeyed AS
SELECT DISTINCT 'sage' AS side, job_id AS told_job FROM sage_costs
WHERE job_id IN (SELECT id FROM changed_key WHERE what = 'sage-job')
   OR sub_job_id IN (SELECT id FROM changed_key WHERE what = 'sage-sub-job')
   OR cost_code_id IN (SELECT id FROM changed_key WHERE what = 'sage-code')
   OR cost_type_id IN (SELECT id FROM changed_key WHERE what = 'sage-type')
UNION
SELECT DISTINCT 'procore', project_id FROM procore_costs
WHERE project_id IN (SELECT id FROM changed_key WHERE what = 'procore-job')
   OR sub_job_id IN (SELECT id FROM changed_key WHERE what = 'procore-sub-job')
   OR cost_code_id IN (SELECT id FROM changed_key WHERE what = 'procore-code')
   OR cost_code_origin_id IN (SELECT id FROM changed_key WHERE what = 'sage-code')
   OR cost_type_id IN (SELECT id FROM changed_key WHERE what = 'procore-type')
   OR cost_type_origin_id IN (SELECT id FROM changed_key WHERE what = 'sage-type')
UNION
SELECT DISTINCT 'procore', project_id FROM procore_job_to_date
WHERE project_id IN (SELECT id FROM changed_key WHERE what = 'procore-job')
   OR sub_job_id IN (SELECT id FROM changed_key WHERE what = 'procore-sub-job')
   OR cost_code_id IN (SELECT id FROM changed_key WHERE what = 'procore-code')
   OR origin_id IN (SELECT id FROM changed_key WHERE what = 'sage-code')
   OR cost_type_id IN (SELECT id FROM changed_key WHERE what = 'procore-type')
"""
NO_KEYS_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed_key (what VARCHAR, id VARCHAR);
CREATE OR REPLACE TEMP TABLE rekeyed (side VARCHAR, told_job VARCHAR)
"""

# Before the scope is told anew: how it was. `covered`, `money_job` and the two after are made by comparisons alone.
WAS = """
CREATE OR REPLACE TEMP TABLE was_covered AS SELECT DISTINCT job FROM covered WHERE side = 'procore' AND kind = 'costs';
CREATE OR REPLACE TEMP TABLE was_money_job AS FROM money_job;
CREATE OR REPLACE TEMP TABLE was_compared AS
SELECT entity, '' AS job FROM compared_entity UNION ALL SELECT entity, job FROM compared_job
"""

MOVED = f"""
CREATE OR REPLACE TEMP TABLE changed_list AS
SELECT side, kind, scope FROM touched WHERE kind IN {_BY_JOB}
UNION
SELECT side, kind, scope FROM (FROM reading EXCEPT FROM past_reading) WHERE kind IN {_BY_JOB}
UNION
SELECT side, kind, scope FROM (FROM past_reading EXCEPT FROM reading) WHERE kind IN {_BY_JOB};

CREATE OR REPLACE TEMP TABLE moved_job AS
WITH every AS (SELECT side, kind, scope, told_job, job FROM part
               UNION SELECT side, kind, scope, told_job, job FROM past_part),
named AS (
    SELECT side, told_job FROM ((FROM part EXCEPT FROM past_part) UNION ALL (FROM past_part EXCEPT FROM part))
    UNION SELECT every.side, every.told_job FROM every JOIN changed_list USING (side, kind, scope)
    UNION SELECT side, told_job FROM rekeyed),
now_covered AS (SELECT DISTINCT job FROM covered WHERE side = 'procore' AND kind = 'costs')
SELECT every.job FROM every JOIN named USING (side, told_job)
UNION SELECT job FROM ((FROM money_job EXCEPT FROM was_money_job) UNION ALL (FROM was_money_job EXCEPT FROM money_job))
UNION SELECT job FROM ((FROM now_covered EXCEPT FROM was_covered) UNION ALL (FROM was_covered EXCEPT FROM now_covered))
"""

# How many lines there are, and how many are those of moved jobs; whether any names no job at all.
SHARE = """
SELECT coalesce(sum(lines), 0)::BIGINT,
       coalesce(sum(lines) FILTER (job IN (SELECT job FROM moved_job)), 0)::BIGINT,
       count(*) FILTER (scope IS NULL OR told_job IS NULL OR job IS NULL)
FROM part
"""

# By their places: so only their own columns are fetched, and not those of every line that is looked at.
_ROWS = """
CREATE OR REPLACE TEMP TABLE moved_{table} AS
SELECT rowid AS place, * FROM {table}
WHERE rowid IN (SELECT rowid FROM {table} WHERE {name} IN (
    SELECT told_job FROM part WHERE side = '{side}' AND job IN (SELECT job FROM moved_job)))
"""
ROWS = ";".join(
    _ROWS.format(table=table, name=name, side=side)
    for table, name, side in (
        ("sage_costs", "job_id", "sage"),
        ("procore_costs", "project_id", "procore"),
        ("procore_job_to_date", "project_id", "procore"),
    )
)

# The lines behind the tree beside the lines that were read, and every tie but Sage's own: where anything is not the
# same to the line and the cent, nothing of the last report is built upon.
DOUBT = """
SELECT (SELECT count(*) FROM tie WHERE what <> 'sage-own' AND told IS DISTINCT FROM added)
     + (SELECT count(*) FROM money_job JOIN read_sum USING (job) LEFT JOIN level_1 USING (job)
        WHERE (read_sum.side = 'sage' AND read_sum.lines IS DISTINCT FROM level_1.sage_lines)
           OR (read_sum.side = 'procore' AND money_job.mode = 'transactions'
               AND read_sum.lines IS DISTINCT FROM level_1.procore_lines))
     + (SELECT count(*) FROM level_1 WHERE job NOT IN (SELECT job FROM money_job))
"""

# What the next report stands on.
STOOD_ON = f"""
DELETE FROM touched;
CREATE OR REPLACE TABLE past_reading AS SELECT * FROM reading WHERE kind IN {_BY_JOB};
CREATE OR REPLACE TABLE past_part AS FROM part
"""
ALL_KEYS = "CREATE OR REPLACE TABLE past_key AS FROM key_now"
SOME_KEYS = """
DELETE FROM past_key WHERE (what, id) IN (SELECT (what, id) FROM changed_key);
INSERT INTO past_key FROM key_now WHERE (what, id) IN (SELECT (what, id) FROM changed_key)
"""
LET_GO = """
DROP TABLE IF EXISTS moved_sage_line;
DROP TABLE IF EXISTS moved_procore_line;
DROP TABLE IF EXISTS moved_sage_costs;
DROP TABLE IF EXISTS moved_procore_costs;
DROP TABLE IF EXISTS moved_procore_job_to_date;
DROP TABLE IF EXISTS moved_procore_to_date
"""
