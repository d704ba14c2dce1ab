"""SQL, fourth part: the probable reason of each difference, from what the lines themselves show.

A reason is told only where the amounts add up to the difference, or where a record that the cost needs is missing."""

# The lines of a differing cell that have no twin of the same amount on the other side. `twin` says that the other side
# has that amount too, only fewer times.
CANDIDATES = """
-- The cells in which something is open: few of many.
CREATE OR REPLACE TEMP TABLE open_cell AS FROM leaf WHERE flag <> 'equal';

CREATE OR REPLACE TEMP TABLE candidate AS
WITH numbered AS (
    SELECT side, cell, id, job, amount, posted, changed, vendor, origin,
           row_number() OVER (PARTITION BY side, cell, amount ORDER BY posted, changed, id) AS n
    FROM open_line WHERE cell IN (SELECT id FROM open_cell)),
counted AS (
    SELECT cell, amount, count(*) FILTER (side = 'sage') AS of_sage, count(*) FILTER (side = 'procore') AS of_procore
    FROM numbered GROUP BY cell, amount)
SELECT numbered.*, CASE side WHEN 'sage' THEN of_procore ELSE of_sage END > 0 AS twin
FROM numbered JOIN counted USING (cell, amount)
WHERE n > CASE side WHEN 'sage' THEN of_procore ELSE of_sage END;

CREATE OR REPLACE TEMP TABLE sign AS
SELECT cell,
       sum(candidate.amount) FILTER (
           side = 'sage' AND candidate.changed > coalesce(refreshed.moment, question.synced_at)) AS after_sync,
       sum(candidate.amount) FILTER (side = 'sage' AND candidate.posted < question.range_start) AS before_range,
       sum(candidate.amount) FILTER (side = 'sage' AND vendor_missing.id IS NOT NULL) AS no_vendor,
       sum(candidate.amount) FILTER (side = 'procore' AND twin) AS procore_twins,
       sum(candidate.amount) FILTER (side = 'sage' AND twin) AS sage_twins,
       -- Where Procore tells for any line which transaction it was, one without was made there.
       sum(candidate.amount) FILTER (side = 'procore' AND candidate.origin = '' AND tells.origins) AS made_there
FROM candidate
CROSS JOIN question
CROSS JOIN (SELECT count(*) > 0 AS origins
            FROM (SELECT 1 FROM procore_costs AS cost CROSS JOIN question
                  WHERE cost.origin_id <> ''
                    AND (question.as_of IS NULL OR cost.posted IS NULL OR cost.posted <= question.as_of)
                  LIMIT 1)) AS tells
LEFT JOIN refreshed ON refreshed.job = candidate.job
LEFT JOIN (SELECT DISTINCT vendor.id FROM sage_vendors AS vendor
           WHERE vendor.id IN (SELECT vendor FROM candidate) AND 'vendors' IN (SELECT entity FROM compared_entity)
             AND fold(vendor.code) NOT IN (SELECT key FROM procore_vendor)) AS vendor_missing
       ON vendor_missing.id = candidate.vendor AND candidate.side = 'sage'
GROUP BY cell;

-- Transactions that both sides have in this cell, with another amount.
CREATE OR REPLACE TEMP TABLE changed_line AS
SELECT here.cell, sum(here.amount - there.amount) AS changed,
       sum(here.amount - there.amount) FILTER (here.amount = -there.amount) AS turned
FROM candidate AS here
JOIN candidate AS there ON there.cell = here.cell AND there.side = 'procore' AND there.origin = here.origin
WHERE here.side = 'sage'
GROUP BY here.cell;

-- Cost that lies on a group in Procore and on the codes below it in Sage.
CREATE OR REPLACE TEMP TABLE grouped AS
WITH pair AS (
    SELECT above.id AS above, below.id AS below, above.procore, below.sage
    FROM open_cell AS above
    JOIN open_cell AS below ON below.job = above.job AND below.sub_job = above.sub_job
                      AND below.cost_type = above.cost_type AND below.flag = 'sage-only'
                      AND below.cost_code <> above.cost_code AND starts_with(below.cost_code, above.cost_code)
    WHERE above.flag = 'procore-only' AND above.cost_code <> ''),
whole AS (SELECT above FROM pair GROUP BY above HAVING sum(sage) = any_value(procore))
SELECT above AS cell FROM whole
UNION
SELECT below FROM pair WHERE above IN (SELECT above FROM whole);

CREATE OR REPLACE TEMP TABLE moved AS
SELECT DISTINCT here.id AS cell
FROM open_cell AS here JOIN open_cell AS there
  ON there.job = here.job AND there.id <> here.id AND there.difference = -here.difference
WHERE here.difference <> 0 AND here.flag NOT IN ('equal', 'within') AND there.flag NOT IN ('equal', 'within');

-- Jobs whose totals agree although Procore has all of it in one place.
CREATE OR REPLACE TEMP TABLE summed AS
SELECT job FROM leaf WHERE job IN (SELECT job FROM level_1 WHERE difference = 0 AND differing > 0) GROUP BY job
HAVING sum(difference) = 0 AND count(*) FILTER (procore IS NOT NULL AND procore <> 0) = 1
   AND count(*) FILTER (sage IS NOT NULL) > 1
"""

