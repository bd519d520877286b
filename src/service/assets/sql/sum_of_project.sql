SELECT COUNT(*) AS assets, COALESCE(SUM(size_bytes), 0) AS bytes FROM assets
WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
