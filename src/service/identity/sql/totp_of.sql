SELECT sealed, created_at, confirmed_at, last_used_at FROM totp_factors WHERE user_id = $1
