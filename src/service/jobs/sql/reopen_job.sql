UPDATE jobs SET state = 'queued', error = NULL, result = NULL, cancel_requested = FALSE, attempts = 0,
  lease_owner = NULL, lease_until = NULL, run_after = $3, finished_at = NULL,
  done = (SELECT COUNT(*) FROM job_steps s WHERE s.job_id = $1 AND s.state = 'done'),
  revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND NOT errand AND state IN ('failed', 'cancelled')
