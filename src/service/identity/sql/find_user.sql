SELECT id, email, name, password_hash, disabled_at FROM users WHERE email = $1
