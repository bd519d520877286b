SELECT block, assets FROM asset_blocks
WHERE project_id = $1 AND organization_id = $2 AND assets > 0 ORDER BY block
