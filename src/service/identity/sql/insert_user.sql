INSERT INTO users (id, email, name, password_hash, created_at, email_verified_at)
VALUES ($1, $2, $3, $4, $5, $6)
