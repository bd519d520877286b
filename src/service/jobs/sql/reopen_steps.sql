UPDATE job_steps SET state = 'pending', error = NULL, finished_at = NULL
WHERE job_id = $1 AND organization_id = $2 AND state = 'failed'
  AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND NOT errand AND state IN ('failed', 'cancelled'))
