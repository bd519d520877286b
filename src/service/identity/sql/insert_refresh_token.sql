INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES ($1, $2, $3)
