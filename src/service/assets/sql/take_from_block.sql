UPDATE asset_blocks SET assets = assets - 1
WHERE project_id = $1 AND block = $2 AND organization_id = $3
