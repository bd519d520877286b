UPDATE projects SET deleted_at = $3, revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
