UPDATE idempotency_keys SET status = $4, body = $5
WHERE organization_id = $1 AND user_id = $2 AND key = $3
