INSERT INTO job_steps (job_id, step, organization_id, subject, state)
SELECT $1::uuid, ordinality - 1, $2::uuid, value, 'pending'
FROM json_array_elements_text($3::json) WITH ORDINALITY
