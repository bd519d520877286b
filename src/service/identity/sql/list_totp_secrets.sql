SELECT user_id, sealed FROM totp_factors ORDER BY user_id
