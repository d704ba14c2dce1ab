"""SQL, first part: by which keys the two sides' records are the same, and the cost lines under those keys.

A record of Procore is tied to Sage's by its `origin_id` where that is an id (or a code) of Sage's; else by the code
that is printed on it. Codes are compared without regard to case and to blanks around or doubled. The statements run in
this order; what they leave behind are tables of the same names."""

MACROS = r"""
CREATE OR REPLACE MACRO fold(words) AS upper(trim(regexp_replace(words, '[\s\x{00A0}]+', ' ', 'g')));
CREATE OR REPLACE MACRO told(words) AS nullif(fold(words), '');
CREATE OR REPLACE MACRO spoken(words) AS fold(strip_accents(nfc_normalize(words)));
"""

# ------------------------------------------------------------------ which record is which
KEYS = """
CREATE OR REPLACE TABLE sage_job AS
SELECT id, fold(code) AS key, code, name, active, job_to_date FROM sage_jobs;

CREATE OR REPLACE TABLE procore_job AS
SELECT project.id,
       coalesce(by_id.key, by_code.key, told(project.origin_code), told(project.number), '#' || project.id) AS key,
       coalesce(nullif(trim(project.number), ''), project.origin_code) AS code,
       project.name, project.active, project.origin_id
FROM procore_jobs AS project
LEFT JOIN (SELECT id, min(key) AS key FROM sage_job GROUP BY id) AS by_id ON by_id.id = project.origin_id
LEFT JOIN (SELECT DISTINCT key FROM sage_job) AS by_code ON by_code.key = fold(project.origin_id);

CREATE OR REPLACE TABLE sage_job_key AS SELECT id, min(key) AS key FROM sage_job GROUP BY id;
CREATE OR REPLACE TABLE procore_job_key AS SELECT id, min(key) AS key FROM procore_job GROUP BY id;

CREATE OR REPLACE TABLE sage_sub_job AS
SELECT sub.id, coalesce(job.key, fold(sub.job_id)) AS job, fold(sub.code) AS key, sub.code, sub.name, sub.active
FROM sage_sub_jobs AS sub LEFT JOIN sage_job_key AS job ON job.id = sub.job_id;

CREATE OR REPLACE TABLE procore_sub_job AS
SELECT sub.id, coalesce(job.key, fold(sub.project_id)) AS job, coalesce(by_id.key, fold(sub.code)) AS key,
       sub.code, sub.name, sub.origin_id
FROM procore_sub_jobs AS sub
LEFT JOIN procore_job_key AS job ON job.id = sub.project_id
LEFT JOIN (SELECT id, min(key) AS key FROM sage_sub_job GROUP BY id) AS by_id ON by_id.id = sub.origin_id;

-- hh2 lists no sub jobs: there a transaction's sub job is known through Procore's record of the same id.
CREATE OR REPLACE TABLE sub_job_key AS
SELECT id, min(key) AS key
FROM (SELECT id, key FROM sage_sub_job
      UNION ALL
      SELECT origin_id, key FROM procore_sub_job
      WHERE origin_id <> '' AND origin_id NOT IN (SELECT id FROM sage_sub_job))
GROUP BY id;

-- A transaction may name the standard code or the job's own.
CREATE OR REPLACE TABLE sage_code AS
SELECT id, min(key) AS key
FROM (SELECT id, fold(code) AS key FROM sage_cost_codes
      UNION ALL SELECT id, fold(code) FROM sage_job_cost_codes)
GROUP BY id;

CREATE OR REPLACE TABLE procore_code AS
WITH every AS (
    SELECT id, origin_id, code, full_code, '' AS sub_job_id FROM procore_cost_codes
    UNION ALL SELECT id, origin_id, code, full_code, sub_job_id FROM procore_job_cost_codes),
known AS (SELECT DISTINCT key FROM sage_code),
-- Every project has the same codes: each is folded once.
keyed AS (
    SELECT one.origin_id, one.code, one.full_code,
           coalesce(by_id.key, by_origin.key, by_full.key, by_code.key, told(one.full_code), fold(one.code)) AS key
    FROM (SELECT DISTINCT origin_id, code, full_code FROM every) AS one
    LEFT JOIN sage_code AS by_id ON by_id.id = one.origin_id
    LEFT JOIN known AS by_origin ON by_origin.key = fold(one.origin_id)
    LEFT JOIN known AS by_full ON by_full.key = fold(one.full_code)
    LEFT JOIN known AS by_code ON by_code.key = fold(one.code))
SELECT every.id, min(keyed.key) AS key, max(every.sub_job_id) AS sub_job_id
FROM every JOIN keyed USING (origin_id, code, full_code)
GROUP BY every.id;

CREATE OR REPLACE TABLE sage_type AS
SELECT id, min(key) AS key
FROM (SELECT id, fold(code) AS key FROM sage_cost_types
      UNION ALL SELECT id, fold(code) FROM sage_job_cost_types)
GROUP BY id;

CREATE OR REPLACE TABLE procore_type AS
SELECT cost_type.id, min(coalesce(by_id.key, by_code.key, fold(cost_type.code))) AS key
FROM procore_cost_types AS cost_type
LEFT JOIN sage_type AS by_id ON by_id.id = cost_type.origin_id
LEFT JOIN (SELECT DISTINCT key FROM sage_type) AS by_code ON by_code.key = fold(cost_type.origin_id)
GROUP BY cost_type.id;

CREATE OR REPLACE TABLE procore_vendor AS
SELECT vendor.id, coalesce(by_id.key, by_code.key, told(vendor.origin_code), '#' || vendor.id) AS key,
       vendor.origin_code AS code, vendor.name, vendor.active, vendor.synced, vendor.origin_id
FROM procore_vendors AS vendor
LEFT JOIN (SELECT id, min(fold(code)) AS key FROM sage_vendors GROUP BY id) AS by_id ON by_id.id = vendor.origin_id
LEFT JOIN (SELECT DISTINCT fold(code) AS key FROM sage_vendors) AS by_code ON by_code.key = fold(vendor.origin_id)
"""

