INSERT INTO signing_keys (id, public_key, sealed, created_at, active_from)
SELECT $1::text, $2::text, $3::text, $4::bigint, $5::bigint
WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE created_at > $6::bigint)
