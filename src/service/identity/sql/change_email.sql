UPDATE users SET email = $2, email_verified_at = $3 WHERE id = $1 AND disabled_at IS NULL
