SELECT step, subject FROM job_steps WHERE job_id = $1 AND state = 'pending' ORDER BY step LIMIT $2
