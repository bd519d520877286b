UPDATE totp_factors SET confirmed_at = $2, last_step = $3
WHERE user_id = $1 AND confirmed_at IS NULL RETURNING user_id
