SELECT COUNT(*) AS done FROM job_steps WHERE job_id = $1 AND state = 'done'
