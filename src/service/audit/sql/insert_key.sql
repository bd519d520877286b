INSERT INTO audit_keys (id, public_key, sealed, created_at) VALUES ($1, $2, $3, $4)
