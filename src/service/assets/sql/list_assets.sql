SELECT {asset_columns}
FROM assets WHERE project_id = $1 AND organization_id = $2 AND rank > $3 AND deleted_at IS NULL
ORDER BY rank LIMIT $4
