INSERT INTO comments (id, organization_id, thread_id, created_by, created_at, body)
VALUES ($1, $2, $3, $4, $5, $6)
