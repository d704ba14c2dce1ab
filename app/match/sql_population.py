"""SQL, second part: who is in Sage only, in Procore only, in both and equal, in both and different."""

# One row for each record of each side, under its key. `expected` marks what need not be on the other side.
MEMBERS = """
CREATE OR REPLACE TABLE sage_member AS
SELECT 'jobs' AS entity, '' AS job, key, code, name, active, NULL::DECIMAL(38,2) AS amount, NOT active AS expected
FROM sage_job
UNION ALL
SELECT 'vendors', '', fold(code), code, name, active, NULL, NOT active FROM sage_vendors
UNION ALL
SELECT 'cost-codes', '', fold(code), code, name, NULL, NULL, NOT active FROM sage_cost_codes
UNION ALL
SELECT 'cost-types', '', fold(code), code, name, NULL, NULL, NOT active FROM sage_cost_types
UNION ALL
SELECT 'sub-jobs', job, key, code, name, NULL, NULL, NOT active FROM sage_sub_job
UNION ALL
SELECT 'prime-contracts', coalesce(job.key, fold(contract.job_id)), fold(contract.code), contract.code, contract.name,
       NULL, contract.amount, FALSE
FROM sage_prime_contracts AS contract LEFT JOIN sage_job_key AS job ON job.id = contract.job_id
UNION ALL
SELECT 'commitments', coalesce(job.key, fold(commitment.job_id)), fold(commitment.code), commitment.code,
       commitment.name, NULL, commitment.amount, commitment.closed
FROM sage_commitments AS commitment LEFT JOIN sage_job_key AS job ON job.id = commitment.job_id;

CREATE OR REPLACE TABLE procore_member AS
SELECT 'jobs' AS entity, '' AS job, key, code, name, active, NULL::DECIMAL(38,2) AS amount, NOT active AS expected,
       origin_id <> '' AS linked
FROM procore_job
UNION ALL
-- A vendor that was never tied to Sage (a bidder, say) is not expected there.
SELECT 'vendors', '', key, code, name, active, NULL, NOT active OR (NOT synced AND origin_id = ''),
       origin_id <> ''
FROM procore_vendor
UNION ALL
-- A group above other codes, which Procore makes by itself, has no code of Sage's behind it.
SELECT 'cost-codes', '', keyed.key, coalesce(nullif(code.full_code, ''), code.code), code.name, NULL, NULL,
       code.origin_id = '' AND code.id IN (SELECT parent_id FROM procore_cost_codes WHERE parent_id <> ''),
       code.origin_id <> ''
FROM procore_cost_codes AS code JOIN procore_code AS keyed ON keyed.id = code.id
UNION ALL
SELECT 'cost-types', '', keyed.key, cost_type.code, cost_type.name, NULL, NULL, FALSE,
       cost_type.origin_id <> ''
FROM procore_cost_types AS cost_type JOIN procore_type AS keyed ON keyed.id = cost_type.id
UNION ALL
SELECT 'sub-jobs', job, key, code, name, NULL, NULL, FALSE, origin_id <> '' FROM procore_sub_job
UNION ALL
SELECT 'prime-contracts', coalesce(job.key, fold(contract.project_id)),
       coalesce(by_id.key, told(contract.origin_code), fold(contract.number)), contract.number, contract.name,
       NULL, contract.amount, FALSE, contract.origin_id <> ''
FROM procore_prime_contracts AS contract
LEFT JOIN procore_job_key AS job ON job.id = contract.project_id
LEFT JOIN (SELECT id, min(fold(code)) AS key FROM sage_prime_contracts GROUP BY id) AS by_id
       ON by_id.id = contract.origin_id
UNION ALL
SELECT 'commitments', coalesce(job.key, fold(commitment.project_id)), fold(commitment.number), commitment.number,
       commitment.name, NULL, commitment.amount, FALSE, commitment.origin_id <> ''
FROM procore_commitments AS commitment LEFT JOIN procore_job_key AS job ON job.id = commitment.project_id
"""

# `compared_entity` holds the entities that both sides could read; `compared_job` the jobs, for what belongs to a job.
POPULATION = """
CREATE OR REPLACE TABLE population AS
WITH sage AS (
    SELECT entity, job, key, count(*) AS records, min(code) AS code, min(name) AS name, bool_or(active) AS active,
           sum(amount)::DECIMAL(38,2) AS amount, bool_and(expected) AS expected
    FROM sage_member GROUP BY entity, job, key),
procore AS (
    SELECT entity, job, key, count(*) AS records, min(code) AS code, min(name) AS name, bool_or(active) AS active,
           sum(amount)::DECIMAL(38,2) AS amount, bool_and(expected) AS expected,
           bool_or(linked) AS linked
    FROM procore_member GROUP BY entity, job, key),
paired AS (
    SELECT coalesce(sage.entity, procore.entity) AS entity, coalesce(sage.job, procore.job) AS job,
           coalesce(sage.key, procore.key) AS key, coalesce(sage.code, procore.code) AS code,
           sage.name AS sage_name, procore.name AS procore_name,
           sage.active AS sage_active, procore.active AS procore_active,
           sage.amount AS sage, procore.amount AS procore,
           coalesce(sage.records, 0) AS sage_records, coalesce(procore.records, 0) AS procore_records,
           coalesce(sage.expected, FALSE) AS sage_expected, coalesce(procore.expected, FALSE) AS procore_expected,
           coalesce(procore.linked, FALSE) AS linked,
           concat_ws(',',
               CASE WHEN spoken(sage.name) <> spoken(procore.name)
                         AND trim(sage.name) <> '' AND trim(procore.name) <> '' THEN 'name' END,
               CASE WHEN sage.active <> procore.active THEN 'active' END,
               CASE WHEN abs(sage.amount - procore.amount) >= greatest(question.tolerance, 0.01) THEN 'amount' END,
               CASE WHEN sage.records > 1 OR procore.records > 1 THEN 'duplicate' END) AS fields
    FROM sage
    FULL JOIN procore ON procore.entity = sage.entity AND procore.job = sage.job AND procore.key = sage.key
    CROSS JOIN question)
SELECT paired.*,
       CASE WHEN procore_records = 0 THEN 'sage-only'
            WHEN sage_records = 0 THEN 'procore-only'
            WHEN fields = '' THEN 'equal'
            ELSE 'different' END AS state,
       (procore_records = 0 AND sage_expected) OR (sage_records = 0 AND procore_expected) AS expected
FROM paired
WHERE entity IN (SELECT entity FROM compared_entity)
  AND (job = '' OR job IN (SELECT job FROM compared_job WHERE entity = paired.entity))
"""
