UPDATE assets SET deleted_at = $3 WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
RETURNING project_id, rank, size_bytes
