UPDATE jobs SET state = $3, error = $4, result = $5, finished_at = $6, lease_owner = NULL,
  lease_until = NULL, revision = revision + 1
WHERE id = $1 AND lease_owner = $2 AND state = 'running'
