UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2
RETURNING id, name, created_at, last_used_at
