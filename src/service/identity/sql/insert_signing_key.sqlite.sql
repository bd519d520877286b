INSERT INTO signing_keys (id, public_key, sealed, created_at, active_from)
SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE created_at > $6)