# ------------------------------------------------------------------ every cost line under its keys
# What a source does not tell stays NULL; what it tells there is none of is ''. Lines after the day of `question.as_of`
# are left out on both sides. Views: to join the keys anew costs a tenth of what it costs to write a million lines down.
_LINES = """
CREATE OR REPLACE {view} {of}sage_line AS
SELECT cost.{place} AS place, cost.id, coalesce(job.key, fold(cost.job_id)) AS job,
       CASE WHEN cost.sub_job_id = '' THEN '' ELSE coalesce(sub.key, fold(cost.sub_job_id)) END AS sub_job,
       CASE WHEN cost.cost_code_id = '' THEN '' ELSE coalesce(code.key, fold(cost.cost_code_id)) END AS cost_code,
       CASE WHEN cost.cost_type_id = '' THEN '' ELSE coalesce(type.key, fold(cost.cost_type_id)) END AS cost_type,
       cost.vendor_id AS vendor, cost.posted, cost.entered AS changed, cost.amount, cost.text, cost.id AS origin
FROM {of}sage_costs AS cost
LEFT JOIN sage_job_key AS job ON job.id = cost.job_id
LEFT JOIN sub_job_key AS sub ON sub.id = cost.sub_job_id
LEFT JOIN sage_code AS code ON code.id = cost.cost_code_id
LEFT JOIN sage_type AS type ON type.id = cost.cost_type_id
CROSS JOIN question
WHERE question.as_of IS NULL OR cost.posted IS NULL OR cost.posted <= question.as_of;

CREATE OR REPLACE {view} {of}procore_line AS
SELECT cost.{place} AS place, cost.id, coalesce(job.key, fold(cost.project_id)) AS job,
       CASE WHEN cost.sub_job_id IS NOT NULL THEN coalesce(sub.key, fold(cost.sub_job_id))
            WHEN code.id IS NOT NULL THEN coalesce(of_code.key, '') END AS sub_job,
       CASE WHEN cost.cost_code_id = '' THEN ''
            ELSE coalesce(code.key, by_origin.key, told(cost.cost_code), fold(cost.cost_code_id)) END AS cost_code,
       CASE WHEN cost.cost_type_id = '' THEN ''
            ELSE coalesce(type.key, type_origin.key, told(cost.cost_type), fold(cost.cost_type_id)) END AS cost_type,
       cost.vendor_id AS vendor, cost.posted, cost.updated_at AS changed, cost.amount, cost.text,
       cost.origin_id AS origin
FROM {of}procore_costs AS cost
LEFT JOIN procore_job_key AS job ON job.id = cost.project_id
LEFT JOIN procore_code AS code ON code.id = cost.cost_code_id
LEFT JOIN (SELECT id, min(key) AS key FROM procore_sub_job GROUP BY id) AS sub ON sub.id = cost.sub_job_id
LEFT JOIN (SELECT id, min(key) AS key FROM procore_sub_job GROUP BY id) AS of_code ON of_code.id = code.sub_job_id
LEFT JOIN sage_code AS by_origin ON by_origin.id = cost.cost_code_origin_id
LEFT JOIN procore_type AS type ON type.id = cost.cost_type_id
LEFT JOIN sage_type AS type_origin ON type_origin.id = cost.cost_type_origin_id
CROSS JOIN question
WHERE question.as_of IS NULL OR cost.posted IS NULL OR cost.posted <= question.as_of;

-- Procore's own job-to-date cost: it is what a controller sees there, so it counts before the single lines. It knows no
-- dates, so it cannot answer for a day in the past.
CREATE OR REPLACE {view} {of}procore_to_date AS
SELECT row.id, coalesce(job.key, fold(row.project_id)) AS job,
       CASE WHEN row.sub_job_id IS NOT NULL THEN coalesce(sub.key, fold(row.sub_job_id)) END AS sub_job,
       CASE WHEN row.cost_code_id = '' THEN ''
            ELSE coalesce(code.key, by_origin.key, fold(row.cost_code_id)) END AS cost_code,
       CASE WHEN row.cost_type_id = '' THEN '' ELSE coalesce(type.key, fold(row.cost_type_id)) END AS cost_type,
       row.amount
FROM {of}procore_job_to_date AS row
LEFT JOIN procore_job_key AS job ON job.id = row.project_id
LEFT JOIN procore_code AS code ON code.id = row.cost_code_id
LEFT JOIN (SELECT id, min(key) AS key FROM procore_sub_job GROUP BY id) AS sub ON sub.id = row.sub_job_id
LEFT JOIN sage_code AS by_origin ON by_origin.id = row.origin_id
LEFT JOIN procore_type AS type ON type.id = row.cost_type_id
CROSS JOIN question
WHERE question.as_of IS NULL
"""
LINES = _LINES.format(view="VIEW", of="", place="rowid")
# The same of the lines of those jobs alone that moved (`sql_moved`): so few that they are written down.
MOVED_LINES = _LINES.format(view="TEMP TABLE", of="moved_", place="place")
