DELETE FROM idempotency_keys WHERE organization_id = $1 AND user_id = $2 AND key = $3
