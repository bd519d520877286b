SELECT id, public_key, sealed FROM audit_keys ORDER BY created_at, id LIMIT 1
