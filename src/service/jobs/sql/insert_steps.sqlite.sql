INSERT INTO job_steps (job_id, step, organization_id, subject, state)
SELECT $1, key, $2, value, 'pending' FROM json_each($3)
