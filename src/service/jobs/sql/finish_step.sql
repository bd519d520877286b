UPDATE job_steps SET state = $3, error = $4, finished_at = $5, attempts = attempts + 1
WHERE job_id = $1 AND step = $2 AND state = 'pending'
