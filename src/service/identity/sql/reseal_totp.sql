UPDATE totp_factors SET sealed = $2 WHERE user_id = $1 AND sealed = $3
