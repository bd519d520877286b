SELECT d.id, d.webhook_id, d.event, d.body, d.state, d.tries, d.run_after, d.created_at,
       d.finished_at
FROM webhook_deliveries d
WHERE d.id = $1 AND d.organization_id = $2
