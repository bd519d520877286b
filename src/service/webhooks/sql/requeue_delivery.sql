UPDATE webhook_deliveries SET state = 'queued', tries = 0, run_after = $3, finished_at = NULL
WHERE id = $1 AND organization_id = $2 AND state <> 'queued'
