INSERT INTO passkeys (id, user_id, credential_id, algorithm, public_key, sign_count, name, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
