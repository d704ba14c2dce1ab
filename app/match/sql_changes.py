"""SQL, last part: what is new, known or cleared since the last report, and what changed since then."""

# `question.report` is this report, `question.previous` the one before it ('' at the first).
SINCE = """
CREATE OR REPLACE TABLE standing AS
SELECT difference.*,
       CASE WHEN question.previous = '' THEN 'first'
            WHEN past.key IS NULL THEN 'new'
            WHEN past.amount IS DISTINCT FROM difference.amount THEN 'moved'
            ELSE 'known' END AS since,
       past.amount AS amount_before,
       -- Of one that an earlier version kept, it is known that the last report found it.
       CASE WHEN past.key IS NULL THEN question.made
            ELSE coalesce(past.first_seen, (SELECT made FROM report WHERE id = question.previous), question.made)
            END AS first_seen,
       accepted.key IS NOT NULL AS is_accepted, accepted.note, accepted.who, accepted.accepted_at,
       accepted.expires
FROM difference
CROSS JOIN question
LEFT JOIN past_difference AS past ON past.report = question.previous AND past.key = difference.key
LEFT JOIN accepted ON accepted.key = difference.key AND accepted.amount IS NOT DISTINCT FROM difference.amount
                  AND (accepted.expires IS NULL OR accepted.expires >= question.today);

-- Cleared: it differed then, was compared again now, and does not differ any more.
CREATE OR REPLACE TEMP TABLE past_in_scope AS
SELECT past.key, past.amount, past.title, past.first_seen,
       CASE WHEN past.key LIKE 'population|%' THEN
              split_part(past.key, '|', 2) IN (SELECT entity FROM compared_entity)
              AND (split_part(past.key, '|', 3) = ''
                   OR split_part(past.key, '|', 3) IN (SELECT job FROM compared_job
                                                       WHERE entity = split_part(past.key, '|', 2)))
            ELSE split_part(past.key, '|', 2) IN (SELECT job FROM money_job) END AS compared
FROM past_difference AS past JOIN question ON past.report = question.previous;

CREATE OR REPLACE TABLE cleared AS
SELECT key, amount, title FROM past_in_scope WHERE compared AND key NOT IN (SELECT key FROM difference)
"""

CHANGES = """
CREATE OR REPLACE TEMP TABLE seen_now AS
SELECT entity, key, min(name) AS name, NULL::DECIMAL(38,2) AS amount FROM sage_member
WHERE entity IN ('vendors', 'cost-codes', 'cost-types') GROUP BY entity, key
UNION ALL
-- A job's cost to date is what Sage itself says, else what its lines add up to.
SELECT 'jobs', job.key, min(job.name),
       coalesce(sum(job.job_to_date), any_value(read_sum.amount))::DECIMAL(38,2)
FROM sage_job AS job LEFT JOIN read_sum ON read_sum.side = 'sage' AND read_sum.job = job.key GROUP BY job.key
UNION ALL
SELECT 'jobs', job, '', amount FROM read_sum WHERE side = 'sage' AND job NOT IN (SELECT key FROM sage_job);

CREATE OR REPLACE TEMP TABLE appeared AS
SELECT entity, key, name FROM seen_now
WHERE (SELECT previous FROM question) <> ''
  AND entity IN (SELECT entity FROM seen WHERE report = (SELECT previous FROM question))
  AND NOT EXISTS (FROM seen WHERE seen.report = (SELECT previous FROM question)
                                AND seen.entity = seen_now.entity AND seen.key = seen_now.key);

CREATE OR REPLACE TEMP TABLE movement AS
SELECT now.key AS job, now.name, before.amount AS before, now.amount AS now,
       (coalesce(now.amount, 0) - coalesce(before.amount, 0))::DECIMAL(38,2) AS moved
FROM seen_now AS now
JOIN seen AS before ON before.report = (SELECT previous FROM question) AND before.entity = 'jobs'
                   AND before.key = now.key
WHERE now.entity = 'jobs' AND now.amount IS DISTINCT FROM before.amount
"""

# What the next report compares itself with. What was not compared this time stays known.
KEEP = """
INSERT INTO past_difference BY NAME
SELECT question.report, key, amount, first_seen,
       CASE WHEN key LIKE 'money|%'  -- job, sub job, cost code and cost type, as the report shows a difference's place
            THEN array_to_string(list_filter(string_split(key, '|')[2:], lambda part: part <> ''), ' · ')
            ELSE coalesce(nullif(trim(concat_ws(' ', code, name)), ''), key) END AS title
FROM standing CROSS JOIN question
UNION ALL
SELECT question.report, key, amount, first_seen, title FROM past_in_scope CROSS JOIN question WHERE NOT compared;

DELETE FROM past_difference WHERE report <> (SELECT report FROM question);

INSERT INTO seen SELECT question.report, entity, key, name, amount FROM seen_now CROSS JOIN question;
DELETE FROM seen WHERE report <> (SELECT report FROM question)
"""
