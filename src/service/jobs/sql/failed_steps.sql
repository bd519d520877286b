SELECT subject, error FROM job_steps WHERE job_id = $1 AND state = 'failed' ORDER BY step LIMIT $2
