SELECT id, thread_id, created_by, created_at, edited_at, deleted_at, body, version
FROM comments WHERE id = $1 AND organization_id = $2
