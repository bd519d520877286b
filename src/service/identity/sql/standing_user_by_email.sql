SELECT id, email, name FROM users WHERE email = $1 AND disabled_at IS NULL
