SELECT id, credential_id, name, created_at, last_used_at FROM passkeys
WHERE user_id = $1 ORDER BY id
