DELETE FROM asset_blocks WHERE project_id = $1 AND organization_id = $2
