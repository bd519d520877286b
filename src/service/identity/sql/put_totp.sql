-- One that is not confirmed yet gives way.
INSERT INTO totp_factors (user_id, sealed, created_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at
WHERE totp_factors.confirmed_at IS NULL
RETURNING user_id
