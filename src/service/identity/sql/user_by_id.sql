SELECT id, email, name, email_verified_at FROM users WHERE id = $1
