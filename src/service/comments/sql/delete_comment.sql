UPDATE comments SET body = '', deleted_at = $3
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
