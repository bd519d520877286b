-- Whoever comes second with a code finds its step taken.
UPDATE totp_factors SET last_step = $2, last_used_at = $3
WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2 RETURNING user_id
