UPDATE webhook_deliveries SET state = 'failed', finished_at = $2, lease_until = NULL
WHERE webhook_id = $1 AND state = 'queued'