# One row for each difference. `x` in the verdict is the sum of the absolute amounts of area money.
DIFFERENCES = """
CREATE OR REPLACE TABLE difference AS
SELECT 'money|' || concat_ws('|', leaf.job, sub_job, cost_code, cost_type) AS key,
       'money' AS area, 'job-costs' AS entity, leaf.job, sub_job, cost_code, cost_type,
       '' AS code, '' AS name, leaf.id AS cell, leaf.sage, leaf.procore, leaf.difference AS amount, flag, '' AS fields,
       CASE
         WHEN leaf.job IN (SELECT job FROM doubtful_job) THEN 'contradiction'
         WHEN listed.procore_jobs AND leaf.job NOT IN (SELECT key FROM procore_job) THEN
              CASE WHEN waits.jobs > 0 THEN 'staged' ELSE 'job-not-synced' END
         WHEN listed.sage_jobs AND leaf.job NOT IN (SELECT key FROM sage_job) THEN 'made-in-procore'
         WHEN flag = 'sage-only' AND sub_job <> '' AND listed.procore_sub_jobs
              AND leaf.job || '|' || sub_job NOT IN (SELECT job || '|' || key FROM procore_sub_job) THEN
              CASE WHEN waits.sub_jobs > 0 THEN 'staged' ELSE 'sub-job-not-synced' END
         WHEN leaf.job IN (SELECT job FROM summed) THEN 'summary'
         WHEN leaf.id IN (SELECT cell FROM grouped) THEN 'group-code'
         WHEN procore_twins = -leaf.difference THEN 'duplicate'
         WHEN after_sync = leaf.difference THEN 'posted-after'
         WHEN before_range = leaf.difference THEN 'outside-range'
         WHEN no_vendor = leaf.difference THEN 'missing-vendor'
         WHEN sage_twins = leaf.difference THEN 'duplicate'
         WHEN turned = leaf.difference THEN 'sign'
         WHEN flag = 'sage-only' AND cost_code <> '' AND listed.procore_codes
              AND cost_code NOT IN (SELECT key FROM procore_code) THEN 'missing-code'
         WHEN flag = 'sage-only' AND cost_type <> '' AND listed.procore_types
              AND cost_type NOT IN (SELECT key FROM procore_type) THEN 'missing-type'
         WHEN leaf.id IN (SELECT cell FROM moved) THEN 'another-place'
         WHEN flag = 'offset' THEN 'offset'
         WHEN made_there = -leaf.difference THEN 'made-in-procore'
         WHEN leaf.job IN (SELECT key FROM sage_job WHERE NOT active)
           OR leaf.job IN (SELECT key FROM procore_job WHERE NOT active) THEN 'closed'
         WHEN EXISTS (FROM rate WHERE kind = 'tax' AND leaf.sage <> 0 AND leaf.procore <> 0
              AND round(TRY_CAST(least(abs(leaf.sage), abs(leaf.procore)) AS DECIMAL(27,2)) * share, 2)
                  = abs(leaf.difference)) THEN 'tax'
         WHEN EXISTS (FROM rate WHERE kind = 'retainage' AND leaf.sage <> 0 AND leaf.procore <> 0
              AND round(TRY_CAST(greatest(abs(leaf.sage), abs(leaf.procore)) AS DECIMAL(27,2)) * share, 2)
                  = abs(leaf.difference)) THEN 'retainage'
         WHEN leaf.sage IS NOT NULL AND leaf.procore IS NOT NULL
              AND abs(leaf.difference) <= 0.01 * greatest(sage_lines, procore_lines) THEN 'rounding'
         WHEN changed = leaf.difference THEN 'changed'
         WHEN any_refreshed AND leaf.job NOT IN (SELECT job FROM refreshed) THEN 'not-refreshed'
         ELSE 'unknown' END AS reason
FROM open_cell AS leaf
LEFT JOIN sign ON sign.cell = leaf.id
LEFT JOIN changed_line ON changed_line.cell = leaf.id
CROSS JOIN listed CROSS JOIN waits CROSS JOIN (SELECT count(*) > 0 AS any_refreshed FROM refreshed)
WHERE flag NOT IN ('equal', 'within')

UNION ALL
-- Jobs in which nothing differs by itself, but the small differences add up.
SELECT 'job|' || job, 'money', 'job-costs', job, '', '', '', '', '', NULL, sage, procore, difference, flag, '',
       'rounding'
FROM level_1 WHERE flag = 'adds-up'

UNION ALL
SELECT 'population|' || concat_ws('|', entity, population.job, key), 'population', entity, population.job, '', '', '',
       code, coalesce(sage_name, procore_name), NULL, sage, procore,
       CASE WHEN fields LIKE '%amount%' THEN (sage - procore)::DECIMAL(38,2) END, state, fields,
       CASE
         WHEN state <> 'different' AND spoken(coalesce(sage_name, procore_name)) IN (
              SELECT spoken(coalesce(other.sage_name, other.procore_name)) FROM population AS other
              WHERE other.entity = population.entity AND other.job = population.job
                AND other.state <> population.state AND other.state <> 'equal' AND other.state <> 'different')
              AND trim(coalesce(sage_name, procore_name)) <> '' THEN 'not-linked'
         WHEN state = 'sage-only' AND CASE entity WHEN 'vendors' THEN waits.vendors WHEN 'jobs' THEN waits.jobs
              WHEN 'sub-jobs' THEN waits.sub_jobs WHEN 'prime-contracts' THEN waits.prime_contracts ELSE 0 END > 0
              THEN 'staged'
         WHEN state = 'sage-only' AND entity = 'cost-codes' THEN 'missing-code'
         WHEN state = 'sage-only' AND entity = 'cost-types' THEN 'missing-type'
         WHEN state = 'sage-only' AND entity = 'jobs' THEN 'job-not-synced'
         WHEN state = 'sage-only' AND entity = 'sub-jobs' THEN 'sub-job-not-synced'
         WHEN state = 'sage-only' THEN 'not-synced'
         WHEN state = 'procore-only' AND linked THEN 'gone-in-sage'
         WHEN state = 'procore-only' THEN 'made-in-procore'
         WHEN fields LIKE '%duplicate%' THEN 'duplicate'
         WHEN fields LIKE '%amount%' THEN 'changed'
         WHEN fields LIKE '%active%' THEN 'closed'
         WHEN length(sage_name) >= 25 AND starts_with(spoken(procore_name), spoken(sage_name)) THEN 'name-cut'
         ELSE 'renamed' END
FROM population CROSS JOIN waits
WHERE state <> 'equal' AND NOT expected
"""
