SELECT id FROM assets WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
ORDER BY filename, rank LIMIT $3 OFFSET $4
