UPDATE projects SET name = $3, type = $4, updated_at = $5, revision = revision + 1
WHERE id = $1 AND organization_id = $2
