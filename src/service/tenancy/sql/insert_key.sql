INSERT INTO idempotency_keys (organization_id, user_id, key, request_hash, created_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
