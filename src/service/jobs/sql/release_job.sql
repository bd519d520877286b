UPDATE jobs SET state = 'queued', lease_owner = NULL, lease_until = NULL, run_after = $3,
  attempts = attempts - 1, revision = revision + 1
WHERE id = $1 AND lease_owner = $2
