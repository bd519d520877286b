INSERT INTO uploads (id, organization_id, project_id, user_id, filename, size_bytes, state, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
