UPDATE jobs SET state = 'queued', lease_owner = NULL, lease_until = NULL, run_after = $3,
  error = $4, revision = revision + 1
WHERE id = $1 AND lease_owner = $2
