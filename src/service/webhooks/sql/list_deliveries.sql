SELECT d.id, d.webhook_id, d.event, d.body, d.state, d.tries, d.run_after, d.created_at,
       d.finished_at
FROM webhook_deliveries d
WHERE d.webhook_id = $1 AND d.organization_id = $2 AND d.id < $3
ORDER BY d.id DESC LIMIT $4
