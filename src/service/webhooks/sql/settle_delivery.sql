UPDATE webhook_deliveries SET state = $3, run_after = $4, finished_at = $5, lease_owner = NULL,
  lease_until = NULL
WHERE id = $1 AND lease_owner = $2
