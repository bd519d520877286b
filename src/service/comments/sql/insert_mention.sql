INSERT INTO mentions (id, organization_id, comment_id, user_id, created_at, read_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (comment_id, user_id) DO NOTHING
