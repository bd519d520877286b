INSERT INTO webhook_deliveries (id, organization_id, webhook_id, event, body, state, run_after,
                                created_at)
VALUES ($1, $2, $3, $4, $5, 'queued', $6, $6)
