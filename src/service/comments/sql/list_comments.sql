SELECT id, thread_id, created_by, created_at, edited_at, deleted_at, body, version, 0 AS total
FROM comments WHERE thread_id = $1 AND organization_id = $2
ORDER BY created_at, id LIMIT $3 OFFSET $4
